/**
 * The offices of a mesh: orchestrator, sector coordinator, cluster lead. Each has two processes that may hold it, the
 * primary and its standby (10.3), and members that obey whoever holds it and, as repaired, elect it.
 */
import type { Address } from "../../contract.js";
import type { Scope } from "../messages.js";
import { ORCHESTRATOR, type Topology } from "../topology.js";

/** Members at consecutive addresses. */
interface Stretch {
  readonly first: Address;
  readonly count: number;
  /** How many of them vote, from the first on. */
  readonly voters: number;
}

export class Office {
  readonly scope: Scope;
  /** The processes that obey it: agents, or both processes of every office below. */
  private readonly stretches: readonly Stretch[];
  /** The office above; undefined of the orchestrator's. */
  readonly superior: Address | undefined;
  readonly primary: Address;
  readonly standby: Address;
  readonly memberCount: number;
  /**
   * Members that elect its holder: those that the mesh begins with. Agents that join later obey and do not vote (the
   * learners of Raft, 4.2.1): a majority of all that are configured would not be there before they come, and two processes
   * that learn of new voters at different times could each have a majority of its own.
   */
  readonly voterCount: number;

  /** @param id address of its primary */
  constructor(
    private readonly topology: Topology,
    readonly id: Address,
  ) {
    this.primary = id;
    this.standby = topology.standbyOf(id);
    const { scope, superior, below } = placeOf(topology, id);
    this.scope = scope;
    this.superior = superior;
    const standbys = { ...below, first: topology.standbyOf(below.first) };
    this.stretches = scope === "cluster" ? [below] : [below, standbys];
    this.memberCount = this.stretches.reduce((sum, { count }) => sum + count, 0);
    this.voterCount = this.stretches.reduce((sum, { voters }) => sum + voters, 0);
  }

  /** More than half of the members that vote. */
  get majority(): number {
    return Math.floor(this.voterCount / 2) + 1;
  }

  /** The other process of this office. */
  rivalOf(process: Address): Address {
    return process === this.primary ? this.standby : this.primary;
  }

  /** Position of a member among those that vote, from 0; -1 of any other node. */
  voterIndexOf(member: Address): number {
    let before = 0;
    for (const { first, voters } of this.stretches) {
      if (member >= first && member < first + voters) return before + member - first;
      before += voters;
    }
    return -1;
  }

  voters(): Address[] {
    return this.stretches.flatMap(({ first, voters }) => Array.from({ length: voters }, (_, index) => first + index));
  }

  members(): Address[] {
    return this.stretches.flatMap(({ first, count }) => Array.from({ length: count }, (_, index) => first + index));
  }

  /** The processes that may hold the office above. */
  superiors(): Address[] {
    return this.superior === undefined ? [] : [this.superior, this.topology.standbyOf(this.superior)];
  }

  /** Whether a process may hold the office above. */
  isSuperior(process: Address): boolean {
    return this.superior !== undefined && this.topology.officeOf(process) === this.superior;
  }
}

function placeOf(topology: Topology, id: Address): { scope: Scope; superior: Address | undefined; below: Stretch } {
  const { sectors, clusters, firstLead } = topology;
  if (id === ORCHESTRATOR) {
    const below = { first: sectors[0]!.coordinator, count: sectors.length, voters: sectors.length };
    return { scope: "global", superior: undefined, below };
  }
  if (id < firstLead) {
    const sector = sectors[id - sectors[0]!.coordinator]!;
    const { firstCluster, clusterCount: count } = sector;
    const below = { first: firstLead + firstCluster, count, voters: count };
    return { scope: "sector", superior: ORCHESTRATOR, below };
  }
  const cluster = clusters[id - firstLead]!;
  const below = { first: cluster.firstAgent, count: cluster.size, voters: cluster.founders };
  return { scope: "cluster", superior: sectors[cluster.sector]!.coordinator, below };
}
