/**
 * The last samples of some quantity, at most `capacity` of them (100 in document 4.1), and one quantile of them.
 *
 * Samples are kept in order of arrival only. The quantile is found from where it was last: counts on either side of it
 * are kept as samples come and go, and only when they say that it has moved is the window searched, once for each value
 * that it moved across. That is exact, and with 30,000 agents much cheaper than keeping or making an order.
 */
import { Memory } from "./memory.js";

/** What stands before the samples, which are a ring. */
const SUM = 0;
const SUM_OF_SQUARES = 1;
/** The quantile when it was last asked for, and how many samples are less, and not greater. */
const LAST = 2;
const LESS = 3;
const NOT_GREATER = 4;
const COUNT = 5;
const OLDEST = 6;
/** For how many samples there is room. */
const ROOM = 7;
const FIRST_SAMPLE = 8;
/** Room for so many at first, twice as many when they are full: most agents of a large mesh have few for a long time. */
const FIRST_ROOM = 4;
/** A sample so many times all others together has drowned their digits in the running sums. */
const DROWNS = 1e6;

export class SampleWindow {
  private cells: Float64Array;
  private at: number;

  /** @param q which quantile is asked for, 0 to 1; the median where left out */
  constructor(
    private readonly capacity: number,
    private readonly q = 0.5,
    private readonly memory = new Memory(FIRST_SAMPLE + capacity),
  ) {
    const room = Math.min(FIRST_ROOM, capacity);
    const { cells, at } = memory.take(FIRST_SAMPLE + room);
    this.cells = cells;
    this.at = at;
    cells[at + ROOM] = room;
  }

  get count(): number {
    return this.cells[this.at + COUNT]!;
  }

  add(sample: number): void {
    const count = this.count;
    if (count < this.capacity && count === this.cells[this.at + ROOM]!) this.makeRoom();
    const { cells, at } = this;
    if (count === this.capacity) this.replaceOldest(sample);
    else {
      if (count === 0) cells[at + LAST] = sample;
      cells[at + FIRST_SAMPLE + count] = sample;
      cells[at + COUNT] = count + 1;
    }
    cells[at + SUM]! += sample;
    cells[at + SUM_OF_SQUARES]! += sample * sample;
    this.countIn(sample, 1);
  }

  /** The quantile by nearest rank, or NaN while empty. */
  quantile(): number {
    const { cells, at } = this;
    const count = cells[at + COUNT]!;
    if (count === 0) return Number.NaN;
    const rank = Math.min(count - 1, Math.max(0, Math.ceil(this.q * count) - 1));
    while (cells[at + NOT_GREATER]! <= rank) this.moveUp();
    while (cells[at + LESS]! > rank) this.moveDown();
    return cells[at + LAST]!;
  }

  /** NaN while empty. */
  mean(): number {
    return this.cells[this.at + SUM]! / this.count;
  }

  /** Sample standard deviation; 0 for fewer than two samples. */
  deviation(): number {
    const { cells, at, count } = this;
    if (count < 2) return 0;
    const sum = cells[at + SUM]!;
    const squares = cells[at + SUM_OF_SQUARES]! - (sum * sum) / count;
    return Math.sqrt(Math.max(0, squares / (count - 1)));
  }

  /** Moves to where there is room for more samples. */
  private makeRoom(): void {
    const { cells, at } = this;
    const room = cells[at + ROOM]!;
    const more = Math.min(room * 2, this.capacity);
    const next = this.memory.take(FIRST_SAMPLE + more);
    next.cells.set(cells.subarray(at, at + FIRST_SAMPLE + room), next.at);
    next.cells[next.at + ROOM] = more;
    this.memory.give({ cells, at }, FIRST_SAMPLE + room);
    this.cells = next.cells;
    this.at = next.at;
  }

  private replaceOldest(sample: number): void {
    const { cells, at } = this;
    const oldest = cells[at + OLDEST]!;
    const place = at + FIRST_SAMPLE + oldest;
    const gone = cells[place]!;
    cells[place] = sample;
    cells[at + OLDEST] = oldest + 1 === this.capacity ? 0 : oldest + 1;
    cells[at + SUM]! -= gone;
    cells[at + SUM_OF_SQUARES]! -= gone * gone;
    if (gone * gone > DROWNS * cells[at + SUM_OF_SQUARES]!) this.sumAnew(place);
    this.countIn(gone, -1);
  }

  /** The sums of all samples but the one at `except`, so that what rounding left of a huge sample goes with it. */
  private sumAnew(except: number): void {
    const { cells, at } = this;
    let sum = 0;
    let sumOfSquares = 0;
    for (let i = at + FIRST_SAMPLE; i < at + FIRST_SAMPLE + this.capacity; i++) {
      if (i === except) continue;
      sum += cells[i]!;
      sumOfSquares += cells[i]! * cells[i]!;
    }
    cells[at + SUM] = sum;
    cells[at + SUM_OF_SQUARES] = sumOfSquares;
  }

  private countIn(sample: number, change: 1 | -1): void {
    const { cells, at } = this;
    const last = cells[at + LAST]!;
    if (sample < last) cells[at + LESS]! += change;
    if (sample <= last) cells[at + NOT_GREATER]! += change;
  }

  /** Moves the quantile to the next greater value. */
  private moveUp(): void {
    const { cells, at } = this;
    const last = cells[at + LAST]!;
    const end = at + FIRST_SAMPLE + cells[at + COUNT]!;
    let next = Number.POSITIVE_INFINITY;
    let equal = 0;
    for (let i = at + FIRST_SAMPLE; i < end; i++) {
      const sample = cells[i]!;
      if (sample <= last || sample > next) continue;
      equal = sample === next ? equal + 1 : 1;
      next = sample;
    }
    cells[at + LAST] = next;
    cells[at + LESS] = cells[at + NOT_GREATER]!;
    cells[at + NOT_GREATER]! += equal;
  }

  /** Moves the quantile to the next smaller value. */
  private moveDown(): void {
    const { cells, at } = this;
    const last = cells[at + LAST]!;
    const end = at + FIRST_SAMPLE + cells[at + COUNT]!;
    let next = Number.NEGATIVE_INFINITY;
    let equal = 0;
    for (let i = at + FIRST_SAMPLE; i < end; i++) {
      const sample = cells[i]!;
      if (sample >= last || sample < next) continue;
      equal = sample === next ? equal + 1 : 1;
      next = sample;
    }
    cells[at + LAST] = next;
    cells[at + NOT_GREATER] = cells[at + LESS]!;
    cells[at + LESS]! -= equal;
  }
}
