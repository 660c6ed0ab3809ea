import { beforeEach, describe, expect, it } from "vitest";
import { KPI_IDS, KPIS } from "../../../scenarios/kpis.js";
import { kpisOf } from "../../../scenarios/measure/kpi-values.js";
import { parse, SOUND } from "../language/scenario-text.js";
import { FROM_MS, WatchedMesh } from "./watched-mesh.js";

const STARTED = 20_000;

let mesh: WatchedMesh;
beforeEach(() => {
  mesh = new WatchedMesh();
});

/** The KPIs of what the mesh has been through, under a scenario with these thresholds. */
function judged(...thresholds: string[]) {
  const kpis = kpisOf(
    mesh.meter,
    parse(
      SOUND,
      thresholds.map((each) => `thresholds.${each}`),
    ).scenario,
  );
  return Object.fromEntries(kpis.map((kpi) => [kpi.id, kpi]));
}

/** A cascade of which `ready` of 20 agents are READY 300 ms after its start, and none of the others ever; it is over. */
function cascade(ready: number): void {
  mesh.startCascade(STARTED);
  mesh.aim(STARTED, 300);
  for (const to of mesh.machines.slice(0, ready)) mesh.ready(STARTED + 300, to, mesh.send({ atMs: STARTED, to }));
  mesh.endCascade(STARTED + 900);
  mesh.finish(STARTED + 900);
}

/** KPIs that part 11 of the document does not have; their targets are defaults of this project. */
const OWN = ["healingTime", "splitBrainsPerYear"];

it("there is one for each of the document's and of our own, in order, with its definition, target and where that is from", () => {
  const kpis = kpisOf(mesh.meter, parse(SOUND).scenario);
  expect(kpis.map((kpi) => kpi.id)).toEqual(KPI_IDS);
  for (const { id, title, definition, unit, target, targetFrom, gated } of kpis) {
    expect({ title, definition, unit, target }).toEqual(KPIS[id as keyof typeof KPIS]);
    expect([targetFrom, gated]).toEqual([OWN.includes(id) ? "default" : "document", true]);
  }
});

it("nothing that was never measured is judged", () => {
  for (const kpi of Object.values(judged())) {
    expect(kpi).toMatchObject({ value: null, interval: null, samples: 0, verdict: "not-exercised" });
  }
});

describe("a verdict", () => {
  it("holds at exactly its target: 19 of 20", () => {
    cascade(19);
    expect(judged().arrivalWindowHitRate).toMatchObject({ value: 0.95, samples: 20, verdict: "holds" });
  });

  it("is missed below it: 18 of 20", () => {
    cascade(18);
    expect(judged().arrivalWindowHitRate).toMatchObject({ value: 0.9, verdict: "missed" });
  });

  it("is the scenario's where it has a threshold of its own", () => {
    cascade(18);
    expect(judged("arrivalWindowHitRate=>= 90 %").arrivalWindowHitRate).toMatchObject({
      verdict: "holds",
      targetFrom: "scenario",
      target: { comparison: ">=", value: 0.9 },
      gated: true,
    });
  });

  it("is told and does not count where the scenario ignores it", () => {
    cascade(18);
    expect(judged("arrivalWindowHitRate=ignore").arrivalWindowHitRate).toMatchObject({
      verdict: "missed",
      targetFrom: "document",
      gated: false,
    });
  });

  it("is missed, without a number, where the cascade never arrived", () => {
    cascade(18);
    expect(judged().cascadeLatencyP95).toMatchObject({ value: null, samples: 1, verdict: "missed" });
  });
});

describe("values", () => {
  it("of cascade latency are in ms: the nearest rank of the 95th percentile", () => {
    cascade(20);
    expect(judged().cascadeLatencyP95).toMatchObject({ value: 300, unit: "ms", verdict: "holds" });
  });

  it("of coordination success count each gather once, at every tier, and no gather of warm-up", () => {
    const gathered = (cascade: number, tier: "sector" | "lead", rate: number) =>
      mesh.gatherEnded(tier, { readyOfSent: rate, readyOfTargeted: rate }, cascade);
    const startedMs = [FROM_MS - 1, FROM_MS, FROM_MS + 1];
    for (const [index, atMs] of startedMs.entries()) mesh.startCascade(atMs, index + 1);
    gathered(1, "lead", 0.5);
    for (const rate of [1, 1, 0.5]) gathered(2, "lead", rate);
    gathered(3, "sector", 1);
    for (const cascade of [1, 2, 3]) mesh.endCascade(FROM_MS + 500, "SUCCESS", cascade);
    mesh.finish(FROM_MS + 1000);
    // Of the two cascades, 2/3 and 1: Student's t over them reaches beyond what a ratio can be.
    expect(judged().coordinationSuccess).toMatchObject({
      value: 0.75,
      samples: 4,
      interval: { low: 0, high: 1 },
      verdict: "missed",
    });
    const { lead } = mesh.meter.cascades.records.get(2)!.gathers;
    expect(lead).toMatchObject({ ended: 3, achieved: 2, sumOfSent: 2.5, sumOfTargeted: 2.5, empty: 0 });
    expect(lead.decisions).toEqual({ PROCEED: 2, WAIT: 1 });
  });

  it("of coordination success leave gathers out that had nobody to ask", () => {
    mesh.startCascade(STARTED);
    mesh.gatherEnded("lead", { readyOfSent: 0, readyOfTargeted: 1 });
    mesh.gatherEnded("lead", { readyOfSent: 0, readyOfTargeted: 0 });
    mesh.gatherEnded("lead", { readyOfSent: 1, readyOfTargeted: 1 });
    mesh.endCascade(STARTED + 500);
    mesh.finish(STARTED + 500);
    expect(judged().coordinationSuccess).toMatchObject({ value: 0.5, samples: 2 });
    expect(mesh.cascade.gathers.lead.empty).toBe(1);
  });

  it("of a cascade that reached nobody are a miss, of the hit rate and of the latency", () => {
    mesh.startCascade(STARTED);
    mesh.endCascade(STARTED + 1200, "FAILED_AT_SECTOR");
    mesh.finish(STARTED + 2000);
    expect(judged().arrivalWindowHitRate).toMatchObject({ value: 0, samples: 20, verdict: "missed" });
    expect(judged().cascadeLatencyP95).toMatchObject({ value: null, samples: 1, verdict: "missed" });
  });

  it("of a cascade that the end of the run cut off are none", () => {
    mesh.startCascade(STARTED);
    mesh.aim(STARTED, 300);
    mesh.gatherEnded("orchestrator", { readyOfSent: 0.5, readyOfTargeted: 0.5 });
    mesh.finish(STARTED + 100);
    for (const id of ["arrivalWindowHitRate", "cascadeLatencyP95", "coordinationSuccess"] as const) {
      expect(judged()[id], id).toMatchObject({ value: null, samples: 0, verdict: "not-exercised" });
    }
  });

  it("of the conflict rate are conflicts of all responses", () => {
    for (let i = 0; i < 20; i++) {
      const to = mesh.machines[i]!;
      const message = mesh.send({ atMs: STARTED, to, message: { routingStrategy: "direct" } });
      mesh.ready(STARTED + 1000 * i, to, message, i === 0 ? -1 : 1);
    }
    expect(judged().conflictRate).toMatchObject({ value: 0.05, samples: 20, verdict: "missed" });
    expect(judged().conflictRate!.interval!.method).toBe("Student's t over 2 batches, which are few");
  });

  it("of recovery are the longest, in seconds", () => {
    mesh.meter.availability.clusters.recoveriesS.push(3, 301, 7);
    expect(judged().recoveryTime).toMatchObject({ value: 301, samples: 3, verdict: "missed" });
    mesh.meter.availability.sectors.recoveriesS.push(3, 301, 7);
    expect(judged().sectorRecoveryTime).toMatchObject({ value: 301, samples: 3, verdict: "holds" });
  });

  it.each([
    ["missed once it has taken longer than the target", 321, "missed", 301],
    ["unknown while it has not", 320, "not-exercised", null],
  ])("of a cluster that fell out after 20 s and never came back: %s", (_, untilS, verdict, value) => {
    for (const agentId of mesh.machines) {
      mesh.probe.onFact(20e6, mesh.lead, { type: "agent-state", agentId, state: "offline" });
    }
    mesh.finish(untilS * 1000);
    expect(judged().recoveryTime).toMatchObject({ verdict, value });
    expect(judged("recoveryTime=<= 1 min").recoveryTime).toMatchObject({ verdict: "missed" });
    expect(judged("recoveryTime=<= 1 h").recoveryTime).toMatchObject({ verdict: "not-exercised" });
  });
});
