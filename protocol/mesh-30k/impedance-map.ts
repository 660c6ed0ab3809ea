/** The global impedance map (document 4.3): a replica of the registry, as fresh as the summaries that reach it. */

import type { AgentImpedance, ClusterSummary, SectorSummary } from "./messages.js";

/** Mesh-wide statistics (document 4.3, `GlobalImpedanceStats`). */
export interface GlobalStats {
  readonly totalAgents: number;
  readonly activeAgents: number;
  /** 0 to 1; NaN before anything was heard. */
  readonly activeRate: number;
  readonly meanImpedance: number;
  readonly sectorsHealthy: number;
  readonly sectorsDegraded: number;
}

/** Share of active agents above which a sector counts as healthy (document 4.3). */
const HEALTHY_SHARE = 0.95;

export class ImpedanceMap {
  readonly clusters: (ClusterSummary | undefined)[];
  private readonly sectors: (SectorSummary | undefined)[];

  constructor(sectorCount: number, clusterCount: number) {
    this.clusters = new Array<ClusterSummary | undefined>(clusterCount).fill(undefined);
    this.sectors = new Array<SectorSummary | undefined>(sectorCount).fill(undefined);
  }

  updateCluster(summary: ClusterSummary): void {
    this.clusters[summary.clusterIndex] = summary;
  }

  updateSector(summary: SectorSummary): void {
    this.sectors[summary.sectorIndex] = summary;
    for (const cluster of summary.clusters) if (cluster !== undefined) this.updateCluster(cluster);
  }

  /** What every sector last reported. */
  snapshot(): readonly (SectorSummary | undefined)[] {
    return [...this.sectors];
  }

  /** The registry record of an agent of a cluster, or undefined while nothing is known. */
  record(clusterIndex: number, position: number): AgentImpedance | undefined {
    return this.clusters[clusterIndex]?.records[position];
  }

  stats(): GlobalStats {
    const known = this.sectors.filter((sector) => sector !== undefined);
    const totalAgents = known.reduce((sum, sector) => sum + sector.totalAgents, 0);
    const activeAgents = known.reduce((sum, sector) => sum + sector.activeAgents, 0);
    const sectorsHealthy = known.filter((sector) => sector.activeAgents / sector.totalAgents > HEALTHY_SHARE).length;
    return {
      totalAgents,
      activeAgents,
      activeRate: activeAgents / totalAgents,
      meanImpedance: known.reduce((sum, sector) => sum + sector.meanImpedance, 0) / known.length,
      sectorsHealthy,
      sectorsDegraded: known.length - sectorsHealthy,
    };
  }
}

/** One sector's clusters, summed up for the orchestrator (document 4.3, `recompute_sector_summary`). */
export function summariseSector(
  sectorIndex: number,
  clusters: readonly (ClusterSummary | undefined)[],
  own: AgentImpedance,
  nowMs: number,
): SectorSummary {
  const known = clusters.filter((cluster) => cluster !== undefined);
  const byImpedance = [...known].sort((a, b) => a.meanImpedance - b.meanImpedance);
  return {
    type: "SECTOR_SUMMARY",
    sectorIndex,
    sentAtMs: nowMs,
    impedance: own,
    totalAgents: known.reduce((sum, cluster) => sum + cluster.agentCount, 0),
    activeAgents: known.reduce((sum, cluster) => sum + cluster.activeCount, 0),
    meanImpedance: known.reduce((sum, cluster) => sum + cluster.meanImpedance, 0) / known.length,
    healthiestCluster: byImpedance[0]?.clusterIndex ?? -1,
    sickestCluster: byImpedance.at(-1)?.clusterIndex ?? -1,
    clusters,
  };
}

/** An agent found for a capability. */
export interface Found {
  readonly impedance: AgentImpedance;
  readonly clusterIndex: number;
}

/**
 * The best agent for a capability mesh-wide (document 4.3, `find_best_agents_for_capability`): of each cluster's best, the
 * one that costs least and is not above `maxImpedance`.
 * @param cost what sending to a cluster's best costs, in ms; infinite where nothing may be routed
 */
export function findBestAgent(
  map: ImpedanceMap,
  capability: string,
  maxImpedance: number,
  cost: (agent: AgentImpedance, clusterIndex: number) => number,
): Found | undefined {
  let best: Found | undefined;
  let lowest = Number.POSITIVE_INFINITY;
  for (let clusterIndex = 0; clusterIndex < map.clusters.length; clusterIndex++) {
    const impedance = map.clusters[clusterIndex]?.bestByCapability.get(capability);
    if (impedance === undefined || impedance.impedanceScore > maxImpedance) continue;
    const price = cost(impedance, clusterIndex);
    if (price < lowest) {
      lowest = price;
      best = { impedance, clusterIndex };
    }
  }
  return best;
}

/** `max_impedance` of document 4.3. */
export const MAX_IMPEDANCE = 500;
