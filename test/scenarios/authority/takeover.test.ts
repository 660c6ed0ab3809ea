/**
 * Takeover of offices (MESH-30K 10.3), as written and as repaired, in a mesh that is cut and healed: who is in charge, for
 * how long nobody is, and whether two ever are. Expected times follow from the parameters: a lease of 30 s that is renewed
 * every 10 s and granted by heartbeats 5 s apart; a candidate waits for 35 to 45 s of silence.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ClusterLead } from "../../../protocol/mesh-30k/cluster-lead.js";
import { cascadeNumber, correlationOf } from "../../../protocol/mesh-30k/operation.js";
import type { Orchestrator } from "../../../protocol/mesh-30k/orchestrator.js";
import { SplitBrainJudge } from "../../../scenarios/measure/authority/split-brain-judge.js";
import "../../property-seed.js";
import { results } from "../small-mesh.js";
import { OfficeWorld } from "./office-world.js";

const TASK = { capability: "cache", payload: "", payloadWeight: 0, verb: "act", priority: 1, stages: 1 } as const;

const NEVER = Number.POSITIVE_INFINITY;

/** The lead of the first cluster, and what stands by it. */
const LEAD = 3;

describe("a lead that falls silent, as repaired", () => {
  it("is succeeded by its standby, which a majority of its agents elects within 75 s, and never are there two", () => {
    const world = new OfficeWorld("repaired");
    const standby = world.topology.standbyOf(LEAD);
    world.runTo(60);
    expect(world.judge.soleHolder(LEAD, 60e6)).toBe(LEAD);
    world.split([LEAD]);
    world.runTo(135);
    expect(world.judge.soleHolder(LEAD, 135e6)).toBe(standby);
    expect(world.followedBy(0)).toEqual([standby, standby, standby, standby, standby]);
    expect(world.judge.incidents).toEqual([]);
    expect(world.judge.leases.violations).toBe(0);
    expect(world.judge.leases.checks).toBeGreaterThan(50);
  });

  it("stays out of office when it is heard again, and follows whoever was elected", () => {
    const world = new OfficeWorld("repaired");
    const standby = world.topology.standbyOf(LEAD);
    world.runTo(60);
    world.split([LEAD]);
    world.runTo(150);
    world.heal();
    world.runTo(300);
    expect(world.judge.soleHolder(LEAD, 300e6)).toBe(standby);
    expect(world.role(LEAD)).toBeUndefined();
    expect(world.judge.terms.violations).toBe(0);
  });

  it("has an office that works on: the coordinator gets summaries of the cluster from the standby", () => {
    const world = new OfficeWorld("repaired");
    world.runTo(60);
    world.split([LEAD]);
    world.runTo(200);
    const orchestrator = world.role<Orchestrator>(0)!;
    // All twenty agents are heard of and active, those of the lost lead's cluster by the standby's word.
    expect(orchestrator.status()).toMatchObject({ totalAgents: 20, activeAgents: 20 });
  });

  it("keeps its office while a majority of its agents reaches it", () => {
    const world = new OfficeWorld("repaired");
    const [first, second] = world.agentsOf(0);
    world.runTo(60);
    world.split([world.topology.standbyOf(LEAD), first!, second!]);
    world.runTo(400);
    expect(world.judge.soleHolder(LEAD, 400e6)).toBe(LEAD);
  });
});

describe("an agent that hears of a takeover, and not that the office was given back, as written", () => {
  const astray = (starts: boolean) => {
    const world = new OfficeWorld("as-written", undefined, undefined, undefined, starts);
    const standby = world.topology.standbyOf(LEAD);
    const [agent] = world.agentsOf(0);
    world.runTo(60);
    world.split([LEAD]);
    world.runTo(120);
    world.passes = (from, to) => from !== standby || to !== agent;
    world.runTo(132);
    world.heal();
    return { world, standby, agent: agent! };
  };

  it("follows the standby, who is nobody, until somebody gives it an order", () => {
    const { world, standby, agent } = astray(false);
    expect(world.judge.soleHolder(LEAD, 132e6)).toBe(LEAD);
    expect(world.judge.masterOfMember(agent)).toBe(standby);
    world.role<Orchestrator>(0)!.broadcast(TASK);
    world.runTo(135);
    expect(world.judge.masterOfMember(agent)).toBe(LEAD);
  });

  it("is silent to its lead, who has it replaced: a fresh process follows the primary", () => {
    const { world, agent } = astray(true);
    world.runTo(240);
    expect(world.facts.some(({ fact }) => fact.type === "failure-recovered" && fact.node === agent)).toBe(true);
    expect(world.judge.masterOfMember(agent)).toBe(LEAD);
  });
});

describe("a lead whose clock is slow, as repaired", () => {
  it("holds its office in true time for as long as it takes its lease to last", () => {
    const slow = (node: number) => (node === LEAD ? 0.9 : 1);
    const world = new OfficeWorld("repaired", undefined, undefined, undefined, undefined, slow);
    world.runTo(60);
    world.split([LEAD]);
    const lastS = { seen: 0, judged: 0 };
    for (let nowS = 70; nowS < 105; nowS += 0.25) {
      world.runTo(nowS);
      if (world.role(LEAD) !== undefined) lastS.seen = nowS;
      if (world.judge.soleHolder(LEAD, nowS * 1e6) === LEAD) lastS.judged = nowS;
    }
    // 30 s by its own clock since the last assertion that was granted, which left at 50 s at the earliest.
    expect(lastS.seen).toBeGreaterThan(82);
    expect(lastS.judged).toBe(lastS.seen);
  });
});

describe("a cluster cut in two", () => {
  const cutInTwo = (takeover: "as-written" | "repaired") => {
    const world = new OfficeWorld(takeover);
    const [first, second] = world.agentsOf(0);
    world.runTo(60);
    world.split([LEAD, first!, second!]); // the lead is left with a minority, and the standby has three agents
    return world;
  };

  it("has two leads as written, each obeyed on its side, until the standby hears of the primary again", () => {
    const world = cutInTwo("as-written");
    const standby = world.topology.standbyOf(LEAD);
    world.runTo(180);
    world.role<ClusterLead>(LEAD)!.submit(TASK);
    world.runTo(200);
    world.heal();
    world.runTo(220);
    const [incident] = world.judge.incidents;
    expect(world.judge.incidents).toHaveLength(1);
    // The standby has three agents since it took over; the primary gives an order at 180 s and keeps its two.
    expect(incident).toMatchObject({ office: LEAD, severity: "dual-authority" });
    expect(incident!.holders).toEqual([
      { process: LEAD, term: 1, members: 2 },
      { process: standby, term: 1, members: 3 },
    ]);
    expect(incident!.fromUs / 1e6).toBeCloseTo(180, 1);
    // A beat every 10 s; the healed standby hears one and gives the office back.
    expect(incident!.untilUs! / 1e6).toBeGreaterThan(200);
    expect(incident!.untilUs! / 1e6).toBeLessThan(210.1);
    const lastsS = (incident!.untilUs! - incident!.fromUs) / 1e6;
    expect(incident!.memberSeconds).toBeCloseTo(2 * lastsS, 0);
    expect(world.judge.staleBeliefs).toBe(0);
  });

  it("has a stale belief where the standby takes over and reaches nobody", () => {
    const world = new OfficeWorld("as-written");
    world.runTo(60);
    world.split([world.topology.standbyOf(LEAD)]);
    world.runTo(180);
    world.role<ClusterLead>(LEAD)!.submit(TASK);
    world.heal();
    world.runTo(220);
    expect(world.judge.incidents).toEqual([]);
    expect(world.judge.staleBeliefs).toBe(1);
  });

  it("has a stale belief that is counted, too, while it lasts, and once", () => {
    const world = new OfficeWorld("as-written");
    world.runTo(60);
    expect(world.judge.staleBeliefs).toBe(0);
    world.split([world.topology.standbyOf(LEAD)]);
    world.runTo(180);
    expect(world.judge.staleBeliefs).toBe(1);
    world.runTo(190);
    expect(world.judge.staleBeliefs).toBe(1);
    world.heal();
    world.runTo(220);
    expect(world.judge.staleBeliefs).toBe(1);
  });

  it("has one lead at a time as repaired, and none for less than 45 s", () => {
    const world = cutInTwo("repaired");
    world.runTo(180);
    const standby = world.topology.standbyOf(LEAD);
    const changes = world.facts.filter(({ fact }) => fact.type === "authority" && fact.office === LEAD);
    const resigned = changes.find(({ node, fact }) => node === LEAD && fact.type === "authority" && !fact.holds)!;
    const took = changes.find(({ node, fact }) => node === standby && fact.type === "authority" && fact.holds)!;
    expect(took.atS).toBeGreaterThan(resigned.atS);
    expect(took.atS - resigned.atS).toBeLessThan(45);
    expect(world.judge.incidents).toEqual([]);
    expect(world.judge.soleHolder(LEAD, 180e6)).toBe(standby);
  });
});

describe("two orchestrators, as written", () => {
  it("are a split brain when each starts a cascade that coordinators take in, a conflicting commit under one number", () => {
    const world = new OfficeWorld("as-written");
    const standby = world.topology.standbyOf(0);
    // Cut from each other only, so that both reach all, and neither mode forbids what the operators ask for.
    world.runTo(60);
    world.passes = (from, to) => !(from === 0 && to === standby) && !(from === standby && to === 0);
    world.runTo(110);
    const order = { strategy: "wave", windowMs: 500, payloadWeight: 0, verb: "sync", priority: 3 } as const;
    world.role<Orchestrator>(0)!.cascade(order);
    world.role<Orchestrator>(standby)!.cascade(order);
    world.runTo(115);
    world.heal();
    world.runTo(180);
    const [incident] = world.judge.incidents.filter(({ office }) => office === 0);
    expect(incident).toMatchObject({ severity: "conflicting-commit" });
    // From when both have acted, at 110 s at the latest, until the standby hears a beat of the primary: at most 10 s after 115 s.
    expect(incident!.fromUs / 1e6).toBeLessThan(110.1);
    expect(incident!.untilUs! / 1e6).toBeGreaterThan(115);
    expect(incident!.untilUs! / 1e6).toBeLessThan(125.1);
    expect(world.judge.soleHolder(0, 180e6)).toBe(0);
  });
});

describe("two decisions under one number", () => {
  const order = { strategy: "wave", windowMs: 500, payloadWeight: 0, verb: "sync", priority: 3 } as const;

  it("are a conflicting commit, too, where the first was taken in before there were two orchestrators", () => {
    const world = new OfficeWorld("as-written");
    const standby = world.topology.standbyOf(0);
    world.runTo(60);
    world.passes = (from, to) => !(from === 0 && to === standby) && !(from === standby && to === 0);
    world.role<Orchestrator>(0)!.cascade(order); // after the last beat that the standby hears of
    world.runTo(110);
    world.role<Orchestrator>(standby)!.cascade(order);
    world.runTo(115);
    const [incident] = world.judge.incidents.filter(({ office }) => office === 0);
    expect(incident).toMatchObject({ severity: "conflicting-commit" });
  });

  it("are none where one orchestrator came after the other, whatever split brain there is later", () => {
    const { topology } = new OfficeWorld("as-written");
    const judge = new SplitBrainJudge(topology, 0);
    const standby = topology.standbyOf(0);
    const holds = (atS: number, process: number, holds: boolean) =>
      judge.onAuthority(atS * 1e6, process, { type: "authority", office: 0, term: 1, holds, leaseMs: NEVER });
    const takesIn = (atS: number, slot: number, isStandby: boolean) =>
      judge.onTookIn(atS * 1e6, correlationOf(cascadeNumber(slot, isStandby), 0));
    holds(0, 0, true);
    takesIn(10, 1, false);
    holds(20, 0, false);
    holds(20, standby, true);
    takesIn(30, 1, true);
    holds(40, 0, true);
    for (const process of [0, standby]) judge.onAct(41e6, process);
    takesIn(42, 1, true); // by somebody who was slow
    expect(judge.incidents).toMatchObject([{ severity: "dual-authority" }]);
    takesIn(43, 2, true);
    takesIn(44, 2, false);
    expect(judge.incidents).toMatchObject([{ severity: "conflicting-commit" }]);
  });
});

describe("the members that a split brain misleads", () => {
  /** Two leads of one cluster from 10 s on, whom two and three agents obey. */
  const twoLeads = (fromS = 0) => {
    const world = new OfficeWorld("as-written");
    const { topology } = world;
    const standby = topology.standbyOf(LEAD);
    const judge = new SplitBrainJudge(topology, fromS * 1e6);
    for (const [atS, process] of [
      [0, LEAD],
      [10, standby],
    ] as const) {
      judge.onAuthority(atS * 1e6, process, { type: "authority", office: LEAD, term: 1, holds: true, leaseMs: NEVER });
    }
    const agents = world.agentsOf(0);
    for (const agent of agents.slice(2)) {
      judge.onObeyed(10e6, agent, { type: "obeyed", office: LEAD, process: standby });
    }
    judge.onAct(10e6, LEAD);
    const seconds = (atS: number) => {
      judge.finish(atS * 1e6);
      return judge.incidents[0]!.memberSeconds;
    };
    return { judge, agents, seconds };
  };

  it("are those that run", () => {
    const { judge, agents, seconds } = twoLeads();
    expect(seconds(20)).toBe(20);
    judge.onLife(20e6, agents[0]!, false, false);
    expect(seconds(30)).toBe(20 + 10);
    judge.onLife(30e6, agents[0]!, true, true);
    expect(seconds(40)).toBe(30 + 20);
    expect(judge.incidents[0]!.holders.map(({ members }) => members)).toEqual([2, 3]);
  });

  it("count from when measuring begins", () => {
    const { judge, seconds } = twoLeads(15);
    expect(seconds(12)).toBe(0);
    expect(seconds(20)).toBe(2 * 5);
    expect(judge.incidents[0]).toMatchObject({ fromUs: 10e6, severity: "dual-authority" });
  });
});

describe("as repaired, whatever is cut and healed", () => {
  it("no two leases overlap, no term goes back, and 100 s after the last cut each office has one holder whom all follow", () => {
    const anyCut = fc.record({
      side: fc.uniqueArray(fc.nat({ max: 33 }), { minLength: 1, maxLength: 20 }),
      lastsS: fc.integer({ min: 5, max: 120 }),
      gapS: fc.integer({ min: 1, max: 60 }),
    });
    fc.assert(
      fc.property(fc.array(anyCut, { minLength: 1, maxLength: 5 }), fc.integer({ max: 1e6, min: 1 }), (cuts, seed) => {
        const world = new OfficeWorld("repaired", undefined, seed);
        let nowS = 20;
        for (const { side, lastsS, gapS } of cuts) {
          world.runTo(nowS);
          world.split(side);
          world.runTo(nowS + lastsS);
          world.heal();
          nowS += lastsS + gapS;
        }
        world.runTo(nowS + 100);
        const { judge, topology } = world;
        expect(judge.leases.violations).toBe(0);
        expect(judge.terms.violations).toBe(0);
        expect(judge.incidents).toEqual([]);
        for (let office = 0; office < topology.officeCount; office++) {
          expect(judge.soleHolder(office, (nowS + 100) * 1e6)).toBeDefined();
        }
        for (const [index, { lead }] of topology.clusters.entries()) {
          const holder = judge.soleHolder(lead, (nowS + 100) * 1e6);
          expect(new Set(world.followedBy(index))).toEqual(new Set([holder]));
        }
      }),
      { numRuns: 60 },
    );
  });
});

/** Leads go slow, and those who elect and succeed them fast, when the leads are cut off. */
const DRIFTING = (ppm: number) => `name: drifting
description: clocks beyond anything that is sold
warmUp: 30 s
duration: 4 min
mesh:
  sectors: 2
  clustersPerSector: 4
  agentsPerCluster: 3
  classes: { A: 24 }
placement: { orchestrator: eastus }
workload:
  intraCluster: 1 / s
faults:
  - { clock: { drift: -${ppm} ppm, role: lead }, at: 30 s, for: 3 min }
  - { clock: { drift: ${ppm} ppm, role: agent }, at: 30 s, for: 3 min }
  - { clock: { drift: ${ppm} ppm, role: standby }, at: 30 s, for: 3 min }
  - { partition: { isolate: { role: lead } }, at: 104 s, for: 60 s }
`;

describe("the judge of leases", () => {
  it("says where oscillators differ by more than a promise outlasts a lease (docs/protocols.md), and only there", () => {
    const overlaps = (ppm: number) =>
      Array.from({ length: 12 }, (_, index) => results(DRIFTING(ppm), [], index + 1).invariants)
        .map((rows) => rows.find(({ name }) => name === "no two leases of an office at once")!.violations)
        .filter((violations) => violations > 0).length;
    // (1 + 0.1) / (1 - 0.1) is 1.22, and (1 + 0.05) / (1 - 0.05) 1.11; a promise of 35 s outlasts a lease of 30 s by 1.17.
    expect(overlaps(100_000)).toBeGreaterThan(0);
    expect(overlaps(50_000)).toBe(0);
  });

  it("catches members that vote for anybody who asks, whatever they have promised", () => {
    const world = new OfficeWorld("repaired", (agent, host) => {
      const receive = agent.receive.bind(agent);
      agent.receive = (from, message) => {
        if (message.type !== "CANVASS") receive(from, message);
        else host.send(from, { ...message, type: "VOTE", isGranted: true, knownTerm: message.term });
      };
      return agent;
    });
    world.runTo(60);
    // The standby no longer hears the lead, but the agents hear both.
    const standby = world.topology.standbyOf(LEAD);
    world.passes = (from, to) => !(from === LEAD && to === standby);
    world.runTo(120);
    expect(world.judge.leases.violations).toBeGreaterThan(0);
  });
});

describe("the judge of terms", () => {
  it("catches members that follow whoever has asserted last", () => {
    const world = new OfficeWorld("repaired", (agent, host) => {
      const receive = agent.receive.bind(agent);
      agent.receive = (from, message) => {
        if (message.type === "CANVASS") host.send(from, { ...message, type: "VOTE", isGranted: true, knownTerm: 0 });
        else receive(from, message);
        if (message.type !== "ASSERT") return;
        const { office, holder, term } = message;
        host.observe({ type: "follows", office, holder, term });
      };
      return agent;
    });
    world.runTo(60);
    expect(world.judge.terms.violations).toBe(0);
    // The lead and its standby no longer hear each other, but the agents hear both.
    const standby = world.topology.standbyOf(LEAD);
    world.passes = (from, to) => !(from === LEAD && to === standby) && !(from === standby && to === LEAD);
    world.runTo(120);
    expect(world.judge.terms.violations).toBeGreaterThan(0);
  });

  it("catches a candidate that begins with the first term again, and voters that have forgotten it", () => {
    const world = new OfficeWorld("repaired", (agent, host) => {
      const receive = agent.receive.bind(agent);
      agent.receive = (from, message) => {
        if (message.type !== "CANVASS") receive(from, message);
        else host.send(from, { ...message, type: "VOTE", isGranted: true, knownTerm: 0 });
      };
      return agent;
    });
    const standby = world.topology.standbyOf(LEAD);
    const { tenure } = world.simulation.nodes[standby] as unknown as { readonly tenure: object };
    Object.defineProperty(tenure, "knownTerm", { get: () => 0, set: () => undefined });
    world.runTo(60);
    expect(world.judge.terms.violations).toBe(0);
    world.split([LEAD]);
    world.runTo(135);
    expect(world.judge.soleHolder(LEAD, 135e6)).toBe(standby);
    expect(world.judge.terms.violations).toBeGreaterThan(0);
  });
});
