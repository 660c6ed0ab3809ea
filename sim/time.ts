/** Virtual time: an integer number of microseconds held in a double, exact for 285 years. */

/** An instant or a duration in true (simulated) microseconds; an integer. */
export type Micros = number;

export const US_PER_MS = 1_000;
export const US_PER_S = 1_000_000;

/** Milliseconds to the nearest whole microsecond. */
export function microsFromMs(ms: number): Micros {
  return Math.round(ms * US_PER_MS);
}
