/** Which of two contradicting values has the stronger provenance (document 5.1, `PROVENANCE_TRACE`). */
import { authorOf, type Stamp, timeOf } from "./lamport.js";

/** Where a value comes from, as far as it could be traced. */
export interface Provenance {
  /** When it was decided on, and by whom; 0 where that is not known. */
  readonly stamp: Stamp;
  /** How many were READY with it. */
  readonly confirmations: number;
}

/**
 * Whether `a` is stronger than `b`: one that was decided on is stronger than one of which nobody knows, then counts by how
 * many it is confirmed, then the later decision, then the author with the lower address. No two differ in nothing.
 */
export function isStronger(a: Provenance, b: Provenance): boolean {
  if (a.stamp > 0 !== b.stamp > 0) return a.stamp > 0;
  if (a.confirmations !== b.confirmations) return a.confirmations > b.confirmations;
  if (timeOf(a.stamp) !== timeOf(b.stamp)) return timeOf(a.stamp) > timeOf(b.stamp);
  return authorOf(a.stamp) < authorOf(b.stamp);
}
