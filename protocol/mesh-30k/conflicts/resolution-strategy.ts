/**
 * How a conflict is to be resolved (document 5.1, `suggest_resolution`). The steps of the first three are the document's;
 * it leaves the others open.
 */
import type { ConflictType } from "../message-terms.js";

export type StrategyMethod =
  | "BRANCH_AND_RECONCILE"
  | "PROVENANCE_TRACE"
  | "CLOCK_RECONCILIATION"
  | "REROUTE"
  | "VERIFY_AND_RESEND";

export interface ResolutionStrategy {
  readonly method: StrategyMethod;
  readonly steps: readonly string[];
}

export const STRATEGIES: Readonly<Record<ConflictType, ResolutionStrategy>> = {
  CONTEXT_DIVERGENCE: {
    method: "BRANCH_AND_RECONCILE",
    steps: [
      "Create parallel context branches",
      "Let both branches operate independently",
      "Identify convergence points",
      "Human review of irreconcilable differences",
    ],
  },
  DATA_CONTRADICTION: {
    method: "PROVENANCE_TRACE",
    steps: [
      "Trace both values to origin",
      "Identify where divergence occurred",
      "Prefer value with stronger provenance",
      "Update weaker source",
    ],
  },
  TEMPORAL_PARADOX: {
    method: "CLOCK_RECONCILIATION",
    steps: [
      "Check Lamport timestamps",
      "Verify causal ordering",
      "Identify clock drift source",
      "Rebuild causal chain",
    ],
  },
  CAPABILITY_MISMATCH: {
    method: "REROUTE",
    steps: ["Correct the record of the agent's capabilities", "Give the work to another capable agent"],
  },
  HASH_MISMATCH: {
    method: "VERIFY_AND_RESEND",
    steps: ["Verify the source's own copy", "Send the original again", "Report an agent with repeated mismatches"],
  },
};
