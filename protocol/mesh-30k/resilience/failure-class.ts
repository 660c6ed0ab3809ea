/** The six classes of failure (document 6.1) and what the document says of their escalation. */

export const FAILURE_CLASSES = [
  "TRANSIENT_NETWORK",
  "AGENT_CRASH",
  "IMPEDANCE_SPIKE",
  "CONTEXT_CORRUPTION",
  "BYZANTINE_BEHAVIOR",
  "CASCADE_FAILURE",
] as const;

export type FailureClass = (typeof FAILURE_CLASSES)[number];

/** Classes that are escalated at once, as far up as the orchestrator, which alerts its operators (`escalation_threshold`: immediate). */
export const IMMEDIATE_CLASSES = ["CONTEXT_CORRUPTION", "BYZANTINE_BEHAVIOR", "CASCADE_FAILURE"] as const;

export type ImmediateClass = (typeof IMMEDIATE_CLASSES)[number];

export function escalatesAtOnce(failure: FailureClass): failure is ImmediateClass {
  return IMMEDIATE_CLASSES.some((each) => each === failure);
}

/** Failures in a row from which on a transient one is escalated (`TRANSIENT_NETWORK`: "3 consecutive failures"). */
export const CONSECUTIVE_FAILURES = 3;
/** Agents of one cluster from which on a spike is escalated (`IMPEDANCE_SPIKE`: "multiple agents in cluster affected"). */
export const MULTIPLE_AGENTS = 2;
