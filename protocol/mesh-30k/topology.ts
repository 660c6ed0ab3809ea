/**
 * The shape of a mesh (document 2.1): one orchestrator, sectors, clusters of one class each, agents. Coordinators and
 * leads are nodes of their own. Addresses run from the orchestrator (0) over sector coordinators and cluster leads to the
 * agents, so that the children of every node have consecutive addresses; behind them come the standbys.
 *
 * Orchestrator, coordinators and leads hold an office each, which a standby may take over (10.3, "activate backup sector
 * coordinator"). An office is known by the address of its first holder, the primary.
 */
import type { Address } from "../contract.js";
import { IMPEDANCE_CLASSES, type ImpedanceClass } from "./impedance-class.js";
import { placesOfNewcomers } from "./newcomer-places.js";

export interface Cluster {
  readonly index: number;
  readonly sector: number;
  readonly agentClass: ImpedanceClass;
  readonly lead: Address;
  readonly firstAgent: Address;
  /** All agents that it ever has. */
  readonly size: number;
  /** Those that it begins with, at the first addresses; the others join later (10.2). */
  readonly founders: number;
}

export interface Sector {
  readonly index: number;
  readonly coordinator: Address;
  readonly firstCluster: number;
  readonly clusterCount: number;
}

export interface MeshShape {
  readonly sectors: number;
  readonly clustersPerSector: number;
  readonly agents: Readonly<Record<ImpedanceClass, number>>;
  /** Agents that join the running mesh (10.2), beside those; left out, none. */
  readonly joining?: Readonly<Record<ImpedanceClass, number>> | undefined;
}

export const ORCHESTRATOR: Address = 0;

export class Topology {
  readonly sectors: readonly Sector[];
  readonly clusters: readonly Cluster[];
  readonly firstLead: Address;
  readonly firstAgent: Address;
  /** The standby of the orchestrator; those of the coordinators and of the leads follow, in the order of their offices. */
  readonly firstStandby: Address;
  readonly nodeCount: number;

  /** @param shape counts of agents must leave no cluster empty: at least one agent for each cluster of its class */
  constructor(shape: MeshShape) {
    const clusterCount = shape.sectors * shape.clustersPerSector;
    this.firstLead = 1 + shape.sectors;
    this.firstAgent = this.firstLead + clusterCount;
    const classes = interleave(apportion(shape.agents, clusterCount));
    const sizes = clusterSizes(classes, shape.agents);
    const founded = classes.map((agentClass, index) => {
      return { agentClass, sector: Math.floor(index / shape.clustersPerSector), size: sizes[index]! };
    });
    const newcomers = shape.joining && placesOfNewcomers(founded, shape.joining);
    let nextAgent = this.firstAgent;
    this.clusters = founded.map(({ agentClass, sector, size: founders }, index) => {
      const firstAgent = nextAgent;
      const size = founders + (newcomers?.[index] ?? 0);
      nextAgent += size;
      return { index, sector, agentClass, lead: this.firstLead + index, firstAgent, size, founders };
    });
    this.firstStandby = nextAgent;
    this.nodeCount = this.firstStandby + this.firstAgent;
    this.sectors = Array.from({ length: shape.sectors }, (_, index) => ({
      index,
      coordinator: 1 + index,
      firstCluster: index * shape.clustersPerSector,
      clusterCount: shape.clustersPerSector,
    }));
  }

  get agentCount(): number {
    return this.firstStandby - this.firstAgent;
  }

  isAgent(address: Address): boolean {
    return address >= this.firstAgent && address < this.firstStandby;
  }

  /** Whether an agent is one that joins the running mesh. */
  isNewcomer(agent: Address): boolean {
    const { firstAgent, founders } = this.clusterOf(agent);
    return agent - firstAgent >= founders;
  }

  /** The agents that join the running mesh, in the order of their addresses. */
  newcomers(): Address[] {
    return this.clusters.flatMap(({ firstAgent, size, founders }) =>
      Array.from({ length: size - founders }, (_, index) => firstAgent + founders + index),
    );
  }

  /** The cluster that an agent belongs to. */
  clusterOf(agent: Address): Cluster {
    let low = 0;
    let high = this.clusters.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.clusters[middle]!.firstAgent <= agent) low = middle;
      else high = middle - 1;
    }
    return this.clusters[low]!;
  }

  /** How many offices there are: their addresses run from 0. */
  get officeCount(): number {
    return this.firstAgent;
  }

  /** The standby for an office. */
  standbyOf(office: Address): Address {
    return this.firstStandby + office;
  }

  /** The office that a primary or a standby may hold; an agent's own address. */
  officeOf(address: Address): Address {
    return address < this.firstStandby ? address : address - this.firstStandby;
  }

  /** What a node is called in reports: `orchestrator`, `S3`, `S3-C7`, `S3-C7-A12`, all counted from 1, and `S3-standby`. */
  nameOf(address: Address): string {
    if (address >= this.firstStandby) return `${this.nameOf(this.officeOf(address))}-standby`;
    if (address === ORCHESTRATOR) return "orchestrator";
    if (address < this.firstLead) return `S${address}`;
    const cluster = address < this.firstAgent ? this.clusters[address - this.firstLead]! : this.clusterOf(address);
    const name = `S${cluster.sector + 1}-C${cluster.index - this.sectors[cluster.sector]!.firstCluster + 1}`;
    return address < this.firstAgent ? name : `${name}-A${address - cluster.firstAgent + 1}`;
  }
}

/** Clusters for each class in proportion to its agents, by largest remainder; a class with agents gets at least one. */
function apportion(
  agents: Readonly<Record<ImpedanceClass, number>>,
  clusterCount: number,
): Record<ImpedanceClass, number> {
  const total = IMPEDANCE_CLASSES.reduce((sum, name) => sum + agents[name], 0);
  const shares = IMPEDANCE_CLASSES.map((name) => {
    const exact = (agents[name] * clusterCount) / total;
    const whole = agents[name] > 0 ? Math.max(1, Math.floor(exact)) : 0;
    return { name, whole, remainder: exact - whole };
  });
  let left = clusterCount - shares.reduce((sum, share) => sum + share.whole, 0);
  while (left !== 0) {
    const step = Math.sign(left);
    const open = shares.filter((share) => agents[share.name] > 0 && share.whole + step >= 1);
    const share = open.reduce((a, b) => (step * b.remainder > step * a.remainder ? b : a));
    share.whole += step;
    share.remainder -= step;
    left -= step;
  }
  return Object.fromEntries(shares.map((share) => [share.name, share.whole])) as Record<ImpedanceClass, number>;
}

/** Spreads the classes evenly over the sequence of clusters, so that every sector gets its mix. */
function interleave(counts: Record<ImpedanceClass, number>): ImpedanceClass[] {
  const total = IMPEDANCE_CLASSES.reduce((sum, name) => sum + counts[name], 0);
  const placed = { A: 0, B: 0, C: 0, D: 0, E: 0, F: 0 };
  return Array.from({ length: total }, (_, position) => {
    const deficit = (name: ImpedanceClass) => (counts[name] * (position + 1)) / total - placed[name];
    const next = IMPEDANCE_CLASSES.filter((name) => placed[name] < counts[name]).reduce((a, b) =>
      deficit(b) > deficit(a) ? b : a,
    );
    placed[next]++;
    return next;
  });
}

/** Shares each class's agents out over its clusters as evenly as whole agents allow. */
function clusterSizes(classes: readonly ImpedanceClass[], agents: Readonly<Record<ImpedanceClass, number>>): number[] {
  const clusters = { A: 0, B: 0, C: 0, D: 0, E: 0, F: 0 };
  for (const name of classes) clusters[name]++;
  const seen = { A: 0, B: 0, C: 0, D: 0, E: 0, F: 0 };
  return classes.map((name) => {
    const ordinal = seen[name]++;
    const until = (n: number) => Math.floor((agents[name] * n) / clusters[name]);
    return until(ordinal + 1) - until(ordinal);
  });
}
