/** Agents that join a running mesh (MESH-30K 10.2), from the places that they come to until they get all the work they can. */
import { describe, expect, it } from "vitest";
import { ClusterLead } from "../../../protocol/mesh-30k/cluster-lead.js";
import { placesOfNewcomers } from "../../../protocol/mesh-30k/newcomer-places.js";
import { Topology } from "../../../protocol/mesh-30k/topology.js";
import { FakeHost } from "../fake-host.js";
import { acknowledge, coordinate, leadOn, optionsWith, PARAMETERS, shapeOf, TASK } from "./fixtures.js";

const NONE = { A: 0, B: 0, C: 0, D: 0, E: 0, F: 0 };

describe("MESH-30K 10.2, step 3: the places of newcomers", () => {
  const cluster = (sector: number, size: number, agentClass: "A" | "B" = "A") => ({ sector, size, agentClass });

  it.each([
    ["the smallest cluster first", [cluster(0, 4), cluster(0, 3), cluster(1, 4)], 1, [0, 1, 0]],
    ["among equals, the least-loaded sector", [cluster(0, 4), cluster(0, 5, "B"), cluster(1, 4)], 1, [0, 0, 1]],
    ["by turns to every sector", [cluster(0, 4), cluster(0, 4), cluster(1, 4)], 2, [1, 0, 1]],
    ["level in the end", [cluster(0, 4), cluster(0, 3), cluster(1, 4)], 8, [2, 3, 3]],
    ["to nobody of another class", [cluster(0, 1, "B"), cluster(0, 4)], 3, [0, 3]],
  ])("%s", (_, clusters, count, expected) => {
    expect(placesOfNewcomers(clusters, { ...NONE, A: count })).toEqual(expected);
  });

  it("puts 1,000 into a mesh of 30,000 so that no cluster gets more than two", () => {
    const agents = { A: 10_000, B: 8_000, C: 5_000, D: 2_000, E: 3_000, F: 2_000 };
    const joining = { A: 333, B: 267, C: 167, D: 66, E: 100, F: 67 };
    const topology = new Topology({ sectors: 100, clustersPerSector: 10, agents, joining });
    expect(topology.newcomers()).toHaveLength(1_000);
    expect(topology.agentCount).toBe(31_000);
    const came = topology.clusters.map(({ size, founders }) => size - founders);
    expect(Math.max(...came)).toBeLessThanOrEqual(2);
    const spread = (field: "size" | "founders") => {
      const loads = topology.sectors.map(({ firstCluster, clusterCount }) =>
        topology.clusters.slice(firstCluster, firstCluster + clusterCount).reduce((sum, each) => sum + each[field], 0),
      );
      return Math.max(...loads) - Math.min(...loads);
    };
    expect(spread("size")).toBeLessThanOrEqual(spread("founders"));
  });
});

/** Three agents that are there, and one that joins, with addresses 3 to 5 and 6. */
function leadWithNewcomer() {
  const lead = leadOn(optionsWith("repaired"), 3, "B", 1);
  const [a, b, c, newcomer] = lead.agents as [number, number, number, number];
  const hearFounders = (contextHash = 0) => {
    for (const agent of [a, b, c]) lead.hear(agent, { contextHash, processingMs: 50, processingSamples: 50 });
  };
  const steps = () => lead.host.factsOf("joining").map(({ step }) => step);
  return { ...lead, founders: [a, b, c], newcomer, hearFounders, steps };
}

/** One heartbeat of everybody, five seconds after the last. */
function beat(lead: ReturnType<typeof leadWithNewcomer>, changes = {}): void {
  lead.host.advance(5_000);
  lead.hearFounders();
  lead.hear(lead.newcomer, { processingMs: 40, processingSamples: 20, impedanceScore: 90, ...changes });
}

/** A sync that the coordinator passes on, for the agents of the cluster. */
function syncOf(payload: string) {
  return coordinate({ messageId: 2 ** 31, verb: "sync", payload, depth: 1, remainingMs: 1_000, sourceId: 1 });
}

/** Whom the lead gives a task to. */
function receiverOfTask({ host, lead }: ReturnType<typeof leadWithNewcomer>): number | undefined {
  const before = host.sentOf("COORDINATE").length;
  lead.submit(TASK);
  return host.sentOf("COORDINATE").slice(before).at(-1)?.to;
}

describe("MESH-30K 10.2, before an agent has announced itself", () => {
  it("nobody expects it: no failure, no replacement, not counted, and nothing is sent to it", () => {
    const lead = leadWithNewcomer();
    for (let i = 0; i < 30; i++) {
      lead.host.advance(5_000);
      lead.hearFounders();
      expect(tasksAtOnce(lead)).toBe(0);
    }
    expect(lead.host.factsOf("failure-detected").filter(({ node }) => node === lead.newcomer)).toEqual([]);
    expect(lead.host.provisioned).toEqual([]);
    expect(lead.host.sentOf("CLUSTER_SUMMARY").at(-1)!.message).toMatchObject({ agentCount: 3, activeCount: 3 });
    expect(lead.host.sentOf("COORDINATE").map(({ to }) => to)).not.toContain(lead.newcomer);
  });
});

describe("MESH-30K 10.2, steps 5 to 8: a lead and an agent that joins", () => {
  it("counts it from its first heartbeat on where it holds the context, and expects it from then on", () => {
    const lead = leadWithNewcomer();
    beat(lead);
    expect(lead.steps()).toEqual(["announced", "admitted"]);
    for (let i = 0; i < 12; i++) {
      lead.host.advance(5_000);
      lead.hearFounders();
    }
    expect(lead.host.sentOf("CLUSTER_SUMMARY").at(-1)!.message).toMatchObject({ agentCount: 4, activeCount: 3 });
    expect(lead.host.provisioned).toEqual([lead.newcomer]);
  });

  it("sends it the context of its cluster before it admits it", () => {
    const lead = leadWithNewcomer();
    lead.host.deliver(1, syncOf("day two"));
    lead.host.finish();
    lead.host.advance(1_000);
    const sent = lead.host.sentOf("COORDINATE").filter(({ message }) => message.verb === "sync");
    expect(sent.map(({ to }) => to)).toEqual(lead.founders);
    for (const { to, message } of sent) lead.host.deliver(to, acknowledge(message, to));
    lead.host.advance(2_000);
    lead.hear(lead.newcomer);
    expect(lead.steps()).toEqual(["announced"]);
    const reload = lead.host.sentOf("COORDINATE").at(-1)!;
    expect(reload).toMatchObject({ to: lead.newcomer, message: { verb: "sync", payload: "day two" } });
    lead.host.advance(5_000);
    lead.hear(lead.newcomer, { contextHash: reload.message.payloadHash });
    expect(lead.steps()).toEqual(["announced", "admitted"]);
    expect(lead.host.factsOf("failure-detected").filter(({ failure }) => failure === "CONTEXT_CORRUPTION")).toEqual([]);
  });

  it("routes nothing to it until its profile has been steady for a minute, however cheap it is", () => {
    const lead = leadWithNewcomer();
    for (let i = 0; i < 12; i++) {
      beat(lead);
      expect(tasksAtOnce(lead)).toBe(0);
    }
    expect(lead.steps()).not.toContain("pooled");
    beat(lead);
    beat(lead);
    expect(lead.steps()).toContain("pooled");
  });

  it("begins the minute anew when the profile moves by more than a fifth", () => {
    const lead = leadWithNewcomer();
    for (let i = 0; i < 10; i++) beat(lead);
    for (let i = 0; i < 12; i++) beat(lead, { processingMs: 80 });
    expect(lead.steps()).not.toContain("pooled");
    for (let i = 0; i < 2; i++) beat(lead, { processingMs: 80 });
    expect(lead.steps()).toContain("pooled");
  });

  it("takes it after five minutes where there was too little to measure it by", () => {
    const lead = leadWithNewcomer();
    for (let i = 0; i < 59; i++) beat(lead, { processingSamples: 3 });
    expect(lead.steps()).not.toContain("pooled");
    for (let i = 0; i < 2; i++) beat(lead, { processingSamples: 3 });
    expect(lead.steps()).toContain("pooled");
  });

  it("gives it one task at a time at first, and offers it to nobody else", () => {
    const lead = pooled();
    expect(receiverOfTask(lead)).toBe(lead.newcomer);
    expect(receiverOfTask(lead)).not.toBe(lead.newcomer);
    lead.host.advance(5_000);
    const { bestByCapability } = lead.host.sentOf("CLUSTER_SUMMARY").at(-1)!.message;
    expect([...bestByCapability.values()].map(({ agentId }) => agentId)).not.toContain(lead.newcomer);
  });

  it("doubles that every minute, and lets go of it in the fifth", () => {
    const lead = pooled();
    const minutes = [2, 4, 8];
    for (const most of minutes) {
      for (let i = 0; i < 12; i++) beat(lead);
      expect(tasksAtOnce(lead)).toBe(most);
    }
    expect(lead.steps()).not.toContain("whole");
    for (let i = 0; i < 12; i++) beat(lead);
    expect(lead.steps()).toContain("whole");
    expect(tasksAtOnce(lead)).toBe(20);
  });

  it("starts it again with one task after a conflict (step 8)", () => {
    const lead = pooled();
    for (let i = 0; i < 12; i++) beat(lead);
    receiverOfTask(lead);
    const { to, message } = lead.host.sentOf("COORDINATE").at(-1)!;
    expect(to).toBe(lead.newcomer);
    const conflict = { type: "CONTEXT_DIVERGENCE", expected: "1", received: "2" } as const;
    lead.host.deliver(to, acknowledge(message, to, { trinaryState: -1, conflict }));
    expect(lead.steps().at(-1)).toBe("set-back");
    expect(tasksAtOnce(lead)).toBe(1);
  });

  it("is known to the next holder of the office, who expects it and does not let it in again", () => {
    const before = pooled();
    const topology = new Topology({ ...shapeOf(1, 1, { B: 3 }), joining: { ...NONE, B: 1 } });
    const host = new FakeHost(2);
    const state = before.lead.officeState();
    expect(JSON.parse(JSON.stringify(state.resilience.joined))).toEqual([[before.newcomer, false]]);
    host.run(new ClusterLead(host, topology.clusters[0]!, 1, optionsWith("repaired"), PARAMETERS, undefined, state));
    host.advance(5_000);
    expect(host.sentOf("CLUSTER_SUMMARY").at(-1)!.message.agentCount).toBe(4);
  });
});

/** A newcomer that has just come into the pool, and is the cheapest of all. */
function pooled() {
  const lead = leadWithNewcomer();
  for (let i = 0; i < 14; i++) beat(lead);
  return lead;
}

/** To how many of 20 tasks given at once the newcomer is the receiver; they are answered at once. */
function tasksAtOnce(lead: ReturnType<typeof leadWithNewcomer>): number {
  const before = lead.host.sentOf("COORDINATE").length;
  for (let i = 0; i < 20; i++) {
    // The others are so far away that nothing but the limit keeps work from the newcomer.
    for (const founder of lead.founders)
      lead.hear(founder, { latencyMs: 1e5, processingMs: 1e5, processingSamples: 50 });
    receiverOfTask(lead);
  }
  const sent = lead.host.sentOf("COORDINATE").slice(before);
  for (const { to, message } of sent) lead.host.deliver(to, acknowledge(message, to));
  return sent.filter(({ to }) => to === lead.newcomer).length;
}
