/** What orders pending events, and the plainest thing that does it: the reference that faster queues are held against. */
import TinyQueue from "tinyqueue";
import type { EventStore } from "./event-store.js";
import { NONE } from "./event-store.js";

/** Orders the slots of one `EventStore` by (time, rank). */
export interface EventQueue {
  readonly size: number;
  /** Enqueues a slot whose time is not before that of the last slot taken. */
  insert(slot: number): void;
  /** Removes and returns the earliest slot if it is not later than `until` (in µs), or returns `NONE` (-1). */
  takeUntil(until: number): number;
}

/** A binary heap from a library: slow, short and right. */
export class ReferenceQueue implements EventQueue {
  private readonly heap: TinyQueue<number>;

  constructor(private readonly store: EventStore) {
    this.heap = new TinyQueue<number>([], (a, b) => (store.before(a, b) ? -1 : 1));
  }

  get size(): number {
    return this.heap.length;
  }

  insert(slot: number): void {
    this.heap.push(slot);
  }

  takeUntil(until: number): number {
    const first = this.heap.peek();
    if (first === undefined || this.store.at(first) > until) return NONE;
    this.heap.pop();
    return first;
  }
}
