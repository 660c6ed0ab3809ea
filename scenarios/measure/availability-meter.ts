/**
 * When agents are active, and when clusters and sectors are in service. What an agent is held for is its lead's
 * judgement; when it changed, and for how long, is measured in true time.
 */
import type { Address } from "../../protocol/contract.js";
import type { OperationalState } from "../../protocol/mesh-30k/messages.js";
import type { Topology } from "../../protocol/mesh-30k/topology.js";
import { US_PER_S } from "../../sim/time.js";
import type { Incident } from "../results.js";
import { AVAILABLE_SHARE, Outages } from "./outages.js";
import type { Population } from "./population.js";

export class AvailabilityMeter {
  /** How many of the population are held for active. */
  active: number;
  readonly clusters: Outages;
  readonly sectors: Outages;
  private readonly agents: number;
  private readonly inactive = new Set<Address>();
  private availableUs = 0;
  private measuredUs = 0;
  private lastUs = 0;

  constructor(
    private readonly topology: Topology,
    private readonly population: Population,
    private readonly fromUs: number,
  ) {
    const clusters = topology.clusters.map((cluster) => ({
      name: topology.nameOf(cluster.lead),
      agents: population.sizeOf([cluster]),
    }));
    const sectors = topology.sectors.map((sector) => ({
      name: topology.nameOf(sector.coordinator),
      agents: population.sizeOf(
        topology.clusters.slice(sector.firstCluster, sector.firstCluster + sector.clusterCount),
      ),
    }));
    this.clusters = new Outages("cluster-out-of-service", clusters, fromUs);
    this.sectors = new Outages("sector-out-of-service", sectors, fromUs);
    this.agents = population.sizeOf(topology.clusters);
    this.active = this.agents;
  }

  /**
   * The share of the measured time in which at least 95 % of the population were active; NaN before it begins, and in
   * a mesh without any of it.
   */
  get availability(): number {
    return this.agents === 0 ? Number.NaN : this.availableUs / this.measuredUs;
  }

  get measuredS(): number {
    return this.measuredUs / US_PER_S;
  }

  /** How far time has been accounted for; µs. */
  get untilUs(): number {
    return this.lastUs;
  }

  /** Accounts for the time up to `nowUs`. */
  advance(nowUs: number): void {
    const from = Math.max(this.lastUs, this.fromUs);
    if (nowUs > from) {
      this.measuredUs += nowUs - from;
      if (this.active >= AVAILABLE_SHARE * this.agents) this.availableUs += nowUs - from;
    }
    this.lastUs = nowUs;
  }

  onState(nowUs: number, agent: Address, state: OperationalState): void {
    const wasActive = !this.inactive.has(agent);
    const isActive = state === "active";
    if (wasActive === isActive) return;
    this.advance(nowUs);
    if (isActive) this.inactive.delete(agent);
    else this.inactive.add(agent);
    const cluster = this.topology.clusterOf(agent);
    if (!this.population.includes(cluster.agentClass)) return;
    const by = isActive ? 1 : -1;
    this.active += by;
    this.clusters.change(cluster.index, by, nowUs);
    this.sectors.change(cluster.sector, by, nowUs);
  }

  incidents(): Incident[] {
    return [...this.clusters.incidents(this.lastUs), ...this.sectors.incidents(this.lastUs)];
  }
}
