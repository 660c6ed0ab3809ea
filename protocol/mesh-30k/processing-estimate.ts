/** How long an agent is expected to process a message: the option `processingEstimate`. */
import type { Millis } from "../contract.js";
import type { AgentImpedance } from "./messages.js";
import type { Variant } from "./options.js";
import { ENOUGH_SAMPLES } from "./parameters.js";

/** Heavier payloads take longer (document 3.1): each unit of weight adds half a standard payload. */
export function weightFactor(payloadWeight: number): number {
  return 1 + payloadWeight * 0.5;
}

export interface ProcessingEstimate {
  /** Of a standard payload by an idle agent, by its latest report. */
  standardMs(impedance: AgentImpedance): Millis;
  /** @param queueDepth messages that are before this one */
  ms(standardMs: Millis, payloadWeight: number, queueDepth: number): Millis;
}

/** Document 3.1: the constant of the class (8.3: of the tier, for coordinators); each queued item adds 10 %. */
const byClass: ProcessingEstimate = {
  standardMs: (impedance) => impedance.assumedProcessingMs,
  ms: (standardMs, payloadWeight, queueDepth) => standardMs * weightFactor(payloadWeight) * (1 + queueDepth * 0.1),
};

/** The agent's measured median, and once more for each message before this one, since it works on one at a time. */
const byMeasurement: ProcessingEstimate = {
  standardMs: (impedance) =>
    impedance.processingSamples >= ENOUGH_SAMPLES ? impedance.processingMs : impedance.assumedProcessingMs,
  ms: (standardMs, payloadWeight, queueDepth) => standardMs * (weightFactor(payloadWeight) + queueDepth),
};

export const PROCESSING_ESTIMATES: Readonly<Record<Variant, ProcessingEstimate>> = {
  "as-written": byClass,
  repaired: byMeasurement,
};
