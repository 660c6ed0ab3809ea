/** Confidence intervals at the 99.9 % level for what simulations measure. */
import { mean, sampleStandardDeviation } from "simple-statistics";

export interface Interval {
  readonly measured: number;
  readonly low: number;
  readonly high: number;
}

/** Standard normal quantile of 0.9995. */
const Z = 3.2905;

/** How often every queue is simulated. A number that Student's quantile below belongs to. */
export const REPLICATIONS = 30;
/** Student's t with 29 degrees of freedom, quantile of 0.9995 (tables, such as NIST/SEMATECH e-Handbook 1.3.6.7.2). */
const T_29 = 3.6594;

function around(measured: number, halfWidth: number): Interval {
  return { measured, low: measured - halfWidth, high: measured + halfWidth };
}

/**
 * Of a mean, from the means of independent replications: what is correlated within one does not matter.
 * @param replicationMeans one of each of `REPLICATIONS` replications
 */
export function meanOfReplications(replicationMeans: readonly number[]): Interval {
  if (replicationMeans.length !== REPLICATIONS) throw new Error(`${replicationMeans.length} replications`);
  const samples = [...replicationMeans];
  return around(mean(samples), (T_29 * sampleStandardDeviation(samples)) / Math.sqrt(REPLICATIONS));
}

/** Of a mean, from many independent samples. */
export function meanOfIndependent(samples: number[]): Interval {
  return around(mean(samples), (Z * sampleStandardDeviation(samples)) / Math.sqrt(samples.length));
}

/** Of a probability, from independent trials: Wilson's score interval (J. Amer. Stat. Assoc. 22, 1927). */
export function probability(successes: number, trials: number): Interval {
  const ratio = successes / trials;
  const z2 = (Z * Z) / trials;
  const centre = (ratio + z2 / 2) / (1 + z2);
  const halfWidth = (Z / (1 + z2)) * Math.sqrt((ratio * (1 - ratio)) / trials + z2 / (4 * trials));
  return { measured: ratio, low: centre - halfWidth, high: centre + halfWidth };
}

/**
 * Of a quantile, from independent samples, whatever their distribution: the order statistics between which it lies, by
 * the normal approximation of the binomial (Conover, Practical Nonparametric Statistics, section 3.2).
 */
export function quantile(samples: readonly number[], q: number): Interval {
  const sorted = Float64Array.from(samples).sort();
  const count = sorted.length;
  const slack = Z * Math.sqrt(count * q * (1 - q));
  const at = (rank: number) => sorted[Math.min(count, Math.max(1, rank)) - 1]!;
  return {
    measured: at(Math.ceil(count * q)),
    low: at(Math.floor(count * q - slack)),
    high: at(Math.ceil(count * q + slack) + 1),
  };
}

/**
 * Of the greatest distance between the distribution that samples come from and a given one: the Kolmogorov-Smirnov
 * distance of the sample, give or take what the sample itself may be off (1.9495 / sqrt(n), Smirnov 1948). It reaches
 * down to 0 just where the test of Kolmogorov and Smirnov does not reject.
 */
export function distributionDistance(samples: readonly number[], cdf: (x: number) => number): Interval {
  const sorted = Float64Array.from(samples).sort();
  let distance = 0;
  for (const [i, x] of sorted.entries()) {
    const f = cdf(x);
    distance = Math.max(distance, f - i / sorted.length, (i + 1) / sorted.length - f);
  }
  const slack = 1.9495 / Math.sqrt(sorted.length);
  return { measured: distance, low: Math.max(0, distance - slack), high: distance + slack };
}

/** Of what is not random: as measured, give or take a bound on rounding. */
export function exact(measured: number, bound: number): Interval {
  return around(measured, bound);
}
