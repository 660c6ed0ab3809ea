/**
 * How every cluster, every sector and the mesh fared over time, as the map in the report shows it, in true time. Of several
 * troubles the gravest shows; what each means stands in `docs/protocols.md`.
 */
import type { Address } from "../../../protocol/contract.js";
import { ORCHESTRATOR, type Topology } from "../../../protocol/mesh-30k/topology.js";
import type { Micros } from "../../../sim/time.js";
import { type Results, SERVICE_STATES } from "../../results.js";
import { AVAILABLE_SHARE } from "../outages.js";
import { StateRuns } from "./state-runs.js";

export type ServiceState = (typeof SERVICE_STATES)[number];

/** What others know of an office and of the agents below it. */
export interface ServiceView {
  /** Whether two processes hold it and both have acted on a member. */
  isSplit(office: Address, nowUs: Micros): boolean;
  isHeld(office: Address, nowUs: Micros): boolean;
  /** Whether a breaker keeps messages from it. */
  isCutOff(office: Address): boolean;
  /** Agents that are active, by the definition of availability, of those who count for it; none do in a cluster of people. */
  activeIn(cluster: number): number;
  countedIn(cluster: number): number;
}

/** Enough for every cluster of 30,000 agents to change a hundred times; a few megabytes. */
const MOST_CHANGES = 100_000;
const CODES = new Map(SERVICE_STATES.map((state, code) => [state, code]));

export class MeshMap {
  private readonly runs: StateRuns;
  /** By position among the agents: whether its process is down or paused. */
  private readonly isStopped: Uint8Array;
  /** By office, of the agents below it: those who count, those of them who are active, those who run at all. */
  private readonly agents: Int32Array;
  private readonly active: Int32Array;
  private readonly running: Int32Array;
  /** By cluster: whether any of its agents count for availability. */
  private readonly isCounted: Uint8Array;
  /** Offices of which something has changed at `lastUs`. */
  private readonly touched = new Set<Address>();
  private lastUs: Micros = 0;

  constructor(
    private readonly topology: Topology,
    private readonly view: ServiceView,
  ) {
    this.runs = new StateRuns(topology.officeCount, Math.max(MOST_CHANGES, 8 * topology.officeCount));
    this.isStopped = new Uint8Array(topology.agentCount);
    this.agents = new Int32Array(topology.officeCount);
    this.active = new Int32Array(topology.officeCount);
    this.running = new Int32Array(topology.officeCount);
    this.isCounted = Uint8Array.from(topology.clusters, ({ index }) => (view.countedIn(index) > 0 ? 1 : 0));
    for (const { index, founders } of topology.clusters) {
      const agents = this.isCounted[index] === 1 ? view.countedIn(index) : founders;
      this.add(this.agents, index, agents);
      this.add(this.active, index, agents);
      this.add(this.running, index, founders);
    }
    for (const newcomer of topology.newcomers()) this.isStopped[newcomer - topology.firstAgent] = 1;
  }

  /** Takes down what has changed by the last instant, now that it has lasted. To be called before anything changes. */
  advance(nowUs: Micros): void {
    if (nowUs <= this.lastUs) return;
    for (const office of this.touched) this.countActive(office);
    for (const office of this.touched) this.look(office, this.lastUs);
    this.touched.clear();
    this.lastUs = nowUs;
  }

  /** Something may have changed for an office. */
  onOffice(office: Address): void {
    this.touched.add(office);
  }

  /** Something may have changed for an agent. */
  onAgent(agent: Address): void {
    const { index, sector } = this.topology.clusterOf(agent);
    this.touched.add(this.topology.firstLead + index);
    this.touched.add(this.topology.sectors[sector]!.coordinator);
    this.touched.add(ORCHESTRATOR);
  }

  /** An agent's process has come up or resumed, or has ended or been paused. */
  onLife(agent: Address, isRunning: boolean): void {
    const index = agent - this.topology.firstAgent;
    if ((this.isStopped[index] === 0) === isRunning) return;
    this.isStopped[index] = isRunning ? 0 : 1;
    this.add(this.running, this.topology.clusterOf(agent).index, isRunning ? 1 : -1);
    this.onAgent(agent);
  }

  /** Looks at everything, since leases run out without anybody's doing. */
  onSecond(nowUs: Micros): void {
    this.advance(nowUs);
    const { officeCount } = this.topology;
    for (let office = 0; office < officeCount; office++) this.countActive(office);
    for (let office = 0; office < officeCount; office++) this.look(office, nowUs);
    this.runs.advance(nowUs);
  }

  results(): Results["map"] {
    const { topology, runs } = this;
    return {
      stepS: runs.stepS,
      orchestrator: { name: topology.nameOf(ORCHESTRATOR), changes: [...runs.of(ORCHESTRATOR)] },
      sectors: topology.sectors.map(({ coordinator, firstCluster, clusterCount }) => ({
        name: topology.nameOf(coordinator),
        changes: [...runs.of(coordinator)],
        clusters: topology.clusters.slice(firstCluster, firstCluster + clusterCount).map(({ lead, agentClass }) => ({
          name: topology.nameOf(lead),
          class: agentClass,
          changes: [...runs.of(lead)],
        })),
      })),
    };
  }

  private look(office: Address, nowUs: Micros): void {
    this.runs.set(nowUs, office, CODES.get(this.stateOf(office, nowUs))!);
  }

  private stateOf(office: Address, nowUs: Micros): ServiceState {
    const { view } = this;
    if (view.isSplit(office, nowUs)) return "split-brain";
    if (this.running[office] === 0) return "all-down";
    if (!view.isHeld(office, nowUs)) return "nobody-in-office";
    if (view.isCutOff(office)) return "breaker-open";
    return this.active[office]! < AVAILABLE_SHARE * this.agents[office]! ? "degraded" : "in-service";
  }

  /** Asks how many agents of a cluster count, and are active, if this is the office of one. */
  private countActive(office: Address): void {
    const index = office - this.topology.firstLead;
    if (index < 0) return;
    const isCounted = this.isCounted[index] === 1;
    const agents = isCounted ? this.view.countedIn(index) : this.agents[office]!;
    if (agents !== this.agents[office]) this.add(this.agents, index, agents - this.agents[office]!);
    const active = isCounted ? this.view.activeIn(index) : this.running[office]!;
    if (active !== this.active[office]) this.add(this.active, index, active - this.active[office]!);
  }

  /** Adds to a sum over agents of a cluster, of its sector and of the mesh. */
  private add(sums: Int32Array, cluster: number, by: number): void {
    const { sector, lead } = this.topology.clusters[cluster]!;
    sums[lead]! += by;
    sums[this.topology.sectors[sector]!.coordinator]! += by;
    sums[ORCHESTRATOR]! += by;
  }
}
