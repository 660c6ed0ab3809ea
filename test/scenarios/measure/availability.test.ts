import { describe, expect, it } from "vitest";
import { Topology } from "../../../protocol/mesh-30k/topology.js";
import { AvailabilityMeter } from "../../../scenarios/measure/availability-meter.js";
import { Population } from "../../../scenarios/measure/population.js";
import { US_PER_S } from "../../../sim/time.js";

const FROM_S = 10;

/** Two clusters of twenty machines, one of people; measuring begins after 10 s. */
function watched(countsPeople = false) {
  const topology = new Topology({
    sectors: 1,
    clustersPerSector: 3,
    agents: { A: 20, B: 20, C: 0, D: 0, E: 0, F: 5 },
  });
  const meter = new AvailabilityMeter(topology, new Population(topology, countsPeople), FROM_S * US_PER_S);
  const members = (agentClass: string) => {
    const { firstAgent, size } = topology.clusters.find((cluster) => cluster.agentClass === agentClass)!;
    return Array.from({ length: size }, (_, position) => firstAgent + position);
  };
  const hold = (state: "active" | "degraded" | "offline") => (atS: number, agents: readonly number[]) => {
    for (const agent of agents) meter.onState(atS * US_PER_S, agent, state, topology.clusterOf(agent).lead);
  };
  return { meter, topology, a: members("A"), f: members("F"), fall: hold("offline"), rise: hold("active"), hold };
}

describe("availability is the share of measured time in which 95 % of the machines are active", () => {
  it("all of it where nobody falls out", () => {
    const { meter } = watched();
    meter.advance(30 * US_PER_S);
    expect(meter.availability).toBe(1);
    expect(meter.measuredS).toBe(20);
  });

  it("unknown before measuring begins", () => {
    const { meter } = watched();
    meter.advance(FROM_S * US_PER_S);
    expect(meter.availability).toBeNaN();
  });

  it.each([
    ["2 of 40 out, which leaves exactly 95 %", 2, 1],
    ["3 of 40 out", 3, 0.75],
  ])("%s for 5 s of 20", (_, count, availability) => {
    const { meter, a, fall, rise } = watched();
    fall(15, a.slice(0, count));
    rise(20, a.slice(0, count));
    meter.advance(30 * US_PER_S);
    expect(meter.availability).toBeCloseTo(availability, 12);
  });

  it("counts what is out when measuring begins, from then on", () => {
    const { meter, a, fall, rise } = watched();
    fall(2, a.slice(0, 3));
    rise(14, a.slice(0, 3));
    meter.advance(30 * US_PER_S);
    expect(meter.availability).toBeCloseTo(0.8, 12);
  });

  it("is the same however often the time is accounted for", () => {
    const [seldom, often] = [watched(), watched()];
    for (const { a, fall } of [seldom, often]) fall(15.25, a.slice(0, 3));
    for (let s = 16; s <= 30; s++) often.meter.advance(s * US_PER_S);
    seldom.meter.advance(30 * US_PER_S);
    expect(often.meter.availability).toBeCloseTo(seldom.meter.availability, 12);
  });

  it("unknown in a mesh of people alone", () => {
    const people = { A: 0, B: 0, C: 0, D: 0, E: 0, F: 5 };
    const topology = new Topology({ sectors: 1, clustersPerSector: 1, agents: people });
    const meter = new AvailabilityMeter(topology, new Population(topology, false), 0);
    meter.advance(30 * US_PER_S);
    expect(meter.availability).toBeNaN();
  });

  it("asks after people where they count (humanTargets as-written): 5 of 45 are more than 5 %", () => {
    const { meter, f, fall } = watched(true);
    fall(12, f);
    meter.advance(30 * US_PER_S);
    expect(meter.availability).toBeCloseTo(2 / 20, 9);
  });

  it("does not ask after people", () => {
    const { meter, f, fall } = watched();
    fall(12, f);
    meter.advance(30 * US_PER_S);
    expect(meter.availability).toBe(1);
    expect(meter.active).toBe(40);
  });
});

describe("a cluster is out of service while fewer than 95 % of its agents are active", () => {
  it("and its recovery is the time from then until it is back", () => {
    const { meter, topology, a, fall, rise } = watched();
    fall(15, a.slice(0, 1)); // 19 of 20 serve on
    fall(16, a.slice(1, 3));
    rise(18, a.slice(0, 1));
    rise(21.5, a.slice(1, 2));
    rise(29, a.slice(2, 3));
    expect(meter.clusters.recoveriesS).toEqual([5.5]);
    expect(meter.clusters.incidents(30 * US_PER_S)).toEqual([
      {
        atS: 16,
        kind: "cluster-out-of-service",
        where: topology.nameOf(topology.clusterOf(a[0]!).lead),
        detail: "fewer than 95 % of its machine agents active for 5.500 s",
      },
    ]);
  });

  it("a degraded agent that falls silent is out once, not twice", () => {
    const { meter, a, fall, rise, hold } = watched();
    hold("degraded")(15, a.slice(0, 2));
    fall(16, a.slice(0, 2));
    expect(meter.active).toBe(38);
    rise(18, a.slice(0, 2));
    expect(meter.active).toBe(40);
    expect(meter.clusters.recoveriesS).toEqual([3]);
  });

  it("an outage that began during warm-up is none of the run's, and people have none", () => {
    const { meter, a, f, fall, rise } = watched();
    fall(9, a.slice(0, 2));
    rise(15, a.slice(0, 2));
    fall(15, f);
    rise(20, f);
    expect(meter.clusters.recoveriesS).toEqual([]);
  });
});

describe("a sector is out of service while fewer than 95 % of its machine agents are active", () => {
  it("which a cluster that is out need not be", () => {
    const { meter, a, fall, rise } = watched();
    fall(15, a.slice(0, 2)); // 18 of 20 in the cluster, 38 of 40 in the sector
    expect(meter.clusters.openS(16 * US_PER_S)).toEqual([1]);
    expect(meter.sectors.openS(16 * US_PER_S)).toEqual([]);
    fall(17, a.slice(2, 3));
    rise(19.5, a.slice(0, 3));
    expect(meter.clusters.recoveriesS).toEqual([4.5]);
    expect(meter.sectors.recoveriesS).toEqual([2.5]);
    expect(meter.incidents().map(({ kind, where }) => [kind, where])).toEqual([
      ["cluster-out-of-service", "S1-C1"],
      ["sector-out-of-service", "S1"],
    ]);
  });
});

describe("an outage that is not over when the run ends", () => {
  it("has lasted from when it began, or from when measuring began", () => {
    const { meter, a, fall } = watched();
    fall(15, a.slice(0, 2));
    expect(meter.clusters.openS(30 * US_PER_S)).toEqual([15]);
    const early = watched();
    early.fall(5, early.a.slice(0, 2));
    expect(early.meter.clusters.openS(30 * US_PER_S)).toEqual([20]);
    expect(early.meter.clusters.openS(5 * US_PER_S)).toEqual([0]);
  });

  it("is an incident that says so", () => {
    const { meter, a, fall } = watched();
    fall(15, a.slice(0, 2));
    meter.advance(30 * US_PER_S);
    expect(meter.incidents()).toMatchObject([
      { atS: 15, detail: "fewer than 95 % of its machine agents active for 15.000 s, and still so at the end" },
    ]);
  });
});

describe("where two processes are in a lead's office at once", () => {
  const AT = 15 * US_PER_S;

  it("an agent is active as long as one of them holds it for active", () => {
    const { meter, topology, a, fall } = watched();
    const { index, lead } = topology.clusterOf(a[0]!);
    const standby = topology.standbyOf(lead);
    fall(15, a);
    expect(meter.activeIn(index)).toBe(0);
    meter.onNewHolder(AT, index, standby);
    meter.onOffice(AT, index, [lead, standby]);
    expect(meter.activeIn(index)).toBe(20);
    for (const agent of a.slice(0, 5)) meter.onState(AT, agent, "offline", standby);
    expect(meter.activeIn(index)).toBe(15);
    expect(meter.active).toBe(35);
  });

  it("what the one that leaves held an agent for counts no more", () => {
    const { meter, topology, a } = watched();
    const { index, lead } = topology.clusterOf(a[0]!);
    const standby = topology.standbyOf(lead);
    meter.onNewHolder(AT, index, standby);
    meter.onOffice(AT, index, [standby]);
    for (const agent of a) meter.onState(AT, agent, "offline", standby);
    expect([meter.activeIn(index), meter.active]).toEqual([0, 20]);
    meter.onOffice(AT, index, []);
    expect(meter.activeIn(index)).toBe(0);
    meter.onOffice(AT, index, [lead]);
    expect([meter.activeIn(index), meter.active]).toEqual([20, 40]);
  });

  it("who comes into office again takes the agents for active, whatever it held them for before", () => {
    const { meter, topology, a, fall } = watched();
    const { index, lead } = topology.clusterOf(a[0]!);
    fall(15, a);
    meter.onOffice(AT, index, []);
    meter.onNewHolder(AT, index, lead);
    meter.onOffice(AT, index, [lead]);
    expect(meter.activeIn(index)).toBe(20);
  });
});
