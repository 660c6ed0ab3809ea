/** What counts as a failure: the option `failureEvidence`. */
import type { Variant } from "../options.js";
import { CONSECUTIVE_FAILURES } from "./failure-class.js";

export interface FailureEvidence {
  /** How many reports in a row have to be far above the mean before a spike is one. */
  readonly highReports: number;
  /** Whether breakers count an unanswered message that is the nth in a row. */
  countsUnanswered(inARow: number): boolean;
  /** Whether breakers count missed heartbeats. */
  readonly countsMissedHeartbeats: boolean;
}

export const FAILURE_EVIDENCE: Readonly<Record<Variant, FailureEvidence>> = {
  /** Document 6.1 and 6.2: one score above twice the average, every timeout, every missed heartbeat. */
  "as-written": { highReports: 1, countsUnanswered: () => true, countsMissedHeartbeats: true },
  /**
   * A queue of two when the report is made doubles a score, and a message that a retry makes up for has failed nobody.
   * Silence that lasts ends as a crash, which is counted then.
   */
  repaired: {
    highReports: 2,
    countsUnanswered: (inARow) => inARow === CONSECUTIVE_FAILURES,
    countsMissedHeartbeats: false,
  },
};
