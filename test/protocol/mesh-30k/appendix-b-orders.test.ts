import { describe, expect, it } from "vitest";
import { CapabilityIndex } from "../../../protocol/mesh-30k/capability-index.js";
import type { CircuitOrder, FreezeOrder, Scope } from "../../../protocol/mesh-30k/messages.js";
import { Topology } from "../../../protocol/mesh-30k/topology.js";
import { FakeMesh } from "./fake-mesh.js";
import {
  agentOn,
  clusterSummary,
  coordinate,
  coordinatorOn,
  impedanceOf,
  leadOn,
  optionsWith,
  orchestratorOn,
  shapeOf,
  TASK,
  VARIANTS,
} from "./fixtures.js";

const freeze: FreezeOrder = { type: "FREEZE", thaw: false, scope: "global", targetId: 0 };
const thaw: FreezeOrder = { ...freeze, thaw: true };

describe.each(VARIANTS)("MESH-30K appendix B, %s: FREEZE halts and keeps everything", (variant) => {
  const options = optionsWith(variant);

  it("an agent holds what comes while it is frozen, and works it off in order after the thaw", () => {
    const { host } = agentOn(options);
    host.deliver(1, freeze);
    for (let messageId = 0; messageId < 5; messageId++) host.deliver(1, coordinate({ messageId }));
    expect(host.jobs).toEqual([]);
    host.advance(60_000);
    host.deliver(1, thaw);
    while (host.jobs.length > 0) host.finish();
    expect(host.sentOf("ACK").map(({ message }) => message.messageId)).toEqual([0, 1, 2, 3, 4]);
  });

  it("what was in work when the order came is finished and answered", () => {
    const { host } = agentOn(options);
    host.deliver(1, coordinate());
    host.deliver(1, freeze);
    host.finish();
    expect(host.sentOf("ACK")).toHaveLength(1);
  });

  it("an order that comes twice changes nothing more", () => {
    const { host } = agentOn(options);
    host.deliver(1, freeze);
    host.deliver(1, coordinate());
    host.deliver(1, freeze);
    host.deliver(1, thaw);
    host.deliver(1, thaw);
    expect(host.jobs).toHaveLength(1);
  });

  it("a frozen agent still gives signs of life", () => {
    const { host } = agentOn(options);
    host.deliver(1, freeze);
    host.advance(15_000);
    expect(host.sentOf("HEARTBEAT")).toHaveLength(3);
  });

  it("a lead passes the order to its agents, holds tasks, and routes them after the thaw", () => {
    const { host, lead, agents, hear } = leadOn(options, 3);
    for (const agent of agents) hear(agent);
    host.deliver(1, freeze);
    expect(host.sentOf("FREEZE").map(({ to, message }) => [to, message.thaw])).toEqual(agents.map((a) => [a, false]));
    for (let i = 0; i < 4; i++) lead.submit({ ...TASK, payload: `task ${i}` });
    host.advance(60_000);
    expect(host.sentOf("COORDINATE")).toEqual([]);
    for (const agent of agents) hear(agent);
    host.deliver(1, thaw);
    expect(
      host
        .sentOf("FREEZE")
        .slice(3)
        .map(({ message }) => message.thaw),
    ).toEqual([true, true, true]);
    expect(host.sentOf("COORDINATE").map(({ message }) => message.payload)).toEqual(
      [0, 1, 2, 3].map((i) => `task ${i}`),
    );
  });

  it("an orchestrator starts no cascade while the mesh is frozen, and does after", () => {
    const { host, orchestrator } = orchestratorOn(options, new Topology(shapeOf(2, 1, { A: 4 })));
    const order = { strategy: "parallel", windowMs: 500, payloadWeight: 0, verb: "act", priority: 2 } as const;
    orchestrator.freeze(freeze);
    expect(host.sentOf("FREEZE").map(({ to }) => to)).toEqual([1, 2]);
    expect(orchestrator.cascade(order)).toBe(false);
    expect(host.factsOf("cascade-started")).toEqual([]);
    orchestrator.freeze(thaw);
    expect(orchestrator.cascade(order)).toBe(true);
  });

  it("through a whole mesh: every task given before, during and after is worked off once", () => {
    const mesh = new FakeMesh(shapeOf(2, 2, { B: 12 }), options, { delayMs: 20, serviceMs: 40 });
    mesh.run(20_000);
    const give = (name: string) => {
      for (const [index, lead] of mesh.leads.entries()) lead.submit({ ...TASK, payload: `${name} ${index}` });
    };
    give("before");
    mesh.orchestrator.freeze(freeze);
    mesh.run(100);
    give("during");
    mesh.run(2_000);
    const frozen = mesh.hosts.flatMap((host) => host.factsOf("ready").map(({ message }) => message.payload));
    expect(frozen.filter((payload) => payload.startsWith("during"))).toEqual([]);
    mesh.orchestrator.freeze(thaw);
    mesh.run(200);
    give("after");
    mesh.run(6_000);
    const worked = mesh.hosts.flatMap((host) => host.factsOf("ready").map(({ message }) => message.payload));
    const expected = ["after", "before", "during"].flatMap((name) => [0, 1, 2, 3].map((index) => `${name} ${index}`));
    expect(worked.sort()).toEqual(expected);
  });
});

describe.each(VARIANTS)("MESH-30K appendix B, %s: CIRCUIT cuts a part of the mesh off from new work", (variant) => {
  const options = optionsWith(variant);
  const order = (action: CircuitOrder["action"], scope: Scope, targetId: number): CircuitOrder => ({
    type: "CIRCUIT",
    action,
    scope,
    targetId,
    byHand: true,
    reason: "test",
  });
  const scopes: [Scope, number, number][] = [
    ["cluster", 0, 1],
    ["sector", 0, 1],
    ["global", 0, 0],
  ];

  it.each(scopes)("scope %s: a lead routes nothing while it is open, and again once it is closed", (scope, own) => {
    const { host, lead, agents, hear } = leadOn(options, 1);
    hear(agents[0]!);
    host.deliver(1, order("OPEN", scope, own));
    lead.submit(TASK);
    expect(host.sentOf("COORDINATE")).toEqual([]);
    expect(host.factsOf("no-capable-agent")).toHaveLength(1);
    host.deliver(1, order("CLOSE", scope, own));
    lead.submit(TASK);
    expect(host.sentOf("COORDINATE")).toHaveLength(1);
  });

  it.each(scopes.filter(([scope]) => scope !== "global"))(
    "scope %s: another one's breaker does not concern a lead",
    (scope, _, other) => {
      const { host, lead, agents, hear } = leadOn(options, 1);
      hear(agents[0]!);
      host.deliver(1, order("OPEN", scope, other));
      lead.submit(TASK);
      expect(host.sentOf("COORDINATE")).toHaveLength(1);
    },
  );

  it("HALF_OPEN lets traffic through", () => {
    const { host, lead, agents, hear } = leadOn(options, 1);
    hear(agents[0]!);
    host.deliver(1, order("OPEN", "cluster", 0));
    host.deliver(1, order("HALF_OPEN", "cluster", 0));
    lead.submit(TASK);
    expect(host.sentOf("COORDINATE")).toHaveLength(1);
  });

  /** Two sectors of two clusters; cluster 0 is the best for the task, then 1, 2 and 3. */
  function coordinator() {
    const topology = new Topology(shapeOf(2, 2, { B: 12 }));
    const { host, coordinator } = coordinatorOn(options, topology);
    const clusters = topology.clusters.map(({ index, firstAgent }) => {
      const agent = impedanceOf(firstAgent, {
        impedanceScore: 100 + 80 * index,
        processingMs: 1,
        processingSamples: 10,
      });
      return clusterSummary(index, { bestByCapability: new Map([["api", agent]]) });
    });
    for (const { index, lead } of topology.clusters.slice(0, 2)) host.deliver(lead, clusters[index]!);
    host.deliver(0, { type: "MAP", clusterCount: clusters.length, index: new CapabilityIndex(clusters), circuits: [] });
    const route = () => {
      const count = host.sentOf("COORDINATE").length;
      coordinator.submit(TASK);
      return host
        .sentOf("COORDINATE")
        .slice(count)
        .map(({ to }) => topology.clusterOf(to).index);
    };
    return { host, route, topology };
  }

  it.each([
    ["cluster", 0, [1]],
    ["sector", 0, [2]],
    ["global", 0, []],
  ] as [Scope, number, number[]][])("scope %s: a coordinator routes around what is open", (scope, target, around) => {
    const { host, route } = coordinator();
    expect(route()).toEqual([0]);
    host.deliver(0, order("OPEN", scope, target));
    expect(route()).toEqual(around);
    host.deliver(0, order("CLOSE", scope, target));
    expect(route()).toEqual([0]);
  });

  it("closing one breaker leaves another open", () => {
    const { host, route } = coordinator();
    host.deliver(0, order("OPEN", "sector", 0));
    host.deliver(0, order("OPEN", "cluster", 2));
    host.deliver(0, order("CLOSE", "cluster", 2));
    expect(route()).toEqual([2]);
  });

  it("the order goes from the orchestrator to every sector, and from there to every lead", () => {
    const { host, orchestrator } = orchestratorOn(options, new Topology(shapeOf(2, 2, { B: 12 })));
    orchestrator.setCircuit(order("OPEN", "sector", 1));
    expect(host.sentOf("CIRCUIT").map(({ to }) => to)).toEqual([1, 2]);
    const below = coordinator();
    below.host.deliver(0, order("OPEN", "sector", 1));
    const leads = below.topology.clusters.slice(0, 2).map(({ lead }) => lead);
    expect(below.host.sentOf("CIRCUIT").map(({ to }) => to)).toEqual(leads);
    // One of a cluster goes to the lead of that cluster alone.
    below.host.deliver(0, order("OPEN", "cluster", 3));
    below.host.deliver(0, order("OPEN", "cluster", 1));
    expect(below.host.sentOf("CIRCUIT").map(({ to }) => to)).toEqual([...leads, leads[1]]);
  });
});

describe("MESH-30K appendix B: a repeated message (option delivery)", () => {
  const repeat = (variant: "as-written" | "repaired", between: (host: ReturnType<typeof agentOn>["host"]) => void) => {
    const { host } = agentOn(optionsWith(variant));
    host.deliver(1, coordinate({ messageId: 77 }));
    between(host);
    host.deliver(1, coordinate({ messageId: 77 }));
    return host;
  };

  it("repaired: is not worked on twice; the stored answer is sent again", () => {
    const host = repeat("repaired", (h) => h.finish());
    expect(host.jobs).toEqual([]);
    expect(host.sentOf("ACK")).toHaveLength(2);
    expect(host.sentOf("ACK")[1]!.message).toMatchObject({ messageId: 77, trinaryState: 1 });
    expect(host.factsOf("ready")).toHaveLength(1);
  });

  it("repaired: while the first is in work, is left to it", () => {
    const host = repeat("repaired", () => undefined);
    expect(host.jobs).toHaveLength(1);
    host.finish();
    expect(host.sentOf("ACK")).toHaveLength(1);
  });

  it("repaired: is recognised after a few others", () => {
    const host = repeat("repaired", (h) => {
      for (let messageId = 0; messageId < 7; messageId++) h.deliver(1, coordinate({ messageId }));
      while (h.jobs.length > 0) h.finish();
    });
    expect(host.jobs).toEqual([]);
    expect(host.sentOf("ACK").at(-1)!.message.messageId).toBe(77);
  });

  it("as-written: is worked on and answered twice", () => {
    const host = repeat("as-written", (h) => h.finish());
    host.finish();
    expect(host.sentOf("ACK")).toHaveLength(2);
    expect(host.factsOf("ready")).toHaveLength(2);
  });

  it.each([
    ["as-written", 2],
    ["repaired", 1],
  ] as const)("%s: a lead that is told twice to gather does so %d times", (variant, times) => {
    const { host, hear, agents } = leadOn(optionsWith(variant), 1);
    hear(agents[0]!);
    for (let i = 0; i < 2; i++) host.deliver(1, coordinate({ messageId: 77, depth: 1, remainingMs: 500 }));
    while (host.jobs.length > 0) host.finish();
    host.advance(450);
    expect(host.sentOf("COORDINATE")).toHaveLength(times);
  });
});
