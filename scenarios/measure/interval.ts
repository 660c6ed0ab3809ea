/** Confidence intervals of the KPIs. */
import type { Results } from "../results.js";
import { gammaQuantile } from "./gamma.js";
import { studentT } from "./student.js";

export type Interval = NonNullable<Results["kpis"][number]["interval"]>;

export const LEVEL = 0.95;

/** With fewer batches than this an interval hangs on few degrees of freedom (Schmeiser 1982: 10 to 30 batches). */
const FEW_BATCHES = 10;

/** One operation, or one span of time: how many there were, and how many of them are as the KPI asks. */
export interface Batch {
  readonly part: number;
  readonly whole: number;
}

/**
 * Student's t for the ratio of two sums, over batches: values within an operation are not independent of each other,
 * whole operations nearly are. The deviation is that of the batches from the ratio of the sums, each by its size (the
 * ratio estimator of survey sampling; Cochran 1977, 2.11), so that the interval lies around the KPI's value also where
 * batches differ in size.
 * @param range what the KPI can be at all
 * @returns null for fewer than two batches; an interval without bounds where all batches agree, which tells nothing of
 *   how far the next one may be off
 */
export function ratioInterval(
  batches: readonly Batch[],
  range: { readonly low: number; readonly high: number },
): Interval | null {
  const n = batches.length;
  if (n < 2) return null;
  const whole = batches.reduce((sum, batch) => sum + batch.whole, 0);
  const ratio = batches.reduce((sum, batch) => sum + batch.part, 0) / whole;
  const squares = batches.reduce((sum, batch) => sum + square(batch.part - ratio * batch.whole), 0);
  if (batches.every((batch) => batch.part / batch.whole === ratio)) {
    return { level: LEVEL, low: null, high: null, method: `none: all ${n} batches agree` };
  }
  const halfWidth = (studentT(n - 1, LEVEL) * Math.sqrt((n / (n - 1)) * squares)) / whole;
  return {
    level: LEVEL,
    low: Math.max(range.low, ratio - halfWidth),
    high: Math.min(range.high, ratio + halfWidth),
    method: `Student's t over ${n} batches${n < FEW_BATCHES ? ", which are few" : ""}`,
  };
}

function square(x: number): number {
  return x * x;
}

/** With fewer occasions than this, how many come on one is not known well enough (see `countInterval`). */
export const FEW_OCCASIONS = 20;

/**
 * The exact interval of the mean of a Poisson count (Garwood 1936): the means for which so few, or so many, as were counted have a
 * probability of 2.5 %.
 */
export function poissonInterval(count: number): { readonly low: number; readonly high: number } {
  const tail = (1 - LEVEL) / 2;
  return { low: count === 0 ? 0 : gammaQuantile(count, tail), high: gammaQuantile(count + 1, 1 - tail) };
}

/**
 * The interval of the mean of a count, where what is counted comes on occasions that are independent of each other, several at
 * once: the gamma interval (Fay and Feuer, Statistics in Medicine 16, 1997), with the sizes of the occasions as weights; that of a
 * Poisson count where each is of one. What the greatest size can be is taken from those seen: with few occasions, whose sizes
 * differ much, it is too narrow, and with none seen it is of occasions.
 * @param sizes how many came on each occasion, 1 or more
 */
export function countInterval(sizes: readonly number[]): { readonly low: number; readonly high: number } {
  const tail = (1 - LEVEL) / 2;
  const count = sizes.reduce((sum, size) => sum + size, 0);
  const squares = sizes.reduce((sum, size) => sum + square(size), 0);
  // As if one more had come, as great as any.
  const largest = sizes.reduce((most, size) => Math.max(most, size), 1);
  const [more, moreSquares] = [count + largest, squares + square(largest)];
  return {
    low: count === 0 ? 0 : (squares / count) * gammaQuantile(square(count) / squares, tail),
    high: (moreSquares / more) * gammaQuantile(square(more) / moreSquares, 1 - tail),
  };
}

/**
 * Distribution-free interval of a quantile, from the order statistics of a sample: the number of values below the
 * quantile is binomial. A bound that the sample is too small to give is null.
 */
export function quantileInterval(sorted: readonly number[], q: number): Interval | null {
  const n = sorted.length;
  if (n < 2) return null;
  const tail = (1 - LEVEL) / 2;
  let below = 0;
  let low: number | undefined;
  let high: number | undefined;
  for (let k = 0; k <= n; k++) {
    const probability = binomial(n, k, q);
    below += probability;
    if (below > tail) low ??= k - 1;
    if (below >= 1 - tail) high ??= k;
  }
  return {
    level: LEVEL,
    low: sorted[low ?? -1] ?? null,
    high: sorted[high ?? n] ?? null,
    method: `order statistics of ${n} values`,
  };
}

function binomial(n: number, k: number, p: number): number {
  let logChoose = 0;
  for (let i = 1; i <= k; i++) logChoose += Math.log(n - k + i) - Math.log(i);
  return Math.exp(logChoose + k * Math.log(p) + (n - k) * Math.log1p(-p));
}
