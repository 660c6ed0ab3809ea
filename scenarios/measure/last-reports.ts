/** What each agent last reported of itself, as far as results tell of it: figures side by side, agent after agent. */
import type { AgentImpedance } from "../../protocol/mesh-30k/messages.js";

const LATENCY_MS = 0;
const PROCESSING_MS = 1;
const IMPEDANCE_MS = 2;
/** One more than the queue depth; 0 for an agent that has not reported yet. */
const QUEUE_DEPTH = 3;
const FIGURES = 4;

export class LastReports {
  /** @param figures as many as `LastReports.figures` says, by position among the agents; 0 before the first report */
  constructor(private readonly figures: Float64Array) {}

  static figures(agentCount: number): number {
    return agentCount * FIGURES;
  }

  note(index: number, report: AgentImpedance): void {
    const { figures } = this;
    const at = index * FIGURES;
    figures[at + LATENCY_MS] = report.latencyMs;
    figures[at + PROCESSING_MS] = report.processingMs;
    figures[at + IMPEDANCE_MS] = report.impedanceScore;
    figures[at + QUEUE_DEPTH] = report.queueDepth + 1;
  }

  /** Undefined for an agent that has not reported yet; what it had not measured yet is NaN. */
  of(index: number) {
    const { figures } = this;
    const at = index * FIGURES;
    if (figures[at + QUEUE_DEPTH] === 0) return undefined;
    return {
      latencyMs: figures[at + LATENCY_MS]!,
      processingMs: figures[at + PROCESSING_MS]!,
      impedanceMs: figures[at + IMPEDANCE_MS]!,
      queueDepth: figures[at + QUEUE_DEPTH]! - 1,
    };
  }
}
