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

/** How many buckets the wheel begins with, and may come to have: powers of two. */
const FEWEST_BUCKETS = 65_536;
const MOST_BUCKETS = 1_048_576;
/** With more than this share of all events beyond the wheel, where the heap makes them dear, the wheel grows. */
const FAR_SHARE = 1 / 8;
/** Buckets shorter than this are sorted by insertion. */
const INSERTION_SORT_LIMIT = 64;
/** How many events a bucket should hold on average: the sort stays trivial and empty buckets stay rare. */
const EVENTS_PER_BUCKET = 8;
/** How many events to take between two looks at the density. */
const TUNING_INTERVAL = 131_072;

export class CalendarQueue implements EventQueue {
  size = 0;
  private heads = new Int32Array(FEWEST_BUCKETS).fill(NONE);
  /** One bit for each bucket that holds something. */
  private occupied = new Int32Array(FEWEST_BUCKETS / 32);
  private mask = FEWEST_BUCKETS - 1;
  private wheelCount = 0;
  private readonly far: TinyQueue<number>;

  /** The bucket being worked off: its slots in order, from `cursor` to `end`. */
  private current = new Int32Array(256);
  /** When each of them happens, in µs. */
  private times = new Float64Array(256);
  private cursor = 0;
  private end = 0;
  private currentIndex = 0;
  /** Span of a bucket in µs, a power of two, so that dividing by it is exact. */
  private width = 128;
  private perWidth = 1 / 128;
  private currentStart = 0;
  private currentEnd = 128;
  private horizon = 128 * FEWEST_BUCKETS;

  private takenUntilTuning = TUNING_INTERVAL;
  private tuningStart = 0;

  /** @param onBucket handed the slots of each bucket, in order, when its span begins */
  constructor(
    private readonly store: EventStore,
    private readonly onBucket?: (slots: Int32Array, count: number) => void,
  ) {
    this.far = new TinyQueue<number>([], (a, b) => (store.before(a, b) ? -1 : 1));
  }

  insert(slot: number): void {
    this.size++;
    const at = this.store.at(slot);
    if (at >= this.horizon) this.far.push(slot);
    else if (at >= this.currentEnd) this.link(slot, at);
    else this.insertIntoCurrent(slot, at);
  }

  takeUntil(until: number): number {
    if (this.cursor === this.end && !this.advance(until)) return NONE;
    const slot = this.current[this.cursor]!;
    const at = this.times[this.cursor]!;
    if (at > until) return NONE;
    this.cursor++;
    this.size--;
    if (--this.takenUntilTuning === 0) this.tune(at);
    return slot;
  }

  private link(slot: number, at: number): void {
    const index = (this.currentIndex + (((at - this.currentStart) * this.perWidth) | 0)) & this.mask;
    this.store.setNext(slot, this.heads[index]!);
    this.heads[index] = slot;
    this.occupied[index >>> 5]! |= 1 << (index & 31);
    this.wheelCount++;
  }

  /** Keeps the bucket in work sorted: binary search, then shift what comes later. */
  private insertIntoCurrent(slot: number, at: number): void {
    if (this.end === this.current.length) this.makeRoom();
    let low = this.cursor;
    let high = this.end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.comesBefore(at, slot, middle)) high = middle;
      else low = middle + 1;
    }
    if (low < this.end) {
      this.current.copyWithin(low + 1, low, this.end);
      this.times.copyWithin(low + 1, low, this.end);
    }
    this.current[low] = slot;
    this.times[low] = at;
    this.end++;
  }

  /** Whether an event comes before the one that stands at `place`. */
  private comesBefore(at: number, slot: number, place: number): boolean {
    const other = this.times[place]!;
    return at < other || (at === other && this.store.rank(slot) < this.store.rank(this.current[place]!));
  }

  private makeRoom(): void {
    if (this.cursor > this.current.length >>> 1) {
      this.current.copyWithin(0, this.cursor, this.end);
      this.times.copyWithin(0, this.cursor, this.end);
      this.end -= this.cursor;
      this.cursor = 0;
      return;
    }
    this.grow();
  }

  private grow(): void {
    const slots = new Int32Array(this.current.length * 2);
    slots.set(this.current);
    this.current = slots;
    const times = new Float64Array(slots.length);
    times.set(this.times);
    this.times = times;
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
      this.moveTo(start, (this.currentIndex + steps) & this.mask);
    }
    this.loadBucket(this.currentIndex);
    this.onBucket?.(this.current, this.end);
    return true;
  }

  private moveTo(start: number, index: number): void {
    this.currentStart = start;
    this.currentEnd = start + this.width;
    this.horizon = start + this.width * this.heads.length;
    this.currentIndex = index;
    for (let first = this.far.peek(); first !== undefined; first = this.far.peek()) {
      const at = this.store.at(first);
      if (at >= this.horizon) break;
      this.far.pop();
      this.link(first, at);
    }
  }

  private stepsToNextOccupied(): number {
    const words = this.occupied.length;
    const from = (this.currentIndex + 1) & this.mask;
    let word = from >>> 5;
    let bits = this.occupied[word]! & (-1 << (from & 31));
    for (let i = 0; bits === 0 && i <= words; i++) {
      word = (word + 1) % words;
      bits = this.occupied[word]!;
    }
    const index = word * 32 + (31 - Math.clz32(bits & -bits));
    return (index - this.currentIndex) & this.mask;
  }

  /** Takes a bucket's list apart into `current`, in order. */
  private loadBucket(index: number): void {
    let count = 0;
    for (let slot = this.heads[index]!; slot !== NONE; slot = this.store.next(slot)) {
      if (count === this.current.length) this.grow();
      this.current[count++] = slot;
    }
    this.heads[index] = NONE;
    this.occupied[index >>> 5]! &= ~(1 << (index & 31));
    this.wheelCount -= count;
    this.cursor = 0;
    this.end = count;
    if (count > INSERTION_SORT_LIMIT) {
      this.current.subarray(0, count).sort((a, b) => (this.store.before(a, b) ? -1 : 1));
    }
    // All at once and not while comparing: so the waits for their records overlap.
    for (let i = 0; i < count; i++) this.times[i] = this.store.at(this.current[i]!);
    if (count <= INSERTION_SORT_LIMIT) this.sortByInsertion(count);
  }

  private sortByInsertion(count: number): void {
    const { current, times } = this;
    for (let i = 1; i < count; i++) {
      const slot = current[i]!;
      const at = times[i]!;
      let j = i - 1;
      while (j >= 0 && this.comesBefore(at, slot, j)) {
        current[j + 1] = current[j]!;
        times[j + 1] = times[j]!;
        j--;
      }
      current[j + 1] = slot;
      times[j + 1] = at;
    }
  }

  /**
   * Fits the span of a bucket to the density of the events just taken, if it is off by more than a factor of two, and
   * the number of buckets to how far ahead events are.
   */
  private tune(now: number): void {
    const span = ((now - this.tuningStart) / TUNING_INTERVAL) * EVENTS_PER_BUCKET;
    this.tuningStart = now;
    this.takenUntilTuning = TUNING_INTERVAL;
    let width = 1;
    while (width < span) width *= 2;
    const isFit = width <= this.width * 2 && width >= this.width / 2;
    const buckets = this.heads.length;
    const isShort = isFit && this.far.length > this.size * FAR_SHARE && buckets < MOST_BUCKETS;
    if (isShort) this.rebuild(this.width, now, buckets * 4);
    else if (!isFit) this.rebuild(width, now);
  }

  private rebuild(width: number, now: number, buckets = this.heads.length): void {
    const slots: number[] = Array.from(this.current.subarray(this.cursor, this.end));
    for (let index = 0; index < this.heads.length; index++) {
      for (let slot = this.heads[index]!; slot !== NONE; slot = this.store.next(slot)) slots.push(slot);
    }
    for (let slot = this.far.pop(); slot !== undefined; slot = this.far.pop()) slots.push(slot);
    this.heads = new Int32Array(buckets).fill(NONE);
    this.occupied = new Int32Array(buckets / 32);
    this.mask = buckets - 1;
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
