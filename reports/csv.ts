/** `series.csv` and `agents.csv`: one row for each simulated second and each agent; every header names its unit. */
import { stringify } from "csv-stringify/sync";
import type { AgentRow, SeriesRow } from "../scenarios/results.js";

const SERIES: Readonly<Record<keyof SeriesRow, string>> = {
  second: "second_s",
  measured: "measured",
  events: "events_count",
  sent: "sent_messages",
  delivered: "delivered_messages",
  lost: "lost_messages",
  expired: "expired_messages",
  cut: "cut_messages",
  undelivered: "undelivered_messages",
  inFlight: "in_flight_messages",
  activeAgents: "active_agents",
  targeted: "targeted_agents",
  hits: "hit_agents",
};

const AGENTS: Readonly<Record<keyof AgentRow, string>> = {
  agent: "agent",
  class: "class",
  sector: "sector",
  cluster: "cluster",
  region: "region",
  received: "received_messages",
  targeted: "targeted_times",
  hits: "hit_times",
  predictions: "predicted_messages",
  within50Ms: "within_50_ms_messages",
  latencyMs: "latency_ms",
  processingMs: "processing_ms",
  impedanceMs: "impedance_ms",
  queueDepth: "queue_depth_messages",
};

export function seriesCsv(rows: readonly SeriesRow[]): string {
  return csv(SERIES, rows);
}

export function agentsCsv(rows: readonly AgentRow[]): string {
  return csv(AGENTS, rows);
}

function csv<Row>(headers: Readonly<Record<string, string>>, rows: readonly Row[]): string {
  return stringify([...rows], {
    header: true,
    columns: Object.entries(headers).map(([key, header]) => ({ key, header })),
    cast: { boolean: (value) => String(value) },
    // A name that begins with `=` would be run as a formula by a spreadsheet.
    escape_formulas: true,
  });
}
