/** The composite impedance of an agent, 0 to 1000 (document 2.3), read in milliseconds. */
import type { Millis } from "../contract.js";

/** Above this an agent counts as degraded (document 4.2). */
export const DEGRADED_SCORE = 800;
/** Above this drift coefficient an agent counts as unstable (document 4.2). */
export const UNSTABLE_DRIFT = 0.5;

/** Expected ms until READY for a standard payload: the way there, and one processing for it and for each one before. */
export function impedanceScore(oneWayMs: Millis, processingMs: Millis, queueDepth: number): number {
  return Math.min(1000, Math.max(0, oneWayMs + processingMs * (1 + queueDepth)));
}
