/**
 * A calendar queue (Brown, CACM 1988): a wheel of buckets, each a list of the events of one short span of time. Putting
 * an event in costs one link; a bucket is sorted only when its span begins. Events beyond the wheel wait in a heap.
 *
 * The span of a bucket follows the density of events, measured while running, so that nothing has to be known of the
 * model; since events are totally ordered, the span decides how fast the queue is and never what comes out of it.
 */
import TinyQueue from "tinyqueue";
import type { EventQueue } from "./event-queue.js";
import type { EventStore } from "./event-store.js";
import { NONE } from "./event-store.js";

const BUCKETS = 65_536;
const MASK = BUCKETS - 1;
const WORDS = BUCKETS / 32;
/** Buckets shorter than this are sorted by insertion. */
const INSERTION_SORT_LIMIT = 24;
/** How many events a bucket should hold on average: the sort stays trivial and empty buckets stay rare. */
const EVENTS_PER_BUCKET = 4;
/** How many events to take between two looks at the density. */
const TUNING_INTERVAL = 131_072;

export class CalendarQueue implements EventQueue {
  size = 0;
  private readonly heads = new Int32Array(BUCKETS).fill(NONE);
  /** One bit for each bucket that holds something. */
  private readonly occupied = new Int32Array(WORDS);
  private wheelCount = 0;
  private readonly far: TinyQueue<number>;

  /** The bucket being worked off: its slots in order, from `cursor` to `end`. */
  private current = new Int32Array(256);
  private cursor = 0;
  private end = 0;
  private currentIndex = 0;
  /** Span of a bucket in µs, a power of two, so that dividing by it is exact. */
  private width = 128;
  private perWidth = 1 / 128;
  private currentStart = 0;
  private currentEnd = 128;
  private horizon = 128 * BUCKETS;

  private takenUntilTuning = TUNING_INTERVAL;
  private tuningStart = 0;

  constructor(private readonly store: EventStore) {
    this.far = new TinyQueue<number>([], (a, b) => (store.before(a, b) ? -1 : 1));
  }

  insert(slot: number): void {
    this.size++;
    const at = this.store.at(slot);
    if (at >= this.horizon) this.far.push(slot);
    else if (at >= this.currentEnd) this.link(slot, at);
    else this.insertIntoCurrent(slot);
  }

  takeUntil(until: number): number {
    if (this.cursor === this.end && !this.advance(until)) return NONE;
    const slot = this.current[this.cursor]!;
    if (this.store.at(slot) > until) return NONE;
    this.cursor++;
    this.size--;
    if (--this.takenUntilTuning === 0) this.tune(this.store.at(slot));
    return slot;
  }

  private link(slot: number, at: number): void {
    const index = (this.currentIndex + (((at - this.currentStart) * this.perWidth) | 0)) & MASK;
    this.store.setNext(slot, this.heads[index]!);
    this.heads[index] = slot;
    this.occupied[index >>> 5]! |= 1 << (index & 31);
    this.wheelCount++;
  }

  /** Keeps the bucket in work sorted: binary search, then shift what comes later. */
  private insertIntoCurrent(slot: number): void {
    if (this.end === this.current.length) this.makeRoom();
    let low = this.cursor;
    let high = this.end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.store.before(slot, this.current[middle]!)) high = middle;
      else low = middle + 1;
    }
    if (low < this.end) this.current.copyWithin(low + 1, low, this.end);
    this.current[low] = slot;
    this.end++;
  }

  private makeRoom(): void {
    if (this.cursor > this.current.length >>> 1) {
      this.current.copyWithin(0, this.cursor, this.end);
      this.end -= this.cursor;
      this.cursor = 0;
      return;
    }
    const larger = new Int32Array(this.current.length * 2);
    larger.set(this.current);
    this.current = larger;
  }

  /** Moves on to the next bucket that holds something; false if there is none that begins by `until`. */
  private advance(until: number): boolean {
    if (this.wheelCount === 0) {
      const first = this.far.peek();
      if (first === undefined || this.store.at(first) > until) return false;
      this.moveTo(Math.floor(this.store.at(first) * this.perWidth) * this.width, this.currentIndex);
    } else {
      const steps = this.stepsToNextOccupied();
      const start = this.currentStart + steps * this.width;
      if (start > until) return false;
      this.moveTo(start, (this.currentIndex + steps) & MASK);
    }
    this.loadBucket(this.currentIndex);
    return true;
  }

  private moveTo(start: number, index: number): void {
    this.currentStart = start;
    this.currentEnd = start + this.width;
    this.horizon = start + this.width * BUCKETS;
    this.currentIndex = index;
    for (let first = this.far.peek(); first !== undefined; first = this.far.peek()) {
      const at = this.store.at(first);
      if (at >= this.horizon) break;
      this.far.pop();
      this.link(first, at);
    }
  }

  private stepsToNextOccupied(): number {
    const from = (this.currentIndex + 1) & MASK;
    let word = from >>> 5;
    let bits = this.occupied[word]! & (-1 << (from & 31));
    for (let i = 0; bits === 0 && i <= WORDS; i++) {
      word = (word + 1) % WORDS;
      bits = this.occupied[word]!;
    }
    const index = word * 32 + (31 - Math.clz32(bits & -bits));
    return (index - this.currentIndex) & MASK;
  }

  /** Takes a bucket's list apart into `current`, in order. */
  private loadBucket(index: number): void {
    let count = 0;
    for (let slot = this.heads[index]!; slot !== NONE; slot = this.store.next(slot)) {
      if (count === this.current.length) {
        const larger = new Int32Array(count * 2);
        larger.set(this.current);
        this.current = larger;
      }
      this.current[count++] = slot;
    }
    this.heads[index] = NONE;
    this.occupied[index >>> 5]! &= ~(1 << (index & 31));
    this.wheelCount -= count;
    this.cursor = 0;
    this.end = count;
    if (count > INSERTION_SORT_LIMIT) {
      this.current.subarray(0, count).sort((a, b) => (this.store.before(a, b) ? -1 : 1));
    } else {
      this.sortByInsertion(count);
    }
  }

  private sortByInsertion(count: number): void {
    const { current, store } = this;
    for (let i = 1; i < count; i++) {
      const slot = current[i]!;
      let j = i - 1;
      while (j >= 0 && store.before(slot, current[j]!)) {
        current[j + 1] = current[j]!;
        j--;
      }
      current[j + 1] = slot;
    }
  }

  /** Fits the span of a bucket to the density of the events just taken, if it is off by more than a factor of four. */
  private tune(now: number): void {
    const span = ((now - this.tuningStart) / TUNING_INTERVAL) * EVENTS_PER_BUCKET;
    this.tuningStart = now;
    this.takenUntilTuning = TUNING_INTERVAL;
    let width = 1;
    while (width < span) width *= 2;
    if (width <= this.width * 4 && width >= this.width / 4) return;
    this.rebuild(width, now);
  }

  private rebuild(width: number, now: number): void {
    const slots: number[] = Array.from(this.current.subarray(this.cursor, this.end));
    for (let index = 0; index < BUCKETS; index++) {
      for (let slot = this.heads[index]!; slot !== NONE; slot = this.store.next(slot)) slots.push(slot);
    }
    for (let slot = this.far.pop(); slot !== undefined; slot = this.far.pop()) slots.push(slot);
    this.heads.fill(NONE);
    this.occupied.fill(0);
    this.wheelCount = 0;
    this.cursor = 0;
    this.end = 0;
    this.width = width;
    this.perWidth = 1 / width;
    this.moveTo(Math.floor(now / width) * width, 0);
    this.size -= slots.length;
    for (const slot of slots) this.insert(slot);
  }
}
