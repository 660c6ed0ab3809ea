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
    const standbys = { first: topology.standbyOf(below.first), count: below.count };
    this.stretches = scope === "cluster" ? [below] : [below, standbys];
    this.memberCount = this.stretches.reduce((sum, { count }) => sum + count, 0);
  }

  /** More than half of the members. */
  get majority(): number {
    return Math.floor(this.memberCount / 2) + 1;
  }

  /** The other process of this office. */
  rivalOf(process: Address): Address {
    return process === this.primary ? this.standby : this.primary;
  }

  /** Position of a member, from 0; -1 of any other node. */
  indexOf(member: Address): number {
    let before = 0;
    for (const { first, count } of this.stretches) {
      if (member >= first && member < first + count) return before + member - first;
      before += count;
    }
    return -1;
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
    const below = { first: sectors[0]!.coordinator, count: sectors.length };
    return { scope: "global", superior: undefined, below };
  }
  if (id < firstLead) {
    const sector = sectors[id - sectors[0]!.coordinator]!;
    const below = { first: firstLead + sector.firstCluster, count: sector.clusterCount };
    return { scope: "sector", superior: ORCHESTRATOR, below };
  }
  const cluster = clusters[id - firstLead]!;
  const below = { first: cluster.firstAgent, count: cluster.size };
  return { scope: "cluster", superior: sectors[cluster.sector]!.coordinator, below };
}
