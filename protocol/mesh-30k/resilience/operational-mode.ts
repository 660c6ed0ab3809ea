/** The five operational modes and what each restricts (document 6.3). */
import type { Job } from "../../contract.js";

type Priority = Job["priority"];

export const MODES = ["FULL", "DEGRADED_LIGHT", "DEGRADED_MODERATE", "DEGRADED_SEVERE", "EMERGENCY"] as const;
export type OperationalMode = (typeof MODES)[number];

/** Least share of active agents for each mode but the last (6.3). */
const LEAST_ACTIVE: readonly (readonly [OperationalMode, number])[] = [
  ["FULL", 0.95],
  ["DEGRADED_LIGHT", 0.8],
  ["DEGRADED_MODERATE", 0.6],
  ["DEGRADED_SEVERE", 0.3],
];

/** @param activeRate active agents / all agents, 0 to 1 */
export function modeFor(activeRate: number): OperationalMode {
  return LEAST_ACTIVE.find(([, least]) => activeRate >= least)?.[0] ?? "EMERGENCY";
}

/** What becomes of an operation: it is run, kept until the mode is better, put to a person first, or refused. */
export type Admission = "run" | "queue" | "ask" | "refuse";

/** Operations of this priority and above are urgent; critical ones are of priority 3 (document 2.4). */
const URGENT: Priority = 2;
const CRITICAL: Priority = 3;
/** Largest scatter in a moderately degraded mesh (6.3). */
const LARGEST_SCATTER = 1000;
/** By how much answers are waited for longer in a degraded mesh ("increase retry timeouts"). */
const DEGRADED_PATIENCE = 2;

/** Single messages to agents. */
export function admitTask(mode: OperationalMode, priority: Priority): Admission {
  switch (mode) {
    case "FULL":
      return "run";
    case "DEGRADED_LIGHT":
      return priority === 0 ? "refuse" : "run";
    case "DEGRADED_MODERATE":
      if (priority === 0) return "refuse";
      return priority < URGENT ? "queue" : "run";
    case "DEGRADED_SEVERE":
      return priority < CRITICAL ? "refuse" : "run";
    case "EMERGENCY":
      return "refuse";
  }
}

/**
 * Mesh-wide operations: cascades and broadcasts.
 * @param agents how many it is aimed at
 */
export function admitMeshWide(mode: OperationalMode, priority: Priority, agents: number): Admission {
  if (mode === "DEGRADED_MODERATE" && agents > LARGEST_SCATTER) return priority < URGENT ? "queue" : "refuse";
  if (mode === "DEGRADED_SEVERE") return priority < CRITICAL ? "refuse" : "ask";
  return admitTask(mode, priority);
}

/** Whether work goes to healthy sectors only. */
export function avoidsUnhealthySectors(mode: OperationalMode): boolean {
  return mode === "DEGRADED_MODERATE" || mode === "DEGRADED_SEVERE";
}

/** Factor on how long an answer may take before the message is sent again. */
export function patienceIn(mode: OperationalMode): number {
  return mode === "FULL" ? 1 : DEGRADED_PATIENCE;
}
