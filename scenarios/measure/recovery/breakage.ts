/** What is to break, for the judges of recovery and of liveness, in simulated time. */
import { type Micros, US_PER_S } from "../../../sim/time.js";
import { KPIS } from "../../kpis.js";
import type { Stage } from "../../stage.js";
import { type Strike, strikesOf } from "./strikes.js";

export interface Breakage {
  readonly strikes: readonly Strike[];
  /** When the last fault is over; undefined where nothing breaks, infinite where something never heals. */
  readonly healedUs: Micros | undefined;
  /** How long the mesh may take to be whole again after that. */
  readonly withinUs: Micros;
}

export const NOTHING_BREAKS: Breakage = { strikes: [], healedUs: undefined, withinUs: 0 };

export function breakageOf(stage: Stage): Breakage {
  const { faults } = stage.stagedFaults;
  if (faults.length === 0) return NOTHING_BREAKS;
  const threshold = stage.loaded.scenario.thresholds.healingTime;
  const withinS = threshold === undefined || threshold === "ignore" ? KPIS.healingTime.target.value : threshold.value;
  // What never ends by itself is over when it has struck: a crashed process is for the mesh to replace.
  const ends = faults.flatMap(({ kind, spells }) =>
    spells.map(({ fromUs, untilUs }) => (kind === "crash" && untilUs === Number.POSITIVE_INFINITY ? fromUs : untilUs)),
  );
  const healedUs = stage.calendar.simulatedAtUs(ends.reduce((a, b) => Math.max(a, b), 0));
  return { strikes: strikesOf(stage), healedUs, withinUs: withinS * US_PER_S };
}
