/** The protocol's numbers that a deployment may set. The defaults are the document's. */
import type { Millis } from "../contract.js";

export interface Parameters {
  /** Between two heartbeats of an agent (4.1: 5 s). */
  readonly heartbeatMs: Millis;
  /** Between two summaries of a cluster or a sector (8.2: 5 s). */
  readonly summaryMs: Millis;
  /** Between two updates of the global map (4.3: 10 s). */
  readonly mapMs: Millis;
  /** Width of a bucket of send times (3.2: 10 ms). */
  readonly batchMs: Millis;
  /** Silence after which an agent counts as offline (6.1: 30 s). */
  readonly offlineAfterMs: Millis;
  /** How long a lease of an office lasts, or how long a standby waits before it takes over (6.1: 30 s of silence). */
  readonly leaseMs: Millis;
  /** Time to live of a single message (3.2, `timeout_ms`: 5 s). */
  readonly taskTtlMs: Millis;
  /** Time to live of a cascade's messages (3.2, `timeout_ms`: 5 s). */
  readonly cascadeTtlMs: Millis;
  /** Time to live of a checkpoint put to a person. */
  readonly checkpointTtlMs: Millis;
  /** Which quantile of an agent's own lead-time error the repaired buffer covers, 0 to 1. */
  readonly bufferQuantile: number;
  /** For which share of the agents the target time of a repaired cascade leaves enough lead, 0 to 1. */
  readonly aimQuantile: number;
}

/** Samples that a profiler keeps (4.1). */
export const SAMPLE_WINDOW = 100;
/** How long a report lives on its way: it is worthless when the next one is due (4.1, 4.3). */
export const REPORT_TTL_MS = 10_000;
/** From one trial of an agent that is degraded for being slow to the next (ours): half of its samples are new after 100 s. */
export const TRIAL_MS = 2_000;
/** Samples from which on a measured figure replaces an assumed one. */
export const ENOUGH_SAMPLES = 10;
/** What a way is taken to cost before it was measured: the budget's figure for a global hop (8.3). */
export const UNMEASURED_ONE_WAY_MS = 50;
/** Processing at a coordinator or lead that passes an operation on (8.3). */
export const RELAY_PROCESSING_MS = 10;
