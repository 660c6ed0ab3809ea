import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ConflictEvidence } from "../../../protocol/mesh-30k/conflicts/conflict-messages.js";
import { payloadHash } from "../../../protocol/mesh-30k/integrity.js";
import type { Coordinate, TrinaryState } from "../../../protocol/mesh-30k/messages.js";
import { DEFAULT_REQUIREMENT, type QuorumDecision, trinaryQuorum } from "../../../protocol/mesh-30k/quorum.js";
import { FakeMesh } from "./fake-mesh.js";
import { acknowledge, agentOn, coordinate, leadOn, optionsWith, shapeOf, TASK, VARIANTS } from "./fixtures.js";

describe("MESH-30K 5.2: trinary_quorum_check", () => {
  it("asks for 95 % READY, at most 5 % in conflict and 10 % in transit", () => {
    expect(DEFAULT_REQUIREMENT).toEqual({ readyRate: 0.95, maxConflictRate: 0.05, maxTransitRate: 0.1 });
  });

  type Row = [name: string, ready: number, conflict: number, transit: number, decision: QuorumDecision];
  const rows: Row[] = [
    ["everybody READY", 100, 0, 0, "PROCEED"],
    ["exactly 95 % READY, the rest in transit", 95, 0, 5, "PROCEED"],
    ["exactly 95 % READY, exactly 5 % in conflict", 95, 5, 0, "PROCEED"],
    ["one READY too few", 94, 0, 6, "RETRY"],
    ["exactly 10 % in transit are not too many", 90, 0, 10, "RETRY"],
    ["one more in transit", 89, 0, 11, "WAIT"],
    ["in transit comes before conflicts", 80, 9, 11, "WAIT"],
    ["one conflict too many", 94, 6, 0, "RESOLVE_CONFLICTS"],
    ["conflicts, with as many in transit as are tolerated", 84, 6, 10, "RESOLVE_CONFLICTS"],
    ["exactly 5 % in conflict, too few READY", 90, 5, 5, "RETRY"],
    ["nobody answers", 0, 0, 100, "WAIT"],
    ["everybody in conflict", 0, 100, 0, "RESOLVE_CONFLICTS"],
  ];

  it.each(rows)("%s (+1: %d, -1: %d, 0: %d): %s", (_, ready, conflict, transit, decision) => {
    const result = trinaryQuorum(ready + conflict + transit, ready, conflict, DEFAULT_REQUIREMENT);
    expect(result).toMatchObject({ decision, achieved: decision === "PROCEED" });
  });

  it("is as confident as the READY rate less half the conflict rate", () => {
    expect(trinaryQuorum(100, 95, 5, DEFAULT_REQUIREMENT).confidence).toBeCloseTo(0.925, 12);
    expect(trinaryQuorum(100, 94, 0, DEFAULT_REQUIREMENT).confidence).toBe(0);
  });

  /** The document's function, word for word. */
  function naive(states: readonly TrinaryState[]): QuorumDecision {
    const rate = (state: TrinaryState) => states.filter((other) => other === state).length / states.length;
    if (rate(1) >= 0.95 && rate(-1) <= 0.05) return "PROCEED";
    if (!(rate(1) >= 0.95) && rate(0) > 0.1) return "WAIT";
    if (rate(-1) > 0.05) return "RESOLVE_CONFLICTS";
    return "RETRY";
  }

  it("decides as the document's function does on the answers one by one", () => {
    const mostlyReady = fc.array(
      fc.oneof(
        { weight: 30, arbitrary: fc.constant<TrinaryState>(1) },
        { weight: 1, arbitrary: fc.constant<TrinaryState>(-1) },
        { weight: 2, arbitrary: fc.constant<TrinaryState>(0) },
      ),
      { minLength: 1, maxLength: 300 },
    );
    const anything = fc.array(fc.constantFrom<TrinaryState>(1, 0, -1), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(fc.oneof(mostlyReady, anything), (states) => {
        const count = (state: TrinaryState) => states.filter((other) => other === state).length;
        const { decision } = trinaryQuorum(states.length, count(1), count(-1), DEFAULT_REQUIREMENT);
        expect(decision).toBe(naive(states));
      }),
      { numRuns: 500 },
    );
  });
});

describe.each(VARIANTS)("MESH-30K 5.1, %s: an agent answers -1, with the reason", (variant) => {
  function answerTo(...messages: readonly Partial<Coordinate>[]) {
    const { host } = agentOn(optionsWith(variant));
    for (const [messageId, changes] of messages.entries()) {
      host.deliver(1, coordinate({ messageId, ...changes }));
      host.finish();
    }
    return { ...host.sentOf("ACK").at(-1)!.message, fact: host.factsOf("ready").at(-1)! };
  }
  /** Each map is a cascade of its own. */
  const sync = (payload: string): Partial<Coordinate> => ({
    correlationId: 16 * Number(payload.slice("map ".length)),
    verb: "sync",
    payload,
  });

  it("HASH_MISMATCH: when the payload is not what was sent", () => {
    const answer = answerTo({ payload: "turn the kez", payloadHash: payloadHash("turn the key") });
    expect(answer).toMatchObject({ trinaryState: -1, conflict: { type: "HASH_MISMATCH" }, fact: { trinaryState: -1 } });
    expect(answer.conflict).toMatchObject({
      expected: String(payloadHash("turn the key")),
      received: String(payloadHash("turn the kez")),
    });
  });

  it("CAPABILITY_MISMATCH: when it is asked to do what it cannot", () => {
    expect(answerTo({ requiresCapabilities: ["api", "vision"] }).conflict).toMatchObject({
      type: "CAPABILITY_MISMATCH",
      expected: "vision",
      received: "api, database, integration",
    });
  });

  it("CONTEXT_DIVERGENCE: when the sender takes it to have another context", () => {
    expect(answerTo({ contextHash: 12 }).conflict).toEqual({
      type: "CONTEXT_DIVERGENCE",
      expected: "12",
      received: "0",
      held: { contextHash: 0, stamp: 0, source: 9 },
    });
  });

  it("a damaged payload is told before anything else, and is never taken for a context", () => {
    const damaged = { ...sync("map 2"), payloadHash: 1, requiresCapabilities: ["vision"] };
    expect(answerTo(damaged).conflict).toMatchObject({ type: "HASH_MISMATCH" });
    expect(answerTo(damaged, { contextHash: 0 })).toMatchObject({ trinaryState: 1 });
  });

  it("READY: for a sync from whatever context, and then in the new context and the one before", () => {
    expect(answerTo({ ...sync("map 1"), contextHash: 99 })).toMatchObject({ trinaryState: 1, conflict: undefined });
    const [one, two] = [payloadHash("map 1"), payloadHash("map 2")];
    expect(answerTo(sync("map 1"), sync("map 2"), { contextHash: two })).toMatchObject({ trinaryState: 1 });
    expect(answerTo(sync("map 1"), sync("map 2"), { contextHash: one })).toMatchObject({ trinaryState: 1 });
    expect(answerTo(sync("map 1"), sync("map 2"), { contextHash: 0 })).toMatchObject({ trinaryState: -1 });
  });

  it("a conflict is work done, not a failure: the agent's success rate stays", () => {
    const { host, report } = agentOn(optionsWith(variant));
    host.deliver(1, coordinate({ contextHash: 12 }));
    host.finish();
    expect(report().reliabilityScore).toBe(1);
  });
});

describe.each(VARIANTS)("MESH-30K 6.1, %s: a lead restores a diverged context", (variant) => {
  /** The agent never had a context. */
  const evidence = (conflictId: number): ConflictEvidence => ({
    type: "CONFLICT_EVIDENCE",
    conflictId,
    lineage: [0, 0],
    stamp: 0,
    payload: undefined,
    source: 3,
    takenStamp: 0,
    known: undefined,
    wallMs: 0,
    lamport: 1,
  });
  const divergence = { type: "CONTEXT_DIVERGENCE", expected: "1", received: "2" } as const;

  it("by sending the agent the known-good one", () => {
    const { host, lead, agents, hear } = leadOn(optionsWith(variant), 1);
    const agent = agents[0]!;
    hear(agent);
    host.deliver(1, coordinate({ depth: 1, verb: "sync", payload: "map 1", remainingMs: 500 }));
    host.finish();
    host.advance(450);
    host.deliver(agent, acknowledge(host.sentOf("COORDINATE")[0]!.message, agent));
    host.advance(5_000);
    lead.submit(TASK);
    const task = host.sentOf("COORDINATE").at(-1)!.message;
    expect(task.contextHash).toBe(payloadHash("map 1"));
    host.deliver(agent, acknowledge(task, agent, { trinaryState: -1, conflict: divergence }));
    if (variant === "repaired") {
      const { to, message } = host.sentOf("CONFLICT_TRACE")[0]!;
      expect(to).toBe(agent);
      host.deliver(agent, evidence(message.conflictId));
    }
    expect(host.sentOf("COORDINATE").at(-1)).toMatchObject({
      to: agent,
      message: { verb: "sync", payload: "map 1", priority: 3, routingStrategy: "direct" },
    });
  });

  it("has nothing to send before there was a context", () => {
    const { host, lead, agents, hear } = leadOn(optionsWith(variant), 1);
    hear(agents[0]!);
    lead.submit(TASK);
    const { to, message } = host.sentOf("COORDINATE")[0]!;
    host.deliver(to, acknowledge(message, to, { trinaryState: -1, conflict: divergence }));
    expect(host.sentOf("COORDINATE")).toHaveLength(1);
  });

  it("an agent that missed two syncs works again after the first conflict", () => {
    const mesh = new FakeMesh(shapeOf(1, 1, { B: 20 }), optionsWith(variant, { processingEstimate: "repaired" }), {
      delayMs: 10,
      serviceMs: 10,
    });
    const lost = 3;
    mesh.run(6_000);
    mesh.loses = ({ to, message }) => to === lost && message.type === "COORDINATE";
    for (const [messageId, payload] of ["map 1", "map 2"].entries()) {
      const message = coordinate({ messageId, correlationId: 16 + messageId, verb: "sync", payload, depth: 1 });
      mesh.hosts[2]!.deliver(1, { ...message, remainingMs: 500 });
      mesh.run(4_000);
    }
    mesh.loses = () => false;
    for (let i = 0; i < 2; i++) {
      mesh.hosts[2]!.deliver(1, coordinate({ messageId: 10 + i, correlationId: 32 + i, depth: 1, remainingMs: 500 }));
      mesh.run(4_000);
    }
    const states = mesh.hosts[lost]!.factsOf("ready").map(({ message, trinaryState }) => [message.verb, trinaryState]);
    expect(states).toEqual([
      ["act", -1],
      ["sync", 1],
      ["act", 1],
    ]);
  });
});
