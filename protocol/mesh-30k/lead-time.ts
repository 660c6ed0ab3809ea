/** How early a message has to leave for one agent, and how sure that is (document 3.1). */
import type { Millis } from "../contract.js";
import type { Child } from "./child.js";
import { confidence } from "./confidence.js";
import type { LeadTime } from "./messages.js";
import type { ProtocolOptions, Variant } from "./options.js";
import { ENOUGH_SAMPLES } from "./parameters.js";
import { PROCESSING_ESTIMATES, type ProcessingEstimate } from "./processing-estimate.js";

/** How much later than predicted an agent may be READY, by what is known of it. */
type Buffer = (child: Child) => Millis;

const BUFFERS: Readonly<Record<Variant, Buffer>> = {
  /** `calculate_buffer` is named but never defined: one standard deviation is what its argument suggests. */
  "as-written": (child) => child.latencyDeviationMs,
  /** By how much later it was, as far as the sender could measure that. */
  repaired: (child) =>
    child.errors.count < ENOUGH_SAMPLES ? child.latencyDeviationMs : Math.max(0, child.errors.quantile()),
};

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
   * @param nowMs on the sender's clock
   */
  estimate(child: Child, payloadWeight: number, nowMs: Millis, wayMs = 0): LeadTime {
    const networkMs = wayMs + child.oneWayMs;
    const processingMs = this.processing.ms(child.standardProcessingMs, payloadWeight, child.queueDepth);
    const bufferMs = this.buffer(child);
    const predictedMs = networkMs + processingMs;
    return {
      networkMs,
      processingMs,
      bufferMs,
      totalMs: predictedMs + bufferMs,
      expectedReadyMs: this.bufferIsMargin ? predictedMs : predictedMs + bufferMs,
      confidence: confidence(child.trust, nowMs - child.heardAtMs),
    };
  }
}
