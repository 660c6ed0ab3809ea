/** Impedance of a cluster as its lead sees it: anomalies, summary, the capable agents (document 4.2). */
import type { Address, Millis } from "../contract.js";
import { bestAgent, type RoutingPolicy } from "./best-agent.js";
import type { Child } from "./children.js";
import { DEGRADED_SCORE, UNSTABLE_DRIFT } from "./impedance-score.js";
import type { AgentImpedance, ClusterSummary, OperationalState } from "./messages.js";

export class ClusterAggregator {
  private readonly capable = new Map<string, Child[]>();

  /**
   * @param judgesPeople whether people are held for degraded because they are slow (option `humanTargets`)
   * @param onState told when an agent is held for something else than before
   */
  constructor(
    private readonly children: readonly Child[],
    private readonly policy: RoutingPolicy,
    private readonly judgesPeople: boolean,
    private readonly offlineAfterMs: Millis,
    private readonly onState: (agentId: Address, state: OperationalState) => void,
  ) {}

  receiveHeartbeat(child: Child, impedance: AgentImpedance): void {
    if (child.impedance.capabilities !== impedance.capabilities) this.index(child, impedance.capabilities);
    child.impedance = impedance;
    const tooSlow = impedance.impedanceScore > DEGRADED_SCORE && (this.judgesPeople || impedance.agentClass !== "F");
    this.hold(child, tooSlow ? "degraded" : "active");
  }

  /** Marks agents that have been silent for too long (document 6.1). */
  noteSilence(nowMs: Millis): void {
    for (const child of this.children) {
      if (child.wasHeard && nowMs - child.heardAtMs > this.offlineAfterMs) this.hold(child, "offline");
    }
  }

  /** Agents that offer a capability, whatever their state. */
  capableOf(capability: string): readonly Child[] {
    return this.capable.get(capability) ?? [];
  }

  summary(clusterIndex: number, own: AgentImpedance, nowMs: Millis): ClusterSummary {
    const known = this.children.filter((child) => child.wasHeard);
    const byScore = known.map((child) => child.impedance).sort((a, b) => a.impedanceScore - b.impedanceScore);
    const total = byScore.reduce((sum, impedance) => sum + impedance.impedanceScore, 0);
    const best = new Map<string, AgentImpedance>();
    for (const [capability, candidates] of this.capable) {
      const chosen = bestAgent(candidates, this.policy);
      if (chosen !== undefined) best.set(capability, chosen.impedance);
    }
    return {
      type: "CLUSTER_SUMMARY",
      clusterIndex,
      sentAtMs: nowMs,
      impedance: own,
      agentCount: this.children.length,
      activeCount: known.filter((child) => child.state === "active").length,
      unstableCount: known.filter((child) => child.impedance.driftCoefficient > UNSTABLE_DRIFT).length,
      meanImpedance: byScore.length === 0 ? Number.NaN : total / byScore.length,
      p95Impedance: byScore[Math.ceil(byScore.length * 0.95) - 1]?.impedanceScore ?? Number.NaN,
      slowestAgent: byScore.at(-1)?.agentId ?? -1,
      fastestAgent: byScore[0]?.agentId ?? -1,
      records: this.children.map((child) => (child.wasHeard ? child.impedance : undefined)),
      bestByCapability: best,
    };
  }

  private hold(child: Child, state: OperationalState): void {
    if (child.state === state) return;
    child.state = state;
    this.onState(child.address, state);
  }

  private index(child: Child, capabilities: readonly string[]): void {
    for (const candidates of this.capable.values()) {
      const at = candidates.indexOf(child);
      if (at >= 0) candidates.splice(at, 1);
    }
    for (const capability of capabilities) {
      const candidates = this.capable.get(capability);
      if (candidates === undefined) this.capable.set(capability, [child]);
      else candidates.push(child);
    }
  }
}
