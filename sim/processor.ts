/**
 * The processors: every agent works on one job at a time and queues the rest, by priority, then arrival. The waiting
 * room is finite, and a job that has waited longer than its time to live is never begun.
 */
import type { Address, Job } from "../protocol/contract.js";
import { type Column, columnOf, type NodeRows } from "./node-rows.js";
import type { Micros } from "./time.js";
import { US_PER_MS } from "./time.js";

/** What became of every job: accepted = finished + expired + ignored + aborted + waiting + inService. */
export interface JobCounts {
  accepted: number;
  rejected: number;
  finished: number;
  expired: number;
  ignored: number;
  /** Gone with the process that was to do it. */
  aborted: number;
  waiting: number;
  inService: number;
}

/** A waiting room that grows beyond this is swept for expired jobs, so that a slow person's does not grow for hours. */
const SWEEP_LENGTH = 32;

/** The jobs that wait for one processor, in the order in which they will be begun. */
class WaitingRoom {
  readonly jobs: Job[] = [];
  readonly sinceUs: Micros[] = [];

  insert(job: Job, nowUs: Micros): void {
    let index = this.jobs.length;
    while (index > 0 && this.jobs[index - 1]!.priority < job.priority) index--;
    this.jobs.splice(index, 0, job);
    this.sinceUs.splice(index, 0, nowUs);
  }

  expired(index: number, nowUs: Micros): boolean {
    return nowUs - this.sinceUs[index]! > this.jobs[index]!.ttlMs * US_PER_MS;
  }

  removeAt(index: number): Job {
    this.sinceUs.splice(index, 1);
    return this.jobs.splice(index, 1)[0]!;
  }
}

export type OnExpired = (address: Address, job: Job) => void;

export class Processors {
  readonly counts: JobCounts = {
    accepted: 0,
    rejected: 0,
    finished: 0,
    expired: 0,
    ignored: 0,
    aborted: 0,
    waiting: 0,
    inService: 0,
  };
  private readonly idle: Column;
  private readonly busy: Uint8Array;
  private readonly rooms: (WaitingRoom | undefined)[];

  /** @param capacity how many jobs may wait at one processor, beside the one in service */
  constructor(
    nodeCount: number,
    private readonly capacity: number,
    rows?: NodeRows,
  ) {
    this.busy = new Uint8Array(nodeCount);
    this.idle = rows?.reserve(1) ?? columnOf(nodeCount, 1);
    this.rooms = new Array<WaitingRoom | undefined>(nodeCount).fill(undefined);
  }

  /** When the agent last received a message or ended a job. */
  idleSinceUs(address: Address): Micros {
    const { doubles, first, stride } = this.idle;
    return doubles[address * stride + first]!;
  }

  noteActivity(address: Address, nowUs: Micros): void {
    const { doubles, first, stride } = this.idle;
    doubles[address * stride + first] = nowUs;
  }

  /** Whether a job could be begun at once. */
  isFree(address: Address): boolean {
    return this.busy[address] === 0 && this.waiting(address) === 0;
  }

  isBusy(address: Address): boolean {
    return this.busy[address] !== 0;
  }

  waiting(address: Address): number {
    return this.rooms[address]?.jobs.length ?? 0;
  }

  begin(address: Address): void {
    this.busy[address] = 1;
    this.counts.inService++;
  }

  end(address: Address): void {
    this.busy[address] = 0;
    this.counts.inService--;
  }

  /** The process is gone, and with it the job in service and those that wait. */
  abort(address: Address): void {
    const { counts } = this;
    const waiting = this.waiting(address);
    counts.aborted += waiting;
    counts.waiting -= waiting;
    this.rooms[address] = undefined;
    if (!this.isBusy(address)) return;
    counts.aborted++;
    this.end(address);
  }

  /** Lets a job wait; false if the waiting room is full. */
  enqueue(address: Address, job: Job, nowUs: Micros): boolean {
    let room = this.rooms[address];
    if (room === undefined) {
      room = new WaitingRoom();
      this.rooms[address] = room;
    }
    if (room.jobs.length >= this.capacity) return false;
    room.insert(job, nowUs);
    this.counts.waiting++;
    return true;
  }

  /** The next job to begin, or undefined. Jobs that have waited too long on the way there are handed to `onExpired`. */
  next(address: Address, nowUs: Micros, onExpired: OnExpired): Job | undefined {
    const room = this.rooms[address];
    if (room === undefined) return undefined;
    while (room.jobs.length > 0) {
      const expired = room.expired(0, nowUs);
      const job = room.removeAt(0);
      this.counts.waiting--;
      if (!expired) return job;
      onExpired(address, job);
    }
    return undefined;
  }

  /** Hands every expired job of a long waiting room to `onExpired`. */
  sweep(address: Address, nowUs: Micros, onExpired: OnExpired): void {
    const room = this.rooms[address];
    if (room === undefined || room.jobs.length < SWEEP_LENGTH || room.jobs.length % SWEEP_LENGTH !== 0) return;
    for (let index = room.jobs.length - 1; index >= 0; index--) {
      if (!room.expired(index, nowUs)) continue;
      this.counts.waiting--;
      onExpired(address, room.removeAt(index));
    }
  }
}
