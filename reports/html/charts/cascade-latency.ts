/** Cascade latency, level by level against the document's budget, and the whole cascade against its target. */
import type { Results } from "../../../scenarios/results.js";
import { count, milliseconds, target } from "../../format.js";
import { shade } from "../palette.js";
import type { Chart } from "./chart.js";
import { fittingAxis, type Ridge, ridgePanel } from "./ridge.js";
import { ridgeSpec } from "./ridge-spec.js";

type Level = Results["cascadeSummary"]["levels"][number];

const LEVEL_NAMES: Readonly<Record<Level["level"], string>> = {
  sectors: "at sectors",
  leads: "at cluster leads",
  agents: "at agents",
};

export function cascadeLatencyChart(results: Results): Chart {
  const rows = [...results.cascadeSummary.levels.map(levelRow), wholeRow(results)];
  const axis = fittingAxis(rows);
  return {
    id: "cascade-latency",
    title: "Cascade latency, level by level",
    caption:
      "Time from the initiator's decision until each node of a level had taken the operation in, over all cascades; and, as one " +
      "tick for each cascade, until 95 % of its targeted machine agents were READY. Solid line: median. Dotted line: 95th " +
      "percentile. Long dashes, with shade between two: the cumulative latency budget of the protocol document, and the target.",
    spec: ridgeSpec("Cascade latency by level", "time since the initiator's decision (ms)", axis.type),
    columns: 1,
    legend: [],
    panels: [ridgePanel("", rows, axis)],
  };
}

function levelRow({ level, budgetLowMs, budgetHighMs, latencyMs, histogram }: Level): Ridge {
  const budget =
    budgetLowMs === budgetHighMs ? `${count(budgetHighMs)} ms` : `${count(budgetLowMs)} to ${count(budgetHighMs)} ms`;
  return {
    name: LEVEL_NAMES[level],
    figures: figures(latencyMs),
    more: `budget ${budget}`,
    colour: shade("class-a"),
    histogram,
    band: { low: budgetLowMs, high: budgetHighMs, name: `budget ${budget}` },
    quantiles: latencyMs,
  };
}

function wholeRow({ kpis, cascades, cascadeSummary }: Results): Ridge {
  const kpi = kpis.find(({ id }) => id === "cascadeLatencyP95");
  const goal = kpi
    ? { value: kpi.target.value, name: `target for the p95: ${target(kpi.target, kpi.unit)}` }
    : undefined;
  return {
    name: "95 % READY",
    figures: figures(cascadeSummary.latencyMs),
    more: kpi ? `target ${target(kpi.target, kpi.unit)}` : "",
    colour: shade("class-a"),
    histogram: { lowerEdges: [], counts: [] },
    ticks: cascades.flatMap(({ id, strategy, latencyMs }) =>
      latencyMs === null
        ? []
        : [{ value: latencyMs, name: `cascade ${count(id)} (${strategy}): ${milliseconds(latencyMs)}` }],
    ),
    target: goal,
    quantiles: cascadeSummary.latencyMs,
  };
}

function figures(quantiles: Level["latencyMs"]): string {
  if (quantiles === null) return "not measured";
  return `median ${milliseconds(quantiles.p50)} · p95 ${milliseconds(quantiles.p95)}`;
}
