import { describe, expect, it } from "vitest";
import { KPI_IDS, KPIS, type KpiId } from "../../../scenarios/kpis.js";
import { Mismatch, tell } from "../../../scenarios/language/mismatch.js";
import { readThreshold, type Threshold } from "../../../scenarios/language/threshold.js";

const HIGH_RATIO = 'expected >= and a ratio, such as ">= 99 %", or ignore';
const UP_TO_ONE = 'expected >= and a ratio from 0 to 1, such as ">= 99 %", or ignore';
const LOW_MS = 'expected <= and a duration, such as "<= 1000 ms", or ignore';

describe("thresholds", () => {
  it.each<[name: string, kpi: KpiId, found: unknown, expected: Threshold | string]>([
    ["a floor in percent", "coordinationSuccess", ">= 99 %", { comparison: ">=", value: 0.99 }],
    ["a floor as a number", "coordinationSuccess", ">=0.99", { comparison: ">=", value: 0.99 }],
    ["a ceiling in ms", "cascadeLatencyP95", "<= 1000 ms", { comparison: "<=", value: 1000 }],
    ["a ceiling in another unit", "cascadeLatencyP95", "<= 1.5 s", { comparison: "<=", value: 1500 }],
    ["a KPI that is kept in seconds", "recoveryTime", "<= 5 min", { comparison: "<=", value: 300 }],
    ["ignored", "recoveryTime", "ignore", "ignore"],
    ["no comparison", "coordinationSuccess", "99 %", `is 99 %; ${HIGH_RATIO} (did you mean ">= 99 %"?)`],
    ["the wrong way round", "cascadeLatencyP95", ">= 1 s", `is >= 1 s; ${LOW_MS} (did you mean "<= 1 s"?)`],
    ["a strict comparison", "cascadeLatencyP95", "< 1 s", `is < 1 s; ${LOW_MS}`],
    ["percent forgotten", "coordinationSuccess", ">= 99", `is >= 99; ${UP_TO_ONE} (did you mean ">= 99 %"?)`],
    ["unit forgotten", "cascadeLatencyP95", "<= 1000", `is <= 1000; ${LOW_MS} (did you mean "<= 1000 ms"?)`],
    ["another KPI's unit", "cascadeLatencyP95", "<= 95 %", `is <= 95 %; ${LOW_MS}`],
    [
      "longer than virtual time lasts",
      "recoveryTime",
      "<= 2900000 h",
      'is <= 2900000 h; expected <= and a duration of at most 285 years (2^53 us), such as "<= 300 s", or ignore',
    ],
    ["more than all", "coordinationSuccess", ">= 101 %", `is >= 101 %; ${UP_TO_ONE}`],
    ["a number", "coordinationSuccess", 0.99, `is 0.99; ${HIGH_RATIO} (did you mean ">= 0.99"?)`],
    ["nothing", "coordinationSuccess", null, `is empty; ${HIGH_RATIO}`],
    ["a list", "coordinationSuccess", [0.99], `is a list; ${HIGH_RATIO}`],
  ])("%s", (_, kpi, found, expected) => {
    const read = readThreshold(found, KPIS[kpi]);
    expect(read instanceof Mismatch ? tell(found, read) : read).toEqual(expected);
  });

  it.each(KPI_IDS)(
    "%s: the example that a complaint gives is the document's target, and is itself understood",
    (id) => {
      const refused = readThreshold("?", KPIS[id]) as Mismatch;
      const example = /such as "(.*)"/.exec(refused.expected)![1];
      expect(readThreshold(example, KPIS[id])).toEqual(KPIS[id].target);
    },
  );
});
