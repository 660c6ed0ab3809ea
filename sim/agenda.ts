/**
 * What is still to happen: events in the store, in order in the queue, each with the rank that its origin gives it. Order is
 * total: time, then origin address, then the origin's own sequence number.
 */
import type { Address } from "../protocol/contract.js";
import type { EventQueue } from "./event-queue.js";
import { type EventKind, EventStore, SEQUENCES } from "./event-store.js";
import type { Column, NodeRows } from "./node-rows.js";
import type { Micros } from "./time.js";

export class Agenda {
  readonly store = new EventStore();
  readonly queue: EventQueue;
  /** How many events each node has made itself. */
  private readonly sequence: Column;

  constructor(rows: NodeRows, makeQueue: (store: EventStore) => EventQueue) {
    this.sequence = rows.reserve(1);
    this.queue = makeQueue(this.store);
  }

  /** An event that `origin` makes; returns its slot. */
  schedule(atUs: Micros, kind: EventKind, origin: Address, target: Address, datum: unknown): number {
    return this.insert(atUs, this.nextRank(origin), kind, target, datum);
  }

  /** An event with a rank that is its own already; returns its slot. */
  insert(atUs: Micros, rank: number, kind: EventKind, target: Address, datum: unknown): number {
    const slot = this.store.add(atUs, rank, kind, target, datum);
    this.queue.insert(slot);
    return slot;
  }

  /** A new number of a node's own events, as a rank. */
  nextRank(origin: Address): number {
    const { doubles, first, stride } = this.sequence;
    const at = origin * stride + first;
    const sequence = doubles[at]!;
    doubles[at] = sequence + 1;
    return origin * SEQUENCES + sequence;
  }

  /** The number that a node's next event will have. */
  nextSequence(origin: Address): number {
    const { doubles, first, stride } = this.sequence;
    return doubles[origin * stride + first]!;
  }
}
