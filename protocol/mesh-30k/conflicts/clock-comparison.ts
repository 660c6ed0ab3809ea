/** Whose wall clock is off, by three readings of one moment (document 5.1, "identify clock drift source"). */
import type { Address, Millis } from "../../contract.js";

export interface Reading {
  readonly node: Address;
  /** Its wall clock, less the reader's own at the same moment as well as that is known. */
  readonly aheadMs: Millis;
}

/** Synchronised clocks are within 10 ms (document 1.1); ways of up to some hundred ms blur a reading by half of that. */
export const CLOCK_TOLERANCE_MS = 250;

/** The node whose clock is furthest from the middle one of the readings, if it is off at all; with two, nobody can tell. */
export function driftingClock(readings: readonly Reading[]): Reading | undefined {
  if (readings.length < 3) return undefined;
  const sorted = [...readings].sort((a, b) => a.aheadMs - b.aheadMs || a.node - b.node);
  const middle = sorted[sorted.length >>> 1]!;
  const off = ({ aheadMs }: Reading) => Math.abs(aheadMs - middle.aheadMs);
  const worst = sorted.reduce((a, b) => (off(b) > off(a) ? b : a));
  return off(worst) > CLOCK_TOLERANCE_MS ? { node: worst.node, aheadMs: worst.aheadMs - middle.aheadMs } : undefined;
}
