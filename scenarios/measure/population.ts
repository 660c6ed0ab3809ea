/**
 * Of whom the KPIs of operations and of availability speak: the machine agents, or, with the option `humanTargets` as
 * written, people, too. Who joins the running mesh belongs to it from when its lead has admitted it (10.2).
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
  /** By position among all agents, since when each belongs to the mesh, in true µs; undefined where nobody joins. */
  private readonly sinceUs: Float64Array | undefined;

  constructor(topology: Topology, countsPeople: boolean) {
    this.classes = IMPEDANCE_CLASSES.filter((name) => countsPeople || name !== "F");
    this.firstAgent = topology.firstAgent;
    this.agentCount = topology.agentCount;
    for (const name of this.classes) {
      this.counts.set(name, this.sizeOf(topology.clusters.filter((cluster) => cluster.agentClass === name)));
    }
    const newcomers = topology.newcomers();
    if (newcomers.length === 0) return;
    this.sinceUs = new Float64Array(topology.agentCount);
    for (const agent of newcomers) this.sinceUs[agent - this.firstAgent] = Number.POSITIVE_INFINITY;
  }

  /** An agent has joined the running mesh. */
  join(nowUs: number, agent: Address, agentClass: ImpedanceClass): void {
    this.sinceUs![agent - this.firstAgent] = nowUs;
    if (this.includes(agentClass)) this.counts.set(agentClass, this.countOf(agentClass) + 1);
  }

  /** Whether an agent belonged to the mesh at an instant, and who does not from the beginning. */
  wasThere(agent: Address, atUs: number): boolean {
    return this.sinceUs === undefined || this.sinceUs[agent - this.firstAgent]! <= atUs;
  }

  isNewcomer(agent: Address): boolean {
    return this.sinceUs !== undefined && this.sinceUs[agent - this.firstAgent]! > 0;
  }

  includes(agentClass: ImpedanceClass): boolean {
    return this.classes.includes(agentClass);
  }

  /** How many of a class belong to it. */
  countOf(agentClass: ImpedanceClass): number {
    return this.counts.get(agentClass) ?? 0;
  }

  /** How many agents of some clusters belong to it from the beginning. */
  sizeOf(clusters: readonly Cluster[]): number {
    return clusters.reduce((sum, { agentClass, founders }) => (this.includes(agentClass) ? sum + founders : sum), 0);
  }
}
