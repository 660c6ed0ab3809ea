/** Trinary quorum (document 5.2): enough READY, tolerate CONFLICT, minimise TRANSIT. */

export type QuorumDecision = "PROCEED" | "WAIT" | "RESOLVE_CONFLICTS" | "RETRY";

export interface QuorumRequirement {
  readonly readyRate: number;
  readonly maxConflictRate: number;
  readonly maxTransitRate: number;
}

/** The document's defaults. */
export const DEFAULT_REQUIREMENT: QuorumRequirement = { readyRate: 0.95, maxConflictRate: 0.05, maxTransitRate: 0.1 };

export interface QuorumResult {
  readonly achieved: boolean;
  readonly decision: QuorumDecision;
  /** READY rate less half the conflict rate; 0 unless achieved. */
  readonly confidence: number;
  readonly reason: string;
}

/** @param total how many were asked; READY, CONFLICT and TRANSIT (the rest) are shares of it */
export function trinaryQuorum(
  total: number,
  ready: number,
  conflict: number,
  requirement: QuorumRequirement,
): QuorumResult {
  const readyRate = ready / total;
  const conflictRate = conflict / total;
  const transitRate = (total - ready - conflict) / total;
  const enoughReady = readyRate >= requirement.readyRate;
  if (enoughReady && conflictRate <= requirement.maxConflictRate) {
    return { achieved: true, decision: "PROCEED", confidence: readyRate - conflictRate * 0.5, reason: "quorum" };
  }
  if (!enoughReady && transitRate > requirement.maxTransitRate) return refused("WAIT", "too many still in transit");
  if (conflictRate > requirement.maxConflictRate) return refused("RESOLVE_CONFLICTS", "too many conflicts");
  return refused("RETRY", "too few ready");
}

function refused(decision: QuorumDecision, reason: string): QuorumResult {
  return { achieved: false, decision, confidence: 0, reason };
}
