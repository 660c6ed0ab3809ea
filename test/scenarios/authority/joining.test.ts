/**
 * Offices while agents join (MESH-30K 10.2): newcomers obey and do not vote. Each cluster begins with five agents, of whom
 * three elect its lead, and five more join.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Office } from "../../../protocol/mesh-30k/authority/office.js";
import "../../property-seed.js";
import { OfficeWorld } from "./office-world.js";

const LEAD = 3;
const growing = (atS: number) => new OfficeWorld("repaired", undefined, undefined, { agents: 20, atS });

describe("the office of a lead whose cluster agents join", () => {
  it("needs a majority of those that the mesh begins with, before and after", () => {
    const { topology } = growing(60);
    const office = new Office(topology, LEAD);
    const { firstAgent } = topology.clusters[0]!;
    expect([office.memberCount, office.voterCount, office.majority]).toEqual([10, 5, 3]);
    expect([0, 4, 5, 9].map((position) => office.voterIndexOf(firstAgent + position))).toEqual([0, 4, -1, -1]);
    expect(office.voters()).toEqual([0, 1, 2, 3, 4].map((position) => firstAgent + position));
  });

  it("is held throughout: nobody waits for votes of agents that are not there", () => {
    const world = growing(200);
    world.runTo(400);
    expect(world.judge.soleHolder(LEAD, 400e6)).toBe(LEAD);
    const held = world.facts.filter(({ fact }) => fact.type === "authority" && fact.office === LEAD && !fact.holds);
    expect(held).toEqual([]);
  });

  it("has members that count before they come neither as running nor as following anybody", () => {
    const world = growing(60);
    const [founder, , , , , newcomer] = world.agentsOf(0);
    world.runTo(30);
    expect([founder!, newcomer!].map((agent) => world.judge.isLive(agent))).toEqual([true, false]);
    world.runTo(70);
    expect(world.judge.isLive(newcomer!)).toBe(true);
  });

  it("goes to the standby that the founders elect, although the old lead keeps more agents in all", () => {
    const world = growing(60);
    const standby = world.topology.standbyOf(LEAD);
    const agents = world.agentsOf(0);
    world.runTo(100);
    world.split([LEAD, ...agents.slice(3)]); // two founders and all five newcomers
    world.runTo(200);
    expect(world.judge.soleHolder(LEAD, 200e6)).toBe(standby);
    expect(world.judge.incidents).toEqual([]);
    expect(world.judge.leases.violations).toBe(0);
    world.heal();
    world.runTo(260);
    expect(world.followedBy(0)).toEqual(agents.map(() => standby));
  });

  it("has newcomers that start while the standby is in office find it, and be admitted by it", () => {
    const world = growing(200);
    const standby = world.topology.standbyOf(LEAD);
    world.runTo(60);
    world.split([LEAD]);
    world.runTo(260);
    const steps = world.facts.filter(({ fact }) => fact.type === "joining" && fact.step === "admitted");
    expect(steps.filter(({ node }) => node === standby)).toHaveLength(5);
    expect(world.followedBy(0)).toEqual(world.agentsOf(0).map(() => standby));
  });

  it("is never held by two leases, whatever is cut off from what while agents join", () => {
    const addresses = growing(60).topology.nodeCount;
    fc.assert(
      fc.property(
        fc.integer({ min: 20, max: 120 }),
        fc.array(fc.array(fc.integer({ min: 0, max: addresses - 1 }), { maxLength: 25 }), {
          minLength: 1,
          maxLength: 3,
        }),
        (joinAtS, sides) => {
          const world = growing(joinAtS);
          let untilS = 40;
          for (const side of sides) {
            world.runTo(untilS);
            world.split(side);
            untilS += 70;
            world.runTo(untilS);
            world.heal();
            untilS += 20;
          }
          world.runTo(untilS);
          expect(world.judge.leases.violations).toBe(0);
          expect(world.judge.terms.violations).toBe(0);
          expect(world.judge.leases.checks).toBeGreaterThan(20);
        },
      ),
      { numRuns: 12 },
    );
  });
});
