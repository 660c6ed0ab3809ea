import { describe, expect, it } from "vitest";
import { Topology } from "../../../protocol/mesh-30k/topology.js";
import { AvailabilityMeter } from "../../../scenarios/measure/availability-meter.js";
import { US_PER_S } from "../../../sim/time.js";

const FROM_S = 10;

/** Two clusters of twenty machines, one of people; measuring begins after 10 s. */
function watched() {
  const topology = new Topology({
    sectors: 1,
    clustersPerSector: 3,
    agents: { A: 20, B: 20, C: 0, D: 0, E: 0, F: 5 },
  });
  const meter = new AvailabilityMeter(topology, FROM_S * US_PER_S);
  const members = (agentClass: string) => {
    const { firstAgent, size } = topology.clusters.find((cluster) => cluster.agentClass === agentClass)!;
    return Array.from({ length: size }, (_, position) => firstAgent + position);
  };
  const hold = (state: "active" | "degraded" | "offline") => (atS: number, agents: readonly number[]) => {
    for (const agent of agents) meter.onState(atS * US_PER_S, agent, state);
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

  it("does not ask after people", () => {
    const { meter, f, fall } = watched();
    fall(12, f);
    meter.advance(30 * US_PER_S);
    expect(meter.availability).toBe(1);
    expect(meter.activeMachines).toBe(40);
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
    expect(meter.recoveriesS).toEqual([5.5]);
    expect(meter.incidents).toEqual([
      {
        atS: 16,
        kind: "cluster-out-of-service",
        where: topology.nameOf(topology.clusterOf(a[0]!).lead),
        detail: "fewer than 95 % of its agents active for 5.500 s",
      },
    ]);
  });

  it("a degraded agent that falls silent is out once, not twice", () => {
    const { meter, a, fall, rise, hold } = watched();
    hold("degraded")(15, a.slice(0, 2));
    fall(16, a.slice(0, 2));
    expect(meter.activeMachines).toBe(38);
    rise(18, a.slice(0, 2));
    expect(meter.activeMachines).toBe(40);
    expect(meter.recoveriesS).toEqual([3]);
  });

  it("an outage that began during warm-up is none of the run's, and people have none", () => {
    const { meter, a, f, fall, rise } = watched();
    fall(9, a.slice(0, 2));
    rise(15, a.slice(0, 2));
    fall(15, f);
    rise(20, f);
    expect(meter.recoveriesS).toEqual([]);
  });
});
