/** How sure a prediction about an agent is (document 3.1). */
import type { Millis } from "../contract.js";
import type { AgentImpedance } from "./messages.js";

/** What a report says for the confidence in its agent (document 3.1): the boost of reliability, less the penalty of drift. */
export function trust(impedance: AgentImpedance): number {
  const driftPenalty = impedance.driftCoefficient * 0.3;
  const reliabilityBoost = impedance.reliabilityScore * 0.5;
  return reliabilityBoost - driftPenalty;
}

/** Document 3.1, `calculate_confidence`. A child that was heard within 10 s earns the bonus for recency. */
export function confidence(trusted: number, silentMs: Millis): number {
  const recency = silentMs < 10_000 ? 0.2 : 0;
  return Math.min(1, Math.max(0, trusted + recency));
}
