/**
 * What fills up on one machine: memory with the jobs that its nodes hold, the disk with what jobs write into logs, until
 * these are thrown away. Rotation happens at whole multiples of its period and needs no event: nobody sees the disk
 * between two jobs.
 */
import type { Micros } from "../time.js";
import { US_PER_S } from "../time.js";
import type { Storage } from "./host-plan.js";

export class Stock {
  private memoryBytes: number;
  private mostMemoryBytes: number;
  private logBytes = 0;
  private mostLogBytes = 0;
  private rotations = 0;

  constructor(private readonly storage: Storage) {
    this.memoryBytes = storage.memoryUsedBytes;
    this.mostMemoryBytes = this.memoryBytes;
  }

  /** A node has accepted a job, which may be more than memory holds. */
  hold(): void {
    this.take(this.storage.jobMemoryBytes);
  }

  /** Nodes have let go of so many jobs. */
  release(jobs: number): void {
    this.memoryBytes -= jobs * this.storage.jobMemoryBytes;
  }

  /** A node's process is gone, or has been started again. */
  noteProcess(isUp: boolean): void {
    this.take(isUp ? this.storage.nodeMemoryBytes : -this.storage.nodeMemoryBytes);
  }

  get memoryInUseBytes(): number {
    return this.memoryBytes;
  }

  get isMemoryFull(): boolean {
    return this.memoryBytes > this.storage.memoryBytes;
  }

  /** Whether there is no room for what one more job writes. */
  isDiskFull(nowUs: Micros): boolean {
    const { diskBytes, diskUsedBytes, jobLogBytes } = this.storage;
    this.rotate(nowUs);
    return diskUsedBytes + this.logBytes + jobLogBytes > diskBytes;
  }

  /** Writes what a job leaves. */
  log(nowUs: Micros): void {
    this.rotate(nowUs);
    this.logBytes += this.storage.jobLogBytes;
    if (this.logBytes > this.mostLogBytes) this.mostLogBytes = this.logBytes;
  }

  /** The most that was in use at once, as shares of what there is. */
  most(): { readonly memoryShare: number; readonly diskShare: number } {
    const { memoryBytes, diskBytes, diskUsedBytes } = this.storage;
    return {
      memoryShare: this.mostMemoryBytes / memoryBytes,
      diskShare: (diskUsedBytes + this.mostLogBytes) / diskBytes,
    };
  }

  /** @param bytes negative to give them back */
  private take(bytes: number): void {
    this.memoryBytes += bytes;
    if (this.memoryBytes > this.mostMemoryBytes) this.mostMemoryBytes = this.memoryBytes;
  }

  private rotate(nowUs: Micros): void {
    const rotations = Math.floor(nowUs / (this.storage.rotationS * US_PER_S));
    if (rotations === this.rotations) return;
    this.rotations = rotations;
    this.logBytes = 0;
  }
}
