/** What was simulated of a run that leaves the quiet between its faults out, and where that was not in order. */
import { US_PER_S } from "../../sim/time.js";
import type { Outcome } from "../outcome.js";
import type { Results } from "../results.js";

/** Stretches and cuts shown: a reader of charts needs the former, and of the latter nobody looks at more. */
const MOST_STRETCHES = 10_000;
const MOST_UNSETTLED = 20;

/** Null where everything was simulated. */
export function calendarRow({ stage, meter: { cuts }, nowUs }: Outcome): Results["calendar"] {
  const { calendar, topology } = stage;
  if (calendar.skippedUs === 0) return null;
  const s = (us: number) => us / US_PER_S;
  return {
    simulatedS: s(nowUs),
    skippedS: s(calendar.calendarUs(nowUs) - nowUs),
    cuts: cuts.cuts,
    unsettledCuts: cuts.unsettled.length,
    unsettled: cuts.unsettled.slice(0, MOST_UNSETTLED).map(({ atUs, office, offices }) => ({
      atS: s(calendar.calendarUs(atUs)),
      where: topology.nameOf(office),
      offices,
    })),
    stretches: calendar.stretches.slice(0, MOST_STRETCHES).map(({ fromUs, untilUs }) => ({
      fromS: s(fromUs),
      untilS: s(untilUs),
      simulatedFromS: s(calendar.simulatedAtUs(fromUs)),
    })),
  };
}
