/** What each agent last reported of itself, as far as results tell of it: figures side by side, agent after agent. */
import type { AgentImpedance } from "../../protocol/mesh-30k/messages.js";

const LATENCY_MS = 0;
const PROCESSING_MS = 1;
/** NaN for an agent that has not reported yet. */
const IMPEDANCE_MS = 2;
const QUEUE_DEPTH = 3;
const FIGURES = 4;

export class LastReports {
  /** By position among the agents. */
  readonly figures: Float64Array;

  constructor(agentCount: number) {
    this.figures = new Float64Array(agentCount * FIGURES).fill(Number.NaN);
  }

  note(index: number, report: AgentImpedance): void {
    const { figures } = this;
    const at = index * FIGURES;
    figures[at + LATENCY_MS] = report.latencyMs;
    figures[at + PROCESSING_MS] = report.processingMs;
    figures[at + IMPEDANCE_MS] = report.impedanceScore;
    figures[at + QUEUE_DEPTH] = report.queueDepth;
  }

  /** Undefined for an agent that has not reported yet; what it had not measured yet is NaN. */
  of(index: number) {
    const { figures } = this;
    const at = index * FIGURES;
    if (Number.isNaN(figures[at + IMPEDANCE_MS]!)) return undefined;
    return {
      latencyMs: figures[at + LATENCY_MS]!,
      processingMs: figures[at + PROCESSING_MS]!,
      impedanceMs: figures[at + IMPEDANCE_MS]!,
      queueDepth: figures[at + QUEUE_DEPTH]!,
    };
  }

  /** Takes in the figures of another part of the same mesh. */
  merge(other: Float64Array): void {
    for (let at = 0; at < other.length; at += FIGURES) {
      if (!Number.isNaN(other[at + IMPEDANCE_MS]!)) this.figures.set(other.subarray(at, at + FIGURES), at);
    }
  }
}
