/** The registry records of one cluster (document 2.3 and 4.2) as plain data, which any transport can carry. */
import type { Child } from "./child.js";
import type { AgentImpedance, RegistryRecords } from "./messages.js";
import { REPORT_CELLS, Report, readReport } from "./report-cells.js";

/**
 * The latest reports of a lead's agents, by position.
 * @param isKnown whether there is one to tell of an agent
 */
export function recordsOf(agents: readonly Child[], isKnown: (agent: Child) => boolean): RegistryRecords {
  const figures = new Float64Array(agents.length * REPORT_CELLS);
  for (const [position, agent] of agents.entries()) {
    if (isKnown(agent)) agent.copyReport(figures, position * REPORT_CELLS);
  }
  return {
    firstAgent: agents[0]?.address ?? 0,
    classes: agents.map((agent) => agent.agentClass),
    capabilities: agents.map((agent) => agent.capabilities),
    figures,
  };
}

/** The record of the agent at a position, or undefined for one never heard of. */
export function recordAt(records: RegistryRecords, position: number): AgentImpedance | undefined {
  const { firstAgent, classes, capabilities, figures } = records;
  const at = position * REPORT_CELLS;
  const heartbeats = figures[at + Report.heartbeatNumber];
  if (heartbeats === undefined || heartbeats === 0) return undefined;
  return readReport(figures, at, firstAgent + position, classes[position]!, capabilities[position]!);
}
