import { describe, expect, it } from "vitest";
import { CapabilityIndex } from "../../../protocol/mesh-30k/capability-index.js";
import type { AgentImpedance, ClusterSummary, SectorSummary } from "../../../protocol/mesh-30k/messages.js";
import type { Variant } from "../../../protocol/mesh-30k/options.js";
import { Topology } from "../../../protocol/mesh-30k/topology.js";
import { FakeMesh } from "./fake-mesh.js";
import {
  acknowledge,
  clusterSummary,
  coordinatorOn,
  impedanceOf,
  optionsWith,
  orchestratorOn,
  sectorSummary,
  shapeOf,
  TASK,
  VARIANTS,
} from "./fixtures.js";

describe.each(VARIANTS)("MESH-30K 4.3, %s: the sector summary", (variant) => {
  const topology = new Topology(shapeOf(2, 3, { B: 18 }));

  function summaryAfter(...clusters: readonly ClusterSummary[]): SectorSummary {
    const { host } = coordinatorOn(optionsWith(variant), topology, 1);
    for (const cluster of clusters) host.deliver(topology.clusters[cluster.clusterIndex]!.lead, cluster);
    host.advance(2_500);
    const [sent] = host.sentOf("SECTOR_SUMMARY");
    expect(sent!.to).toBe(0);
    return sent!.message;
  }

  it("adds up the clusters and names the healthiest and the sickest", () => {
    const summary = summaryAfter(
      clusterSummary(3, { agentCount: 30, activeCount: 30, meanImpedance: 100 }),
      clusterSummary(4, { agentCount: 30, activeCount: 20, meanImpedance: 400 }),
      clusterSummary(5, { agentCount: 29, activeCount: 28, meanImpedance: 70 }),
    );
    expect(summary).toMatchObject({
      sectorIndex: 1,
      totalAgents: 89,
      activeAgents: 78,
      meanImpedance: 190,
      healthiestCluster: 5,
      sickestCluster: 4,
    });
    expect(summary.clusters.map((cluster) => cluster?.clusterIndex)).toEqual([3, 4, 5]);
  });

  it("has the latest of each cluster", () => {
    const summary = summaryAfter(clusterSummary(3, { activeCount: 3 }), clusterSummary(3, { activeCount: 7 }));
    expect(summary.activeAgents).toBe(7);
  });

  it("goes to the orchestrator every 5 s (8.2)", () => {
    const { host } = coordinatorOn(optionsWith(variant), topology);
    host.advance(13_000);
    expect(host.sentOf("SECTOR_SUMMARY").map(({ atMs }) => atMs)).toEqual([2_500, 7_500, 12_500]);
  });
});

describe.each(VARIANTS)("MESH-30K 4.3, %s: the global map", (variant) => {
  const topology = new Topology(shapeOf(3, 1, { B: 90 }));

  function orchestratorThatHeard(...summaries: readonly SectorSummary[]) {
    const { host, orchestrator } = orchestratorOn(optionsWith(variant), topology);
    for (const summary of summaries) host.deliver(1 + summary.sectorIndex, summary);
    return { host, orchestrator };
  }

  it("adds up agents and takes the mean of the impedances", () => {
    const { orchestrator } = orchestratorThatHeard(
      sectorSummary(0, { totalAgents: 300, activeAgents: 300, meanImpedance: 100 }),
      sectorSummary(1, { totalAgents: 300, activeAgents: 240, meanImpedance: 160 }),
      sectorSummary(2, { totalAgents: 300, activeAgents: 270, meanImpedance: 130 }),
    );
    expect(orchestrator.status()).toMatchObject({
      totalAgents: 900,
      activeAgents: 810,
      activeRate: 0.9,
      meanImpedance: 130,
    });
  });

  it.each([
    [300, true],
    [286, true],
    [285, false],
    [0, false],
  ])("a sector with %d of 300 agents active is healthy: %s (more than 95 %%)", (activeAgents, isHealthy) => {
    const { orchestrator } = orchestratorThatHeard(sectorSummary(0, { totalAgents: 300, activeAgents }));
    expect(orchestrator.status()).toMatchObject({
      sectorsHealthy: isHealthy ? 1 : 0,
      sectorsDegraded: isHealthy ? 0 : 1,
    });
  });

  it("counts a sector once, as it last was", () => {
    const { orchestrator } = orchestratorThatHeard(
      sectorSummary(0, { activeAgents: 100 }),
      sectorSummary(0, { activeAgents: 290 }),
    );
    expect(orchestrator.status()).toMatchObject({ totalAgents: 300, activeAgents: 290, sectorsHealthy: 1 });
  });

  it("goes to every sector every 10 s", () => {
    const { host } = orchestratorOn(optionsWith(variant), topology);
    host.advance(26_000);
    expect(host.sentOf("MAP").map(({ to, atMs }) => [to, atMs])).toEqual(
      [5_000, 15_000, 25_000].flatMap((atMs) => [1, 2, 3].map((sector) => [sector, atMs])),
    );
  });

  it("takes the 95th percentile of the clusters' 95th percentiles", () => {
    const clusters = [110, 150, 190].map((p95Impedance, clusterIndex) =>
      clusterSummary(clusterIndex, { p95Impedance }),
    );
    const { orchestrator } = orchestratorThatHeard(sectorSummary(0, { clusters }));
    // Three values, four gaps: 0.95 x 4 = 3.8 lies 1.8 gaps of 40 beyond the second.
    expect(orchestrator.status().p95Impedance).toBeCloseTo(150 + 1.8 * 40, 9);
  });

  it("comes true in a mesh: every agent active, every sector healthy", () => {
    const mesh = new FakeMesh(shapeOf(3, 2, { B: 12, E: 6 }), optionsWith(variant), { delayMs: 20, serviceMs: 20 });
    mesh.run(20_000);
    expect(mesh.orchestrator.status()).toMatchObject({
      totalAgents: 18,
      activeAgents: 18,
      activeRate: 1,
      sectorsHealthy: 3,
      sectorsDegraded: 0,
    });
  });
});

/** A coordinator in sector 0 of three, whose replica holds one agent for each of these impedances, a cluster each. */
function coordinatorThatKnows(variant: Variant, impedances: readonly Partial<AgentImpedance>[]) {
  const topology = new Topology(shapeOf(3, 2, { B: 18 }));
  const { host, coordinator } = coordinatorOn(optionsWith(variant), topology);
  const clusters = impedances.map((changes, index) => {
    const agent = impedanceOf(topology.clusters[index]!.firstAgent, changes);
    const best = new Map(agent.capabilities.map((capability) => [capability, agent]));
    return clusterSummary(index, { bestByCapability: best });
  });
  for (const cluster of clusters) {
    const { lead, sector } = topology.clusters[cluster.clusterIndex]!;
    if (sector === 0) host.deliver(lead, cluster);
  }
  host.deliver(0, { type: "MAP", clusterCount: clusters.length, index: new CapabilityIndex(clusters), circuits: [] });
  const receivers = () => host.sentOf("COORDINATE").map(({ to }) => topology.clusterOf(to).index);
  return { host, coordinator, receivers };
}

describe.each(VARIANTS)("MESH-30K 4.3, %s: find_best_agents_for_capability", (variant) => {
  const measured = { processingMs: 50, processingSamples: 10 };

  it("picks the lowest impedance on the mesh", () => {
    const { coordinator, receivers, host } = coordinatorThatKnows(variant, [
      { ...measured, impedanceScore: 300 },
      { ...measured, impedanceScore: 400 },
      { ...measured, impedanceScore: 90 },
      { ...measured, impedanceScore: 250 },
    ]);
    coordinator.submit(TASK);
    expect(receivers()).toEqual([2]);
    expect(host.factsOf("routed")).toMatchObject([{ scope: "mesh" }]);
  });

  it("picks among the capable only", () => {
    const { coordinator, receivers } = coordinatorThatKnows(variant, [
      { ...measured, impedanceScore: 100, capabilities: ["vision"] },
      { ...measured, impedanceScore: 300 },
    ]);
    coordinator.submit(TASK);
    expect(receivers()).toEqual([1]);
  });

  it.each([
    [500, [0]],
    [500.1, []],
  ])("takes an agent of impedance %d: %j (max_impedance 500)", (impedanceScore, expected) => {
    const { coordinator, receivers, host } = coordinatorThatKnows(variant, [{ ...measured, impedanceScore }]);
    coordinator.submit(TASK);
    expect(receivers()).toEqual(expected);
    expect(host.factsOf("no-capable-agent")).toHaveLength(1 - expected.length);
  });

  it("takes no agent before it knows of one", () => {
    const { coordinator, receivers } = coordinatorThatKnows(variant, []);
    coordinator.submit(TASK);
    expect(receivers()).toEqual([]);
  });
});

describe("MESH-30K 4.3: what routing across the mesh weighs (option routing)", () => {
  const measured = { processingMs: 50, processingSamples: 10 };
  const near = { ...measured, impedanceScore: 120 };
  const far = { ...measured, impedanceScore: 90 };

  it("as-written: the score alone, however far the sector and however much was sent there", () => {
    const { coordinator, receivers } = coordinatorThatKnows("as-written", [near, near, far]);
    for (let i = 0; i < 3; i++) coordinator.submit(TASK);
    expect(receivers()).toEqual([2, 2, 2]);
  });

  it("repaired: the way to another sector, 50 ms until measured, and the work it was given since", () => {
    const { coordinator, receivers } = coordinatorThatKnows("repaired", [near, { ...near, impedanceScore: 130 }, far]);
    // 120 / 130 / 90 + 50; each message before costs 50 ms.
    for (let i = 0; i < 3; i++) coordinator.submit(TASK);
    expect(receivers()).toEqual([0, 1, 2]);
  });

  it("repaired: learns how far a sector is from a round trip, and takes it once it turns out to be near", () => {
    const { host, coordinator, receivers } = coordinatorThatKnows("repaired", [
      { ...near, impedanceScore: 145 },
      { ...near, impedanceScore: 145 },
      far,
    ]);
    coordinator.submit(TASK);
    const answerLast = (afterMs: number) => {
      const { to, message } = host.sentOf("COORDINATE").at(-1)!;
      host.advance(afterMs);
      host.deliver(to, acknowledge(message, to, { heldMs: 50 }));
    };
    expect(receivers()).toEqual([2]);
    // The agent reports 100 ms there and back to its lead; this took 150 ms besides the work: 25 ms one way beyond.
    answerLast(200);
    coordinator.submit(TASK);
    expect(host.sentOf("COORDINATE").at(-1)!.message.compensation.networkMs).toBeCloseTo(25 + 50, 6);
  });
});
