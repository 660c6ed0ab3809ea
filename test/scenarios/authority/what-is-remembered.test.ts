/**
 * What processes of an office have to remember, through a crash and from one holder to the next: for which term they voted and
 * held the office, which mode was ordered last, that the mesh is halted.
 */
import { describe, expect, it } from "vitest";
import { allegiance } from "../../../protocol/mesh-30k/authority/allegiance.js";
import { leaseTicks } from "../../../protocol/mesh-30k/authority/lease-ticks.js";
import type { Assertion } from "../../../protocol/mesh-30k/messages.js";
import type { Orchestrator } from "../../../protocol/mesh-30k/orchestrator.js";
import { PARAMETERS } from "../../protocol/mesh-30k/fixtures.js";
import { results } from "../small-mesh.js";
import { OfficeWorld } from "./office-world.js";

const SMALL = `name: small
description: a sector of two clusters
warmUp: 30 s
duration: 15 min
mesh:
  sectors: 1
  clustersPerSector: 2
  agentsPerCluster: 6
  classes: { A: 12 }
placement: { orchestrator: eastus }
workload:
  intraCluster: 1 / s
  cascades:
    - { strategy: wave, every: 10 s, verb: sync }
faults:
`;

describe("a cluster that loses its power, with lead, standby and agents", () => {
  const offFor = (time: string) => `  - crash: { cluster: S1-C1 }\n    at: 100.5 s\n    ${time}\n`;

  it.each([1, 2, 3, 4, 5, 6])(
    "elects for later terms each time that it comes back, and is followed (seed %d)",
    (seed) => {
      const { invariants, liveness, coordination } = outcome(
        `${SMALL}${offFor("for: 30 s\n    every: 200 s\n    count: 3")}`,
        seed,
      );
      expect(invariants).toEqual([]);
      expect(liveness).toBe("holds");
      // The mesh is down with its half for some 60 s of 200 (30 s, then an election), and its waves fail meanwhile.
      expect(coordination).toBeGreaterThan(0.6);
    },
  );

  it.each([2, 3, 4])(
    "and its disks with it, is elected for a later term than the level above remembers (seed %d)",
    (seed) => {
      // Lead and standby are cut off in turn, so that the terms have gone up when all of them die for good.
      const cutOff = (id: string, fromS: number) =>
        `  - partition: { isolate: { id: ${id} } }\n    at: ${fromS} s\n    every: 120 s\n    for: 60 s\n    count: 5\n`;
      const dead = "  - crash: { cluster: S1-C1 }\n    at: 700.5 s\n";
      const larger = SMALL.replace("duration: 15", "duration: 30").replace("sectors: 1", "sectors: 2");
      const scenario = larger.replace("clustersPerSector: 2", "clustersPerSector: 3").replace("A: 12", "A: 36");
      const faults = cutOff("S1-C1", 60.5) + cutOff("S1-C1-standby", 120.5) + dead;
      const { invariants, splitBrains } = outcome(scenario + faults, seed);
      expect(invariants).toEqual([]);
      expect(splitBrains).toEqual([0, 0, 0]);
    },
  );

  function outcome(scenario: string, seed: number) {
    const { invariants, liveness, kpis, authority } = results(scenario, [], seed);
    return {
      splitBrains: authority.byScope.map(({ incidents }) => incidents),
      invariants: invariants.filter(({ violations }) => violations > 0),
      liveness: liveness!.verdict,
      coordination: kpis.find(({ id }) => id === "coordinationSuccess")!.value!,
    };
  }
});

describe("a member that has voted", () => {
  const PRIMARY = 3;
  const ticks = leaseTicks(PARAMETERS);
  const assertion = (term: number, serial: number, holder = PRIMARY): Assertion => {
    return { type: "ASSERT", office: PRIMARY, holder, term, serial, state: undefined };
  };

  function voterFor(term: number) {
    const member = allegiance("repaired", PRIMARY, ticks);
    for (let tick = 0; tick < 2 * ticks; tick++) member.tick();
    expect(member.vote(term, false)).toBe(true);
    return member;
  }

  it("grants the holder of an earlier term nothing until its promise is over: the candidate may hold the office by then", () => {
    const member = voterFor(6);
    expect(member.hear(assertion(1, 99))).toBe(false);
    expect(member.grant).toBe(0);
    for (let tick = 0; tick < 2 * ticks; tick++) member.tick();
    member.hear(assertion(1, 101));
    expect(member.grant).toBe(101);
  });

  it("does not vote for the same term again when it comes back from a crash, and follows whom it followed", () => {
    const before = voterFor(6);
    before.hear(assertion(6, 600, PRIMARY + 1));
    const after = allegiance("repaired", PRIMARY, ticks);
    after.restore(before.saved()!);
    for (let tick = 0; tick < 2 * ticks; tick++) after.tick();
    expect(after.vote(6, false)).toBe(false);
    expect(after.holder).toBe(PRIMARY + 1);
    expect(after.isOutdated(assertion(5, 501))).toBe(true);
    expect(after.vote(7, false)).toBe(true);
  });

  it("saves nothing as long as the mesh is as it began", () => {
    const member = allegiance("repaired", PRIMARY, ticks);
    member.hear(assertion(1, 5));
    expect(member.saved()).toBeUndefined();
  });
});

describe("the mode of the mesh", () => {
  const SECTOR_DOWN = `name: mode
description: a third of the agents is away for 40 s, and the orchestrator dies right after it has said so
warmUp: 30 s
duration: 10 min
mesh:
  sectors: 3
  clustersPerSector: 2
  agentsPerCluster: 10
  classes: { A: 60 }
placement: { orchestrator: eastus }
workload:
  intraCluster: 3 / s
faults:
  - crash: { role: agent, sector: 1 }
    at: 100.5 s
    for: 40 s
`;

  it.each([1, 3, 5])("is that of the successor, though it never heard of what was ordered last (seed %d)", (seed) => {
    const first = results(SECTOR_DOWN, [], seed).incidents.list.find(({ kind }) => kind === "mode")!;
    const diesAt = (first.fromS + 0.3).toFixed(3);
    const dies = `  - crash: { role: orchestrator }\n    at: ${diesAt} s\n`;
    const cut = `  - partition: { isolate: { id: orchestrator-standby } }\n    at: ${(first.fromS + 0.2).toFixed(3)} s\n    for: 100 s\n`;
    const { liveness } = results(SECTOR_DOWN + dies + cut, [], seed);
    expect(liveness).toMatchObject({ verdict: "holds" });
  });
});

it("a mesh that was halted stays so under the next orchestrator (7.1), until that resumes it", () => {
  const world = new OfficeWorld("repaired");
  const { topology } = world;
  const standby = topology.standbyOf(0);
  const order = { type: "FREEZE", scope: "global", targetId: 0 } as const;
  const cascade = { strategy: "wave", windowMs: 500, payloadWeight: 0, verb: "sync", priority: 3 } as const;
  world.runTo(60);
  world.role<Orchestrator>(0)!.freeze({ ...order, thaw: false });
  world.runTo(80);
  world.split([0]);
  world.runTo(180);
  const successor = world.role<Orchestrator>(standby)!;
  expect(successor.cascade(cascade)).toBe(false);
  successor.freeze({ ...order, thaw: true });
  expect(successor.cascade(cascade)).toBe(true);
});
