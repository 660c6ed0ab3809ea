/** The global impedance map (document 4.3): what every sector last reported, and its statistics. */
import type { AgentImpedance, ClusterSummary, SectorSummary } from "./messages.js";
import { percentile95 } from "./percentile.js";
import { recordAt } from "./registry-records.js";

/** Mesh-wide statistics (document 4.3, `GlobalImpedanceStats`). */
export interface GlobalStats {
  readonly totalAgents: number;
  readonly activeAgents: number;
  /** 0 to 1; NaN before anything was heard. */
  readonly activeRate: number;
  readonly meanImpedance: number;
  /** The 95th percentile of the clusters' 95th percentiles; NaN before anything was heard. */
  readonly p95Impedance: number;
  readonly sectorsHealthy: number;
  readonly sectorsDegraded: number;
}

/** Share of active agents above which a sector counts as healthy (document 4.3). */
const HEALTHY_SHARE = 0.95;

export class ImpedanceMap {
  private readonly clusters: (ClusterSummary | undefined)[];
  private readonly sectors: (SectorSummary | undefined)[];

  constructor(sectorCount: number, clusterCount: number) {
    this.clusters = new Array<ClusterSummary | undefined>(clusterCount).fill(undefined);
    this.sectors = new Array<SectorSummary | undefined>(sectorCount).fill(undefined);
  }

  update(summary: SectorSummary): void {
    this.sectors[summary.sectorIndex] = summary;
    for (const cluster of summary.clusters) {
      if (cluster !== undefined) this.clusters[cluster.clusterIndex] = cluster;
    }
  }

  /** The latest summary of every cluster that was heard of. */
  known(): ClusterSummary[] {
    return this.clusters.filter((cluster) => cluster !== undefined);
  }

  /** The registry record of an agent of a cluster, or undefined while nothing is known. */
  record(clusterIndex: number, position: number): AgentImpedance | undefined {
    const records = this.clusters[clusterIndex]?.records;
    return records && recordAt(records, position);
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
      meanImpedance: meanOf(known.map((sector) => sector.meanImpedance)),
      p95Impedance: percentile95(this.known().map((cluster) => cluster.p95Impedance)),
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
  const byImpedance = known
    .filter((cluster) => !Number.isNaN(cluster.meanImpedance))
    .sort((a, b) => a.meanImpedance - b.meanImpedance);
  return {
    type: "SECTOR_SUMMARY",
    sectorIndex,
    sentAtMs: nowMs,
    impedance: own,
    totalAgents: known.reduce((sum, cluster) => sum + cluster.agentCount, 0),
    activeAgents: known.reduce((sum, cluster) => sum + cluster.activeCount, 0),
    meanImpedance: meanOf(known.map((cluster) => cluster.meanImpedance)),
    healthiestCluster: byImpedance[0]?.clusterIndex ?? -1,
    sickestCluster: byImpedance.at(-1)?.clusterIndex ?? -1,
    clusters,
  };
}

/** The mean of the values that are known; NaN if none is. */
function meanOf(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}
