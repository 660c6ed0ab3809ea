/**
 * The last samples of some quantity, at most `capacity` of them (100 in document 4.1), and one quantile of them.
 *
 * Samples are kept in order of arrival only. The quantile is found from where it was last: counts on either side of it
 * are kept as samples come and go, and only when they say that it has moved is the window searched, once for each value
 * that it moved across. That is exact, and with 30,000 agents much cheaper than keeping or making an order.
 */

/** Where sums and the last quantile stand in the array; the samples follow, a ring. */
const SUM = 0;
const SUM_OF_SQUARES = 1;
const LAST = 2;
const FIRST_SAMPLE = 3;
/** A sample so many times all others together has drowned their digits in the running sums. */
const DROWNS = 1e6;

export class SampleWindow {
  private readonly cells: number[] = [];
  private size = 0;
  private oldest = 0;
  /** Samples less than the last quantile, and samples not greater than it. */
  private less = 0;
  private notGreater = 0;

  /** @param q which quantile is asked for, 0 to 1; the median where left out */
  constructor(
    private readonly capacity: number,
    private readonly q = 0.5,
  ) {}

  get count(): number {
    return this.size;
  }

  add(sample: number): void {
    const { cells } = this;
    if (this.size === this.capacity) this.replaceOldest(sample);
    else {
      if (this.size === 0) cells.push(0, 0, sample);
      cells.push(sample);
      this.size++;
    }
    cells[SUM]! += sample;
    cells[SUM_OF_SQUARES]! += sample * sample;
    this.countIn(sample, 1);
  }

  /** The quantile by nearest rank, or NaN while empty. */
  quantile(): number {
    if (this.size === 0) return Number.NaN;
    const rank = Math.min(this.size - 1, Math.max(0, Math.ceil(this.q * this.size) - 1));
    while (this.notGreater <= rank) this.moveUp();
    while (this.less > rank) this.moveDown();
    return this.cells[LAST]!;
  }

  /** NaN while empty. */
  mean(): number {
    return this.size === 0 ? Number.NaN : this.cells[SUM]! / this.size;
  }

  /** Sample standard deviation; 0 for fewer than two samples. */
  deviation(): number {
    const count = this.size;
    if (count < 2) return 0;
    const sum = this.cells[SUM]!;
    const squares = this.cells[SUM_OF_SQUARES]! - (sum * sum) / count;
    return Math.sqrt(Math.max(0, squares / (count - 1)));
  }

  private replaceOldest(sample: number): void {
    const { cells } = this;
    const at = FIRST_SAMPLE + this.oldest;
    const gone = cells[at]!;
    cells[at] = sample;
    this.oldest = this.oldest + 1 === this.capacity ? 0 : this.oldest + 1;
    cells[SUM]! -= gone;
    cells[SUM_OF_SQUARES]! -= gone * gone;
    if (gone * gone > DROWNS * cells[SUM_OF_SQUARES]!) this.sumAnew(at);
    this.countIn(gone, -1);
  }

  /** The sums of all samples but the one at `except`, so that what rounding left of a huge sample goes with it. */
  private sumAnew(except: number): void {
    const { cells } = this;
    let sum = 0;
    let sumOfSquares = 0;
    for (let i = FIRST_SAMPLE; i < cells.length; i++) {
      if (i === except) continue;
      sum += cells[i]!;
      sumOfSquares += cells[i]! * cells[i]!;
    }
    cells[SUM] = sum;
    cells[SUM_OF_SQUARES] = sumOfSquares;
  }

  private countIn(sample: number, change: 1 | -1): void {
    const last = this.cells[LAST]!;
    if (sample < last) this.less += change;
    if (sample <= last) this.notGreater += change;
  }

  /** Moves the quantile to the next greater value. */
  private moveUp(): void {
    const { cells } = this;
    const last = cells[LAST]!;
    let next = Number.POSITIVE_INFINITY;
    let equal = 0;
    for (let i = FIRST_SAMPLE; i < cells.length; i++) {
      const sample = cells[i]!;
      if (sample <= last || sample > next) continue;
      equal = sample === next ? equal + 1 : 1;
      next = sample;
    }
    cells[LAST] = next;
    this.less = this.notGreater;
    this.notGreater += equal;
  }

  /** Moves the quantile to the next smaller value. */
  private moveDown(): void {
    const { cells } = this;
    const last = cells[LAST]!;
    let next = Number.NEGATIVE_INFINITY;
    let equal = 0;
    for (let i = FIRST_SAMPLE; i < cells.length; i++) {
      const sample = cells[i]!;
      if (sample >= last || sample < next) continue;
      equal = sample === next ? equal + 1 : 1;
      next = sample;
    }
    cells[LAST] = next;
    this.notGreater = this.less;
    this.less -= equal;
  }
}
