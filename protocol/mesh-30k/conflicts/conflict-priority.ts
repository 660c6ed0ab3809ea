/** How urgent a conflict is, who has to be told of it, and by when it should be resolved (document 5.1). */
import type { Millis } from "../../contract.js";
import type { ConflictRecord } from "./conflict-record.js";

/** 0 background, 1 low, 2 medium, 3 high, 4 critical. */
export type ConflictPriority = 0 | 1 | 2 | 3 | 4;

/** `classify_conflict_priority`, word for word. No type that the document names has priority 0. */
export function conflictPriority(conflict: ConflictRecord): ConflictPriority {
  switch (conflict.conflictType) {
    case "CONTEXT_DIVERGENCE":
      return conflict.divergenceDepth > 10 ? 3 : 2;
    case "DATA_CONTRADICTION":
      return conflict.affectedAgents > 100 ? 3 : 2;
    case "TEMPORAL_PARADOX":
      return 4;
    case "CAPABILITY_MISMATCH":
      return 1;
    case "HASH_MISMATCH":
      return 4;
  }
}

/**
 * How long after it was logged it should be resolved. "Immediate" (4) is 10 s here: a round trip to people's attention
 * and back up the hierarchy; "when convenient" (0) is never late.
 */
export const DEADLINE_MS: Readonly<Record<ConflictPriority, Millis>> = {
  0: Number.POSITIVE_INFINITY,
  1: 3_600_000,
  2: 600_000,
  3: 60_000,
  4: 10_000,
};

/** From which priority on a conflict goes from a lead to its sector, and from a sector to the orchestrator. */
export const ESCALATED_FROM = { lead: 3, sector: 4, orchestrator: Number.POSITIVE_INFINITY } as const;
