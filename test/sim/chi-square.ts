/** Pearson's chi-square test of counts that should be equal. */

/** The statistic: sum of (observed - expected)^2 / expected. */
export function chiSquareOfCounts(counts: Float64Array): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/**
 * What the statistic lies between in 999 of 1,000 cases, half of the rest below and half above: too even is as wrong as
 * too uneven. Quantiles by Wilson and Hilferty (PNAS 17, 1931), off by less than 0.1 % from 60 degrees of freedom on.
 */
export function chiSquareBounds(degreesOfFreedom: number): { readonly low: number; readonly high: number } {
  const z = 3.2905; // standard normal quantile of 0.9995
  const quantile = (deviation: number) =>
    degreesOfFreedom * (1 - 2 / (9 * degreesOfFreedom) + deviation * Math.sqrt(2 / (9 * degreesOfFreedom))) ** 3;
  return { low: quantile(-z), high: quantile(z) };
}
