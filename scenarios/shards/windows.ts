/** The stretches of time that shards go through side by side before they meet. */
import type { Micros } from "../../sim/time.js";

/**
 * The ends of all windows, each the last µs that belongs to it. What is sent in one window arrives in a later one, since
 * no window is longer than the lookahead.
 */
export function* windowEnds(lookaheadUs: Micros, endUs: Micros): Generator<Micros> {
  for (let start = 0; start <= endUs; start += lookaheadUs) yield Math.min(start + lookaheadUs - 1, endUs);
}
