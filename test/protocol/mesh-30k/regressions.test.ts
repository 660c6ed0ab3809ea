/** What the protocol once got wrong: each test holds the repair of one defect that a review of the code found. */
import { sampleStandardDeviation } from "simple-statistics";
import { describe, expect, it } from "vitest";
import { CapabilityIndex } from "../../../protocol/mesh-30k/capability-index.js";
import { payloadHash } from "../../../protocol/mesh-30k/integrity.js";
import type { FreezeOrder, MeshMessage } from "../../../protocol/mesh-30k/messages.js";
import { SampleWindow } from "../../../protocol/mesh-30k/sample-window.js";
import { Topology } from "../../../protocol/mesh-30k/topology.js";
import { FakeMesh } from "./fake-mesh.js";
import {
  acknowledge,
  agentOn,
  clusterSummary,
  coordinate,
  coordinatorOn,
  impedanceOf,
  leadOn,
  optionsWith,
  orchestratorOn,
  sectorSummary,
  shapeOf,
  TASK,
  VARIANTS,
} from "./fixtures.js";

const repaired = optionsWith("repaired");

describe("MESH-30K appendix B: FREEZE has a scope and a target", () => {
  const freezeCluster: FreezeOrder = { type: "FREEZE", thaw: false, scope: "cluster", targetId: 3 };
  const freezeMesh: FreezeOrder = { type: "FREEZE", thaw: false, scope: "global", targetId: 0 };

  it("an order for one cluster leaves the agents of every other at work", () => {
    const mesh = new FakeMesh(shapeOf(2, 2, { B: 12 }), repaired, { delayMs: 10, serviceMs: 10 });
    mesh.orchestrator.freeze(freezeCluster);
    mesh.run(1_000);
    const frozen = mesh.deliveredOf("FREEZE").filter(({ to }) => mesh.topology.isAgent(to));
    expect(new Set(frozen.map(({ to }) => mesh.topology.clusterOf(to).index))).toEqual(new Set([3]));
  });

  it("thawing one cluster does not let the orchestrator of a frozen mesh start cascades", () => {
    const { orchestrator } = orchestratorOn(repaired, new Topology(shapeOf(2, 2, { A: 8 })));
    orchestrator.freeze(freezeMesh);
    orchestrator.freeze({ ...freezeCluster, thaw: true });
    const order = { strategy: "wave", windowMs: 500, payloadWeight: 0, verb: "act", priority: 2 } as const;
    expect(orchestrator.cascade(order)).toBe(false);
  });

  it("a coordinator of a frozen mesh holds the tasks that it is given, as a lead does", () => {
    const topology = new Topology(shapeOf(1, 1, { B: 3 }));
    const { host, coordinator } = coordinatorOn(repaired, topology);
    const agent = impedanceOf(3, { processingMs: 50, processingSamples: 10 });
    const cluster = clusterSummary(0, { bestByCapability: new Map([["api", agent]]) });
    host.deliver(0, { type: "MAP", clusterCount: 1, index: new CapabilityIndex([cluster]), circuits: [] });
    host.deliver(0, freezeMesh);
    coordinator.submit(TASK);
    expect(host.sentOf("COORDINATE")).toEqual([]);
  });

  it("repaired: the time for which an agent was frozen is no latency", () => {
    const { host, report } = agentOn(repaired);
    host.advance(1_000);
    host.deliver(1, freezeMesh);
    host.deliver(1, coordinate({ echoSentAtMs: 500, echoHeldMs: 480 }));
    host.advance(60_000);
    host.deliver(1, { ...freezeMesh, thaw: true });
    expect(report().latencyMs).toBe(20);
  });

  it("repaired: an agent says that it held a message while it was frozen", () => {
    const { host } = agentOn(repaired);
    host.deliver(1, freezeMesh);
    host.deliver(1, coordinate());
    host.advance(60_000);
    host.deliver(1, { ...freezeMesh, thaw: true });
    host.finish();
    expect(host.sentOf("ACK")[0]!.message.heldMs).toBe(60_000);
  });
});

describe("MESH-30K 4.1 (option latencyEstimate, repaired): the round trip is one's own", () => {
  it("a later stage of a pipeline does not measure with what the first stage sent", () => {
    const mesh = new FakeMesh(shapeOf(1, 1, { B: 2 }), repaired, {
      delayMs: 10,
      serviceMs: 10,
      clockOffsetMs: (address) => (address === 4 ? 5_000 : 0),
    });
    mesh.run(6_000);
    for (let i = 0; i < 4; i++) {
      mesh.leads[0]!.submit({ ...TASK, stages: 2 });
      mesh.run(6_000);
    }
    const latencies = mesh.deliveredOf("HEARTBEAT").map(({ message }) => message.impedance.latencyMs);
    for (const latencyMs of latencies.filter((ms) => !Number.isNaN(ms))) expect(latencyMs).toBeCloseTo(20, 3);
  });

  it("an answer that is sent again is not taken for one that was just made", () => {
    const mesh = new FakeMesh(shapeOf(1, 1, { B: 1 }), repaired, { delayMs: 10, serviceMs: 10 });
    mesh.run(6_000);
    mesh.leads[0]!.submit(TASK);
    mesh.run(1_000);
    const first = mesh.deliveredOf("COORDINATE")[0]!;
    // The network delivers the message once more, a second late.
    mesh.hosts[first.to]!.deliver(first.from, first.message);
    mesh.run(15);
    mesh.leads[0]!.submit(TASK);
    mesh.run(5_000);
    // The duplicate may count as the slow message that it was; the two others were 20 ms there and back.
    expect(mesh.deliveredOf("HEARTBEAT").at(-1)!.message.impedance.latencyMs).toBeCloseTo(20, 3);
  });
});

describe("MESH-30K 6.1 (option delivery, repaired): a message that was lost is made good", () => {
  it("in the middle of a pipeline: nothing is sent again, so that no stage works twice", () => {
    const mesh = new FakeMesh(shapeOf(1, 1, { B: 2 }), repaired, { delayMs: 10, serviceMs: 10 });
    mesh.run(6_000);
    let losses = 0;
    mesh.loses = ({ from, message }) => message.type === "COORDINATE" && mesh.topology.isAgent(from) && losses++ === 0;
    mesh.leads[0]!.submit({ ...TASK, stages: 2 });
    mesh.run(10_000);
    expect(losses).toBe(1);
    expect(mesh.hosts.flatMap((host) => host.factsOf("ready"))).toHaveLength(1);
  });

  it("a sync that comes again after a newer one does not bring the older context back", () => {
    const { host, report } = agentOn(repaired);
    const syncs = ["old", "new"].map((payload, messageId) =>
      coordinate({
        messageId,
        correlationId: 16 + 16 * messageId,
        verb: "sync",
        payload,
        payloadHash: payloadHash(payload),
      }),
    );
    for (const sync of syncs) {
      host.deliver(1, sync);
      host.finish();
    }
    host.deliver(1, syncs[0]!);
    expect(host.sentOf("ACK").at(-1)!.message.trinaryState).toBe(1);
    expect(report().contextHash).toBe(payloadHash("new"));
  });

  it("at a full queue: a message that was rejected is worked on when it comes again", () => {
    const { host } = agentOn(repaired);
    host.deliver(1, coordinate());
    host.finish("rejected");
    host.deliver(1, coordinate());
    expect(host.jobs).toHaveLength(1);
  });

  it("at a full queue of a lead: the same", () => {
    const { host } = leadOn(repaired, 1);
    host.deliver(1, coordinate({ depth: 1, remainingMs: 500 }));
    host.finish("rejected");
    host.deliver(1, coordinate({ depth: 1, remainingMs: 500 }));
    expect(host.jobs).toHaveLength(1);
  });

  it("a message that comes again behind 8 others is still recognised", () => {
    const { host } = agentOn(repaired);
    for (let messageId = 0; messageId < 9; messageId++) host.deliver(1, coordinate({ messageId }));
    host.deliver(1, coordinate({ messageId: 0 }));
    expect(host.jobs).toHaveLength(9);
  });

  it("what was sent twice teaches nothing of how long the agent takes", () => {
    const { host, lead, agents, hear } = leadOn(repaired, 1);
    const agent = agents[0]!;
    for (let i = 0; i < 11; i++) {
      hear(agent, { processingMs: 50, processingSamples: 10 });
      lead.submit(TASK);
      const count = host.sentOf("COORDINATE").length;
      // The first copy is lost; the second is answered as fast as it was predicted.
      for (let ms = 0; host.sentOf("COORDINATE").length === count && ms < 3_000; ms++) host.advance(1);
      host.advance(150);
      host.deliver(agent, acknowledge(host.sentOf("COORDINATE").at(-1)!.message, agent, { heldMs: 50 }));
    }
    expect(host.sentOf("COORDINATE").at(-1)!.message.compensation.bufferMs).toBeLessThan(50);
  });
});

describe("MESH-30K 3.2: one option does not bring another with it", () => {
  /** A lead whose agents are sent to at 400 ms, but the first, which is far, at 250 ms; the gather is over at 1,000. */
  function gathering(options: ReturnType<typeof optionsWith>, size: number) {
    const { host, agents, hear } = leadOn({ ...options, targetTime: "as-written" }, size);
    for (const [index, agent] of agents.entries()) hear(agent, { latencyMs: index === 0 ? 400 : 100 });
    host.deliver(1, coordinate({ depth: 1, windowMs: 500 }));
    host.finish();
    const answer = (count: number) => {
      for (const { to, message } of host.sentOf("COORDINATE").slice(0, count)) {
        host.deliver(to, acknowledge(message, to));
      }
    };
    return { host, answer };
  }

  it("gatherEnd repaired, delivery as-written: a gather that is extended sends nothing again", () => {
    const { host, answer } = gathering(optionsWith("as-written", { gatherEnd: "repaired" }), 10);
    host.advance(450);
    answer(5);
    host.advance(5_000);
    expect(host.sentOf("COORDINATE")).toHaveLength(10);
  });

  it("gatherEnd repaired, responseRate as-written: one early answer does not decide for those not sent to yet", () => {
    const { host, answer } = gathering(optionsWith("as-written", { gatherEnd: "repaired" }), 10);
    host.advance(300);
    answer(1);
    expect(host.factsOf("gather-ended")).toEqual([]);
  });

  it("humanTargets repaired, responseRate as-written: a lead of people alone does not fail the machines' quorum", () => {
    const { host } = leadOn(optionsWith("as-written", { humanTargets: "repaired" }), 3, "F");
    host.deliver(1, coordinate({ depth: 1, windowMs: 500 }));
    host.finish();
    host.advance(5_000);
    expect(host.sentOf("ACK")[0]!.message.trinaryState).toBe(1);
  });

  it("repaired: silent agents are sent to once more, not twice", () => {
    const { host, answer } = gathering(repaired, 10);
    host.advance(450);
    answer(5);
    host.advance(5_000);
    expect(host.sentOf("COORDINATE")).toHaveLength(15);
  });

  it("repaired: a gather does not wait when nobody is left to answer", () => {
    const { host, agents, hear } = leadOn({ ...repaired, targetTime: "as-written" }, 10);
    for (const [index, agent] of agents.entries()) hear(agent, { latencyMs: index === 0 ? 2_000 : 100 });
    host.deliver(1, coordinate({ depth: 1, windowMs: 500 }));
    host.finish();
    host.advance(450);
    for (const { to, message } of host.sentOf("COORDINATE")) host.deliver(to, acknowledge(message, to));
    expect(host.factsOf("gather-ended")).toHaveLength(1);
  });
});

describe("MESH-30K 3.3: a wave", () => {
  it("as-written: can pass the first level with coordinators that are near", () => {
    const mesh = new FakeMesh(shapeOf(3, 2, { A: 30 }), optionsWith("as-written"), { delayMs: 5, serviceMs: 10 });
    mesh.run(30_000);
    const order = { strategy: "wave", windowMs: 500, payloadWeight: 0, verb: "act", priority: 2 } as const;
    mesh.orchestrator.cascade(order);
    mesh.run(10_000);
    expect(mesh.hosts[0]!.factsOf("cascade-ended")[0]!.status).not.toBe("FAILED_AT_SECTOR");
  });
});

describe.each(VARIANTS)("contract, %s: the wall clock may be stepped, the oscillator goes on", (variant) => {
  it("an hour back, in the middle of a gather: what is due is sent, and the gather ends", () => {
    const { host, agents, hear } = leadOn(optionsWith(variant, { targetTime: "as-written" }), 3);
    for (const agent of agents) hear(agent);
    host.deliver(1, coordinate({ depth: 1, windowMs: 500 }));
    host.finish();
    host.advance(100);
    host.stepClock(-3_600_000);
    host.advance(5_000);
    expect(host.sentOf("COORDINATE").length).toBeGreaterThanOrEqual(3);
    expect(host.factsOf("gather-ended")).toHaveLength(1);
  });

  it("a minute forward: no agent that was just heard is offline", () => {
    const { host, agents, hear } = leadOn(optionsWith(variant), 3);
    host.advance(2_000);
    for (const agent of agents) hear(agent);
    host.stepClock(60_000);
    host.advance(1_000);
    expect(host.factsOf("agent-state")).toEqual([]);
  });

  it("50 years forward, once: the standard deviation is right again when the sample is gone", () => {
    // A board without a clock of its own wakes up in 1970 and learns the date from the network.
    const window = new SampleWindow(100);
    const latency = (index: number) => 20 + (index % 7);
    for (let i = 0; i < 20; i++) window.add(latency(i));
    window.add(1.7e12);
    const after = Array.from({ length: 100 }, (_, i) => latency(i));
    for (const sample of after) window.add(sample);
    expect(window.deviation()).toBeCloseTo(sampleStandardDeviation(after), 1);
  });
});

describe("MESH-30K 4: what is reported stays a number", () => {
  it("drift_coefficient, repaired: a perfectly steady latency of 0 has no drift", () => {
    const { host, report } = agentOn(repaired);
    for (let messageId = 0; messageId < 3; messageId++) {
      host.deliver(1, coordinate({ messageId, echoSentAtMs: 0, echoHeldMs: 0 }));
    }
    expect(report().driftCoefficient).toBe(0);
  });

  it("4.3: a cluster that has not heard of its agents yet does not hide the mean of all others", () => {
    const topology = new Topology(shapeOf(1, 2, { B: 60 }));
    const { host } = coordinatorOn(repaired, topology);
    host.deliver(topology.clusters[0]!.lead, clusterSummary(0, { meanImpedance: 100 }));
    host.deliver(topology.clusters[1]!.lead, clusterSummary(1, { meanImpedance: Number.NaN, activeCount: 0 }));
    host.advance(2_500);
    expect(host.sentOf("SECTOR_SUMMARY")[0]!.message.meanImpedance).toBe(100);
  });

  it("4.3: nor does a sector", () => {
    const { host, orchestrator } = orchestratorOn(repaired, new Topology(shapeOf(2, 1, { B: 60 })));
    host.deliver(1, sectorSummary(0, { meanImpedance: 100 }));
    host.deliver(2, sectorSummary(1, { meanImpedance: Number.NaN, totalAgents: 0, activeAgents: 0 }));
    expect(orchestrator.status().meanImpedance).toBe(100);
  });

  it("4.1: success_rate_last_hour forgets a failure after an hour without messages", () => {
    const { host, report } = agentOn(repaired);
    host.deliver(1, coordinate());
    host.finish("expired");
    host.advance(2 * 3_600_000);
    expect(report().reliabilityScore).toBe(1);
  });
});

describe("MESH-30K 4.3: routing across the mesh", () => {
  it("2.1: a coordinator routes within its own sector when the orchestrator is unavailable", () => {
    const topology = new Topology(shapeOf(2, 1, { B: 6 }));
    const { host, coordinator } = coordinatorOn(repaired, topology);
    const agent = impedanceOf(topology.clusters[0]!.firstAgent, { processingMs: 50, processingSamples: 10 });
    const summary: MeshMessage = clusterSummary(0, { bestByCapability: new Map([["api", agent]]) });
    host.deliver(topology.clusters[0]!.lead, summary);
    coordinator.submit(TASK);
    expect(host.sentOf("COORDINATE").map(({ to }) => to)).toEqual([agent.agentId]);
  });

  it("repaired: an agent whose work was never measured is not passed over for one four times as slow", () => {
    const topology = new Topology(shapeOf(1, 2, { B: 6 }));
    const { host, coordinator } = coordinatorOn(repaired, topology);
    const clusters = [100, 400].map((impedanceScore, index) => {
      const agent = impedanceOf(topology.clusters[index]!.firstAgent, { impedanceScore });
      return clusterSummary(index, { bestByCapability: new Map([["api", agent]]) });
    });
    host.deliver(0, { type: "MAP", clusterCount: 2, index: new CapabilityIndex(clusters), circuits: [] });
    for (let i = 0; i < 2; i++) {
      coordinator.submit(TASK);
      const { to, message } = host.sentOf("COORDINATE").at(-1)!;
      host.advance(100);
      host.deliver(to, acknowledge(message, to, { heldMs: 50 }));
    }
    expect(host.sentOf("COORDINATE").map(({ to }) => topology.clusterOf(to).index)).toEqual([0, 0]);
  });
});

describe("MESH-30K 5.1 and 6.1: contexts", () => {
  it("after two syncs that went to the agents directly, their leads know the context", () => {
    const mesh = new FakeMesh(shapeOf(1, 1, { B: 4 }), repaired, { delayMs: 10, serviceMs: 10 });
    mesh.run(20_000);
    const order = { strategy: "parallel", windowMs: 500, payloadWeight: 0, verb: "sync", priority: 3 } as const;
    for (let i = 0; i < 2; i++) {
      mesh.orchestrator.cascade(order);
      mesh.run(5_000);
    }
    mesh.leads[0]!.submit(TASK);
    mesh.run(1_000);
    const task = mesh.hosts
      .flatMap((host) => host.factsOf("ready"))
      .find((fact) => fact.message.payload === TASK.payload);
    expect(task?.trinaryState).toBe(1);
  });
});
