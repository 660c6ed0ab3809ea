import { describe, expect, it } from "vitest";
import { Topology } from "../../../protocol/mesh-30k/topology.js";
import { MeshMeter } from "../../../scenarios/measure/mesh-meter.js";
import { Life, type RareFact } from "../../../scenarios/measure/mesh-notes.js";
import { SERVICE_STATES } from "../../../scenarios/results.js";
import { US_PER_S } from "../../../sim/time.js";

/** Two sectors of two clusters: twenty edge functions each in three of them, five people in one. */
function watched() {
  const topology = new Topology({
    sectors: 2,
    clustersPerSector: 2,
    agents: { A: 60, B: 0, C: 0, D: 0, E: 0, F: 5 },
  });
  const meter = new MeshMeter(topology, 0, true);
  const fact = (atS: number, node: number, told: RareFact) => meter.fact(atS * US_PER_S, node, told);
  const authority = (atS: number, office: number, process: number, holds: boolean) =>
    fact(atS, process, { type: "authority", office, term: 1, holds, leaseMs: Number.POSITIVE_INFINITY });
  for (let office = 0; office < topology.officeCount; office++) authority(0, office, office, true);
  /** Lets seconds end, as a run does, and tells what became of an office: state names by second. */
  const until = (endS: number) => {
    meter.finish(endS * US_PER_S);
    const { orchestrator, sectors } = meter.map.results();
    const all = [orchestrator, ...sectors, ...sectors.flatMap(({ clusters }) => clusters)];
    return (name: string) => {
      const { changes } = all.find((one) => one.name === name)!;
      return Array.from({ length: changes.length / 2 }, (_, at) => [
        changes[2 * at]!,
        SERVICE_STATES[changes[2 * at + 1]!]!,
      ]);
    };
  };
  const tick = (fromS: number, toS: number) => {
    for (let second = fromS; second < toS; second++) meter.onSecond(second);
  };
  const agents = (cluster: number) => {
    const { firstAgent, size } = topology.clusters[cluster]!;
    return Array.from({ length: size }, (_, at) => firstAgent + at);
  };
  const life = (atS: number, nodes: readonly number[], what: Life) => {
    for (const node of nodes) meter.life(atS * US_PER_S, node, what);
  };
  return { topology, meter, fact, authority, until, tick, agents, life };
}

const machines = ({ topology }: ReturnType<typeof watched>) =>
  topology.clusters.filter(({ agentClass }) => agentClass === "A");

describe("the map of the mesh", () => {
  it("says nothing of a mesh in which nothing happens", () => {
    const world = watched();
    world.tick(0, 5);
    const stateOf = world.until(5);
    for (const name of ["orchestrator", "S1", "S2", "S1-C1", "S1-C2", "S2-C1", "S2-C2"]) {
      expect(stateOf(name)).toEqual([]);
    }
  });

  it("is the same where a process's acts of one second are noted more than once, as they are in several shards", () => {
    const changesWith = (actsS: readonly number[]) => {
      const world = watched();
      const holds = (atS: number, leaseMs: number) =>
        world.fact(atS, 0, { type: "authority", office: 0, term: 1, holds: true, leaseMs });
      holds(1, 1_500);
      world.tick(0, 2);
      for (const atS of actsS) world.meter.act(atS * US_PER_S, 0);
      holds(2.8, 20_000);
      world.tick(2, 5);
      return world.until(5)("orchestrator");
    };
    // Its lease has run out at 2.5 s, which nothing shows before it is renewed.
    expect(changesWith([2.2, 2.6])).toEqual(changesWith([2.2]));
  });

  it("shows a cluster as degraded below 95 %, and not at 95 %", () => {
    const world = watched();
    const [cluster] = machines(world);
    const [first, second] = world.agents(cluster!.index);
    const name = world.topology.nameOf(cluster!.lead);
    world.tick(0, 2);
    world.fact(2.5, cluster!.lead, { type: "agent-state", agentId: first!, state: "offline" });
    world.tick(2, 4);
    world.fact(4.5, cluster!.lead, { type: "agent-state", agentId: second!, state: "offline" });
    world.tick(4, 6);
    world.fact(6.5, cluster!.lead, { type: "agent-state", agentId: second!, state: "active" });
    world.tick(6, 8);
    expect(world.until(8)(name)).toEqual([
      [4, "degraded"],
      [7, "in-service"],
    ]);
  });

  it("shows a trouble that is over within its second", () => {
    const world = watched();
    const [cluster] = machines(world);
    world.tick(0, 3);
    world.life(3.2, [cluster!.lead], Life.paused);
    world.life(3.4, [cluster!.lead], Life.resumed);
    world.tick(3, 6);
    expect(world.until(6)(world.topology.nameOf(cluster!.lead))).toEqual([
      [3, "nobody-in-office"],
      [4, "in-service"],
    ]);
  });

  it("tells a cluster without a lead from one that is all down, people's, too", () => {
    for (const agentClass of ["A", "F"]) {
      const world = watched();
      const cluster = world.topology.clusters.find((one) => one.agentClass === agentClass)!;
      world.tick(0, 2);
      world.life(2, [cluster.lead], Life.down);
      world.tick(2, 4);
      world.life(4, world.agents(cluster.index), Life.down);
      world.tick(4, 6);
      expect(world.until(6)(world.topology.nameOf(cluster.lead))).toEqual([
        [2, "nobody-in-office"],
        [4, "all-down"],
      ]);
    }
  });

  it("shows two in office from the instant at which both have acted", () => {
    const world = watched();
    const [cluster] = machines(world);
    const { lead, index } = cluster!;
    const standby = world.topology.standbyOf(lead);
    const [first, second] = world.agents(index);
    const name = world.topology.nameOf(lead);
    world.tick(0, 2);
    world.authority(2.5, lead, standby, true);
    world.fact(2.6, first!, { type: "obeyed", office: lead, process: standby });
    world.tick(2, 4);
    world.fact(4.5, second!, { type: "obeyed", office: lead, process: lead });
    world.tick(4, 6);
    world.authority(6.5, lead, standby, false);
    world.tick(6, 9);
    expect(world.until(9)(name)).toEqual([
      [4, "split-brain"],
      [7, "in-service"],
    ]);
  });

  it.each([
    ["cluster", "S1-C2", 1],
    ["sector", "S2", 1],
    ["global", "orchestrator", 0],
  ] as const)("shows the breaker of a %s until it is closed, half-open included", (scope, name, id) => {
    const world = watched();
    world.tick(0, 1);
    for (const [atS, state] of [
      [1, "OPEN"],
      [3, "HALF_OPEN"],
      [5, "CLOSED"],
    ] as const) {
      world.fact(atS, 0, { type: "breaker", scope, id, state });
      world.tick(atS, atS + 2);
    }
    expect(world.until(7)(name)).toEqual([
      [1, "breaker-open"],
      [5, "in-service"],
    ]);
  });

  it("counts a sector's agents and the mesh's: three of twenty are nothing to a mesh of sixty", () => {
    const world = watched();
    const [cluster] = machines(world);
    world.tick(0, 1);
    world.life(1, world.agents(cluster!.index).slice(0, 3), Life.down);
    world.tick(1, 3);
    const stateOf = world.until(3);
    expect(stateOf(world.topology.nameOf(cluster!.lead))).toEqual([[1, "degraded"]]);
    expect(stateOf(`S${cluster!.sector + 1}`)).toEqual([[1, "degraded"]]);
    expect(stateOf("orchestrator")).toEqual([]);
  });
});
