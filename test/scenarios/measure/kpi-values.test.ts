import { beforeEach, describe, expect, it } from "vitest";
import { correlationOf } from "../../../protocol/mesh-30k/operation.js";
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

/** A cascade of which `ready` of 20 agents are READY 300 ms after its start, and none of the others ever. */
function cascade(ready: number): void {
  mesh.startCascade(STARTED);
  mesh.aim(STARTED, 300);
  for (const to of mesh.machines.slice(0, ready)) mesh.ready(STARTED + 300, to, mesh.send({ atMs: STARTED, to }));
}

it("there is one for each of the document's, in its order, with its definition and target", () => {
  const kpis = kpisOf(mesh.meter, parse(SOUND).scenario);
  expect(kpis.map((kpi) => kpi.id)).toEqual(KPI_IDS);
  for (const { id, title, definition, unit, target, targetFrom, gated } of kpis) {
    expect({ title, definition, unit, target }).toEqual(KPIS[id as keyof typeof KPIS]);
    expect([targetFrom, gated]).toEqual(["document", true]);
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
    const ended = (cascade: number, tier: "sector" | "lead", achieved: boolean) =>
      mesh.meter.onFact(0, 1, {
        type: "gather-ended",
        correlationId: correlationOf(cascade, 1),
        tier,
        decision: achieved ? "PROCEED" : "WAIT",
        achieved,
        readyOfSent: 1,
        readyOfTargeted: achieved ? 1 : 0.5,
      });
    mesh.startCascade(FROM_MS - 1, 1);
    mesh.startCascade(FROM_MS, 2);
    mesh.startCascade(FROM_MS + 1, 3);
    ended(1, "lead", false);
    for (const achieved of [true, true, false]) ended(2, "lead", achieved);
    ended(3, "sector", true);
    // Of the two cascades, 2/3 and 1: Student's t over them reaches beyond what a ratio can be.
    expect(judged().coordinationSuccess).toMatchObject({
      value: 0.75,
      samples: 4,
      interval: { low: 0, high: 1 },
      verdict: "missed",
    });
    expect(mesh.meter.gathers.lead).toMatchObject({ started: 3, achieved: 2, sumOfSent: 3, sumOfTargeted: 2.5 });
    expect(mesh.meter.gathers.lead.decisions).toEqual({ PROCEED: 2, WAIT: 1 });
  });

  it("of the conflict rate are conflicts of all responses", () => {
    for (let i = 0; i < 20; i++) {
      const to = mesh.machines[i]!;
      const message = mesh.send({ atMs: STARTED, to, message: { routingStrategy: "direct" } });
      mesh.ready(STARTED + 1000 * i, to, message, i === 0 ? -1 : 1);
    }
    expect(judged().conflictRate).toMatchObject({ value: 0.05, samples: 20, verdict: "missed" });
    expect(judged().conflictRate!.interval!.method).toBe("Student's t over 2 batches");
  });

  it("of recovery are the longest, in seconds", () => {
    mesh.meter.availability.recoveriesS.push(3, 301, 7);
    expect(judged().recoveryTime).toMatchObject({ value: 301, samples: 3, verdict: "missed" });
  });
});
