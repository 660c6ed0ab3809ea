/** MESH-30K 5.1 and 8.1: what is logged, what is held back, in which order it is resolved, and who is told. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { driftingClock } from "../../../protocol/mesh-30k/conflicts/clock-comparison.js";
import { ConflictHandler } from "../../../protocol/mesh-30k/conflicts/conflict-handler.js";
import { RETAINED } from "../../../protocol/mesh-30k/conflicts/conflict-log.js";
import {
  conflictPriority,
  DEADLINE_MS,
  ESCALATED_FROM,
} from "../../../protocol/mesh-30k/conflicts/conflict-priority.js";
import { conflictId, ownerOf } from "../../../protocol/mesh-30k/conflicts/conflict-record.js";
import type { Finding } from "../../../protocol/mesh-30k/conflicts/finding.js";
import { KnownSyncs } from "../../../protocol/mesh-30k/conflicts/known-syncs.js";
import { authorOf, LamportClock, stampOf, timeOf } from "../../../protocol/mesh-30k/conflicts/lamport.js";
import { isStronger } from "../../../protocol/mesh-30k/conflicts/provenance.js";
import { MOST_CASES } from "../../../protocol/mesh-30k/conflicts/quarantine.js";
import { convergencePoint, reconcile } from "../../../protocol/mesh-30k/conflicts/reconcile.js";
import { STRATEGIES } from "../../../protocol/mesh-30k/conflicts/resolution-strategy.js";
import { payloadHash } from "../../../protocol/mesh-30k/integrity.js";
import type { ConflictType } from "../../../protocol/mesh-30k/messages.js";
import { acknowledge, coordinate, leadOn, optionsWith, TASK, VARIANTS } from "./fixtures.js";

function finding(changes: Partial<Finding> = {}, type: ConflictType = "HASH_MISMATCH"): Finding {
  const detail = { type, expected: "1", received: "2" };
  return { agentId: 9, messageId: 1, detail, divergenceDepth: 0, affectedAgents: 1, work: undefined, ...changes };
}

describe("MESH-30K 5.1: classify_conflict_priority", () => {
  type Row = [type: ConflictType, depth: number, affected: number, priority: number];
  it.each<Row>([
    ["CONTEXT_DIVERGENCE", 10, 0, 2],
    ["CONTEXT_DIVERGENCE", 11, 0, 3],
    ["DATA_CONTRADICTION", 0, 100, 2],
    ["DATA_CONTRADICTION", 0, 101, 3],
    ["TEMPORAL_PARADOX", 0, 0, 4],
    ["CAPABILITY_MISMATCH", 99, 999, 1],
    ["HASH_MISMATCH", 0, 0, 4],
  ])("%s, %d syncs apart, %d agents affected: %d", (type, divergenceDepth, affectedAgents, priority) => {
    const { record } = new ConflictHandler(2).report(finding({ divergenceDepth, affectedAgents }, type), 0, 1)!;
    expect(conflictPriority(record)).toBe(priority);
  });

  it("3 within a minute, 2 within ten, 1 within an hour, 0 when convenient; 3 to the sector, 4 to the orchestrator", () => {
    expect(DEADLINE_MS).toEqual({ 0: Number.POSITIVE_INFINITY, 1: 3_600_000, 2: 600_000, 3: 60_000, 4: 10_000 });
    expect(ESCALATED_FROM).toMatchObject({ lead: 3, sector: 4 });
  });
});

describe("MESH-30K 5.1: suggest_resolution", () => {
  it("names the document's three methods, with its steps", () => {
    expect(STRATEGIES.CONTEXT_DIVERGENCE).toMatchObject({ method: "BRANCH_AND_RECONCILE" });
    expect(STRATEGIES.CONTEXT_DIVERGENCE.steps).toContain("Human review of irreconcilable differences");
    expect(STRATEGIES.DATA_CONTRADICTION).toMatchObject({ method: "PROVENANCE_TRACE" });
    expect(STRATEGIES.DATA_CONTRADICTION.steps).toContain("Prefer value with stronger provenance");
    expect(STRATEGIES.TEMPORAL_PARADOX).toMatchObject({ method: "CLOCK_RECONCILIATION" });
    expect(STRATEGIES.TEMPORAL_PARADOX.steps).toContain("Check Lamport timestamps");
  });
});

describe("MESH-30K 5.1: the record", () => {
  it("has the fields of ConflictRecord, cannot be changed, and its id names who logged it", () => {
    const handler = new ConflictHandler(7);
    const { record } = handler.report(finding({ messageId: 77 }), 1_234, 56)!;
    expect(record).toEqual({
      conflictId: 7 * 4294967296,
      timestampMs: 1_234,
      lamport: 56,
      agentId: 9,
      messageId: 77,
      conflictType: "HASH_MISMATCH",
      conflictingValues: ["1", "2"],
      agentContextHash: 0,
      divergenceDepth: 0,
      affectedAgents: 1,
    });
    expect(() => Object.assign(record, { agentId: 1 })).toThrow(TypeError);
    expect(ownerOf(conflictId(1_000_000, 4294967295))).toBe(1_000_000);
  });

  it("of one message is logged once", () => {
    const handler = new ConflictHandler(7);
    expect(handler.report(finding(), 0, 1)).toBeDefined();
    expect(handler.report(finding(), 5, 2)).toBeUndefined();
    expect(handler.log.count).toBe(1);
  });
});

describe("MESH-30K 8.1: the conflict store", () => {
  it("is queryable by time, agent and type", () => {
    const handler = new ConflictHandler(7);
    const types = ["HASH_MISMATCH", "TEMPORAL_PARADOX", "HASH_MISMATCH"] as const;
    types.forEach((type, i) => {
      handler.report(finding({ messageId: i, agentId: 9 + (i % 2) }, type), 1_000 * i, i);
    });
    const idsOf = (query: Parameters<typeof handler.log.query>[0]) =>
      handler.log.query(query).map(({ messageId }) => messageId);
    expect(idsOf({})).toEqual([0, 1, 2]);
    expect(idsOf({ fromMs: 1_000 })).toEqual([1, 2]);
    expect(idsOf({ fromMs: 1_000, untilMs: 2_000 })).toEqual([1]);
    expect(idsOf({ agentId: 9 })).toEqual([0, 2]);
    expect(idsOf({ conflictType: "TEMPORAL_PARADOX" })).toEqual([1]);
  });

  it("keeps so many records at hand, counts the others as archived, and lets no open case go with them", () => {
    const handler = new ConflictHandler(7);
    for (let i = 0; i < RETAINED + 500; i++) {
      const { matter } = handler.report(finding({ messageId: i }), i, i)!;
      if (i > 0) handler.settle(matter);
    }
    expect(handler.log.query({})).toHaveLength(RETAINED);
    expect([handler.log.count, handler.log.archived]).toEqual([RETAINED + 500, 500]);
    expect(handler.quarantine.members).toBe(1);
    expect(handler.queue.pop()!.record.messageId).toBe(0);
  });
});

describe("MESH-30K 5.1: a case that the other process of the office hands over", () => {
  it("is not opened again where it is open, although its record is in the archive", () => {
    const handler = new ConflictHandler(7);
    const { matter } = handler.report(finding({ messageId: 0 }), 0, 0)!;
    for (let i = 1; i <= RETAINED; i++) handler.settle(handler.report(finding({ messageId: i }), i, i)!.matter);
    expect(handler.log.has(matter.id)).toBe(false);
    expect(handler.inherit(matter.toSave(), 0)).toBeUndefined();
    expect(handler.quarantine.members).toBe(1);
  });

  it("is not opened again where an earlier process of the node has settled it", () => {
    const handler = new ConflictHandler(7);
    const { matter } = handler.report(finding(), 0, 1)!;
    handler.settle(matter);
    const { id: conflictId } = matter;
    handler.settlements.note({ conflictId, outcome: "converged", stands: undefined, isLogged: true });
    const next = new ConflictHandler(7);
    next.restore(handler.durable(), 0);
    expect(next.inherit(matter.toSave(), 0)).toBeUndefined();
    expect(next.quarantine.size).toBe(0);
  });
});

describe("MESH-30K 5.1: the resolution queue", () => {
  it("hands out by priority, then age, whatever the order in which things come and are settled", () => {
    const types: ConflictType[] = ["HASH_MISMATCH", "CAPABILITY_MISMATCH", "CONTEXT_DIVERGENCE"];
    const step = fc.record({ type: fc.constantFrom(...types), isPop: fc.boolean(), settles: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const handler = new ConflictHandler(7);
        const waiting: { id: number; priority: number }[] = [];
        steps.forEach(({ type, isPop, settles }, messageId) => {
          const detail = { type, expected: String(messageId), received: "x" };
          const { matter } = handler.report(finding({ messageId, detail }), 0, 1)!;
          if (settles) handler.settle(matter);
          else waiting.push({ id: matter.id, priority: matter.priority });
          if (!isPop) return;
          waiting.sort((a, b) => b.priority - a.priority || a.id - b.id);
          expect(handler.queue.pop()?.id).toBe(waiting.shift()?.id);
        });
      }),
    );
  });
});

describe("MESH-30K 5.1: the quarantine", () => {
  it("takes what one agent reports of the same two contexts for one case, and what it reports of messages apart", () => {
    const handler = new ConflictHandler(7);
    for (let messageId = 0; messageId < 10; messageId++) {
      handler.report(finding({ messageId }, "CONTEXT_DIVERGENCE"), 0, 1);
      handler.report(finding({ messageId: 100 + messageId }, "HASH_MISMATCH"), 0, 1);
    }
    expect([handler.log.count, handler.quarantine.members, handler.quarantine.size]).toEqual([20, 20, 11]);
  });

  it("logged = settled + held at any time", () => {
    const step = fc.record({ agentId: fc.integer({ min: 0, max: 3 }), settles: fc.option(fc.nat(30)) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        const handler = new ConflictHandler(7);
        const matters = new Set<ReturnType<typeof handler.quarantine.of>>();
        let settled = 0;
        steps.forEach(({ agentId, settles }, messageId) => {
          matters.add(handler.report(finding({ agentId, messageId }, "TEMPORAL_PARADOX"), 0, 1)!.matter);
          const matter = settles === null ? undefined : [...matters][settles];
          const { members = 0 } = matter ?? {};
          if (matter !== undefined && handler.settle(matter)) settled += members;
          expect(handler.log.count).toBe(settled + handler.quarantine.members);
        });
      }),
    );
  });
});

describe.each(VARIANTS)("a conflict storm at one lead, %s", (variant) => {
  it("40,000 conflicts at once are all logged and held, in bounded memory, and the oldest critical one comes first", () => {
    const { host, agents, lead } = leadOn(optionsWith(variant), 30);
    const storm = 40_000;
    for (let i = 0; i < storm; i++) {
      const agent = agents[i % agents.length]!;
      const conflict = { type: "HASH_MISMATCH", expected: "1", received: "2" } as const;
      const message = coordinate({ messageId: 10_000 + i, correlationId: -1 });
      host.deliver(agent, acknowledge(message, agent, { trinaryState: -1, conflict }));
    }
    const logged = host.factsOf("conflict-logged");
    expect(logged).toHaveLength(storm);
    expect(logged.at(-1)!.held).toBe(storm);
    expect(new Set(logged.map(({ caseId }) => caseId)).size).toBe(MOST_CASES + agents.length);
    expect(host.sentOf("CONFLICT").length).toBeGreaterThanOrEqual(MOST_CASES + agents.length);
    expect(lead).toBeDefined();
  });
});

describe("Lamport time (5.1, Check Lamport timestamps)", () => {
  it("an effect bears a greater number than its cause", () => {
    const [a, b] = [new LamportClock(), new LamportClock()];
    b.hear(a.tick());
    expect(b.tick()).toBeGreaterThan(a.time);
    a.hear(1_000_000);
    expect(a.tick()).toBe(1_000_002);
  });

  it("a stamp holds time and author exactly, and orders by time, then author", () => {
    const time = fc.integer({ min: 1, max: 2 ** 32 - 1 });
    const author = fc.integer({ min: 0, max: 2 ** 21 - 1 });
    fc.assert(
      fc.property(time, author, time, author, (t1, a1, t2, a2) => {
        const [one, two] = [stampOf(t1, a1), stampOf(t2, a2)];
        expect([timeOf(one), authorOf(one)]).toEqual([t1, a1]);
        expect(one < two).toBe(t1 < t2 || (t1 === t2 && a1 < a2));
      }),
    );
  });

  it("every coordination message and its answer carry it, and the answer's is the greater", () => {
    const { host, lead, agents, hear } = leadOn(optionsWith("repaired"), 1);
    hear(agents[0]!);
    lead.submit(TASK);
    const { message } = host.sentOf("COORDINATE")[0]!;
    host.deliver(agents[0]!, acknowledge(message, agents[0]!, { lamport: 500 }));
    lead.submit(TASK);
    expect(message.lamport).toBe(1);
    expect(host.sentOf("COORDINATE")[1]!.message.lamport).toBe(502);
  });
});

describe("MESH-30K 5.1, BRANCH_AND_RECONCILE: who is behind", () => {
  const sync = (payload: string, stamp: number) => ({ hash: payloadHash(payload), payload, stamp, confirmations: 0 });
  const branch = (stamp: number, ...lineage: number[]) => ({ lineage, stamp });
  const ahead = sync("map 9", 9);

  it.each([
    ["the same", branch(5, 50, 40), branch(5, 50, 40), undefined, "converged"],
    ["one sync further, which accepts the own", branch(5, 50, 40), branch(6, 60, 50), undefined, "converged"],
    ["two syncs back", branch(7, 70, 60, 50), branch(5, 50, 40), undefined, "agent-behind"],
    ["no context at all", branch(7, 70, 60), branch(0, 0, 0), undefined, "agent-behind"],
    [
      "one that somebody vouches for, and newer",
      branch(5, 50, 40),
      branch(9, ahead.hash, 70),
      ahead,
      "authority-behind",
    ],
    ["one that somebody vouches for, but older", branch(11, 50, 40), branch(9, ahead.hash, 70), ahead, "agent-behind"],
    ["one that nobody knows, however new it says it is", branch(5, 50, 40), branch(99, 90, 80), undefined, "unknown"],
    ["one whose voucher is for another", branch(5, 50, 40), branch(99, 90, 80), ahead, "unknown"],
  ] as const)("%s: %#", (_, own, theirs, vouched, kind) => {
    expect(reconcile(own, theirs, vouched).kind).toBe(kind);
  });

  it("branches meet at the last context that both had", () => {
    expect(convergencePoint(branch(5, 50, 40, 30, 20), branch(6, 61, 31, 20, 10))).toBe(20);
    expect(convergencePoint(branch(5, 50), branch(6, 61))).toBeUndefined();
  });

  it("counts the syncs between two contexts, those that are not known by their stamps", () => {
    const known = new KnownSyncs();
    for (let i = 1; i <= 12; i++) {
      known.note({ payloadHash: payloadHash(`map ${i}`), payload: `map ${i}`, stamp: stampOf(i, 0) });
    }
    const map = (i: number) => ({ hash: payloadHash(`map ${i}`), stamp: stampOf(i, 0) });
    const start = { hash: 0, stamp: 0 };
    expect(known.distance(map(12), map(12))).toBe(0);
    expect(known.distance(map(12), map(2))).toBe(10);
    expect(known.distance(map(12), map(1))).toBe(11);
    expect(known.distance(map(12), start)).toBe(12);
    expect(known.distance(map(12), { hash: 5, stamp: stampOf(99, 0) })).toBe(1);
  });

  it("a damaged sync is nobody's context", () => {
    const known = new KnownSyncs();
    known.note({ payloadHash: payloadHash("map 1"), payload: "map l", stamp: 1 });
    expect(known.of(payloadHash("map 1"))).toBeUndefined();
  });
});

describe("MESH-30K 5.1, PROVENANCE_TRACE: which value is stronger", () => {
  const value = (confirmations: number, time: number, author = 0) => ({
    confirmations,
    stamp: time === 0 ? 0 : stampOf(time, author),
  });
  it.each([
    ["decided on, against one of which nobody knows", value(0, 1), value(9, 0)],
    ["confirmed by more", value(3, 1), value(2, 9)],
    ["as many, but decided on later", value(3, 9), value(3, 1)],
    ["at the same time, by the lower address", value(3, 9, 4), value(3, 9, 5)],
  ])("%s", (_, stronger, weaker) => {
    expect([isStronger(stronger, weaker), isStronger(weaker, stronger)]).toEqual([true, false]);
  });
});

describe("MESH-30K 5.1, CLOCK_RECONCILIATION: whose clock is off", () => {
  it.each([
    ["nobody's, within what ways and synchronisation blur", [0, 200, -40], undefined],
    ["the one that is ahead", [0, 5_000, 30], 1],
    ["the own, where the two others agree", [0, 5_000, 5_030], 0],
    ["nobody can tell of two", [0, 5_000], undefined],
  ])("%s", (_, readings, owner) => {
    expect(driftingClock(readings.map((aheadMs, node) => ({ node, aheadMs })))?.node).toBe(owner);
  });
});
