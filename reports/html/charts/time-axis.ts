/**
 * Simulated time as all charts over time show it: the whole run, so that they line up. Where the quiet between faults was
 * left out, it is shorter than the calendar by which results date what happened.
 */
import type { Results } from "../../../scenarios/results.js";

export interface TimeAxis {
  /** Where the axis ends, in s; it begins with the run. */
  readonly endS: number;
  /** Where an instant of the calendar lies on it, in s; one that was left out, where time was cut. */
  at(calendarS: number): number;
  /** For a field that is an instant, in s. */
  x(field: string): object;
}

export function timeAxis({ scenario, calendar, charts }: Results): TimeAxis {
  const simulatedS = calendar === null ? scenario.warmUpS + scenario.durationS : calendar.simulatedS;
  const endS = Math.max(simulatedS, 1 + (charts.messageRate.at(-1)?.second ?? 0), charts.hitRate.at(-1)?.atS ?? 0);
  const axis = { title: "simulated time (s)", format: ",d", tickMinStep: 1, tickCount: { expr: "ceil(width / 80)" } };
  const scale = { domain: [0, endS], zero: false, nice: false };
  const at = calendar === null ? (atS: number) => atS : (atS: number) => simulatedAt(calendar.stretches, atS);
  return { endS, at, x: (field) => ({ field, type: "quantitative", scale, axis }) };
}

function simulatedAt(stretches: NonNullable<Results["calendar"]>["stretches"], calendarS: number): number {
  const stretch = stretches.findLast(({ fromS }) => fromS <= calendarS);
  if (stretch === undefined) return calendarS;
  return stretch.simulatedFromS + Math.min(calendarS, stretch.untilS) - stretch.fromS;
}
