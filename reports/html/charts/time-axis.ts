/** Simulated time as all charts over time show it: the whole run, so that they line up. */
import type { Results } from "../../../scenarios/results.js";

export interface TimeAxis {
  /** Where the axis ends, in s; it begins with the run. */
  readonly endS: number;
  /** For a field that is an instant, in s. */
  x(field: string): object;
}

export function timeAxis({ scenario, charts }: Results): TimeAxis {
  const endS = Math.max(
    scenario.warmUpS + scenario.durationS,
    1 + (charts.messageRate.at(-1)?.second ?? 0),
    charts.hitRate.at(-1)?.atS ?? 0,
  );
  const axis = { title: "simulated time (s)", format: ",d", tickMinStep: 1, tickCount: { expr: "ceil(width / 80)" } };
  const scale = { domain: [0, endS], zero: false, nice: false };
  return { endS, x: (field) => ({ field, type: "quantitative", scale, axis }) };
}
