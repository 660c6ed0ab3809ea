/** What the tests of the models measure on samples, and how far chance alone may take them. */

/** The sample quantile at p, between order statistics. */
export function quantileOf(samples: readonly number[] | Float64Array, p: number): number {
  const sorted = Float64Array.from(samples).sort();
  const at = p * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (at - below) * (sorted[above]! - sorted[below]!);
}

/** The Kolmogorov-Smirnov distance of a sample from a continuous distribution function. */
export function ksDistance(samples: readonly number[], cdf: (x: number) => number): number {
  const sorted = Float64Array.from(samples).sort();
  let worst = 0;
  for (const [i, x] of sorted.entries()) {
    const f = cdf(x);
    worst = Math.max(worst, f - i / sorted.length, (i + 1) / sorted.length - f);
  }
  return worst;
}

/** What the distance exceeds by chance once in 1,000 samples of this size (Smirnov's asymptotic 1.949). */
export function ksCritical(count: number): number {
  return 1.949 / Math.sqrt(count);
}

/** How far a frequency strays from its probability once in 1,000 samples (two-sided normal, 3.29). */
export function binomialSlack(probability: number, count: number): number {
  return 3.29 * Math.sqrt((probability * (1 - probability)) / count);
}

/** The sample's standard deviation about zero. */
export function rootMeanSquare(samples: readonly number[]): number {
  return Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);
}
