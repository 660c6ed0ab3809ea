/** The global impedance map (document 4.3): what every sector last reported, and its statistics. */
import type { AgentImpedance, ClusterSummary, SectorSummary } from "./messages.js";
import { percentile95 } from "./percentile.js";
import { recordAt } from "./registry-records.js";
import type { Cluster } from "./topology.js";

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
  /** Sectors that nothing was heard of for too long: none of their agents counts as active. */
  readonly sectorsSilent: number;
  /** For how long the sector that was silent longest has been, at least; 0 where all were heard of just now. */
  readonly longestSilenceMs: number;
}

/** Share of active agents above which a sector counts as healthy (document 4.3). */
const HEALTHY_SHARE = 0.95;

export class ImpedanceMap {
  private readonly clusters: (ClusterSummary | undefined)[];
  private readonly sectors: (SectorSummary | undefined)[];

  /** For how long nothing was heard of each sector, and how many agents those have that are silent for too long. */
  private readonly silenceMs: number[];
  private readonly silentAgents: number[];

  constructor(sectorCount: number, clusterCount: number) {
    this.silenceMs = new Array<number>(sectorCount).fill(0);
    this.silentAgents = new Array<number>(sectorCount).fill(0);
    this.clusters = new Array<ClusterSummary | undefined>(clusterCount).fill(undefined);
    this.sectors = new Array<SectorSummary | undefined>(sectorCount).fill(undefined);
  }

  update(summary: SectorSummary): void {
    this.sectors[summary.sectorIndex] = summary;
    this.silenceMs[summary.sectorIndex] = 0;
    this.silentAgents[summary.sectorIndex] = 0;
    for (const cluster of summary.clusters) {
      if (cluster !== undefined) this.clusters[cluster.clusterIndex] = cluster;
    }
  }

  /**
   * Notes for how long nothing was heard of a sector.
   * @param silentAgents how many agents it has, where that is so long that they do not count as active; 0 otherwise
   */
  noteSilence(sectorIndex: number, silenceMs: number, silentAgents: number): void {
    this.silenceMs[sectorIndex] = silenceMs;
    this.silentAgents[sectorIndex] = silentAgents;
  }

  /** The latest summary of every cluster that was heard of, but for sectors that are silent. */
  known(): ClusterSummary[] {
    const silent = new Set<ClusterSummary>();
    for (const [index, sector] of this.sectors.entries()) {
      if (this.silentAgents[index] === 0) continue;
      for (const cluster of sector?.clusters ?? []) if (cluster !== undefined) silent.add(cluster);
    }
    return this.clusters.filter((cluster) => cluster !== undefined && !silent.has(cluster)) as ClusterSummary[];
  }

  /** The sectors in which too few agents are active, or that are silent. */
  unhealthySectors(): number[] {
    return [...this.sectors.keys()].filter((index) => {
      const sector = this.sectors[index];
      if (this.silentAgents[index]! > 0) return true;
      return sector !== undefined && sector.activeAgents / sector.totalAgents <= HEALTHY_SHARE;
    });
  }

  /** How many agents a cluster has by its lead's word; those that it begins with where there is none. */
  agentsIn({ index, founders }: Cluster): number {
    return this.clusters[index]?.agentCount ?? founders;
  }

  isQuarantined(clusterIndex: number, agent: number): boolean {
    return this.clusters[clusterIndex]?.quarantined.includes(agent) === true;
  }

  /** The registry record of an agent of a cluster, or undefined while nothing is known. */
  record(clusterIndex: number, position: number): AgentImpedance | undefined {
    const records = this.clusters[clusterIndex]?.records;
    return records && recordAt(records, position);
  }

  stats(): GlobalStats {
    const known = this.sectors.filter(
      (sector, index): sector is SectorSummary => sector !== undefined && this.silentAgents[index] === 0,
    );
    const silentAgents = this.silentAgents.reduce((sum, count) => sum + count, 0);
    const sectorsSilent = this.silentAgents.filter((count) => count > 0).length;
    const totalAgents = known.reduce((sum, sector) => sum + sector.totalAgents, silentAgents);
    const activeAgents = known.reduce((sum, sector) => sum + sector.activeAgents, 0);
    const sectorsHealthy = known.filter((sector) => sector.activeAgents / sector.totalAgents > HEALTHY_SHARE).length;
    return {
      totalAgents,
      activeAgents,
      activeRate: activeAgents / totalAgents,
      meanImpedance: meanOf(known.map((sector) => sector.meanImpedance)),
      p95Impedance: percentile95(this.known().map((cluster) => cluster.p95Impedance)),
      sectorsHealthy,
      sectorsDegraded: known.length - sectorsHealthy + sectorsSilent,
      sectorsSilent,
      longestSilenceMs: Math.max(0, ...this.silenceMs),
    };
  }
}

/**
 * One sector's clusters, summed up for the orchestrator (document 4.3, `recompute_sector_summary`).
 * @param coordinator `unheardAgents`: agents of clusters that were never heard of, for so long that they count
 */
export function summariseSector(
  sectorIndex: number,
  clusters: readonly (ClusterSummary | undefined)[],
  own: AgentImpedance,
  nowMs: number,
  coordinator: Pick<SectorSummary, "failures" | "modeNumber" | "circuits" | "silentClusters"> & {
    readonly unheardAgents: number;
  },
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
    totalAgents: known.reduce((sum, cluster) => sum + cluster.agentCount, coordinator.unheardAgents),
    activeAgents: known.reduce((sum, cluster) => sum + cluster.activeCount, 0),
    meanImpedance: meanOf(known.map((cluster) => cluster.meanImpedance)),
    healthiestCluster: byImpedance[0]?.clusterIndex ?? -1,
    sickestCluster: byImpedance.at(-1)?.clusterIndex ?? -1,
    clusters,
    failures: coordinator.failures,
    modeNumber: coordinator.modeNumber,
    circuits: coordinator.circuits,
    silentClusters: coordinator.silentClusters,
  };
}

/** The mean of the values that are known; NaN if none is. */
function meanOf(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}
