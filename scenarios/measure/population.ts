/**
 * Of whom the KPIs of operations and of availability speak: the machine agents, or, with the option `humanTargets` as
 * written, people, too.
 */
import type { Address } from "../../protocol/contract.js";
import { IMPEDANCE_CLASSES, type ImpedanceClass } from "../../protocol/mesh-30k/impedance-class.js";
import type { Cluster, Topology } from "../../protocol/mesh-30k/topology.js";

export class Population {
  readonly classes: readonly ImpedanceClass[];
  readonly firstAgent: Address;
  /** Of all agents, those outside the population included. */
  readonly agentCount: number;
  private readonly counts = new Map<ImpedanceClass, number>();

  constructor(topology: Topology, countsPeople: boolean) {
    this.classes = IMPEDANCE_CLASSES.filter((name) => countsPeople || name !== "F");
    this.firstAgent = topology.firstAgent;
    this.agentCount = topology.agentCount;
    for (const name of this.classes) {
      this.counts.set(name, this.sizeOf(topology.clusters.filter((cluster) => cluster.agentClass === name)));
    }
  }

  includes(agentClass: ImpedanceClass): boolean {
    return this.classes.includes(agentClass);
  }

  /** How many of a class belong to it. */
  countOf(agentClass: ImpedanceClass): number {
    return this.counts.get(agentClass) ?? 0;
  }

  /** How many agents of some clusters belong to it. */
  sizeOf(clusters: readonly Cluster[]): number {
    return clusters.reduce((sum, { agentClass, size }) => (this.includes(agentClass) ? sum + size : sum), 0);
  }
}
