/**
 * When agents are active, and when clusters and sectors are in service. What an agent is held for is its lead's
 * judgement; when it changed, and for how long, is measured in true time.
 */
import type { Address } from "../../protocol/contract.js";
import type { OperationalState } from "../../protocol/mesh-30k/messages.js";
import type { Cluster, Topology } from "../../protocol/mesh-30k/topology.js";
import { US_PER_S } from "../../sim/time.js";
import type { Incident } from "../results.js";
import { AVAILABLE_SHARE, Outages } from "./outages.js";

export class AvailabilityMeter {
  activeMachines: number;
  readonly clusters: Outages;
  readonly sectors: Outages;
  private readonly machines: number;
  private readonly inactive = new Set<Address>();
  private availableUs = 0;
  private measuredUs = 0;
  private lastUs = 0;

  constructor(
    private readonly topology: Topology,
    private readonly fromUs: number,
  ) {
    const machinesOf = (clusters: readonly Cluster[]) =>
      clusters.reduce((sum, { agentClass, size }) => (agentClass === "F" ? sum : sum + size), 0);
    const clusters = topology.clusters.map((cluster) => ({
      name: topology.nameOf(cluster.lead),
      machines: machinesOf([cluster]),
    }));
    const sectors = topology.sectors.map((sector) => ({
      name: topology.nameOf(sector.coordinator),
      machines: machinesOf(topology.clusters.slice(sector.firstCluster, sector.firstCluster + sector.clusterCount)),
    }));
    this.clusters = new Outages("cluster-out-of-service", clusters, fromUs);
    this.sectors = new Outages("sector-out-of-service", sectors, fromUs);
    this.machines = machinesOf(topology.clusters);
    this.activeMachines = this.machines;
  }

  /**
   * The share of the measured time in which at least 95 % of the machine agents were active; NaN before it begins, and
   * in a mesh without machine agents.
   */
  get availability(): number {
    return this.machines === 0 ? Number.NaN : this.availableUs / this.measuredUs;
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
      if (this.activeMachines >= AVAILABLE_SHARE * this.machines) this.availableUs += nowUs - from;
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
    if (cluster.agentClass === "F") return;
    const by = isActive ? 1 : -1;
    this.activeMachines += by;
    this.clusters.change(cluster.index, by, nowUs);
    this.sectors.change(cluster.sector, by, nowUs);
  }

  incidents(): Incident[] {
    return [...this.clusters.incidents(this.lastUs), ...this.sectors.incidents(this.lastUs)];
  }
}
