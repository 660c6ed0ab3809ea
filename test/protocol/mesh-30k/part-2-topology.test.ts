import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  BASE_PROCESSING_MS,
  CLASS_CAPABILITIES,
  IMPEDANCE_CLASSES,
  type ImpedanceClass,
} from "../../../protocol/mesh-30k/impedance-class.js";
import { type MeshShape, Topology } from "../../../protocol/mesh-30k/topology.js";
import { shapeOf } from "./fixtures.js";

/** Section 2.2, `count_allocation`. */
const ALLOCATION = { A: 10_000, B: 8_000, C: 5_000, D: 2_000, E: 3_000, F: 2_000 };

/** Meshes of any size in which no cluster has to be empty. */
const anyShape: fc.Arbitrary<MeshShape> = fc
  .record({ sectors: fc.integer({ min: 1, max: 8 }), clustersPerSector: fc.integer({ min: 1, max: 12 }) })
  .chain(({ sectors, clustersPerSector }) => {
    const clusters = sectors * clustersPerSector;
    const count = fc.oneof(fc.constant(0), fc.integer({ min: clusters, max: clusters * 40 }));
    return fc
      .tuple(count, count, count, count, count, count)
      .filter((counts) => counts.some((n) => n > 0) && counts.filter((n) => n > 0).length <= clusters)
      .map(([A, B, C, D, E, F]) => shapeOf(sectors, clustersPerSector, { A, B, C, D, E, F }));
  });

function agentsByClass(topology: Topology): Record<ImpedanceClass, number> {
  const counts = { A: 0, B: 0, C: 0, D: 0, E: 0, F: 0 };
  for (const cluster of topology.clusters) counts[cluster.agentClass] += cluster.size;
  return counts;
}

describe("MESH-30K 2.1: the mesh of the document", () => {
  const mesh = new Topology(shapeOf(100, 10, ALLOCATION));

  it("has 1 orchestrator, 100 sector coordinators, 1,000 cluster leads and 30,000 agents", () => {
    expect(mesh.sectors).toHaveLength(100);
    expect(mesh.clusters).toHaveLength(1_000);
    expect(mesh.agentCount).toBe(30_000);
    expect(mesh.nodeCount).toBe(1 + 100 + 1_000 + 30_000 + 1_101);
  });

  it("has 10 clusters in every sector and 30 agents in a cluster, but for the rounding of a class", () => {
    for (const sector of mesh.sectors) expect(sector.clusterCount).toBe(10);
    for (const cluster of mesh.clusters) expect(Math.abs(cluster.size - 30)).toBeLessThanOrEqual(1);
  });

  it("keeps to the 100 direct children of a node", () => {
    const children = [
      mesh.sectors.length,
      ...mesh.sectors.map((s) => s.clusterCount),
      ...mesh.clusters.map((c) => c.size),
    ];
    expect(Math.max(...children)).toBeLessThanOrEqual(100);
  });
});

describe("MESH-30K 2.2: the classes", () => {
  const mesh = new Topology(shapeOf(100, 10, ALLOCATION));

  it("have the agents that the document allocates to them", () => {
    expect(agentsByClass(mesh)).toEqual(ALLOCATION);
  });

  it.each(IMPEDANCE_CLASSES)("class %s has its proportional share of the 1,000 clusters, to less than one", (name) => {
    const clusters = mesh.clusters.filter((cluster) => cluster.agentClass === name).length;
    expect(Math.abs(clusters - ALLOCATION[name] / 30)).toBeLessThan(1);
  });

  it.each(IMPEDANCE_CLASSES)("class %s is spread over the sectors to within a cluster of its share", (name) => {
    for (const sector of mesh.sectors) {
      const own = mesh.clusters.filter((cluster) => cluster.sector === sector.index && cluster.agentClass === name);
      expect(Math.abs(own.length - ALLOCATION[name] / 3_000)).toBeLessThan(1.5);
    }
  });

  it("need the processing of section 3.1 and offer capabilities that no other class has", () => {
    expect(BASE_PROCESSING_MS).toEqual({ A: 10, B: 50, C: 200, D: 100, E: 150, F: 60_000 });
    const offered = IMPEDANCE_CLASSES.flatMap((name) => CLASS_CAPABILITIES[name]);
    expect(new Set(offered).size).toBe(offered.length);
  });
});

describe("MESH-30K 2.1: a mesh of any size", () => {
  it("puts every agent in exactly one cluster, of its own class, and loses none", () => {
    fc.assert(
      fc.property(anyShape, (shape) => {
        const mesh = new Topology(shape);
        const seen = mesh.clusters.flatMap((cluster) =>
          Array.from({ length: cluster.size }, (_, position) => cluster.firstAgent + position),
        );
        expect(seen).toEqual(Array.from({ length: mesh.agentCount }, (_, index) => mesh.firstAgent + index));
        expect(agentsByClass(mesh)).toEqual(shape.agents);
        for (const cluster of mesh.clusters) {
          expect(cluster.size).toBeGreaterThan(0);
          expect(mesh.clusterOf(cluster.firstAgent)).toBe(cluster);
          expect(mesh.clusterOf(cluster.firstAgent + cluster.size - 1)).toBe(cluster);
        }
      }),
    );
  });

  it("gives the children of every node consecutive addresses, level by level from the orchestrator at 0", () => {
    fc.assert(
      fc.property(anyShape, (shape) => {
        const mesh = new Topology(shape);
        expect(mesh.sectors.map((sector) => sector.coordinator)).toEqual(mesh.sectors.map((_, index) => 1 + index));
        const firstLead = 1 + shape.sectors;
        expect(mesh.clusters.map((cluster) => cluster.lead)).toEqual(mesh.clusters.map((_, i) => firstLead + i));
        for (const sector of mesh.sectors) {
          const own = mesh.clusters.filter((cluster) => cluster.sector === sector.index);
          expect(own.map((cluster) => cluster.index)).toEqual(
            Array.from({ length: shape.clustersPerSector }, (_, i) => sector.firstCluster + i),
          );
        }
        expect(mesh.isAgent(mesh.firstAgent - 1)).toBe(false);
        expect(mesh.isAgent(mesh.firstAgent)).toBe(true);
        expect(mesh.isAgent(mesh.firstStandby - 1)).toBe(true);
        expect(mesh.isAgent(mesh.firstStandby)).toBe(false);
      }),
    );
  });

  it("gives the same mesh for the same shape, and every node a name of its own", () => {
    fc.assert(
      fc.property(anyShape, (shape) => {
        const mesh = new Topology(shape);
        expect(new Topology(shape)).toEqual(mesh);
        const names = Array.from({ length: mesh.nodeCount }, (_, address) => mesh.nameOf(address));
        expect(new Set(names).size).toBe(mesh.nodeCount);
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    ["one agent", shapeOf(1, 1, { A: 1 }), 4],
    ["one agent of each class", shapeOf(2, 3, { A: 1, B: 1, C: 1, D: 1, E: 1, F: 1 }), 15],
    ["one class outnumbered a thousand to one", shapeOf(1, 2, { A: 1_000, F: 1 }), 1_005],
  ])("may be tiny: %s", (_, shape, nodes) => {
    const mesh = new Topology(shape);
    expect(mesh.firstStandby).toBe(nodes);
    expect(agentsByClass(mesh)).toEqual(shape.agents);
  });

  it("names its nodes from 1", () => {
    const mesh = new Topology(shapeOf(2, 2, { A: 8 }));
    const names = [0, 2, 6, 13, mesh.standbyOf(2)].map((address) => mesh.nameOf(address));
    expect(names).toEqual(["orchestrator", "S2", "S2-C2", "S2-C2-A1", "S2-standby"]);
  });
});
