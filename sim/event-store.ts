/**
 * The pending events of one simulation, as a structure of arrays. An event is a slot number; queues order slots and
 * never copy what is in them. Slots are reused, so that a run of billions of events allocates only for its peak.
 */
import type { Micros } from "./time.js";

/** What an event is about. The numbers are part of the order fingerprint: append, never renumber. */
export const EventKind = {
  cancelled: 0,
  deliver: 1,
  expire: 2,
  timer: 3,
  finished: 4,
  jobExpired: 5,
  jobRejected: 6,
  jobIgnored: 7,
  command: 8,
} as const;
export type EventKind = (typeof EventKind)[keyof typeof EventKind];

const KIND_COUNT = 9;

/** `next` of the last slot of a list. */
export const NONE = -1;

/** Room for an origin's own sequence number below its address in a rank: 2^32 events for each of 2^21 origins. */
export const SEQUENCES = 4294967296;

export class EventStore {
  /** When the event happens, in true microseconds. */
  at: Float64Array;
  /** Order among events of one instant: origin address x 2^32 + the origin's own sequence number. */
  rank: Float64Array;
  kind: Uint8Array;
  /** The node that the event happens to. */
  target: Int32Array;
  /** What the event carries: a message, a job, a timer tag or a command. */
  datum: unknown[] = [];
  /** Links slots into lists: the free list here, the buckets of a queue there. */
  next: Int32Array;
  /** How many events of each kind are pending, counted as they come and go and by nothing else. */
  readonly pending = new Int32Array(KIND_COUNT);
  private firstFree = NONE;

  constructor(capacity = 4096) {
    this.at = new Float64Array(capacity);
    this.rank = new Float64Array(capacity);
    this.kind = new Uint8Array(capacity);
    this.target = new Int32Array(capacity);
    this.next = new Int32Array(capacity);
    this.addFree(0, capacity);
  }

  /** Puts an event into a free slot and returns the slot. */
  add(at: Micros, rank: number, kind: EventKind, target: number, datum: unknown): number {
    if (this.firstFree === NONE) this.grow();
    const slot = this.firstFree;
    this.firstFree = this.next[slot]!;
    this.at[slot] = at;
    this.rank[slot] = rank;
    this.kind[slot] = kind;
    this.target[slot] = target;
    this.datum[slot] = datum;
    this.pending[kind]!++;
    return slot;
  }

  /** Frees a slot. Its fields can be read until the next `add`. */
  remove(slot: number): void {
    this.pending[this.kind[slot]!]!--;
    this.datum[slot] = undefined;
    this.next[slot] = this.firstFree;
    this.firstFree = slot;
  }

  /** Turns a pending event into one that does nothing when its time comes. */
  cancel(slot: number): void {
    this.pending[this.kind[slot]!]!--;
    this.kind[slot] = EventKind.cancelled;
    this.pending[EventKind.cancelled]!++;
    this.datum[slot] = undefined;
  }

  /** Whether event `a` comes before event `b`: a total order, since no two events share a rank. */
  before(a: number, b: number): boolean {
    const atA = this.at[a]!;
    const atB = this.at[b]!;
    return atA < atB || (atA === atB && this.rank[a]! < this.rank[b]!);
  }

  private addFree(from: number, to: number): void {
    for (let slot = to - 1; slot >= from; slot--) {
      this.next[slot] = this.firstFree;
      this.firstFree = slot;
      this.datum[slot] = undefined;
    }
  }

  private grow(): void {
    const old = this.at.length;
    const capacity = old * 2;
    this.at = resized(this.at, new Float64Array(capacity));
    this.rank = resized(this.rank, new Float64Array(capacity));
    this.kind = resized(this.kind, new Uint8Array(capacity));
    this.target = resized(this.target, new Int32Array(capacity));
    this.next = resized(this.next, new Int32Array(capacity));
    this.datum.length = capacity;
    this.addFree(old, capacity);
  }
}

function resized<T extends Float64Array | Int32Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
