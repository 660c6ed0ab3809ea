/** When agents are active, and when clusters are in service, in true time. */
import type { Address } from "../../protocol/contract.js";
import type { OperationalState } from "../../protocol/mesh-30k/messages.js";
import type { Cluster, Topology } from "../../protocol/mesh-30k/topology.js";
import { US_PER_S } from "../../sim/time.js";
import type { Incident } from "../results.js";

/** A mesh, or a cluster, with fewer of its agents active is not available (part 11). */
const AVAILABLE_SHARE = 0.95;

export class AvailabilityMeter {
  activeMachines: number;
  readonly incidents: Incident[] = [];
  /** How long each cluster that fell out of service took to come back, in seconds. */
  readonly recoveriesS: number[] = [];
  private readonly machines: number;
  private readonly inactive = new Set<Address>();
  private readonly activeByCluster: number[];
  private readonly outSinceUs = new Map<number, number>();
  private availableUs = 0;
  private measuredUs = 0;
  private lastUs = 0;

  constructor(
    private readonly topology: Topology,
    private readonly fromUs: number,
  ) {
    this.activeByCluster = topology.clusters.map((cluster) => cluster.size);
    this.machines = topology.clusters.reduce((sum, c) => (c.agentClass === "F" ? sum : sum + c.size), 0);
    this.activeMachines = this.machines;
  }

  /** The share of the measured time in which at least 95 % of the machine agents were active; NaN before it begins. */
  get availability(): number {
    return this.availableUs / this.measuredUs;
  }

  get measuredS(): number {
    return this.measuredUs / US_PER_S;
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
    this.activeByCluster[cluster.index]! += isActive ? 1 : -1;
    if (cluster.agentClass === "F") return;
    this.activeMachines += isActive ? 1 : -1;
    this.judgeService(cluster, nowUs);
  }

  private judgeService(cluster: Cluster, nowUs: number): void {
    const inService = this.activeByCluster[cluster.index]! >= AVAILABLE_SHARE * cluster.size;
    const outSinceUs = this.outSinceUs.get(cluster.index);
    if (!inService && outSinceUs === undefined) this.outSinceUs.set(cluster.index, nowUs);
    if (!inService || outSinceUs === undefined) return;
    this.outSinceUs.delete(cluster.index);
    if (outSinceUs < this.fromUs) return;
    const tookS = (nowUs - outSinceUs) / US_PER_S;
    this.recoveriesS.push(tookS);
    this.incidents.push({
      atS: outSinceUs / US_PER_S,
      kind: "cluster-out-of-service",
      where: this.topology.nameOf(cluster.lead),
      detail: `fewer than 95 % of its agents active for ${tookS.toFixed(3)} s`,
    });
  }
}
