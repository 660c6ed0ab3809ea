/** The judge of conflicts, and broken handlers that it catches (MESH-30K 5.1: every conflict is logged and held until resolved). */
import { describe, expect, it } from "vitest";
import type { ConflictCase } from "../../../protocol/mesh-30k/conflicts/conflict-case.js";
import type { ConflictHandler } from "../../../protocol/mesh-30k/conflicts/conflict-handler.js";
import type { ConflictLoggedFact, ConflictResolvedFact } from "../../../protocol/mesh-30k/facts.js";
import type { ConflictType } from "../../../protocol/mesh-30k/messages.js";
import { ConflictMeter } from "../../../scenarios/measure/conflict-meter.js";
import { FakeMesh } from "../../protocol/mesh-30k/fake-mesh.js";
import { coordinate, optionsWith, shapeOf } from "../../protocol/mesh-30k/fixtures.js";

const LEAD = 2;

function logged(conflictId: number, held: number, changes: Partial<ConflictLoggedFact> = {}): ConflictLoggedFact {
  return {
    type: "conflict-logged",
    conflictId,
    caseId: conflictId,
    conflictType: "CONTEXT_DIVERGENCE",
    priority: 2,
    tier: "lead",
    isOwn: true,
    deadlineMs: 600_000,
    suggested: "BRANCH_AND_RECONCILE",
    escalates: false,
    held,
    ...changes,
  };
}

function resolved(conflictId: number, held: number, changes: Partial<ConflictResolvedFact> = {}): ConflictResolvedFact {
  return {
    type: "conflict-resolved",
    conflictId,
    tier: "lead",
    isOwn: true,
    method: "BRANCH_AND_RECONCILE",
    outcome: "converged",
    members: 1,
    held,
    drifting: undefined,
    ...changes,
  };
}

type Row = [name: string, tell: (meter: ConflictMeter) => void];

describe("the meter of conflicts", () => {
  it("counts by type and priority: logged = resolved + open, late against the deadline, in true time", () => {
    const meter = new ConflictMeter();
    meter.onFact(0, LEAD, logged(1, 1));
    meter.onFact(1_000_000, LEAD, logged(2, 2, { caseId: 1 }));
    meter.onFact(2_000_000, LEAD, logged(3, 3));
    meter.onFact(601_000_000, LEAD, resolved(1, 1, { members: 2 }));
    const { byType, byOutcome } = meter.results(603_000_000);
    // The first took 601 s and is late, the second took 600 s and is not; the third is open, and past its 600 s by 1 s.
    expect(byType).toMatchObject([
      { type: "CONTEXT_DIVERGENCE", priority: 2, logged: 3, resolved: 2, open: 1, late: 2 },
    ]);
    expect(byType[0]!.resolvedAfterMs!.count).toBe(2);
    expect(byType[0]!.resolvedAfterMs!.p99).toBeCloseTo(601_000, -4);
    expect(byOutcome).toEqual([{ method: "BRANCH_AND_RECONCILE", outcome: "converged", conflicts: 2 }]);
    expect(meter.invariant()).toMatchObject({ violations: 0 });
  });

  it("counts what was settled with another case under its own type and priority", () => {
    const meter = new ConflictMeter();
    const damaged = { caseId: 1, conflictType: "HASH_MISMATCH", priority: 3, deadlineMs: 1_000 } as const;
    meter.onFact(0, LEAD, logged(1, 1));
    meter.onFact(0, LEAD, logged(2, 2, damaged));
    const rows = (resolvedEach: number, late: number) => [
      { type: "CONTEXT_DIVERGENCE", priority: 2, logged: 1, resolved: resolvedEach, open: 1 - resolvedEach, late: 0 },
      { type: "HASH_MISMATCH", priority: 3, logged: 1, resolved: resolvedEach, open: 1 - resolvedEach, late },
    ];
    expect(meter.results(2_000_000).byType).toMatchObject(rows(0, 1));
    meter.onFact(2_000_000, LEAD, resolved(1, 0, { members: 2 }));
    expect(meter.results(2_000_000).byType).toMatchObject(rows(1, 1));
  });

  describe("of a case that passes to the other process of an office", () => {
    const STANDBY = 9;
    const letGo = { type: "conflict-let-go", conflictId: 1 } as const;
    const inherited = (held: number, members = 1) =>
      ({ type: "conflict-inherited", conflictId: 1, from: LEAD, tier: "lead", members, held }) as const;

    it("goes on counting all its conflicts, those that the other did not know of among them", () => {
      const meter = new ConflictMeter();
      meter.onFact(0, LEAD, logged(1, 1));
      meter.onFact(1_000_000, LEAD, logged(2, 2, { caseId: 1 }));
      meter.onFact(2_000_000, STANDBY, inherited(1));
      meter.onFact(3_000_000, STANDBY, logged(3, 2, { caseId: 1 }));
      expect(meter.results(4_000_000).byType).toMatchObject([{ logged: 3, resolved: 0, open: 3 }]);
      meter.onFact(4_000_000, STANDBY, resolved(1, 0, { members: 2 }));
      expect(meter.results(4_000_000).byType).toMatchObject([{ logged: 3, resolved: 3, open: 0 }]);
      expect(meter.results(4_000_000).byTier[0]).toMatchObject({ tier: "lead", inherited: 1 });
      expect(meter.invariant().violations).toBe(0);
    });

    it("counts once what both have settled, one after the other", () => {
      const meter = new ConflictMeter();
      meter.onFact(0, LEAD, logged(1, 1));
      meter.onFact(1_000_000, LEAD, resolved(1, 0));
      meter.onFact(2_000_000, STANDBY, inherited(1));
      meter.onFact(3_000_000, STANDBY, resolved(1, 0));
      expect(meter.results(4_000_000).byType).toMatchObject([{ logged: 1, resolved: 1, open: 0 }]);
      expect(meter.invariant().violations).toBe(0);
    });

    it("counts once what the one before settles again because nobody told it, with all that it had", () => {
      const meter = new ConflictMeter();
      meter.onFact(0, LEAD, logged(1, 1));
      meter.onFact(0, LEAD, logged(5, 2));
      meter.onFact(1_000_000, STANDBY, inherited(1));
      meter.onFact(2_000_000, STANDBY, resolved(1, 0));
      meter.onFact(3_000_000, LEAD, logged(2, 3, { caseId: 1 }));
      meter.onFact(4_000_000, LEAD, resolved(1, 1, { members: 2 }));
      expect(meter.results(5_000_000).byType).toMatchObject([{ logged: 3, resolved: 2, open: 1 }]);
      expect(meter.invariant().violations).toBe(0);
    });

    it("takes a process for a fresh one that has nothing of what was taken over from it", () => {
      const meter = new ConflictMeter();
      meter.onFact(0, LEAD, logged(1, 1));
      meter.onFact(1_000_000, STANDBY, inherited(1));
      meter.onFact(2_000_000, LEAD, logged(2, 1));
      expect(meter.results(5_000_000).byType).toMatchObject([{ logged: 2, resolved: 0, open: 2 }]);
      expect(meter.invariant().violations).toBe(0);
    });

    it("counts with a case what the one before had logged to it later and lets go", () => {
      const meter = new ConflictMeter();
      meter.onFact(0, LEAD, logged(1, 1));
      meter.onFact(1_000_000, STANDBY, inherited(1));
      meter.onFact(2_000_000, STANDBY, resolved(1, 0));
      meter.onFact(3_000_000, LEAD, logged(2, 2, { caseId: 1 }));
      meter.onFact(4_000_000, LEAD, letGo);
      expect(meter.results(5_000_000).byType).toMatchObject([{ logged: 2, resolved: 2, open: 0 }]);
      expect(meter.invariant().violations).toBe(0);
    });

    it("counts what is accepted of a process that sends on what the one before it had told of, and no more", () => {
      const other = (process: number) => (process === STANDBY ? LEAD : STANDBY);
      const meter = new ConflictMeter(other);
      meter.onFact(0, LEAD, logged(1, 1));
      meter.onFact(0, 1, logged(1, 1, { tier: "sector", isOwn: false }));
      meter.onFact(1_000_000, STANDBY, { type: "conflict-accepted", conflictId: 1, by: 1 });
      expect(meter.results(5_000_000).byTier[0]).toMatchObject({ tier: "lead", accepted: 1 });
    });

    it.each<Row>([
      ["takes over what nobody has logged", (meter) => meter.onFact(0, STANDBY, inherited(1))],
      [
        "settles what it has let go",
        (meter) => {
          meter.onFact(0, LEAD, logged(1, 1));
          meter.onFact(1_000_000, STANDBY, inherited(1));
          meter.onFact(2_000_000, LEAD, letGo);
          meter.onFact(3_000_000, LEAD, resolved(1, 0));
        },
      ],
      [
        "lets go what nobody has taken over",
        (meter) => {
          meter.onFact(0, LEAD, logged(1, 1));
          meter.onFact(1_000_000, LEAD, letGo);
        },
      ],
      [
        "has a part of what was taken over, and the rest not",
        (meter) => {
          meter.onFact(0, LEAD, logged(1, 1));
          meter.onFact(0, LEAD, logged(2, 2, { caseId: 1 }));
          meter.onFact(1_000_000, STANDBY, inherited(1));
          meter.onFact(2_000_000, LEAD, logged(3, 2));
        },
      ],
    ])("catches a process that %s", (_, tell) => {
      const meter = new ConflictMeter();
      tell(meter);
      expect(meter.invariant().violations).toBeGreaterThan(0);
    });
  });

  it("counts a conflict once, where it was logged first", () => {
    const meter = new ConflictMeter();
    const critical = { priority: 4, conflictType: "TEMPORAL_PARADOX" } as const;
    meter.onFact(0, LEAD, logged(1, 1, { ...critical, escalates: true }));
    meter.onFact(0, LEAD, { type: "conflict-escalated", conflictId: 1, to: 1, asks: false });
    meter.onFact(5, 1, logged(1, 1, { ...critical, tier: "sector", isOwn: false, escalates: true }));
    meter.onFact(5, 1, { type: "conflict-escalated", conflictId: 1, to: 0, asks: false });
    meter.onFact(9, LEAD, { type: "conflict-accepted", conflictId: 1, by: 1 });
    expect(meter.results(10).byType).toMatchObject([{ logged: 1, open: 1 }]);
    expect(meter.results(10).byTier).toEqual([
      { tier: "lead", own: 1, told: 0, open: 1, inherited: 0, escalated: 1, asked: 0, accepted: 1 },
      { tier: "sector", own: 0, told: 1, open: 1, inherited: 0, escalated: 1, asked: 0, accepted: 0 },
      { tier: "orchestrator", own: 0, told: 0, open: 0, inherited: 0, escalated: 0, asked: 0, accepted: 0 },
    ]);
    expect(meter.invariant()).toMatchObject({ violations: 0 });
  });

  it("says at which level one is open: settled by whom it concerns, it may be so for whoever was told of it", () => {
    const meter = new ConflictMeter();
    const open = () => meter.results(10).byTier.map(({ tier, open }) => `${tier} ${open}`);
    meter.onFact(0, LEAD, logged(1, 1));
    meter.onFact(1, 1, logged(1, 1, { tier: "sector", isOwn: false }));
    meter.onFact(2, LEAD, resolved(1, 0));
    expect(open()).toEqual(["lead 0", "sector 1", "orchestrator 0"]);
    meter.onFact(3, 1, resolved(1, 0, { tier: "sector", isOwn: false }));
    expect(open()).toEqual(["lead 0", "sector 0", "orchestrator 0"]);
  });

  it("lets a level be told again of what it has settled and forgotten, and counts that once", () => {
    const meter = new ConflictMeter();
    const told = { tier: "sector", isOwn: false } as const;
    for (let i = 0; i < 2; i++) {
      meter.onFact(i, 1, logged(1, 1, told));
      meter.onFact(i, 1, resolved(1, 0, told));
    }
    expect(meter.results(10).byTier[1]).toMatchObject({ told: 1, open: 0 });
    expect(meter.invariant().violations).toBe(0);
  });

  it.each<Row>([
    ["one is settled that was never logged", (meter) => meter.onFact(0, LEAD, resolved(1, 0))],
    [
      "one is logged twice",
      (meter) => {
        meter.onFact(0, LEAD, logged(1, 1));
        meter.onFact(0, LEAD, logged(1, 2));
      },
    ],
    [
      "one that a level was told of is logged there twice, and not settled in between",
      (meter) => {
        meter.onFact(0, 1, logged(1, 1, { tier: "sector", isOwn: false }));
        meter.onFact(0, 1, logged(1, 2, { tier: "sector", isOwn: false }));
      },
    ],
    [
      "one is logged again after it was settled, by whom it concerns",
      (meter) => {
        meter.onFact(0, LEAD, logged(1, 1));
        meter.onFact(0, LEAD, resolved(1, 0));
        meter.onFact(0, LEAD, logged(1, 1));
      },
    ],
    [
      "one vanishes from the quarantine",
      (meter) => {
        meter.onFact(0, LEAD, logged(1, 1));
        meter.onFact(0, LEAD, logged(2, 1));
      },
    ],
    ["a critical one is kept from the level above", (meter) => meter.onFact(0, LEAD, logged(1, 1, { priority: 4 }))],
    [
      "an escalation is announced and not made",
      (meter) => meter.onFact(0, LEAD, logged(1, 1, { priority: 4, escalates: true })),
    ],
    [
      "a level says that it has what it has not",
      (meter) => {
        meter.onFact(0, LEAD, logged(1, 1, { priority: 4, escalates: true }));
        meter.onFact(0, LEAD, { type: "conflict-escalated", conflictId: 1, to: 1, asks: false });
        meter.onFact(0, LEAD, { type: "conflict-accepted", conflictId: 1, by: 1 });
      },
    ],
  ])("finds it out when %s", (_, tell) => {
    const meter = new ConflictMeter();
    tell(meter);
    expect(meter.invariant().violations).toBeGreaterThan(0);
  });
});

describe("the judge on a mesh with many conflicts", () => {
  /** Every agent is led astray, twice; then the lead asks all of them to act. */
  function judged(breakIt: (handler: ConflictHandler) => void) {
    const mesh = new FakeMesh(shapeOf(1, 1, { B: 20 }), optionsWith("repaired"), { delayMs: 10, serviceMs: 10 });
    const lead = mesh.leads[0] as unknown as { readonly conflicts: { readonly handler: ConflictHandler } };
    breakIt(lead.conflicts.handler);
    mesh.run(6_000);
    mesh.orchestrator.cascade({ strategy: "wave", windowMs: 500, payloadWeight: 0, verb: "sync", priority: 3 });
    mesh.run(4_000);
    for (let agent = 3; agent < 23; agent++) {
      for (const messageId of [1, 2]) {
        const payload = `nobody's ${messageId}`;
        mesh.hosts[agent]!.deliver(LEAD, coordinate({ messageId, correlationId: -1, verb: "sync", payload }));
      }
    }
    mesh.run(1_000);
    mesh.orchestrator.cascade({ strategy: "wave", windowMs: 500, payloadWeight: 0, verb: "act", priority: 3 });
    mesh.run(120_000);
    const meter = new ConflictMeter();
    // Levels first that are told: what they say that they have, they had by then.
    for (const node of [0, 1, LEAD]) {
      for (const fact of mesh.hosts[node]!.facts) {
        if (fact.type.startsWith("conflict-")) meter.onFact(0, node, fact as ConflictLoggedFact);
      }
    }
    return {
      meter,
      types: mesh.hosts[LEAD]!.factsOf("conflict-logged").map(({ conflictType }): ConflictType => conflictType),
    };
  }

  it("finds nothing where they are handled as they should be", () => {
    const { meter, types } = judged(() => undefined);
    expect(types).toEqual(new Array(20).fill("CONTEXT_DIVERGENCE"));
    expect(meter.results(0).byType).toMatchObject([{ logged: 20, resolved: 20, open: 0 }]);
    expect(meter.invariant()).toMatchObject({ violations: 0 });
    expect(meter.invariant().checks).toBeGreaterThan(100);
  });

  it.each<[string, (handler: ConflictHandler) => void]>([
    [
      "drops every third conflict from its quarantine",
      ({ quarantine }) => {
        const hold = quarantine.hold.bind(quarantine);
        let count = 0;
        quarantine.hold = (matter: ConflictCase) => {
          if (++count % 3 !== 0) hold(matter);
        };
      },
    ],
    [
      "settles what has been settled",
      (handler) => {
        const settle = handler.settle.bind(handler);
        let last: ConflictCase | undefined;
        handler.settle = (matter: ConflictCase) => {
          const isFirst = settle(matter);
          if (last !== undefined) handler.quarantine.join(last);
          last = matter;
          return isFirst;
        };
      },
    ],
    [
      "gives two conflicts one number",
      (handler) => {
        const report = handler.report.bind(handler);
        handler.report = (...args: Parameters<typeof report>) => {
          const found = report(...args);
          return found && { ...found, record: { ...found.record, conflictId: 77 } };
        };
      },
    ],
  ])("catches a handler that %s", (_, breakIt) => {
    expect(judged(breakIt).meter.invariant().violations).toBeGreaterThan(0);
  });
});
