/** Impedance of a cluster as its lead sees it: anomalies, summary, the capable agents (document 4.2). */
import type { Address, Millis } from "../contract.js";
import type { Child } from "./child.js";
import type { Children } from "./children.js";
import { DEGRADED_SCORE, UNSTABLE_DRIFT } from "./impedance-score.js";
import type { AgentImpedance, ClusterSummary, OperationalState } from "./messages.js";
import { percentile95 } from "./percentile.js";
import { recordsOf } from "./registry-records.js";

export class ClusterAggregator {
  /** Positions of the agents that offer a capability. */
  private readonly capable = new Map<string, number[]>();

  /** What else an agent that has reported is to be held for; undefined where nothing is the matter. */
  judge: ((child: Child, impedance: AgentImpedance) => OperationalState | undefined) | undefined;

  /**
   * @param judgesPeople whether people are held for degraded because they are slow (option `humanTargets`)
   * @param onState told when an agent is held for something else than before
   */
  constructor(
    private readonly children: Children,
    private readonly judgesPeople: boolean,
    private readonly offlineAfterMs: Millis,
    private readonly onState: (agentId: Address, state: OperationalState) => void,
  ) {}

  /** Notes a report, and holds nobody for anything because of it. */
  note(child: Child, impedance: AgentImpedance): void {
    if (child.capabilities !== impedance.capabilities) this.index(child, impedance.capabilities);
    child.report(impedance);
  }

  receiveHeartbeat(child: Child, impedance: AgentImpedance): void {
    this.note(child, impedance);
    const tooSlow = impedance.impedanceScore > DEGRADED_SCORE && (this.judgesPeople || impedance.agentClass !== "F");
    this.hold(child, this.judge?.(child, impedance) ?? (tooSlow ? "degraded" : "active"));
  }

  /**
   * Marks agents that have been silent for too long (document 6.1), those that were never heard among them. Silence is counted in intervals, not on the wall
   * clock, which may be stepped.
   * @param intervalMs since this was last called
   */
  noteSilence(intervalMs: Millis): void {
    for (const child of this.children.members) {
      child.noteInterval();
      if (child.silentIntervals * intervalMs > this.offlineAfterMs) this.hold(child, "offline");
    }
  }

  /** The active agent with the lowest cost that offers a capability and is not excluded; undefined if there is none. */
  best(capability: string, excluded: readonly Child[] = []): Child | undefined {
    const capable = this.capable.get(capability);
    if (capable === undefined) return undefined;
    const { list, costs } = this.children;
    const open = excluded.length === 0 ? capable : capable.filter((index) => !excluded.includes(list[index]!));
    return list[costs.cheapest(open)];
  }

  summary(
    clusterIndex: number,
    own: AgentImpedance,
    nowMs: Millis,
    lead: Pick<ClusterSummary, "failures" | "modeNumber" | "circuit">,
  ): ClusterSummary {
    const { members, unoffered } = this.children;
    const known = members.filter((child) => child.wasHeard);
    const scores = Float64Array.from(known, (child) => child.score).sort();
    const total = scores.reduce((sum, score) => sum + score, 0);
    const best = new Map<string, AgentImpedance>();
    for (const capability of this.capable.keys()) {
      const chosen = this.best(capability, unoffered);
      if (chosen !== undefined) best.set(capability, chosen.impedance);
    }
    return {
      type: "CLUSTER_SUMMARY",
      clusterIndex,
      sentAtMs: nowMs,
      impedance: own,
      agentCount: members.length,
      activeCount: known.filter((child) => child.state === "active").length,
      unstableCount: known.filter((child) => child.driftCoefficient > UNSTABLE_DRIFT).length,
      meanImpedance: known.length === 0 ? Number.NaN : total / known.length,
      p95Impedance: percentile95(scores),
      slowestAgent: known.findLast((child) => child.score === scores.at(-1))?.address ?? -1,
      fastestAgent: known.find((child) => child.score === scores[0])?.address ?? -1,
      records: recordsOf(this.children.list, (child) => child.wasHeard && this.children.isMember(child)),
      bestByCapability: best,
      quarantined: members.filter(({ state }) => state === "quarantined").map(({ address }) => address),
      ...lead,
    };
  }

  /** The share of the agents that are active, 0 to 1. */
  activeRate(): number {
    const { members } = this.children;
    return members.filter((child) => child.wasHeard && child.state === "active").length / members.length;
  }

  hold(child: Child, state: OperationalState): void {
    if (child.state === state) return;
    child.hold(state);
    this.onState(child.address, state);
  }

  private index(child: Child, capabilities: readonly string[]): void {
    const index = this.children.indexOf(child);
    for (const capable of this.capable.values()) {
      const at = capable.indexOf(index);
      if (at >= 0) capable.splice(at, 1);
    }
    for (const capability of capabilities) {
      const capable = this.capable.get(capability);
      if (capable === undefined) this.capable.set(capability, [index]);
      else capable.push(index);
    }
  }
}
