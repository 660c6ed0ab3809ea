/** Whom a target means, on a mesh of 54 nodes that is small enough to be counted by hand (see staged.ts). */
import { describe, expect, it } from "vitest";
import { KeyedDraw } from "../../../scenarios/faults/keyed-draw.js";
import { staged } from "./staged.js";

/** The names of the nodes that a crash of a target strikes. */
function struck(target: string, seed?: number): string[] {
  const stage = staged(`- name: named\n  crash: { ${target} }`, [], seed);
  expect(stage.stagedFaults.plan.nodes).toHaveLength(1);
  return [...stage.stagedFaults.plan.nodes[0]!.nodes].map((address) => stage.topology.nameOf(address));
}

const agents = (cluster: string) => [1, 2, 3, 4, 5, 6].map((agent) => `${cluster}-A${agent}`);

describe("a target", () => {
  const { topology } = staged("- crash: {}");
  const clustersOf = (name: string) =>
    topology.clusters.filter(({ agentClass }) => agentClass === name).map(({ lead }) => topology.nameOf(lead));

  it.each<[target: string, expected: readonly string[]]>([
    ["id: orchestrator", ["orchestrator"]],
    ["id: S2", ["S2"]],
    ["id: [S2-C3, S1-C1-A4]", ["S2-C3", "S1-C1-A4"]],
    ["role: coordinator", ["S1", "S2"]],
    ["role: lead, sector: 2", ["S2-C1", "S2-C2", "S2-C3"]],
    ["cluster: S1-C2", ["S1-C2", ...agents("S1-C2"), "S1-C2-standby"]],
    ["role: standby, sector: 2", ["S2-standby", "S2-C1-standby", "S2-C2-standby", "S2-C3-standby"]],
    ["id: [orchestrator-standby, S1-C3-standby]", ["orchestrator-standby", "S1-C3-standby"]],
    ["class: C", clustersOf("C").flatMap(agents)],
    [
      "class: C, sector: 2",
      clustersOf("C")
        .filter((name) => name.startsWith("S2"))
        .flatMap(agents),
    ],
    // Clusters take the zones in turn, coordinators by their sector; the orchestrator is in the first. A standby is in the zone
    // after that of its primary, the orchestrator's in the other region.
    ["zone: 1, region: eastus", ["orchestrator", "S1", "S1-C1", ...agents("S1-C1"), "S1-C3-standby"]],
    ["zone: 2, region: eastus", ["S1-C2", ...agents("S1-C2"), "S1-standby", "S1-C1-standby"]],
    ["zone: 2, region: westeurope", ["S2", "S2-C2", ...agents("S2-C2"), "orchestrator-standby", "S2-C1-standby"]],
    // One cluster of class E makes one board.
    ["host: board-1", clustersOf("E").flatMap(agents)],
    ["class: E, whole: sector", []],
  ])("%s", (target, expected) => {
    if (expected.length > 0) expect(struck(target)).toEqual(expected);
    else {
      const sector = clustersOf("E")[0]!.slice(0, 2);
      const all = Array.from({ length: topology.nodeCount }, (_, address) => topology.nameOf(address));
      expect(struck(target)).toEqual(all.filter((name) => name === sector || name.startsWith(`${sector}-`)));
    }
  });

  it.each<[count: string, expected: number]>([
    ["one", 1],
    ["minority", 5], // of 12: floor(11 / 2)
    ["majority", 7], // of 12: floor(12 / 2) + 1
    ["all", 12],
    ["4", 4],
    ["25 %", 3],
  ])("with count: %s of 12", (count, expected) => {
    expect(struck(`class: A, count: ${count}`)).toHaveLength(expected);
  });

  it("counts wholes where it takes wholes", () => {
    expect(struck("whole: sector, count: one")).toHaveLength(2 * (1 + 3) + 18); // offices count twice, with their standbys
  });

  it("is drawn anew by another seed", () => {
    const drawn = [1, 2, 3].map((seed) => struck("class: [A, C], count: 8", seed).join());
    expect(new Set(drawn).size).toBe(3);
  });

  it("is drawn by the fault's name: another fault before it shifts nothing", () => {
    const crash = "- name: mine\n  crash: { class: A, count: 3 }";
    const alone = staged(crash).stagedFaults.plan.nodes[0]!;
    const second = staged(`- pause: { class: A, count: 3 }\n${crash}`).stagedFaults.plan.nodes[1]!;
    expect(second.nodes).toEqual(alone.nodes);
    expect(second.fault).toBe(1);
  });
});

describe("what is drawn", () => {
  it("is each of 12 items equally often", () => {
    const items = Array.from({ length: 12 }, (_, item) => item);
    const times = items.map(() => 0);
    const draws = 12_000;
    const draw = KeyedDraw.of(1, "test");
    for (let i = 0; i < draws; i++) for (const item of draw.chosen(items, 3)) times[item]!++;
    // Three of 12 without replacement: the chi-square statistic is that of independent draws times (1 - 3/12) / (1 - 1/12).
    const expected = (3 * draws) / 12;
    const sum = times.reduce((total, count) => total + (count - expected) * (count - expected), 0) / expected;
    // Chi-square with 11 degrees of freedom: 31.26 is its quantile at 99.9 %, 1.83 at 0.1 %.
    expect((sum * 11) / 9).toBeLessThan(31.26);
    expect((sum * 11) / 9).toBeGreaterThan(1.83);
  });
});
