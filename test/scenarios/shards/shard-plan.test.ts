import { describe, expect, it } from "vitest";
import { leastDelayUs } from "../../../models/links.js";
import { planShards, type ShardPlan } from "../../../scenarios/shards/shard-plan.js";
import { Stage } from "../../../scenarios/stage.js";
import { load, VARIED } from "../small-mesh.js";

/** 120 sectors over all regions, with boards that agents of several sectors share. */
const LARGE = [
  "mesh={ sectors: 120, clustersPerSector: 3, agentsPerCluster: 20, classes: { A: 4000, E: 2400, F: 800 } }",
  "placement={ orchestrator: eastus }",
];
const large = new Stage(load(VARIED, LARGE));
const sites = large.placeNodes();

function nodesOf({ shardCount, shardOf }: ShardPlan): number[] {
  return Array.from({ length: shardCount }, (_, shard) => shardOf.filter((of) => of === shard).length);
}

describe("a plan of shards", () => {
  it.each([2, 3, 4, 7, 12])("for %i has as many, of much the same size, and no machine in two", (most) => {
    const plan = planShards(large, most, true);
    expect(plan.shardCount).toBe(most);
    const nodes = nodesOf(plan);
    // Twelve regions of equal size: some shards have one region more than others.
    expect(Math.max(...nodes)).toBeLessThan((1.1 * Math.ceil(12 / most) * sites.length) / 12);
    const shardOfMachine = new Map<number, number>();
    for (const [address, { machine }] of sites.entries()) {
      const shard = plan.shardOf[address]!;
      expect(shardOfMachine.get(machine) ?? shard).toBe(shard);
      shardOfMachine.set(machine, shard);
    }
  });

  it("keeps a sector with its clusters and their agents together", () => {
    const { shardOf } = planShards(large, 12, true);
    for (const { sector, lead, firstAgent, size } of large.topology.clusters) {
      const own = shardOf[large.topology.sectors[sector]!.coordinator]!;
      expect(shardOf[lead]).toBe(own);
      expect(new Set(shardOf.slice(firstAgent, firstAgent + size))).toEqual(new Set([own]));
    }
  });

  it.each([2, 3, 7, 12])(
    "for %i looks ahead as far as the nearest regions of two shards are apart, no further",
    (most) => {
      const { shardOf, lookaheadUs } = planShards(large, most, true);
      let least = Number.POSITIVE_INFINITY;
      const coordinators = large.topology.sectors.map((sector) => sector.coordinator);
      for (const a of coordinators) {
        for (const b of coordinators) {
          if (shardOf[a] === shardOf[b]) continue;
          least = Math.min(least, leastDelayUs(large.world, sites[a]!.region, sites[b]!.region));
        }
      }
      expect(lookaheadUs).toBe(least);
    },
  );

  it("puts regions that are near each other together: two shards are an ocean apart", () => {
    expect(planShards(large, 2).lookaheadUs).toBeGreaterThan(20_000);
  });

  it("is one shard for a mesh that is too small to gain", () => {
    const { shardCount, lookaheadUs } = planShards(new Stage(load(VARIED)), 8);
    expect(shardCount).toBe(1);
    expect(lookaheadUs).toBe(Number.POSITIVE_INFINITY);
  });

  it("is one shard where all stand in one region, whose machines are an eighth of a millisecond apart", () => {
    const crowded = load(VARIED, [LARGE[0]!, "placement={ orchestrator: eastus, sectors: { eastus: 1 } }"]);
    expect(planShards(new Stage(crowded), 8).shardCount).toBe(1);
  });

  it("has no more shards than there are threads, or parts that can be cut", () => {
    expect(planShards(large, 1).shardCount).toBe(1);
    expect(planShards(large, 3).shardCount).toBeLessThanOrEqual(3);
    expect(planShards(new Stage(load(VARIED)), 16, true).shardCount).toBe(4); // two sectors, the orchestrator and its standby
  });
});
