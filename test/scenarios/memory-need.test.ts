import { describe, expect, it } from "vitest";
import { checkMemory, memoryNeedMb, shardsThatFit } from "../../scenarios/memory-need.js";
import { complaintsOf } from "./language/scenario-text.js";
import { load, VARIED } from "./small-mesh.js";

const LARGE = load(VARIED, [
  "mesh={ sectors: 100, clustersPerSector: 100, agentsPerCluster: 100, classes: { A: 1000000 } }",
]);
const GB = 1000;

describe("the estimate", () => {
  it("grows with every node: agents, leads, coordinators", () => {
    const nodes = 1 + 100 + 10_000 + 1_000_000;
    const small = memoryNeedMb(load(VARIED));
    const perNodeMb = (memoryNeedMb(LARGE) - small) / (nodes - (1 + 2 + 8 + 80));
    expect(memoryNeedMb(LARGE)).toBeGreaterThan(memoryNeedMb(load(VARIED, ["duration=1 h"])));
    expect(perNodeMb).toBeGreaterThan(0.0035); // what a node of a mesh at rest was measured to take
    expect(small).toBeLessThan(300);
  });

  it.each([
    ["rates that agents cannot serve", "workload.intraCluster=1000000 / s"],
    ["a run of eleven years", "duration=100000 h"],
  ])("grows with what piles up: %s need more than any machine has", (_, change) => {
    expect(memoryNeedMb(load(VARIED, [change]))).toBeGreaterThan(64 * GB);
  });

  it("leaves the main scenario, 31,101 nodes, its promised gigabyte", () => {
    const mesh = "{ sectors: 100, clustersPerSector: 10, agentsPerCluster: 30, classes: { A: 30000 } }";
    expect(memoryNeedMb(load(VARIED, [`mesh=${mesh}`]))).toBeLessThan(GB);
  });
});

describe("a mesh", () => {
  it("that fits is let through, to the last megabyte", () => {
    const needMb = memoryNeedMb(LARGE);
    const heapMb = 0.75 * needMb;
    expect(() => checkMemory(LARGE, { total: needMb, heap: heapMb })).not.toThrow();
    expect(() => checkMemory(LARGE, { total: needMb - 1, heap: heapMb })).toThrow();
    expect(() => checkMemory(LARGE, { total: needMb, heap: heapMb - 1 })).toThrow();
  });

  it("of a million agents at rest fits a machine of 8 GB and the heap that Node.js takes there", () => {
    const quiet = load(VARIED, [
      "mesh={ sectors: 1000, clustersPerSector: 20, agentsPerCluster: 50, classes: { A: 1000000 } }",
      ...["intraCluster", "interCluster", "meshWide"].map((traffic) => `workload.${traffic}=0 / s`),
    ]);
    expect(() => checkMemory(quiet, { total: 8 * GB, heap: 4 * GB })).not.toThrow();
  });

  it.each<[name: string, machine: { total: number; heap: number }, says: RegExp]>([
    [
      "larger than the machine is refused with what both have",
      { total: 8 * GB, heap: 4 * GB },
      /^--set mesh=.*: mesh needs about \d+\.\d GB of memory; this machine has 8\.0 GB \(a smaller mesh, a shorter run or lower rates\)$/,
    ],
    [
      "larger than Node's heap is refused with the option that helps",
      { total: 512 * GB, heap: 4 * GB },
      /^--set mesh=.*; Node\.js may use 4\.0 GB \(set NODE_OPTIONS=--max-old-space-size=\d+\)$/,
    ],
  ])("%s", (_, machine, says) => {
    const complaints = complaintsOf(() => checkMemory(LARGE, machine));
    expect(complaints).toHaveLength(1);
    expect(complaints[0]).toMatch(says);
  });

  it("would fit with the option that is suggested", () => {
    const [complaint] = complaintsOf(() => checkMemory(LARGE, { total: 512 * GB, heap: 4 * GB }));
    const suggestedMb = Number(/size=(\d+)/.exec(complaint!)![1]);
    expect(() => checkMemory(LARGE, { total: 512 * GB, heap: suggestedMb })).not.toThrow();
  });
});

it("more shards than fit beside the mesh are not used, but always one", () => {
  const needMb = memoryNeedMb(LARGE);
  expect(shardsThatFit(LARGE, 4, needMb + 10 * GB)).toBe(4);
  expect(shardsThatFit(LARGE, 4, needMb + 0.25 * GB)).toBe(2);
  expect(shardsThatFit(LARGE, 4, needMb)).toBe(1);
});
