/**
 * Student's t distribution, for any whole number of degrees of freedom, from its exact finite series (Abramowitz and
 * Stegun, 26.7.3 and 26.7.4): no table that ends, and no normal distribution in its place beyond it.
 */
import assert from "node:assert";

/** Halvings of the quarter circle until nothing changes in a double. */
const HALVINGS = 60;

/**
 * The t that a variable of this distribution stays within, to either side, with this probability.
 * @param degrees of freedom, a whole number from 1
 * @param probability above 0 and below 1
 */
export function studentT(degrees: number, probability: number): number {
  assert(Number.isInteger(degrees) && degrees >= 1, "degrees of freedom are counted from 1");
  assert(probability > 0 && probability < 1, "a probability that t can be asked for lies between 0 and 1");
  // With t = sqrt(degrees) tan(angle), the probability grows with the angle from 0 at 0 to 1 at a right angle.
  let low = 0;
  let high = Math.PI / 2;
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2;
    if (within(middle, degrees) < probability) low = middle;
    else high = middle;
  }
  return Math.sqrt(degrees) * Math.tan(low);
}

/** The probability of |t| <= sqrt(degrees) tan(angle). */
function within(angle: number, degrees: number): number {
  const sine = Math.sin(angle);
  const cosine = Math.cos(angle);
  const isOdd = degrees % 2 === 1;
  let term = isOdd ? cosine : 1;
  let sum = 0;
  // Each term is the one before times cosine squared and (2j - 1) / 2j, or 2j / (2j + 1) where the degrees are odd.
  for (let j = isOdd ? 3 : 2; j <= degrees; j += 2) {
    sum += term;
    term *= (cosine * cosine * (j - 1)) / j;
  }
  return isOdd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum;
}
