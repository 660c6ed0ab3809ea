/** How early a message has to leave for one agent, and how sure that is (document 3.1). */
import type { Millis } from "../contract.js";
import type { Child } from "./children.js";
import { oneWayMs } from "./latency-estimate.js";
import type { AgentImpedance, LeadTime } from "./messages.js";
import type { ProtocolOptions, Variant } from "./options.js";
import { ENOUGH_SAMPLES, UNMEASURED_ONE_WAY_MS } from "./parameters.js";
import { PROCESSING_ESTIMATES, type ProcessingEstimate } from "./processing-estimate.js";
import type { SampleWindow } from "./sample-window.js";

/** @param errors by how much later than predicted the agent was READY, as far as the sender could measure it */
type Buffer = (impedance: AgentImpedance, errors: SampleWindow) => Millis;

const BUFFERS: Readonly<Record<Variant, Buffer>> = {
  /** `calculate_buffer` is named but never defined: one standard deviation is what its argument suggests. */
  "as-written": (impedance) => impedance.latencyDeviationMs,
  repaired: (impedance, errors) =>
    errors.count < ENOUGH_SAMPLES ? impedance.latencyDeviationMs : Math.max(0, errors.quantile()),
};

/** Document 3.1, `calculate_confidence`. A child that was heard within 10 s earns the bonus for recency. */
export function confidence(impedance: AgentImpedance, silentMs: Millis): number {
  const driftPenalty = impedance.driftCoefficient * 0.3;
  const reliabilityBoost = impedance.reliabilityScore * 0.5;
  const recency = silentMs < 10_000 ? 0.2 : 0;
  return Math.min(1, Math.max(0, reliabilityBoost - driftPenalty + recency));
}

export class LeadTimeEstimator {
  private readonly processing: ProcessingEstimate;
  private readonly buffer: Buffer;
  private readonly bufferIsMargin: boolean;

  constructor(options: ProtocolOptions) {
    this.processing = PROCESSING_ESTIMATES[options.processingEstimate];
    this.buffer = BUFFERS[options.buffer];
    this.bufferIsMargin = options.buffer === "repaired";
  }

  /**
   * @param wayMs one way to the node that the child's own latency counts from, in ms; 0 for a child of one's own
   * @param queueDepth messages that the child has to work off first
   * @param nowMs on the sender's clock
   */
  estimate(child: Child, payloadWeight: number, queueDepth: number, nowMs: Millis, wayMs = 0): LeadTime {
    const impedance = child.impedance;
    const latencyMs = impedance.latencyMs;
    const networkMs = wayMs + (Number.isNaN(latencyMs) ? UNMEASURED_ONE_WAY_MS : oneWayMs(latencyMs));
    const processingMs = this.processing(impedance, payloadWeight, queueDepth);
    const bufferMs = this.buffer(impedance, child.errors);
    const predictedMs = networkMs + processingMs;
    return {
      networkMs,
      processingMs,
      bufferMs,
      totalMs: predictedMs + bufferMs,
      expectedReadyMs: this.bufferIsMargin ? predictedMs : predictedMs + bufferMs,
      confidence: confidence(impedance, nowMs - child.heardAtMs),
    };
  }
}
