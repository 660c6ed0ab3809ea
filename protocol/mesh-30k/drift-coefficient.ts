/** How unsteady a latency is: the option `driftCoefficient`. */

import type { Variant } from "./options.js";
import type { SampleWindow } from "./sample-window.js";

export type DriftCoefficient = (latency: SampleWindow) => number;

export const DRIFT_COEFFICIENTS: Readonly<Record<Variant, DriftCoefficient>> = {
  /** Document 4.1: the standard deviation, in ms, which 3.1 and 4.2 then hold against figures from 0 to 1. */
  "as-written": (latency) => latency.deviation(),
  /** The coefficient of variation: dimensionless, as those figures need it. */
  repaired: (latency) => {
    const meanMs = Math.abs(latency.mean());
    return latency.count < 2 || meanMs === 0 ? 0 : latency.deviation() / meanMs;
  },
};
