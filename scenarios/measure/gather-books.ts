/** How scatter-gathers ended, of one cascade or of all. */
import type { GatherEndedFact, Tier } from "../../protocol/mesh-30k/facts.js";

export const TIERS = ["orchestrator", "sector", "lead"] as const satisfies readonly Tier[];

export class GatherBooks {
  /** Gathers that ended and had somebody to ask; the other figures are of these. */
  ended = 0;
  achieved = 0;
  /** Gathers that ended and had nobody to ask. */
  empty = 0;
  sumOfSent = 0;
  sumOfTargeted = 0;
  readonly decisions: Record<string, number> = {};

  take(fact: GatherEndedFact): void {
    if (hadNobodyToAsk(fact)) {
      this.empty++;
      return;
    }
    this.ended++;
    if (fact.achieved) this.achieved++;
    this.sumOfSent += fact.readyOfSent;
    this.sumOfTargeted += fact.readyOfTargeted;
    this.decisions[fact.decision] = (this.decisions[fact.decision] ?? 0) + 1;
  }

  add(other: GatherBooks): void {
    this.ended += other.ended;
    this.achieved += other.achieved;
    this.empty += other.empty;
    this.sumOfSent += other.sumOfSent;
    this.sumOfTargeted += other.sumOfTargeted;
    for (const [decision, count] of Object.entries(other.decisions)) {
      this.decisions[decision] = (this.decisions[decision] ?? 0) + count;
    }
  }
}

/**
 * Of no targets all are READY and none was sent to. Where there is a target, all can be READY only if they were sent to,
 * and then READY / sent is above 0.
 */
function hadNobodyToAsk({ readyOfSent, readyOfTargeted }: GatherEndedFact): boolean {
  return readyOfTargeted === 1 && readyOfSent === 0;
}
