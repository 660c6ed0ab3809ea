/**
 * When agents are active, and when clusters and sectors are in service, in true time. An agent is active while its process
 * runs, the office of its lead is held by a process that runs, and that holder holds it for active; where two are in office at
 * once, one of them.
 */
import type { Address } from "../../protocol/contract.js";
import type { OperationalState } from "../../protocol/mesh-30k/messages.js";
import type { Topology } from "../../protocol/mesh-30k/topology.js";
import { US_PER_S } from "../../sim/time.js";
import { Calendar } from "../quiet/calendar.js";
import type { Incident } from "../results.js";
import { AVAILABLE_SHARE, Outages } from "./outages.js";
import type { Population } from "./population.js";

/** Why an agent is not active: bits of `reasons`. The first two stand for the process of its lead that holds it for inactive. */
const BY_PRIMARY = 1;
const BY_STANDBY = 2;
const NOT_RUNNING = 4;
/** It joins the running mesh, and has not yet. */
const NOT_JOINED = 8;

export class AvailabilityMeter {
  /** How many of the population are active. */
  active: number;
  readonly clusters: Outages;
  readonly sectors: Outages;
  /** How many agents the population is by now. */
  agentCount: number;
  /** By position among the agents; 0 for one that nothing is the matter with. */
  private readonly reasons: Uint8Array;
  /** Agents of each cluster with whom nothing is the matter, who is in office above them, and whether nobody is now. */
  private readonly sound: Int32Array;
  /** Bits, as of `reasons`; of those who were in office last, where nobody is. */
  private readonly holders: Uint8Array;
  private readonly isVacant: Uint8Array;
  private availableUs = 0;
  private measuredUs = 0;
  private lastUs = 0;

  constructor(
    private readonly topology: Topology,
    private readonly population: Population,
    private readonly fromUs: number,
    private readonly calendar = Calendar.endless(),
    onService: (nowUs: number, scope: "cluster" | "sector", index: number, isInService: boolean) => void = () => {},
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
    this.clusters = new Outages("cluster-out-of-service", clusters, fromUs, (nowUs, index, isInService) => {
      onService(nowUs, "cluster", index, isInService);
    });
    this.sectors = new Outages("sector-out-of-service", sectors, fromUs, (nowUs, index, isInService) => {
      onService(nowUs, "sector", index, isInService);
    });
    this.agentCount = population.sizeOf(topology.clusters);
    this.active = this.agentCount;
    this.reasons = new Uint8Array(topology.agentCount);
    for (const newcomer of topology.newcomers()) this.reasons[newcomer - topology.firstAgent] = NOT_JOINED;
    this.sound = Int32Array.from(clusters, ({ agents }) => agents);
    this.holders = new Uint8Array(clusters.length).fill(BY_PRIMARY);
    this.isVacant = new Uint8Array(clusters.length);
  }

  /**
   * The share of the measured time in which at least 95 % of the population were active; NaN before it begins, and in
   * a mesh without any of it.
   */
  get availability(): number {
    return this.agentCount === 0 ? Number.NaN : this.availableUs / this.measuredUs;
  }

  get measuredS(): number {
    return this.measuredUs / US_PER_S;
  }

  /** How far time has been accounted for; µs. */
  get untilUs(): number {
    return this.lastUs;
  }

  /** Whether an agent's process runs and its lead holds it for active, whoever is in office. */
  isSound(agent: Address): boolean {
    const holders = this.holders[this.topology.clusterOf(agent).index]!;
    return isSoundBy(this.reasons[agent - this.topology.firstAgent]!, holders);
  }

  /** Agents of a cluster that are of the population by now. */
  countedIn(cluster: number): number {
    return this.clusters.agentsOf(cluster);
  }

  /** Agents of a cluster that are active now. */
  activeIn(cluster: number): number {
    return this.isVacant[cluster] === 1 ? 0 : this.sound[cluster]!;
  }

  /** Accounts for the time up to `nowUs`. */
  advance(nowUs: number): void {
    const from = Math.max(this.lastUs, this.fromUs);
    if (nowUs > from) {
      const elapsedUs = this.calendar.calendarUs(nowUs) - this.calendar.calendarUs(from);
      this.measuredUs += elapsedUs;
      if (this.active >= AVAILABLE_SHARE * this.agentCount) this.availableUs += elapsedUs;
    }
    this.lastUs = nowUs;
  }

  /** An agent belongs to the mesh from now on. */
  onJoined(nowUs: number, agent: Address): void {
    this.advance(nowUs);
    const cluster = this.topology.clusterOf(agent);
    if (this.population.includes(cluster.agentClass)) this.agentCount++;
    this.give(nowUs, agent, NOT_JOINED, false);
    if (!this.population.includes(cluster.agentClass)) return;
    this.clusters.grow(cluster.index, nowUs);
    this.sectors.grow(cluster.sector, nowUs);
  }

  /** A process of its lead's office holds an agent for something else than before. */
  onState(nowUs: number, agent: Address, state: OperationalState, process: Address): void {
    this.give(nowUs, agent, this.bitOf(process), state !== "active");
  }

  /** An agent's process has come up or resumed, or has ended or been paused. */
  onLife(nowUs: number, agent: Address, isRunning: boolean): void {
    this.give(nowUs, agent, NOT_RUNNING, !isRunning);
  }

  /** A process comes into a lead's office, and takes the agents for active until it knows better. */
  onNewHolder(nowUs: number, cluster: number, process: Address): void {
    const { firstAgent, size } = this.topology.clusters[cluster]!;
    for (let i = 0; i < size; i++) this.give(nowUs, firstAgent + i, this.bitOf(process), false);
  }

  /** @param processes that run and are in the office above a cluster's agents now; of two, both */
  onOffice(nowUs: number, cluster: number, processes: readonly Address[]): void {
    const holders = processes.reduce((bits, process) => bits | this.bitOf(process), 0);
    const isVacant = holders === 0 ? 1 : 0;
    const hasChanged = holders !== 0 && holders !== this.holders[cluster];
    if (!hasChanged && this.isVacant[cluster] === isVacant) return;
    const before = this.activeIn(cluster);
    if (hasChanged) {
      this.holders[cluster] = holders;
      this.sound[cluster] = this.countSound(cluster);
    }
    this.isVacant[cluster] = isVacant;
    this.change(nowUs, cluster, this.activeIn(cluster) - before);
  }

  incidents(): Incident[] {
    return [...this.clusters.incidents(this.lastUs), ...this.sectors.incidents(this.lastUs)];
  }

  private bitOf(process: Address): number {
    return this.topology.officeOf(process) === process ? BY_PRIMARY : BY_STANDBY;
  }

  private countSound(index: number): number {
    const { agentClass, firstAgent, size } = this.topology.clusters[index]!;
    if (!this.population.includes(agentClass)) return 0;
    let count = 0;
    for (let agent = firstAgent; agent < firstAgent + size; agent++) if (this.isSound(agent)) count++;
    return count;
  }

  private give(nowUs: number, agent: Address, reason: number, applies: boolean): void {
    const index = agent - this.topology.firstAgent;
    const before = this.reasons[index]!;
    const after = applies ? before | reason : before & ~reason;
    if (before === after) return;
    this.reasons[index] = after;
    const cluster = this.topology.clusterOf(agent);
    const holders = this.holders[cluster.index]!;
    const isSound = isSoundBy(after, holders);
    if (isSoundBy(before, holders) === isSound || !this.population.includes(cluster.agentClass)) return;
    const by = isSound ? 1 : -1;
    this.sound[cluster.index]! += by;
    if (this.isVacant[cluster.index] === 0) this.change(nowUs, cluster.index, by);
  }

  private change(nowUs: number, cluster: number, by: number): void {
    if (by === 0) return;
    this.advance(nowUs);
    this.active += by;
    this.clusters.change(cluster, by, nowUs);
    this.sectors.change(this.topology.clusters[cluster]!.sector, by, nowUs);
  }
}

/** Whether nothing is the matter with an agent, as far as those who are in office above it know. */
function isSoundBy(reasons: number, holders: number): boolean {
  return (reasons & (NOT_RUNNING | NOT_JOINED)) === 0 && (reasons & holders) !== holders;
}
