/**
 * A distribution of some quantity: mergeable quantile sketches with a bounded relative error of 0.5 %. Negative values
 * have a sketch of their own, by magnitude, because the library's merge miscounts sketches of mixed signs.
 */
import { DDSketch } from "@datadog/sketches-js";
import type { Results } from "../results.js";

export type Quantiles = Results["classes"][number]["predictionErrorMs"];
export type Histogram = Results["classes"][number]["impedanceHistogram"];

const RELATIVE_ACCURACY = 0.005;
/** Smaller values count as 0: no figure is given to more than a thousandth. */
const NEGLIGIBLE = 1e-6;

export class Distribution {
  private readonly positive = new DDSketch({ relativeAccuracy: RELATIVE_ACCURACY });
  private readonly negative = new DDSketch({ relativeAccuracy: RELATIVE_ACCURACY });

  get count(): number {
    return this.positive.count + this.negative.count;
  }

  add(value: number): void {
    if (Math.abs(value) < NEGLIGIBLE) this.positive.accept(0);
    else if (value > 0) this.positive.accept(value);
    else this.negative.accept(-value);
  }

  merge(other: Distribution): void {
    if (other.positive.count > 0) this.positive.merge(other.positive);
    if (other.negative.count > 0) this.negative.merge(other.negative);
  }

  /** The q-quantile by nearest rank, to the sketch's accuracy; NaN while empty. */
  quantile(q: number): number {
    if (this.count === 0) return Number.NaN;
    const rank = nearestRank(q, this.count);
    const below = this.negative.count;
    return rounded(
      rank < below ? -valueAtRank(this.negative, below - 1 - rank) : valueAtRank(this.positive, rank - below),
    );
  }

  quantiles(): Quantiles {
    if (this.count === 0) return null;
    const at = (q: number) => this.quantile(q);
    return {
      count: this.count,
      p5: at(0.05),
      p25: at(0.25),
      p50: at(0.5),
      p75: at(0.75),
      p95: at(0.95),
      p99: at(0.99),
    };
  }
}

/** Exact quantiles of a few values, by nearest rank. */
export function exactQuantiles(values: readonly number[]): Quantiles {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const at = (q: number) => rounded(sorted[nearestRank(q, sorted.length)]!);
  return {
    count: values.length,
    p5: at(0.05),
    p25: at(0.25),
    p50: at(0.5),
    p75: at(0.75),
    p95: at(0.95),
    p99: at(0.99),
  };
}

/** The rank, counted from 0, of the smallest of `count` values that at least the share `q` of them does not exceed. */
function nearestRank(q: number, count: number): number {
  return Math.max(0, Math.ceil(q * count) - 1);
}

/** The value at a rank. The sketch asks for a share of count - 1; half a rank more keeps rounding from falling short. */
function valueAtRank(sketch: DDSketch, rank: number): number {
  const last = sketch.count - 1;
  return sketch.getValueAtQuantile(rank >= last ? 1 : (rank + 0.5) / last);
}

/** To a thousandth of its unit: no figure of a run is known better, and the last bits differ between engines. */
export function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** The greatest of any number of values, of which a call cannot have as many arguments; -Infinity of none. */
export function greatest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
}

/** Counts values into bins of equal width, from the bin of the smallest to the bin of the largest. */
export function histogramOf(values: readonly number[], binWidth: number): Histogram {
  if (values.length === 0) return { lowerEdges: [], counts: [] };
  const bins = values.map((value) => Math.floor(value / binWidth));
  const first = bins.reduce((a, b) => Math.min(a, b));
  const last = bins.reduce((a, b) => Math.max(a, b));
  const counts = new Array<number>(last - first + 1).fill(0);
  for (const bin of bins) counts[bin - first]!++;
  return { lowerEdges: counts.map((_, i) => rounded((first + i) * binWidth)), counts };
}
