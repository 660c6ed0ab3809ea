/** Two event queues, one beside the other, that are told the same: whatever they hand out must be the same event. */
import { CalendarQueue } from "../../sim/calendar-queue.js";
import { type EventQueue, ReferenceQueue } from "../../sim/event-queue.js";
import { EventKind, EventStore, NONE, SEQUENCES } from "../../sim/event-store.js";

/** An event as the tests know it, apart from any store. */
export interface KnownEvent {
  readonly id: number;
  readonly atUs: number;
  readonly rank: number;
}

/** A queue on a store of its own. */
class Side<Queue extends EventQueue> {
  private readonly store = new EventStore(16);
  private readonly bySlot: KnownEvent[] = [];
  readonly queue: Queue;

  constructor(makeQueue: (store: EventStore) => Queue) {
    this.queue = makeQueue(this.store);
  }

  insert(event: KnownEvent): void {
    const slot = this.store.add(event.atUs, event.rank, EventKind.timer, 0, event);
    this.bySlot[slot] = event;
    this.queue.insert(slot);
  }

  takeUntil(untilUs: number): KnownEvent | undefined {
    const slot = this.queue.takeUntil(untilUs);
    if (slot === NONE) return undefined;
    this.store.remove(slot);
    return this.bySlot[slot];
  }
}

export class QueuePair {
  private readonly calendar = new Side((store) => new CalendarQueue(store));
  private readonly reference = new Side((store) => new ReferenceQueue(store));
  private readonly sequences = new Map<number, number>();
  private count = 0;
  /** The time of the last event taken: nothing may be inserted before it. */
  nowUs = 0;

  get size(): number {
    return this.reference.queue.size;
  }

  insert(atUs: number, origin: number): void {
    const sequence = this.sequences.get(origin) ?? 0;
    this.sequences.set(origin, sequence + 1);
    const event = { id: this.count++, atUs, rank: origin * SEQUENCES + sequence };
    this.calendar.insert(event);
    this.reference.insert(event);
  }

  /** Takes one event from both. @throws where they do not agree, on the event or on how many are left */
  takeUntil(untilUs: number): KnownEvent | undefined {
    const expected = this.reference.takeUntil(untilUs);
    const taken = this.calendar.takeUntil(untilUs);
    if (taken?.id !== expected?.id) {
      throw new Error(`took ${JSON.stringify(taken)}, not ${JSON.stringify(expected)}, after ${this.count} insertions`);
    }
    if (this.calendar.queue.size !== this.reference.queue.size) {
      throw new Error(`${this.calendar.queue.size} events are said to be left, not ${this.reference.queue.size}`);
    }
    if (expected !== undefined) this.nowUs = expected.atUs;
    return expected;
  }

  /** Makes the calendar queue fit itself to so many buckets of `2^exponent` µs, now rather than when it would by itself. */
  retune(exponent: number, buckets: number): void {
    const queue = this.calendar.queue as unknown as { rebuild(width: number, now: number, buckets: number): void };
    queue.rebuild(2 ** exponent, this.nowUs, buckets);
  }

  /** Takes everything until an instant; returns how many events it was. */
  takeAllUntil(untilUs: number): number {
    let taken = 0;
    while (this.takeUntil(untilUs) !== undefined) taken++;
    return taken;
  }
}
