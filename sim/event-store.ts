/**
 * The pending events of one simulation, as records in typed arrays. An event is a slot number; queues order slots and
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
  /** A message that came to a node that is down, and a command that was for one. */
  undelivered: 9,
  refused: 10,
  /** A spell of trouble at a node: the datum is its place in the plan. */
  troubleBegins: 11,
  troubleEnds: 12,
  /** The platform is told to start a fresh process, and has started one. */
  provision: 13,
  birth: 14,
  /** A message has come to the machine of its receiver, and goes on over the machine's line. */
  arrive: 16,
  /** Something may be due on a shared machine. */
  host: 17,
  /** A copy of a message reaches a bus's end at its receiver. */
  atBus: 18,
  /** An acknowledgement reaches a bus's end at the sender of a message. */
  acknowledge: 19,
  /** A bus's own timer. */
  busTimer: 20,
  /** A copy of a message has waited at an end of a bus for as long as it may. */
  held: 21,
} as const;
export type EventKind = (typeof EventKind)[keyof typeof EventKind];

const KIND_COUNT = 22;

/** `next` of the last slot of a list. */
export const NONE = -1;

/** Room for an origin's own sequence number below its address in a rank: 2^32 events for each of 2^21 origins. */
export const SEQUENCES = 4294967296;

/** Fields of a slot, in 8-byte and in 4-byte words: half a cache line, so that an event costs one miss. */
const DOUBLES = 4;
const INTS = 8;
const AT = 0;
const RANK = 1;
const KIND = 4;
const TARGET = 5;

export class EventStore {
  /** How many events of each kind are pending, counted as they come and go and by nothing else. */
  readonly pending = new Int32Array(KIND_COUNT);
  private doubles: Float64Array;
  /** The same memory as `doubles`. */
  private ints: Int32Array;
  private data: unknown[] = [];
  /** What follows each slot in its list. Apart from the records, so that walking a list waits for none of them. */
  private following: Int32Array;
  private firstFree = NONE;

  constructor(capacity = 4096) {
    this.doubles = new Float64Array(capacity * DOUBLES);
    this.ints = new Int32Array(this.doubles.buffer);
    this.following = new Int32Array(capacity);
    this.addFree(0, capacity);
  }

  /** When the event happens, in true microseconds. */
  at(slot: number): Micros {
    return this.doubles[slot * DOUBLES + AT]!;
  }

  /** Order among events of one instant: origin address x 2^32 + the origin's own sequence number. */
  rank(slot: number): number {
    return this.doubles[slot * DOUBLES + RANK]!;
  }

  kind(slot: number): EventKind {
    return this.ints[slot * INTS + KIND]! as EventKind;
  }

  /** The node that the event happens to. */
  target(slot: number): number {
    return this.ints[slot * INTS + TARGET]!;
  }

  /** What the event carries: a message, a job, a timer tag or a command. */
  datum(slot: number): unknown {
    return this.data[slot];
  }

  /** The slot that follows in the list that this one is linked into. */
  next(slot: number): number {
    return this.following[slot]!;
  }

  setNext(slot: number, next: number): void {
    this.following[slot] = next;
  }

  /** Puts an event into a free slot and returns the slot. */
  add(at: Micros, rank: number, kind: EventKind, target: number, datum: unknown): number {
    if (this.firstFree === NONE) this.grow();
    const slot = this.firstFree;
    const { doubles, ints } = this;
    this.firstFree = this.following[slot]!;
    doubles[slot * DOUBLES + AT] = at;
    doubles[slot * DOUBLES + RANK] = rank;
    ints[slot * INTS + KIND] = kind;
    ints[slot * INTS + TARGET] = target;
    this.data[slot] = datum;
    this.pending[kind]!++;
    return slot;
  }

  /** Frees a slot. Its time, rank, kind and target can be read until the next `add`. */
  remove(slot: number): void {
    this.pending[this.kind(slot)]!--;
    this.data[slot] = undefined;
    this.setNext(slot, this.firstFree);
    this.firstFree = slot;
  }

  /** Turns a pending event into one that does nothing when its time comes. */
  cancel(slot: number): void {
    this.turnInto(slot, EventKind.cancelled);
    this.data[slot] = undefined;
  }

  /** Makes a pending event one of another kind. */
  turnInto(slot: number, kind: EventKind): void {
    this.pending[this.kind(slot)]!--;
    this.ints[slot * INTS + KIND] = kind;
    this.pending[kind]!++;
  }

  setDatum(slot: number, datum: unknown): void {
    this.data[slot] = datum;
  }

  /** Whether event `a` comes before event `b`: a total order, since no two events share a rank. */
  before(a: number, b: number): boolean {
    const { doubles } = this;
    const atA = doubles[a * DOUBLES + AT]!;
    const atB = doubles[b * DOUBLES + AT]!;
    return atA < atB || (atA === atB && doubles[a * DOUBLES + RANK]! < doubles[b * DOUBLES + RANK]!);
  }

  private addFree(from: number, to: number): void {
    for (let slot = to - 1; slot >= from; slot--) {
      this.setNext(slot, this.firstFree);
      this.firstFree = slot;
      this.data[slot] = undefined;
    }
  }

  private grow(): void {
    const old = this.doubles.length / DOUBLES;
    const doubles = new Float64Array(old * 2 * DOUBLES);
    doubles.set(this.doubles);
    this.doubles = doubles;
    this.ints = new Int32Array(doubles.buffer);
    const following = new Int32Array(old * 2);
    following.set(this.following);
    this.following = following;
    this.addFree(old, old * 2);
  }
}
