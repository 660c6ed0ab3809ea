/** What is known of recoveries of one kind: how long it took until somebody noticed, and until it was put right. */
import { US_PER_S } from "../../../sim/time.js";
import type { Calendar } from "../../quiet/calendar.js";
import type { Results } from "../../results.js";
import { exactQuantiles, greatest, rounded } from "../distribution.js";

type Recoveries = Results["recoveries"];
export type RecoveryScope = Recoveries["byClass"][number]["scope"];

export interface Recovery {
  readonly kind: string;
  readonly scope: RecoveryScope;
  readonly where: string;
  readonly startedUs: number;
  detectedUs: number | undefined;
  restoredUs: number | undefined;
}

/** More than anybody reads; the counts are of all. */
const MOST_LISTED = 1_000;

/** Part 11's for a cluster and a sector; ours are that an agent has as long as its cluster, and the orchestrator as a sector. */
const TARGETS_S: Readonly<Record<RecoveryScope, number>> = { agent: 300, cluster: 300, sector: 900, global: 900 };

export class RecoveryBooks {
  private readonly all: Recovery[] = [];

  add(recovery: Recovery): void {
    this.all.push(recovery);
  }

  /** @param calendar by which recoveries are dated; how long they took is simulated time */
  results(calendar: Calendar): Recoveries {
    const kinds = new Map<string, Recovery[]>();
    for (const recovery of this.all) {
      const key = `${recovery.scope} ${recovery.kind}`;
      const known = kinds.get(key);
      if (known === undefined) kinds.set(key, [recovery]);
      else known.push(recovery);
    }
    const byClass = [...kinds.keys()].sort().map((key) => summary(kinds.get(key)!));
    const seconds = (us: number | undefined) => (us === undefined ? null : rounded(calendar.calendarUs(us) / US_PER_S));
    const list = this.all
      .toSorted((a, b) => a.startedUs - b.startedUs)
      .slice(0, MOST_LISTED)
      .map(({ kind, where, startedUs, detectedUs, restoredUs }) => ({
        class: kind,
        where,
        startedS: seconds(startedUs)!,
        detectedS: seconds(detectedUs),
        restoredS: seconds(restoredUs),
      }));
    return { byClass, list };
  }
}

function summary(recoveries: readonly Recovery[]): Recoveries["byClass"][number] {
  const { kind, scope } = recoveries[0]!;
  const detectionS = recoveries.flatMap(({ startedUs, detectedUs }) => between(startedUs, detectedUs) ?? []);
  const repairS = recoveries.flatMap(({ startedUs, detectedUs, restoredUs }) => {
    return between(detectedUs ?? startedUs, restoredUs) ?? [];
  });
  const inAllS = recoveries.flatMap(({ startedUs, restoredUs }) => between(startedUs, restoredUs) ?? []);
  return {
    class: kind,
    scope,
    count: recoveries.length,
    undetected: recoveries.filter(({ detectedUs }) => detectedUs === undefined).length,
    unrepaired: recoveries.filter(({ restoredUs }) => restoredUs === undefined).length,
    detectionS: exactQuantiles(detectionS),
    repairS: exactQuantiles(repairS),
    slowestS: inAllS.length === 0 ? null : rounded(greatest(inAllS)),
    targetS: TARGETS_S[scope],
  };
}

function between(fromUs: number, untilUs: number | undefined): number | undefined {
  return untilUs === undefined ? undefined : (untilUs - fromUs) / US_PER_S;
}
