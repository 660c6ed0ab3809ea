/** The gamma distribution with scale 1, for shapes of 1/2 and more, whole or not: what intervals of counts are made of. */
import { gammaln } from "simple-statistics";

const PRECISION = 1e-14;
/** Below what a denominator is not to come, lest it be 0 (Lentz). */
const TINY = 1e-300;
/** Bisections: more halvings than a number has bits. */
const STEPS = 64;

/** Probability of at most `x`: the regularised incomplete gamma function (Abramowitz and Stegun 6.5.29, 6.5.31). */
export function gammaCdf(shape: number, x: number): number {
  if (x <= 0) return 0;
  const factor = Math.exp(shape * Math.log(x) - x - gammaln(shape));
  return x < shape + 1 ? factor * bySeries(shape, x) : 1 - factor * byFraction(shape, x);
}

/** The value that a share of the distribution lies below, by bisection. */
export function gammaQuantile(shape: number, share: number): number {
  let low = 0;
  let high = 2 * shape + 20;
  for (let step = 0; step < STEPS; step++) {
    const middle = (low + high) / 2;
    if (gammaCdf(shape, middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function bySeries(shape: number, x: number): number {
  let term = 1 / shape;
  let sum = term;
  for (let n = 1; term > sum * PRECISION; n++) {
    term *= x / (shape + n);
    sum += term;
  }
  return sum;
}

/** The continued fraction of the upper tail, from its beginning (Lentz's method). */
function byFraction(shape: number, x: number): number {
  let b = x + 1 - shape;
  let c = 1 / TINY;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1, ratio = 0; Math.abs(ratio - 1) > PRECISION; n++) {
    const a = n * (shape - n);
    b += 2;
    d = 1 / away(a * d + b);
    c = away(b + a / c);
    ratio = d * c;
    fraction *= ratio;
  }
  return fraction;
}

function away(x: number): number {
  return Math.abs(x) < TINY ? TINY : x;
}
