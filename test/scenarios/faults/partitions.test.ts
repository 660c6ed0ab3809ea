/** Who reaches whom in each shape of partition: on sides alone for all sizes, and on a small mesh. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bridge, bridgeSide, isolated, oneWay, ring, split } from "../../../scenarios/faults/partition-shapes.js";
import type { Stage } from "../../../scenarios/stage.js";
import { staged } from "./staged.js";

/** Names of the nodes that a node hears. */
function heardBy(stage: Stage, to: number, link = 0): Set<number> {
  const { groupOf, groups, concerned } = stage.stagedFaults.plan.links[link]!.reach;
  const all = Array.from(groupOf.keys());
  return new Set(all.filter((from) => concerned[groupOf[from]! * groups + groupOf[to]!] === 0));
}

describe("a ring of overlapping majorities (Jepsen, majorities-ring)", () => {
  it("lets everybody hear a majority, itself among it, and no two the same", () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 60 }), (count) => {
        const cut = ring(count);
        const units = Array.from({ length: count }, (_, unit) => unit);
        const views = units.map((to) => units.filter((from) => !cut(from, to)));
        for (const [unit, view] of views.entries()) {
          expect(view).toHaveLength(Math.floor(count / 2) + 1);
          expect(view).toContain(unit);
        }
        expect(new Set(views.map(String)).size).toBe(count);
      }),
    );
  });

  it("of an odd majority cuts both directions alike", () => {
    // Of five, three: itself and a neighbour on either side, as in Jepsen's five-node clusters.
    const cut = ring(5);
    const view = (to: number) => [0, 1, 2, 3, 4].filter((from) => !cut(from, to));
    expect(view(0)).toEqual([0, 1, 4]);
    expect(view(2)).toEqual([1, 2, 3]);
  });

  it("leaves alone whom it does not name", () => {
    expect(ring(5)(-1, 2) || ring(5)(2, -1)).toBe(false);
  });
});

describe("a bridge (Jepsen, bridge)", () => {
  it("has two halves that hear each other not at all, and one in the middle that both hear", () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 60 }), (count) => {
        const sides = Array.from({ length: count }, (_, unit) => bridgeSide(unit, count));
        const sizes = [0, 1, 2].map((side) => sides.filter((each) => each === side).length);
        expect(sizes[1]).toBe(1);
        expect(Math.abs(sizes[0]! - sizes[2]!)).toBeLessThanOrEqual(1);
        for (const from of sides) {
          for (const to of sides) expect(bridge(from, to)).toBe(from !== to && from !== 1 && to !== 1);
        }
      }),
    );
  });
});

describe("one direction of a cut", () => {
  it.each<[name: string, from: number, to: number, out: boolean, inwards: boolean]>([
    ["from the isolated to everybody else", 0, -1, true, false],
    ["from everybody else to the isolated", -1, 0, false, true],
    ["among the isolated", 0, 0, false, false],
  ])("isolate: %s", (_, from, to, out, inwards) => {
    expect(oneWay(isolated, "out")(from, to)).toBe(out);
    expect(oneWay(isolated, "in")(from, to)).toBe(inwards);
  });

  it("of a split is from earlier sides to later ones, or back; both together are the whole cut", () => {
    for (const from of [-1, 0, 1, 2]) {
      for (const to of [-1, 0, 1, 2]) {
        const [out, inwards] = [oneWay(split, "out")(from, to), oneWay(split, "in")(from, to)];
        expect(out || inwards).toBe(split(from, to));
        expect(out && inwards).toBe(false);
      }
    }
    expect(oneWay(split, "out")(0, 2)).toBe(true);
  });
});

describe("on a mesh", () => {
  const NODES = 54;
  /** A lead, its standby and six agents. */
  const CLUSTER = 8;
  /** A coordinator, its standby and three clusters. */
  const SECTOR = 2 + 3 * CLUSTER;

  it("isolate cuts the sector off in both directions, and nothing within it", () => {
    const stage = staged("- partition: { isolate: { sector: 2 } }");
    const inside = heardBy(stage, 2);
    expect(inside.size).toBe(SECTOR);
    expect(heardBy(stage, 0).size).toBe(NODES - inside.size);
    expect([...inside].every((from) => !heardBy(stage, 0).has(from))).toBe(true);
  });

  it("split lets whom no side names reach all sides, unless a side is the rest", () => {
    const sides = "{ cluster: S1-C1 }, { cluster: S2-C1 }";
    const loose = staged(`- partition: { split: [${sides}] }`);
    expect(heardBy(loose, 0).size).toBe(NODES);
    expect(heardBy(loose, 3).size).toBe(NODES - CLUSTER);
    const three = staged(`- partition: { split: [${sides}, { rest: true }] }`);
    expect(heardBy(three, 0).size).toBe(NODES - 2 * CLUSTER);
    expect(heardBy(three, 3).size).toBe(CLUSTER);
  });

  it("isolate with count: minority leaves a majority of the units on the other side", () => {
    const stage = staged("- partition: { isolate: { role: lead, count: minority } }");
    const cutOff = [3, 4, 5, 6, 7, 8].filter((lead) => !heardBy(stage, 0).has(lead));
    expect(cutOff).toHaveLength(2); // of six: floor(5 / 2)
  });

  it("ring takes wholes for its units", () => {
    const stage = staged("- partition: { ring: { whole: cluster } }");
    // Six clusters: each hears four with itself; orchestrator, coordinators and their standbys stay outside.
    expect(heardBy(stage, 3).size).toBe(4 * CLUSTER + 6);
    expect(heardBy(stage, 9)).toEqual(heardBy(stage, 3));
    expect(heardBy(stage, 0).size).toBe(NODES);
  });

  it("packets of a region are concerned at either end, from and to at one", () => {
    const count = (faults: string, to: number) => heardBy(staged(`- packets: { loss: 1 %, ${faults} }`), to).size;
    expect(count("of: { sector: 2 }", 0)).toBe(NODES - SECTOR);
    expect(count("of: { sector: 2 }", 2)).toBe(0);
    expect(count("from: { sector: 2 }", 2)).toBe(NODES - SECTOR);
    expect(count("to: { sector: 2 }", 0)).toBe(NODES);
    expect(count("from: { sector: 2 }, to: { id: orchestrator }", 0)).toBe(NODES - SECTOR);
    expect(count("from: { sector: 2 }, to: { id: orchestrator }", 1)).toBe(NODES);
    expect(count("between: [{ sector: 1 }, { sector: 2 }]", 1)).toBe(NODES - SECTOR);
    expect(count("between: [{ sector: 1 }, { sector: 2 }]", 0)).toBe(NODES);
  });

  it("bursts lose what they are to lose in the long run (Gilbert-Elliott)", () => {
    const stage = staged("- packets: { burstLoss: { loss: 5 %, burst: 8, lossInBad: 80 %, lossInGood: 1 % } }");
    const { trouble } = stage.stagedFaults.plan.links[0]!;
    if (trouble.kind !== "burst-loss") throw new Error(trouble.kind);
    // pi_B = p / (p + r), loss = pi_G e_G + pi_B e_B, mean bad sojourn 1 / r.
    const bad = trouble.toBad / (trouble.toBad + trouble.toGood);
    expect((1 - bad) * 0.01 + bad * 0.8).toBeCloseTo(0.05, 12);
    expect(1 / trouble.toGood).toBe(8);
  });

  it("spells of one entry share their groups, and an entry drawn anew has one for each set", () => {
    const again = "at: 10 s\n  every: 1 s\n  for: 500 ms";
    const shared = staged(`- partition: { isolate: { whole: sector, count: one } }\n  ${again}`).stagedFaults.plan
      .links;
    expect(shared).toHaveLength(90);
    expect(new Set(shared.map(({ reach }) => reach)).size).toBe(1);
    const anew = staged(`- partition: { isolate: { whole: sector, count: one } }\n  ${again}\n  anew: true`)
      .stagedFaults.plan.links;
    expect(new Set(anew.map(({ reach }) => reach)).size).toBe(2); // there are two sectors
  });
});
