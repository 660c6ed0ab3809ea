import { describe, expect, it } from "vitest";
import type { AgentImpedance, ClusterSummary } from "../../../protocol/mesh-30k/messages.js";
import type { Variant } from "../../../protocol/mesh-30k/options.js";
import { recordAt } from "../../../protocol/mesh-30k/registry-records.js";
import { resultHash } from "../../../protocol/mesh-30k/resilience/result-hash.js";
import { acknowledge, coordinate, impedanceOf, leadOn, optionsWith, TASK, VARIANTS } from "./fixtures.js";

type Lead = ReturnType<typeof leadOn>;

/** The next summary that a lead sends. */
function summaryOf({ host }: Lead): ClusterSummary {
  const count = host.sentOf("CLUSTER_SUMMARY").length;
  while (host.sentOf("CLUSTER_SUMMARY").length === count) host.advanceTo(host.nextTimerMs());
  return host.sentOf("CLUSTER_SUMMARY").at(-1)!.message;
}

/** To whom a lead has given work, in order. */
const receivers = ({ host }: Lead) => host.sentOf("COORDINATE").map(({ to }) => to);

/** A lead that has heard an agent for each of these reports, the first at address 3. */
function leadThatHeard(variant: Variant, reports: readonly Partial<AgentImpedance>[]): Lead {
  const lead = leadOn(optionsWith(variant), reports.length);
  for (const [index, report] of reports.entries()) lead.hear(lead.agents[index]!, report);
  return lead;
}

describe.each(VARIANTS)("MESH-30K 4.2, %s: the cluster summary", (variant) => {
  it("tells the cluster's size, its active agents, mean, slowest and fastest", () => {
    const scores = [120, 80, 900, 300];
    const lead = leadThatHeard(
      variant,
      scores.map((impedanceScore) => ({ impedanceScore })),
    );
    const [, fastest, slowest] = lead.agents;
    expect(summaryOf(lead)).toMatchObject({
      clusterIndex: 0,
      agentCount: 4,
      activeCount: 3,
      meanImpedance: 350,
      slowestAgent: slowest,
      fastestAgent: fastest,
    });
  });

  // Expected values: Python 3.11, statistics.quantiles(scores, n=20)[18].
  it.each([
    ["20 agents: between the last two", Array.from({ length: 20 }, (_, index) => 10 * ((index * 7) % 20)), 189.5],
    [
      "30 agents: nearer to the last but one",
      Array.from({ length: 30 }, (_, index) => ((index * 11) % 30) ** 2),
      809.65,
    ],
    ["two agents: beyond the slower one", [100, 200], 285],
    ["one agent, where the document's function fails", [100], 100],
  ])("tells the 95th percentile of %s", (_, scores, expected) => {
    const lead = leadThatHeard(
      variant,
      scores.map((impedanceScore) => ({ impedanceScore })),
    );
    expect(summaryOf(lead).p95Impedance).toBeCloseTo(expected, 9);
  });

  it("holds the registry records by position, and none for an agent never heard of", () => {
    const lead = leadOn(optionsWith(variant), 3);
    lead.hear(lead.agents[1]!, { heartbeatNumber: 42 });
    const { records } = summaryOf(lead);
    const known = lead.agents.map((_, position) => recordAt(records, position));
    expect(known).toEqual([undefined, impedanceOf(lead.agents[1]!, { heartbeatNumber: 42 }), undefined]);
  });

  it("names the best active agent for each capability", () => {
    const lead = leadThatHeard(variant, [
      { impedanceScore: 900, latencyMs: 2, capabilities: ["api", "vision"] },
      { impedanceScore: 300, latencyMs: 600, capabilities: ["api"] },
      { impedanceScore: 200, latencyMs: 400, capabilities: ["api"] },
    ]);
    const { bestByCapability } = summaryOf(lead);
    expect([...bestByCapability].map(([capability, agent]) => [capability, agent.agentId])).toEqual([
      ["api", lead.agents[2]],
    ]);
  });

  it("goes to the coordinator every 5 s (8.2)", () => {
    const { host } = leadOn(optionsWith(variant), 2);
    host.advance(18_000);
    expect(host.sentOf("CLUSTER_SUMMARY").map(({ to, atMs }) => [to, atMs])).toEqual([
      [1, 2_500],
      [1, 7_500],
      [1, 12_500],
      [1, 17_500],
    ]);
  });
});

describe.each(VARIANTS)("MESH-30K 4.2, %s: anomalies", (variant) => {
  it.each([
    [800, "active"],
    [800.1, "degraded"],
    [1_000, "degraded"],
  ])("an impedance score of %d makes an agent %s", (impedanceScore, state) => {
    const lead = leadThatHeard(variant, [{ impedanceScore }]);
    expect(summaryOf(lead).activeCount).toBe(state === "active" ? 1 : 0);
    expect(lead.host.factsOf("agent-state").map((fact) => fact.state)).toEqual(state === "active" ? [] : [state]);
  });

  it("an agent that recovers is active again", () => {
    const lead = leadThatHeard(variant, [{ impedanceScore: 900 }]);
    lead.hear(lead.agents[0]!, { impedanceScore: 100 });
    expect(summaryOf(lead).activeCount).toBe(1);
    expect(lead.host.factsOf("agent-state").map((fact) => fact.state)).toEqual(["degraded", "active"]);
  });

  it("a degraded agent gets no work", () => {
    const lead = leadThatHeard(variant, [
      { impedanceScore: 900, latencyMs: 2 },
      { impedanceScore: 700, latencyMs: 400 },
    ]);
    lead.lead.submit(TASK);
    expect(receivers(lead)).toEqual([lead.agents[1]]);
  });

  it("a drift coefficient above 0.5 counts as unstable", () => {
    const lead = leadThatHeard(
      variant,
      [0.1, 0.5, 0.51, 12].map((driftCoefficient) => ({ driftCoefficient })),
    );
    expect(summaryOf(lead).unstableCount).toBe(2);
  });

  it("30 s of silence make an agent offline (6.1), until it is heard again", () => {
    const lead = leadThatHeard(variant, [{}, {}]);
    const { host, agents, hear } = lead;
    const [silent, talking] = agents;
    const stateAt = (ms: number) => {
      while (host.elapsedMs < ms) {
        host.advance(2_500);
        hear(talking!);
      }
      return host.factsOf("agent-state").map(({ agentId, state }) => [agentId, state]);
    };
    expect(stateAt(30_000)).toEqual([]);
    expect(stateAt(35_000)).toEqual([[silent, "offline"]]);
    expect(summaryOf(lead)).toMatchObject({ agentCount: 2, activeCount: 1 });
    hear(silent!);
    expect(summaryOf(lead).activeCount).toBe(2);
  });

  it("an answer is a sign of life, like a heartbeat", () => {
    const { host, agents, hear } = leadThatHeard(variant, [{}]);
    hear(agents[0]!);
    host.advance(20_000);
    host.deliver(agents[0]!, acknowledge(coordinate(), agents[0]!));
    host.advance(25_000);
    expect(host.factsOf("agent-state")).toEqual([]);
  });
});

describe("MESH-30K 4.2: people are slow (option humanTargets)", () => {
  it.each([
    ["as-written", 0],
    ["repaired", 1],
  ] as const)("%s: a person with the highest score leaves %d active", (variant, active) => {
    const lead = leadOn(optionsWith(variant), 1, "F");
    lead.hear(lead.agents[0]!, { impedanceScore: 1_000 });
    expect(summaryOf(lead).activeCount).toBe(active);
  });
});

describe.each(VARIANTS)("MESH-30K 4.2, %s: route_within_cluster", (variant) => {
  it("picks the lowest impedance among the capable", () => {
    const lead = leadThatHeard(variant, [
      { impedanceScore: 50, latencyMs: 20, capabilities: ["vision"] },
      { impedanceScore: 200, latencyMs: 320 },
      { impedanceScore: 100, latencyMs: 120 },
    ]);
    lead.lead.submit(TASK);
    expect(receivers(lead)).toEqual([lead.agents[2]]);
    expect(lead.host.factsOf("routed")).toMatchObject([{ scope: "cluster", agentId: lead.agents[2] }]);
  });

  it("follows an agent that has learned and one that has forgotten a capability", () => {
    const lead = leadThatHeard(variant, [{ impedanceScore: 100 }, { impedanceScore: 50, capabilities: ["vision"] }]);
    lead.hear(lead.agents[0]!, { impedanceScore: 100, capabilities: ["vision"] });
    lead.hear(lead.agents[1]!, { impedanceScore: 50, capabilities: ["api"] });
    lead.lead.submit(TASK);
    expect(receivers(lead)).toEqual([lead.agents[1]]);
  });

  it("routes nothing to an agent that it never heard of", () => {
    const lead = leadOn(optionsWith(variant), 3);
    lead.lead.submit(TASK);
    expect(receivers(lead)).toEqual([]);
  });

  it("says so when no agent is capable (NoCapableAgentError)", () => {
    const lead = leadThatHeard(variant, [{}]);
    lead.lead.submit({ ...TASK, capability: "telepathy" });
    expect(receivers(lead)).toEqual([]);
    expect(lead.host.factsOf("no-capable-agent")).toEqual([
      { type: "no-capable-agent", scope: "cluster", capability: "telepathy" },
    ]);
  });
});

describe("MESH-30K 4.2: what is known of an agent's load (option routing)", () => {
  const measured = { processingMs: 50, processingSamples: 10, latencyMs: 20 };
  const quick = { ...measured, impedanceScore: 60 };
  const slower = { ...measured, latencyMs: 60, impedanceScore: 80 };

  it("as-written: the last heartbeat alone; everything goes to one agent until the next", () => {
    const lead = leadThatHeard("as-written", [slower, quick]);
    for (let i = 0; i < 4; i++) lead.lead.submit(TASK);
    expect(receivers(lead)).toEqual(Array(4).fill(lead.agents[1]));
    lead.hear(lead.agents[1]!, { ...quick, queueDepth: 4, impedanceScore: 260 });
    lead.lead.submit(TASK);
    expect(receivers(lead).at(-1)).toBe(lead.agents[0]);
  });

  it("repaired: with the work that it was given since and has not answered", () => {
    const lead = leadThatHeard("repaired", [slower, quick]);
    const [second, first] = lead.agents;
    // 10 + 50 = 60 against 80; then 110 against 80; then 110 against 130.
    for (let i = 0; i < 3; i++) lead.lead.submit(TASK);
    expect(receivers(lead)).toEqual([first, second, first]);
    for (const { to, message } of lead.host.sentOf("COORDINATE")) lead.host.deliver(to, acknowledge(message, to));
    lead.lead.submit(TASK);
    expect(receivers(lead).at(-1)).toBe(first);
  });

  it("repaired: work that was given up is no longer held against the agent", () => {
    const lead = leadThatHeard("repaired", [slower, quick]);
    lead.lead.submit(TASK);
    lead.host.advance(7_000);
    for (const [index, report] of [slower, quick].entries()) lead.hear(lead.agents[index]!, report);
    // Three sendings were not answered, so that it has to answer something first (6.1).
    const probeAnswer = { type: "PROBE_ACK", challenge: 1, result: resultHash(1), activeRate: 1 } as const;
    lead.host.deliver(lead.agents[1]!, probeAnswer);
    const before = receivers(lead).length;
    lead.lead.submit(TASK);
    expect(receivers(lead).slice(before)).toEqual([lead.agents[1]]);
  });
});

describe("MESH-30K 6.1: work that is not answered (option delivery)", () => {
  const copies = (variant: Variant) => {
    const lead = leadThatHeard(variant, [{}]);
    lead.lead.submit(TASK);
    lead.host.advance(20_000);
    return lead.host.sentOf("COORDINATE").map(({ message, atMs }) => [message.messageId, atMs]);
  };

  it("as-written: is not sent again", () => {
    expect(copies("as-written")).toHaveLength(1);
  });

  it("repaired: is sent again, under the same id, well after the answer was due, and then with backoff", () => {
    const [[id, atMs], [again, againAtMs], ...more] = copies("repaired") as [number, number][];
    expect(again).toBe(id);
    // Due after 50 + 50 ms and 50 ms back; twice that and 500 ms of patience, at the next look a second.
    expect(againAtMs! - atMs!).toBeGreaterThanOrEqual(800);
    expect(againAtMs! - atMs!).toBeLessThanOrEqual(1_800);
    // Twice as long the next time, less up to a quarter of jitter, at the next look a second; given up after 5 s.
    const [[third, thirdAtMs]] = more as [[number, number]];
    expect(more).toHaveLength(1);
    expect(third).toBe(id);
    expect(thirdAtMs - againAtMs!).toBeGreaterThanOrEqual(2 * 800 * 0.75);
    expect(thirdAtMs - atMs!).toBeLessThan(5_000);
  });
});
