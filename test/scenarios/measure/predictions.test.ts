import { beforeEach, describe, expect, it } from "vitest";
import { PredictionMeter } from "../../../scenarios/measure/prediction-meter.js";
import { WatchedMesh } from "./watched-mesh.js";

const US = 0.001;
const SENT = 20_000;

let mesh: WatchedMesh;
beforeEach(() => {
  mesh = new WatchedMesh();
});

const direct = { routingStrategy: "direct", correlationId: -1 } as const;

/** One single message, predicted to take 200 ms, that took `tookMs`. */
function told(tookMs: number, to: number, message: object = direct): void {
  mesh.ready(SENT + tookMs, to, mesh.send({ atMs: SENT, to, message, expectedReadyMs: 200 }));
}

describe("the error of a prediction", () => {
  it.each([
    ["later than predicted is above zero", 230, 30],
    ["earlier than predicted is below zero", 130, -70],
    ["as predicted is zero", 200, 0],
  ])("%s", (_, tookMs, errorMs) => {
    told(tookMs, mesh.machines[0]!);
    expect(mesh.meter.predictions.points()).toEqual([{ class: "A", predictedMs: 200, errorMs }]);
  });

  it.each([
    ["50 ms late", 250, 1],
    ["a microsecond more", 250 + US, 0],
    ["50 ms early", 150, 1],
    ["a microsecond earlier", 150 - US, 0],
  ])("is within the target at exactly 50 ms: %s", (_, tookMs, within) => {
    told(tookMs, mesh.machines[0]!);
    expect(mesh.meter.predictions.machines()).toMatchObject({ count: 1, within });
    expect(mesh.meter.agents.of(mesh.machines[0]! - mesh.topology.firstAgent, "within")).toBe(within);
  });

  it.each<[name: string, happen: () => void]>([
    [
      "nothing was predicted",
      () => mesh.ready(SENT + 9, mesh.machines[0]!, mesh.send({ atMs: SENT, to: mesh.machines[0]!, message: direct })),
    ],
    ["the message is a broadcast", () => told(200, mesh.machines[0]!, { ...direct, routingStrategy: "broadcast" })],
    ["the message is a pipeline's", () => told(200, mesh.machines[0]!, { ...direct, routingStrategy: "pipeline" })],
    [
      "the agent answered CONFLICT",
      () => {
        const to = mesh.machines[0]!;
        mesh.ready(SENT + 200, to, mesh.send({ atMs: SENT, to, message: direct, expectedReadyMs: 200 }), -1);
      },
    ],
  ])("is none where %s", (_, happen) => {
    happen();
    expect(mesh.meter.predictions.machines().count).toBe(0);
    expect(mesh.meter.predictions.points()).toEqual([]);
  });

  it("of a person stands in the person's row and not in the KPI", () => {
    told(200, mesh.people[0]!);
    expect(mesh.meter.predictions.of("F")).toMatchObject({ count: 1, within: 1 });
    expect(mesh.meter.predictions.machines()).toEqual({ count: 0, within: 0, batches: [] });
  });
});

describe("responses", () => {
  it("are READY and CONFLICT of machine agents, each message once", () => {
    const [first, second] = mesh.machines as [number, number];
    told(200, first);
    const refused = mesh.send({ atMs: SENT, to: second, message: direct });
    mesh.ready(SENT + 100, second, refused, -1);
    mesh.ready(SENT + 300, second, refused, -1);
    const toPerson = mesh.send({ atMs: SENT, to: mesh.people[0]!, message: direct });
    mesh.ready(SENT + 100, mesh.people[0]!, toPerson, -1);
    expect(mesh.meter.responses).toMatchObject({ all: 2, conflicts: 1 });
  });
});

describe("latency of single messages", () => {
  it("is told apart by who sent it: a lead inside its cluster, a coordinator across the mesh", () => {
    const [first, second] = mesh.machines as [number, number];
    told(120, first);
    told(340, second, { ...direct, sourceId: 1, messageId: 1 * 2 ** 32 });
    expect(mesh.meter.intraClusterLatency.count).toBe(1);
    expect(mesh.meter.intraClusterLatency.quantile(0.5) / 120).toBeCloseTo(1, 2);
    expect(mesh.meter.meshWideLatency.count).toBe(1);
    expect(mesh.meter.meshWideLatency.quantile(0.5) / 340).toBeCloseTo(1, 2);
  });
});

describe("registry lag", () => {
  const routed = (atMs: number, heartbeatNumber: number, scope: "mesh" | "cluster" = "mesh") =>
    mesh.probe.onFact(atMs * 1000, 1, { type: "routed", scope, agentId: mesh.machines[0]!, heartbeatNumber });

  it("is the true age of the heartbeat that a choice across the mesh rests on", () => {
    mesh.heartbeat(12_000, mesh.machines[0]!, { heartbeatNumber: 0 });
    mesh.heartbeat(17_000, mesh.machines[0]!, { heartbeatNumber: 1 });
    routed(20_000, 0);
    expect(mesh.meter.registryLag.quantile(0.5) / 8000).toBeCloseTo(1, 2);
    routed(20_000, 1);
    routed(20_000, 1);
    expect(mesh.meter.registryLag.quantile(0.5) / 3000).toBeCloseTo(1, 2);
  });

  it("is not taken of choices inside a cluster, nor during warm-up", () => {
    mesh.heartbeat(1000, mesh.machines[0]!, { heartbeatNumber: 0 });
    routed(9999, 0);
    routed(20_000, 0, "cluster");
    expect(mesh.meter.registryLag.count).toBe(0);
  });
});

describe("predictions in numbers", () => {
  it("are batched by ten seconds, machines alone", () => {
    const meter = new PredictionMeter();
    const add = (agentClass: "A" | "F", nowS: number, errorMs: number) =>
      meter.add(agentClass, Math.round(nowS * 1000), nowS, 100, errorMs);
    for (const nowS of [60, 65, 69.999]) add("A", nowS, 0);
    for (const nowS of [70, 71, 72, 73]) add("A", nowS, nowS === 70 ? 51 : 10);
    add("F", 95, 500);
    const batches = [
      { part: 3, whole: 3 },
      { part: 3, whole: 4 },
    ];
    expect(meter.machines()).toEqual({ count: 7, within: 6, batches });
  });

  it("fall into bands by predicted time, of at least 40 each, with the quantiles of their errors", () => {
    const meter = new PredictionMeter();
    for (let i = 0; i <= 100; i++) meter.add("C", i, 1, 100, i);
    for (let i = 0; i < 39; i++) meter.add("C", 1000 + i, 1, 5000, 1);
    const [band, ...others] = meter.bands();
    expect(others).toEqual([]);
    expect(band).toMatchObject({ class: "C", count: 101 });
    // Six bins a decade: 100 ms opens the bin that ends at 147 ms; its geometric middle is 10^(2 + 1/12).
    expect(band!.predictedMs).toBeCloseTo(121.153, 2);
    for (const [found, exact] of [
      [band!.p5, 5],
      [band!.p50, 50],
      [band!.p95, 95],
    ] as const) {
      expect(Math.abs(found - exact)).toBeLessThanOrEqual(0.005 * exact + 0.001);
    }
  });

  it("keep a sample of 400 a class for the chart, which does not depend on their order", () => {
    const points = (keys: number[]) => {
      const meter = new PredictionMeter();
      for (const key of keys) meter.add("A", key, 1, 100, key % 97);
      return meter.points().map((point) => point.errorMs);
    };
    const keys = Array.from({ length: 5000 }, (_, key) => key);
    expect(points(keys)).toHaveLength(400);
    expect(points([...keys].reverse())).toEqual(points(keys));
  });
});
