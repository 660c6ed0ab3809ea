/** From what was measured to the KPIs of part 11: value, interval, verdict. */

import { US_PER_MS } from "../../sim/time.js";
import { type Comparison, KPI_IDS, KPIS, type KpiId, OWN_KPIS } from "../kpis.js";
import type { Scenario } from "../language/schema.js";
import type { Results } from "../results.js";
import { occasionsOf } from "./authority/occasions.js";
import type { CascadeRecord } from "./cascade-record.js";
import { rounded } from "./distribution.js";
import { GatherBooks, TIERS } from "./gather-books.js";
import {
  type Batch,
  countInterval,
  FEW_OCCASIONS,
  type Interval,
  LEVEL,
  quantileInterval,
  ratioInterval,
} from "./interval.js";
import type { MeshMeter } from "./mesh-meter.js";
import type { Outages } from "./outages.js";
import { YEAR_S } from "./year.js";

type Kpi = Results["kpis"][number];

interface Measured {
  readonly value: number | null;
  readonly interval: Interval | null;
  readonly samples: number;
}

const RATIO = { low: 0, high: 1 };
const NOTHING: Measured = { value: null, interval: null, samples: 0 };

/** @param target what the KPI is judged by, in its own unit */
type Measure = (meter: MeshMeter, target: number) => Measured;

const MEASURES: Readonly<Record<KpiId, Measure>> = {
  coordinationSuccess: (meter) => {
    const gathers = meter.cascades.countedRecords.map(allGathers);
    return share(gathers.map(({ achieved, ended }) => ({ part: achieved, whole: ended })));
  },
  arrivalWindowHitRate: (meter) => {
    const cascades = meter.cascades.countedRecords;
    return share(cascades.map((cascade) => ({ part: cascade.sum("hits"), whole: cascade.sum("targeted") })));
  },
  predictionWithin50Ms: (meter) => share(meter.predictions.machines().batches),
  conflictRate: (meter) => {
    const batches = meter.responses.batches.filter((batch) => batch !== undefined);
    return share(batches.map(({ conflicts, all }) => ({ part: conflicts, whole: all })));
  },
  meshAvailability: (meter) => {
    const { availability, measuredS } = meter.availability;
    return Number.isNaN(availability)
      ? NOTHING
      : { value: availability, interval: null, samples: Math.round(measuredS) };
  },
  cascadeLatencyP95: (meter) => {
    const cascades = meter.cascades.countedRecords.filter((cascade) => cascade.sum("targeted") > 0);
    // A cascade that never arrived is later than all that did.
    const latenciesMs = cascades.map((cascade) => (cascade.latencyUs() ?? Number.POSITIVE_INFINITY) / US_PER_MS);
    if (latenciesMs.length === 0) return NOTHING;
    latenciesMs.sort((a, b) => a - b);
    const p95 = latenciesMs[Math.ceil(latenciesMs.length * 0.95) - 1]!;
    const interval = quantileInterval(latenciesMs, 0.95);
    return { value: p95, interval: interval === null ? null : finite(interval), samples: latenciesMs.length };
  },
  recoveryTime: (meter, target) => slowestRecovery(meter.availability.clusters, meter.availability.untilUs, target),
  healingTime: (meter) => {
    const tookS = meter.liveness.tookS(meter.availability.untilUs);
    return tookS === undefined ? NOTHING : { value: tookS, interval: null, samples: 1 };
  },
  sectorRecoveryTime: (meter, target) =>
    slowestRecovery(meter.availability.sectors, meter.availability.untilUs, target),
  splitBrainsPerYear: (meter) => {
    const { measuredS } = meter.availability;
    if (measuredS <= 0) return NOTHING;
    const count = meter.authority.incidents.length;
    const perYear = (incidents: number) => (incidents * YEAR_S) / measuredS;
    const occasions = occasionsOf(meter.authority.incidents);
    const { low, high } = countInterval(occasions);
    const few = occasions.length < FEW_OCCASIONS ? ", which are few" : "";
    const method =
      occasions.length === count
        ? "exact, of a Poisson count of occasions"
        : `gamma, of a count on ${occasions.length} occasions${few}`;
    const interval = { level: LEVEL, low: perYear(low), high: perYear(high), method };
    return { value: perYear(count), interval, samples: Math.round(measuredS) };
  },
};

/** Every KPI of the document; the scenario's own thresholds stand in for the document's targets. */
export function kpisOf(meter: MeshMeter, scenario: Scenario): Kpi[] {
  return KPI_IDS.map((id) => {
    const definition = KPIS[id];
    const threshold = scenario.thresholds[id];
    const own = threshold === undefined || threshold === "ignore" ? undefined : threshold;
    const target = own ?? definition.target;
    const { value, interval, samples } = MEASURES[id](meter, target.value);
    // What never happened within the run is reported as a miss without a number, since JSON has no infinity.
    const neverHappened = value === Number.POSITIVE_INFINITY;
    return {
      id,
      title: definition.title,
      definition: definition.definition,
      unit: definition.unit,
      target: { comparison: target.comparison, value: target.value },
      targetFrom:
        own !== undefined ? ("scenario" as const) : OWN_KPIS.has(id) ? ("default" as const) : ("document" as const),
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

/** The ratio of what is as it should be to all, over batches that are independent of each other; empty ones are none. */
function share(all: readonly Batch[]): Measured {
  const batches = all.filter((batch) => batch.whole > 0);
  if (batches.length === 0) return NOTHING;
  const whole = batches.reduce((sum, batch) => sum + batch.whole, 0);
  const part = batches.reduce((sum, batch) => sum + batch.part, 0);
  return { value: part / whole, interval: ratioInterval(batches, RATIO), samples: whole };
}

/** The gathers of a cascade, by whichever tier. */
function allGathers(cascade: CascadeRecord): GatherBooks {
  const all = new GatherBooks();
  for (const tier of TIERS) all.add(cascade.gathers[tier]);
  return all;
}

/**
 * An outage that was not over when the run ended has taken at least as long as it had lasted until then. Where that is
 * beyond the target, the target is missed whatever came after; where it is not, nothing is known of it.
 */
function slowestRecovery(outages: Outages, untilUs: number, targetS: number): Measured {
  const tooLongAlready = outages.openS(untilUs).filter((s) => s > targetS);
  const allS = [...outages.recoveriesS, ...tooLongAlready];
  if (allS.length === 0) return NOTHING;
  return { value: allS.reduce((a, b) => Math.max(a, b)), interval: null, samples: allS.length };
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
