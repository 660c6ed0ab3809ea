/** A closed form that the engine is held against, and what comes out. */

export interface Finding {
  /** What theory says. */
  readonly expected: number;
  /** What the engine did. */
  readonly measured: number;
  /** The 99.9 % confidence interval of what was measured. The engine agrees where `expected` lies in it. */
  readonly low: number;
  readonly high: number;
  /** What a plausible mistake would make of `expected`. The interval is narrow enough where this lies outside. */
  readonly mistaken: number;
}

export interface ClosedForm {
  /** Names it on the command line. */
  readonly id: string;
  /** What is measured, with the unit. */
  readonly quantity: string;
  readonly formula: string;
  /** Where the formula comes from. */
  readonly source: string;
  /** The mistake that gives `Finding.mistaken`. */
  readonly mistake: string;
  /**
   * Runs the engine. Seeds are fixed, so that the same effort gives the same finding, to the last bit.
   * @param effort how many times the least amount of work; intervals shrink with its square root
   */
  measure(effort: number): Finding;
}

export function agrees({ expected, low, high }: Finding): boolean {
  return low <= expected && expected <= high;
}

export function tellsMistake({ mistaken, low, high }: Finding): boolean {
  return mistaken < low || high < mistaken;
}

/** Effort in `npm test`, and in `npm run test:full` and docs/validation.md. */
export const REDUCED_EFFORT = 1;
export const FULL_EFFORT = 25;
