import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Findings, findingsOf } from "../../../scenarios/measure/results-of.js";
import type { Outcome } from "../../../scenarios/outcome.js";
import { FULL } from "../../effort.js";
import { finished, LABELS, load, VARIED } from "../small-mesh.js";
import { ranOnShards } from "./in-one-thread.js";

/** All regions, boards that agents of several sectors share, people, and a network that loses and repeats. */
const WIDE = `name: wide
description: a mesh that can be cut into many shards
seed: 3
warmUp: 5 s
duration: 9 s
mesh:
  sectors: 16
  clustersPerSector: 3
  agentsPerCluster: 5
  classes: { A: 60, B: 60, C: 45, D: 15, E: 30, F: 30 }
placement: { orchestrator: eastus }
network: { loss: 2 %, duplication: 3 % }
workload:
  intraCluster: 3 / s
  interCluster: 3 / s
  meshWide: 30 / min
  pipelineShare: 20 %
  cascades:
    - { strategy: wave, every: 5 s, first: 2 s, verb: sync }
    - { strategy: parallel, every: 5 s, first: 4 s }
    - { strategy: priority_first, every: 5 s, first: 6 s }
`;

/** Without boards, so that every sector can be a shard of its own. */
const WITHOUT_BOARDS = [
  "duration=5 s",
  "workload.cascades=[{ strategy: wave, every: 5 s, first: 2 s }]",
  "mesh.classes={ A: 60, B: 60, C: 45, D: 45, F: 30 }",
];

/** Every file of results, to the byte. */
function bytesOf(outcome: Outcome): string {
  return JSON.stringify(findingsOf(outcome, LABELS));
}

function inOnePiece(text: string, overrides: readonly string[] = [], seed?: number): string {
  return bytesOf(finished(load(text, overrides, seed)).outcome());
}

describe("what comes of a run is the same to the last bit, with loss, copies and drifting clocks,", () => {
  const whole = inOnePiece(WIDE);

  it("and is no empty run", () => {
    const { events, cascades, messages } = (JSON.parse(whole) as Findings).results;
    expect(events).toBeGreaterThan(10_000);
    expect(cascades.filter((cascade) => cascade.counted).length).toBeGreaterThanOrEqual(3);
    expect(messages.lost).toBeGreaterThan(50);
    expect(messages.duplicated).toBeGreaterThan(50);
  });

  it.each([1, 2, 3, 4, 7, 12])("on %i shards as in one piece", (shardCount) => {
    const { outcome, crossed } = ranOnShards(load(WIDE), shardCount);
    expect(bytesOf(outcome)).toBe(whole);
    expect(crossed > 300).toBe(shardCount > 1);
  });

  it("on 16 shards, one for each sector, that share regions", () => {
    const { outcome } = ranOnShards(load(WIDE, WITHOUT_BOARDS), 16);
    expect(bytesOf(outcome)).toBe(inOnePiece(WIDE, WITHOUT_BOARDS));
  });

  it("with the document to the letter, where clocks are compared across regions and everybody is judged", () => {
    const asWritten = ["protocol.preset=as-written"];
    const { outcome } = ranOnShards(load(WIDE, asWritten), 4);
    expect(bytesOf(outcome)).toBe(inOnePiece(WIDE, asWritten));
  });

  it.each(["mesh-30k", "cascade-strategies", "as-written"])("for %s as it is shipped, with fewer agents", (name) => {
    const text = readFileSync(new URL(`../../../scenarios/${name}.yaml`, import.meta.url), "utf8");
    const reduced = [
      "mesh={ sectors: 20, clustersPerSector: 3, agentsPerCluster: 10, classes: { A: 200, B: 160, C: 100, D: 40, E: 60, F: 40 } }",
      "warmUp=4 s",
      "duration=24 s",
    ];
    const { outcome } = ranOnShards(load(text, reduced), 7);
    expect(bytesOf(outcome)).toBe(inOnePiece(text, reduced));
  });

  it("with boards that are overloaded, hot and full, on lines that drop", () => {
    const text = readFileSync(new URL("../../../scenarios/mesh-30k.yaml", import.meta.url), "utf8");
    const strained = [
      "mesh={ sectors: 12, clustersPerSector: 3, agentsPerCluster: 10, classes: { A: 120, C: 60, E: 180 } }",
      "warmUp=4 s",
      "duration=24 s",
      "world.hosts.board.coreShare=1",
      "world.hosts.board.cores=1",
      "world.hosts.board.heat.timeConstantS=2",
      "world.hosts.board.heat.loadRiseC=60",
      "world.hosts.board.memoryGib=1",
      "world.hosts.board.jobMemoryKb=50000",
      "world.hosts.board.jobLogKb=40000",
      "world.hosts.board.logRotationH=0.01",
      "world.hosts.board.wifiMbps=0.1",
      "world.hosts.board.ethernetMbps=0.2",
      "world.hosts.board.lineRoom=3",
      "world.hosts.vm.cores=1",
    ];
    const { outcome } = ranOnShards(load(text, strained), 7);
    const sum = (of: (host: Outcome["books"]["hosts"][number]) => number | null) =>
      outcome.books.hosts.reduce((all, host) => all + (of(host) ?? 0), 0);
    // Every one of them has happened.
    for (const of of [
      sum((host) => host.heldUpS),
      sum((host) => host.throttledShare),
      sum((host) => host.dropped),
      sum((host) => host.killed),
      sum((host) => host.refused),
    ]) {
      expect(of).toBeGreaterThan(0);
    }
    expect(outcome.books.violations).toBe(0);
    expect(bytesOf(outcome)).toBe(inOnePiece(text, strained));
  });

  it("whatever the mesh, its traffic and its network", () => {
    const mesh = fc.record({
      seed: fc.nat(1_000_000),
      clustersPerSector: fc.integer({ min: 1, max: 3 }),
      loss: fc.constantFrom(0, 1, 20),
      duplication: fc.constantFrom(0, 5),
      interCluster: fc.integer({ min: 0, max: 10 }),
      preset: fc.constantFrom("repaired", "as-written"),
      strategy: fc.constantFrom("wave", "parallel", "priority_first"),
      shardCount: fc.integer({ min: 2, max: 6 }),
    });
    fc.assert(
      fc.property(
        mesh,
        ({ seed, clustersPerSector, loss, duplication, interCluster, preset, strategy, shardCount }) => {
          const overrides = [
            "duration=4 s",
            "mesh.sectors=6",
            `mesh.clustersPerSector=${clustersPerSector}`,
            `mesh.classes={ A: ${18 * clustersPerSector}, C: ${12 * clustersPerSector} }`,
            `network={ loss: ${loss} %, duplication: ${duplication} % }`,
            `workload.interCluster=${interCluster} / s`,
            `workload.cascades=[{ strategy: ${strategy}, every: 2 s, first: 3 s }]`,
            `protocol.preset=${preset}`,
          ];
          const { outcome } = ranOnShards(load(WIDE, overrides, seed), shardCount);
          expect(bytesOf(outcome)).toBe(inOnePiece(WIDE, overrides, seed));
        },
      ),
      { numRuns: FULL ? 60 : 8 },
    );
  });

  it("on two continents with an operation that is on its way between them at the end", () => {
    const cut = ["duration=10.6 s"];
    const { outcome } = ranOnShards(load(VARIED, cut), 2);
    expect(bytesOf(outcome)).toBe(inOnePiece(VARIED, cut));
  });
});
