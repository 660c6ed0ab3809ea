/** What counts as a failure: the option `failureEvidence`. */
import type { Variant } from "../options.js";
import { CONSECUTIVE_FAILURES } from "./failure-class.js";
import { FAILURE_WINDOW_MS } from "./failure-window.js";

export interface FailureEvidence {
  /** How many reports in a row have to be far above the mean before a spike is one. */
  readonly highReports: number;
  /** Whether breakers count an unanswered message that is the nth in a row. */
  countsUnanswered(inARow: number): boolean;
  /** Whether breakers count missed heartbeats. */
  readonly countsMissedHeartbeats: boolean;
  /** Breakers count an agent at most once in so many seconds. */
  readonly oncePerAgentS: number;
}

export const FAILURE_EVIDENCE: Readonly<Record<Variant, FailureEvidence>> = {
  /** Document 6.1 and 6.2: one score above twice the average, every timeout, every missed heartbeat. */
  "as-written": { highReports: 1, countsUnanswered: () => true, countsMissedHeartbeats: true, oncePerAgentS: 0 },
  /**
   * A queue of two when the report is made doubles a score, and a message that a retry makes up for has failed nobody.
   * Silence that lasts ends as a crash, which is counted then. A breaker isolates a cluster because much of it has failed, so
   * that one agent that fails again and again is one failure: it is quarantined, or routed around, by itself.
   */
  repaired: {
    highReports: 2,
    countsUnanswered: (inARow) => inARow === CONSECUTIVE_FAILURES,
    countsMissedHeartbeats: false,
    oncePerAgentS: FAILURE_WINDOW_MS / 1000,
  },
};
