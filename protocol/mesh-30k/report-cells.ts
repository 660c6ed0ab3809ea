/**
 * What a node reports of itself, as numbers side by side: how those keep it who hold the reports of many. A report as an
 * object has a box for each of its numbers, and 30,000 of them, replaced every five seconds, are most of what a mesh at
 * rest leaves behind.
 */
import type { Address } from "../contract.js";
import type { ImpedanceClass } from "./impedance-class.js";
import type { AgentImpedance } from "./messages.js";

/** Where each figure stands. */
export const Report = {
  latencyMs: 0,
  latencyDeviationMs: 1,
  processingMs: 2,
  processingSamples: 3,
  queueDepth: 4,
  assumedProcessingMs: 5,
  heartbeatNumber: 6,
  impedanceScore: 7,
  reliabilityScore: 8,
  driftCoefficient: 9,
  contextHash: 10,
} as const satisfies Partial<Record<keyof AgentImpedance, number>>;

export const REPORT_CELLS = 11;

/** Writes a report's figures into the cells from `at` on. */
export function writeReport(cells: Float64Array, at: number, report: AgentImpedance): void {
  cells[at + Report.latencyMs] = report.latencyMs;
  cells[at + Report.latencyDeviationMs] = report.latencyDeviationMs;
  cells[at + Report.processingMs] = report.processingMs;
  cells[at + Report.processingSamples] = report.processingSamples;
  cells[at + Report.queueDepth] = report.queueDepth;
  cells[at + Report.assumedProcessingMs] = report.assumedProcessingMs;
  cells[at + Report.heartbeatNumber] = report.heartbeatNumber;
  cells[at + Report.impedanceScore] = report.impedanceScore;
  cells[at + Report.reliabilityScore] = report.reliabilityScore;
  cells[at + Report.driftCoefficient] = report.driftCoefficient;
  cells[at + Report.contextHash] = report.contextHash;
}

/** The report whose figures stand in the cells from `at` on. */
export function readReport(
  cells: Float64Array,
  at: number,
  agentId: Address,
  agentClass: ImpedanceClass,
  capabilities: readonly string[],
): AgentImpedance {
  return {
    agentId,
    agentClass,
    latencyMs: cells[at + Report.latencyMs]!,
    latencyDeviationMs: cells[at + Report.latencyDeviationMs]!,
    processingMs: cells[at + Report.processingMs]!,
    processingSamples: cells[at + Report.processingSamples]!,
    queueDepth: cells[at + Report.queueDepth]!,
    assumedProcessingMs: cells[at + Report.assumedProcessingMs]!,
    heartbeatNumber: cells[at + Report.heartbeatNumber]!,
    impedanceScore: cells[at + Report.impedanceScore]!,
    reliabilityScore: cells[at + Report.reliabilityScore]!,
    driftCoefficient: cells[at + Report.driftCoefficient]!,
    contextHash: cells[at + Report.contextHash]!,
    capabilities,
  };
}
