/**
 * Processor sharing on one machine. Every job in service gets on at the same rate, so one virtual time says how much
 * service each of them has had (generalised processor sharing: Parekh and Gallager, IEEE/ACM Trans. Networking 1, 1993):
 * it advances at that rate, a job that needs S is through when it has advanced by S since it came, and who is through
 * next does not change when the rate does. So an arrival or an end costs O(log n).
 *
 * A job keeps a core busy for a share c of its time and waits for the rest. At speed s it would take (1 - c) + c / s times
 * as long alone; n of them together get no more than `cores` cores and no more writes than the card manages:
 *
 *     rate = min(1 / ((1 - c) + c / s), cores s / (n c), card / (n writes))
 *
 * With c = 1 that is min(s, cores s / n): processor sharing as textbooks have it.
 */
import type { Address, Job } from "../../protocol/contract.js";
import { ensure } from "../ensure.js";
import type { Micros } from "../time.js";
import type { Sharing } from "./host-plan.js";

/** So little service may be left of a job when it ends: what rounding leaves. */
const ROUNDING_US = 1e-6;

export class SharedWork {
  /** Of full speed. */
  private speed = 1;
  /** How fast each job gets on, of what it would alone on an idle machine. */
  private rate = 1;
  /** Service that a job has had that has been here since the machine was last empty, in us. */
  private virtualUs = 0;
  private sinceUs: Micros = 0;
  /** A heap of the nodes at work: who is through first is at the top. */
  private readonly heap: Address[] = [];
  /** By place in the heap: the virtual time at which the job is through, and the job. */
  private readonly throughUs: number[] = [];
  private readonly jobs: Job[] = [];
  /** Core-seconds of work done, in us, and the time that jobs were held up by others or by heat, added up, in us. */
  private busyUs = 0;
  private heldUpUs = 0;

  constructor(private readonly sharing: Sharing) {}

  /** How many jobs are in service. */
  get count(): number {
    return this.heap.length;
  }

  /** Who is through first; only where there is somebody. */
  get first(): Address {
    return this.heap[0]!;
  }

  get firstJob(): Job {
    return this.jobs[0]!;
  }

  /** Cores at work, as a share of all. */
  get load(): number {
    const { coreShare, cores } = this.sharing;
    return Math.min(1, (this.heap.length * this.rate * coreShare) / (cores * this.speed));
  }

  /** When the first is through if nothing changes, at the next whole us that is not before it. */
  firstThroughUs(): Micros {
    return this.sinceUs + Math.max(0, Math.ceil((this.throughUs[0]! - this.virtualUs) / this.rate - ROUNDING_US));
  }

  /** @param serviceUs what the job takes alone on an idle machine */
  add(address: Address, job: Job, serviceUs: Micros, nowUs: Micros): void {
    this.advance(nowUs);
    if (this.heap.length === 0) this.virtualUs = 0; // which keeps it exact, however long the run
    const last = this.heap.length;
    this.heap.push(address);
    this.throughUs.push(this.virtualUs + serviceUs);
    this.jobs.push(job);
    this.rise(last);
    this.updateRate();
  }

  /**
   * Takes a job out of service, done or not.
   * @returns the service that it still needs, in us
   */
  remove(address: Address, nowUs: Micros): number {
    this.advance(nowUs);
    const at = this.heap[0] === address ? 0 : this.heap.indexOf(address);
    ensure(at >= 0, "a job ended on a machine that did not work on it");
    const leftUs = Math.max(0, this.throughUs[at]! - this.virtualUs);
    const last = this.heap.length - 1;
    this.swap(at, last);
    this.heap.pop();
    this.throughUs.pop();
    this.jobs.pop();
    if (at < last) {
      this.sink(at);
      this.rise(at);
    }
    this.updateRate();
    return leftUs;
  }

  has(address: Address): boolean {
    return this.heap.includes(address);
  }

  /** Undefined where the node has no job in service. */
  jobOf(address: Address): Job | undefined {
    return this.jobs[this.heap.indexOf(address)];
  }

  setSpeed(speed: number, nowUs: Micros): void {
    this.advance(nowUs);
    this.speed = speed;
    this.updateRate();
  }

  /** Brings the books up to now. */
  advance(nowUs: Micros): void {
    const passedUs = nowUs - this.sinceUs;
    if (passedUs === 0) return;
    this.sinceUs = nowUs;
    if (this.heap.length === 0) return;
    this.busyUs += passedUs * this.load * this.sharing.cores;
    this.heldUpUs += passedUs * this.heap.length * (1 - this.rate);
    this.virtualUs += passedUs * this.rate;
  }

  /** Time that cores were busy, all added up, since the beginning, in us. Changes nothing, like all that is asked for books. */
  busyTotalUs(nowUs: Micros): number {
    return this.busyUs + (nowUs - this.sinceUs) * this.load * this.sharing.cores;
  }

  /** Time by which jobs took longer than alone, added up, since the beginning, in us. */
  heldUpTotalUs(nowUs: Micros): number {
    return this.heldUpUs + (nowUs - this.sinceUs) * this.heap.length * (1 - this.rate);
  }

  private updateRate(): void {
    const { cores, coreShare, jobWritesPerS, cardWritesPerS } = this.sharing;
    const { speed } = this;
    const count = this.heap.length;
    const alone = 1 / (1 - coreShare + coreShare / speed);
    const byCores = coreShare === 0 ? alone : (cores * speed) / (count * coreShare);
    const byCard = jobWritesPerS === 0 ? alone : cardWritesPerS / (count * jobWritesPerS);
    this.rate = count === 0 ? 1 : Math.min(alone, byCores, byCard);
  }

  /** Whether the job at `a` is through before that at `b`; of equals, that of the lower address. */
  private before(a: number, b: number): boolean {
    const difference = this.throughUs[a]! - this.throughUs[b]!;
    return difference < 0 || (difference === 0 && this.heap[a]! < this.heap[b]!);
  }

  private rise(from: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.before(at, parent)) return;
      this.swap(at, parent);
      at = parent;
    }
  }

  private sink(from: number): void {
    let at = from;
    for (;;) {
      let least = at;
      for (let child = 2 * at + 1; child <= 2 * at + 2 && child < this.heap.length; child++) {
        if (this.before(child, least)) least = child;
      }
      if (least === at) return;
      this.swap(at, least);
      at = least;
    }
  }

  private swap(a: number, b: number): void {
    const { heap, throughUs, jobs } = this;
    const address = heap[a]!;
    heap[a] = heap[b]!;
    heap[b] = address;
    const through = throughUs[a]!;
    throughUs[a] = throughUs[b]!;
    throughUs[b] = through;
    const job = jobs[a]!;
    jobs[a] = jobs[b]!;
    jobs[b] = job;
  }
}
