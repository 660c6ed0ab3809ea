/** Puts a mesh into the world: hardware, region and machine of every node. */
import type { HardwareId } from "../models/hardware.js";
import { placeSites, type Site } from "../models/site.js";
import type { World } from "../models/world.js";
import { ORCHESTRATOR, type Topology } from "../protocol/mesh-30k/topology.js";
import type { LoadedScenario } from "./language/load.js";
import { nearest } from "./language/nearest.js";

/** Region of each sector, in proportion to the weights, by largest remainder; regions take turns. */
function regionsOfSectors(weights: readonly number[], sectors: number): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const placed = weights.map(() => 0);
  return Array.from({ length: sectors }, (_, position) => {
    let best = 0;
    let deficit = Number.NEGATIVE_INFINITY;
    weights.forEach((weight, region) => {
      const missing = (weight * (position + 1)) / total - placed[region]!;
      if (weight > 0 && missing > deficit) {
        best = region;
        deficit = missing;
      }
    });
    placed[best]!++;
    return best;
  });
}

/** Of a node that shares no machine with those of a cluster. */
const NO_CLUSTER = -1;

/** Sites by address; errors in the scenario's region ids point at the scenario. */
export function placeMesh(loaded: LoadedScenario, world: World, topology: Topology): Site[] {
  const ids = world.regions.map((region) => region.id);
  const { placement } = loaded.scenario;
  const regionIndex = (id: string, path: readonly string[], mark?: "key"): number => {
    const index = ids.indexOf(id);
    if (index >= 0) return index;
    const close = nearest(id, ids);
    const hint = close === undefined ? `one of ${ids.join(", ")}` : `did you mean ${close}?`;
    const found = mark === "key" ? "is" : `is ${id}, which is`;
    throw loaded.errorAt(path, `${found} no region of the models; ${hint}`, mark);
  };
  const orchestratorRegion = regionIndex(placement.orchestrator, ["placement", "orchestrator"]);
  const weights: number[] = ids.map(() => (placement.sectors === undefined ? 1 : 0));
  for (const [id, weight] of Object.entries(placement.sectors ?? {})) {
    weights[regionIndex(id, ["placement", "sectors", id], "key")] = weight;
  }
  if (!weights.some((weight) => weight > 0)) {
    throw loaded.errorAt(["placement", "sectors"], "gives no region a weight above 0; expected at least one");
  }
  const sectorRegions = regionsOfSectors(weights, topology.sectors.length);

  const hardware: HardwareId[] = ["orchestrator"];
  const regions: number[] = [orchestratorRegion];
  const clusters: number[] = [NO_CLUSTER];
  for (const sector of topology.sectors) {
    hardware.push("sector");
    clusters.push(NO_CLUSTER);
    regions.push(sectorRegions[sector.index]!);
  }
  for (const cluster of topology.clusters) {
    hardware.push("lead");
    clusters.push(cluster.index);
    regions.push(sectorRegions[cluster.sector]!);
  }
  for (const cluster of topology.clusters) {
    for (let i = 0; i < cluster.size; i++) {
      hardware.push(cluster.agentClass);
      clusters.push(cluster.index);
      regions.push(sectorRegions[cluster.sector]!);
    }
  }
  const standbyRegion = nearestOther(world, orchestratorRegion, sectorRegions);
  for (let office = 0; office < topology.officeCount; office++) {
    hardware.push(hardware[office]!);
    clusters.push(NO_CLUSTER);
    regions.push(office === ORCHESTRATOR ? standbyRegion : regions[office]!);
  }
  return placeSites(world, hardware, regions, clusters);
}

/**
 * Where the orchestrator's standby stands: in the nearest region of the mesh but the orchestrator's own, since it is there
 * for the day when that one is lost; the other standbys stand beside those that they stand by, on machines of their own.
 */
function nearestOther({ routes }: World, own: number, regions: readonly number[]): number {
  const others = regions.filter((region) => region !== own);
  const rttMs = (region: number) => routes.rttP50Ms[own]![region]!;
  return others.reduce((best, region) => (rttMs(region) < rttMs(best) ? region : best), others[0] ?? own);
}
