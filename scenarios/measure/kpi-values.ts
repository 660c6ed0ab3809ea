/** From what was measured to the KPIs of part 11: value, interval, verdict. */

import { US_PER_MS } from "../../sim/time.js";
import { type Comparison, KPI_IDS, KPIS, type KpiId } from "../kpis.js";
import type { Scenario } from "../language/schema.js";
import type { Results } from "../results.js";
import { rounded } from "./distribution.js";
import { batchInterval, type Interval, quantileInterval } from "./interval.js";
import type { MeshMeter } from "./mesh-meter.js";

type Kpi = Results["kpis"][number];

interface Measured {
  readonly value: number | null;
  readonly interval: Interval | null;
  readonly samples: number;
}

const RATIO = { low: 0, high: 1 };
const NOTHING: Measured = { value: null, interval: null, samples: 0 };

const MEASURES: Readonly<Record<KpiId, (meter: MeshMeter) => Measured>> = {
  coordinationSuccess: (meter) => {
    const cascades = [...meter.cascades.values()].filter((cascade) => cascade.gathers.started > 0);
    const started = cascades.reduce((sum, cascade) => sum + cascade.gathers.started, 0);
    const achieved = cascades.reduce((sum, cascade) => sum + cascade.gathers.achieved, 0);
    const batches = cascades.map((cascade) => cascade.gathers.achieved / cascade.gathers.started);
    return share(achieved, started, batches);
  },
  arrivalWindowHitRate: (meter) => {
    const cascades = [...meter.cascades.values()].filter((cascade) => cascade.sum("targeted") > 0);
    const targeted = cascades.reduce((sum, cascade) => sum + cascade.sum("targeted"), 0);
    const hits = cascades.reduce((sum, cascade) => sum + cascade.sum("hits"), 0);
    return share(
      hits,
      targeted,
      cascades.map((cascade) => cascade.sum("hits") / cascade.sum("targeted")),
    );
  },
  predictionWithin50Ms: (meter) => {
    const { count, within, batches } = meter.predictions.machines();
    return share(within, count, batches);
  },
  conflictRate: (meter) => {
    const batches = meter.responses.batches.filter((batch) => batch !== undefined && batch.all > 0);
    return share(
      meter.responses.conflicts,
      meter.responses.all,
      batches.map((batch) => batch.conflicts / batch.all),
    );
  },
  meshAvailability: (meter) => {
    const { availability, measuredS } = meter.availability;
    return Number.isNaN(availability)
      ? NOTHING
      : { value: availability, interval: null, samples: Math.round(measuredS) };
  },
  cascadeLatencyP95: (meter) => {
    const cascades = [...meter.cascades.values()].filter((cascade) => cascade.sum("targeted") > 0);
    // A cascade that never arrived is later than all that did.
    const latenciesMs = cascades.map((cascade) => (cascade.latencyUs() ?? Number.POSITIVE_INFINITY) / US_PER_MS);
    if (latenciesMs.length === 0) return NOTHING;
    latenciesMs.sort((a, b) => a - b);
    const p95 = latenciesMs[Math.ceil(latenciesMs.length * 0.95) - 1]!;
    const interval = quantileInterval(latenciesMs, 0.95);
    return { value: p95, interval: interval === null ? null : finite(interval), samples: latenciesMs.length };
  },
  recoveryTime: (meter) => {
    const { recoveriesS } = meter.availability;
    if (recoveriesS.length === 0) return NOTHING;
    return { value: Math.max(...recoveriesS), interval: null, samples: recoveriesS.length };
  },
};

/** Every KPI of the document; the scenario's own thresholds stand in for the document's targets. */
export function kpisOf(meter: MeshMeter, scenario: Scenario): Kpi[] {
  return KPI_IDS.map((id) => {
    const definition = KPIS[id];
    const threshold = scenario.thresholds[id];
    const own = threshold === undefined || threshold === "ignore" ? undefined : threshold;
    const target = own ?? definition.target;
    const { value, interval, samples } = MEASURES[id](meter);
    // What never happened within the run is reported as a miss without a number, since JSON has no infinity.
    const neverHappened = value === Number.POSITIVE_INFINITY;
    return {
      id,
      title: definition.title,
      definition: definition.definition,
      unit: definition.unit,
      target: { comparison: target.comparison, value: target.value },
      targetFrom: own === undefined ? ("document" as const) : ("scenario" as const),
      gated: threshold !== "ignore",
      value: value === null || neverHappened ? null : toSixDigits(value),
      interval: interval === null ? null : { ...interval, low: bound(interval.low), high: bound(interval.high) },
      samples,
      verdict: neverHappened
        ? ("missed" as const)
        : value === null
          ? ("not-exercised" as const)
          : holds(value, target.comparison, target.value)
            ? ("holds" as const)
            : ("missed" as const),
    };
  });
}

function holds(value: number, comparison: Comparison, target: number): boolean {
  return comparison === ">=" ? value >= target : value <= target;
}

function share(part: number, whole: number, batches: readonly number[]): Measured {
  if (whole === 0) return NOTHING;
  return { value: part / whole, interval: batchInterval(batches, RATIO), samples: whole };
}

function finite(interval: Interval): Interval {
  const known = (value: number | null) => (value === null || Number.isFinite(value) ? value : null);
  return { ...interval, low: known(interval.low), high: known(interval.high) };
}

function bound(value: number | null): number | null {
  return value === null ? null : toSixDigits(value);
}

/** Ratios near 1 need more digits than times. */
function toSixDigits(value: number): number {
  return Math.abs(value) <= 1 ? Math.round(value * 1e6) / 1e6 : rounded(value);
}
