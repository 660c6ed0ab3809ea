/** Lognormal distributions: LN(mu, sigma) is exp(mu + sigma Z), Z standard normal; its median is exp(mu). */
import { normalQuantile } from "./normal.js";

export interface Lognormal {
  /** In the unit of the quantity. */
  readonly median: number;
  readonly sigma: number;
}

/** How the spread of one quantity divides: sigma^2 = between^2 + within^2. */
export interface Spread {
  /** From agent to agent. */
  readonly between: number;
  /** From message to message of one agent. */
  readonly within: number;
}

/** The quantile at p in (0, 1), ends excluded. Fed with a uniform number, this is the sampler. */
export function lognormalQuantile(median: number, sigma: number, p: number): number {
  return median * Math.exp(sigma * normalQuantile(p));
}

/** @param withinShare share of the variance that is from message to message, from 0 to 1 */
export function splitSpread(sigma: number, withinShare: number): Spread {
  return { between: sigma * Math.sqrt(1 - withinShare), within: sigma * Math.sqrt(withinShare) };
}

/**
 * Two independent lognormals of equal spread whose sum has the mean and the variance of LN(mu, sigma): Fenton's
 * moment matching (IRE Trans. CS-8, 1960), used backwards. Since parts that vary independently even each other out, each
 * part varies more than the whole.
 * @param share the first part's share of the mean, from 0 to 1
 */
export function splitSum(mu: number, sigma: number, share: number): readonly [Lognormal, Lognormal] {
  const mean = Math.exp(mu + (sigma * sigma) / 2);
  const squaredCv = Math.exp(sigma * sigma) - 1;
  const rest = 1 - share;
  const partVariance = Math.log1p(squaredCv / (share * share + rest * rest));
  const partSigma = Math.sqrt(partVariance);
  const medianOfMean = Math.exp(-partVariance / 2);
  return [
    { median: mean * share * medianOfMean, sigma: partSigma },
    { median: mean * rest * medianOfMean, sigma: partSigma },
  ];
}
