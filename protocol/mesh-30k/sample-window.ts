/**
 * The last samples of some quantity, at most `capacity` of them (100 in document 4.1), kept in order of arrival and in
 * order of size at once, so that a quantile costs a look-up and a sample one insertion.
 */
export class SampleWindow {
  private readonly ring: number[] = [];
  private readonly sorted: number[] = [];
  private oldest = 0;
  private sum = 0;
  private sumOfSquares = 0;

  constructor(private readonly capacity: number) {}

  get count(): number {
    return this.ring.length;
  }

  add(sample: number): void {
    if (this.ring.length < this.capacity) {
      this.ring.push(sample);
      this.sorted.push(sample);
      this.settle(this.sorted.length - 1, sample);
    } else {
      const gone = this.ring[this.oldest]!;
      this.ring[this.oldest] = sample;
      this.oldest = this.oldest + 1 === this.capacity ? 0 : this.oldest + 1;
      this.sum -= gone;
      this.sumOfSquares -= gone * gone;
      this.settle(this.indexOf(gone), sample);
    }
    this.sum += sample;
    this.sumOfSquares += sample * sample;
  }

  /** The q-quantile (0 <= q <= 1) by nearest rank, or NaN while empty. */
  quantile(q: number): number {
    const count = this.sorted.length;
    if (count === 0) return Number.NaN;
    return this.sorted[Math.min(count - 1, Math.max(0, Math.ceil(q * count) - 1))]!;
  }

  median(): number {
    return this.quantile(0.5);
  }

  mean(): number {
    return this.sum / this.ring.length;
  }

  /** Sample standard deviation; 0 for fewer than two samples. */
  deviation(): number {
    const count = this.ring.length;
    if (count < 2) return 0;
    const squares = this.sumOfSquares - (this.sum * this.sum) / count;
    return Math.sqrt(Math.max(0, squares / (count - 1)));
  }

  /** Puts `sample` where it belongs, given that the place `hole` in the sorted order is to be given up. */
  private settle(hole: number, sample: number): void {
    const sorted = this.sorted;
    let i = hole;
    while (i > 0 && sorted[i - 1]! > sample) {
      sorted[i] = sorted[i - 1]!;
      i--;
    }
    while (i < sorted.length - 1 && sorted[i + 1]! < sample) {
      sorted[i] = sorted[i + 1]!;
      i++;
    }
    sorted[i] = sample;
  }

  private indexOf(sample: number): number {
    let low = 0;
    let high = this.sorted.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.sorted[middle]! < sample) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
