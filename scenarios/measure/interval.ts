/** Confidence intervals of the KPIs. */
import { mean, sampleStandardDeviation } from "simple-statistics";
import type { Results } from "../results.js";

export type Interval = NonNullable<Results["kpis"][number]["interval"]>;

const LEVEL = 0.95;

/** Two-sided 95 % points of Student's t for 1 to 30 degrees of freedom (Abramowitz and Stegun, table 26.10). */
const T_975 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
  2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];
const Z_975 = 1.96;

/**
 * Student's t over batches: values within an operation are not independent of each other, whole operations nearly are.
 * @param batches the KPI on each operation (or span of time) alone
 * @param range what the KPI can be at all
 * @returns undefined for fewer than two batches
 */
export function batchInterval(
  batches: readonly number[],
  range: { readonly low: number; readonly high: number },
): Interval | null {
  if (batches.length < 2) return null;
  const centre = mean([...batches]);
  const t = T_975[batches.length - 2] ?? Z_975;
  const halfWidth = (t * sampleStandardDeviation([...batches])) / Math.sqrt(batches.length);
  return {
    level: LEVEL,
    low: Math.max(range.low, centre - halfWidth),
    high: Math.min(range.high, centre + halfWidth),
    method: `Student's t over ${batches.length} batches`,
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
