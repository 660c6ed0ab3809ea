/** The share of agents that are active over time, against what availability asks for. */
import type { TopLevelSpec } from "vega-lite";
import type { Results } from "../../../scenarios/results.js";
import { percent } from "../../format.js";
import { shade } from "../palette.js";
import type { Chart, LegendEntry } from "./chart.js";
import { bandEdges, bandsBehind, faultBands } from "./fault-bands.js";
import { CHOSEN, CHOSEN_OPACITY, folded, pointerRule, seriesColour, spanOf, wideTable, withFaults } from "./series.js";
import { type TimeAxis, timeAxis } from "./time-axis.js";

/** Availability counts the time in which so many are active (docs/protocols.md). */
const AVAILABLE = 0.95;

type Point = Results["charts"]["activeAgents"]["points"][number];

export function activeAgentsChart(results: Results): Chart {
  const { points, spanS: keptS } = results.charts.activeAgents;
  const spanS = Math.max(keptS, spanOf(points.map(({ atS }) => atS)));
  const drawn = thinned(points, spanS);
  const series: LegendEntry[] = [{ column: "mean", name: "active agents", shade: "kind-0", sign: "━" }];
  if (spanS > 1) series.push({ column: "least", name: "least in each span", shade: "kind-4", sign: "┅" });
  const table = wideTable(
    series.map(({ column }) => column),
    drawn.flatMap(({ atS, mean, least }) => [
      { at: atS, column: "mean", value: mean },
      ...(spanS > 1 ? [{ at: atS, column: "least", value: least }] : []),
    ]),
    null,
  );
  const time = timeAxis(results);
  const bands = faultBands(results);
  const lowest = drawn.reduce((least, point) => Math.min(least, point.least), AVAILABLE);
  return {
    id: "active-agents",
    title: "Active agents over time",
    caption: `Share of the agents of whom the KPIs speak that are active: running, with somebody in office above them who holds them for active.${
      spanS > 1 ? ` Each point is of ${spanS} s: its mean, and its least.` : ""
    } The mesh is available above the dashed line, ${percent(AVAILABLE, 0)}.`,
    spec: spec(time, series, Math.max(0, Math.floor(lowest * 10 - 0.5) / 10)),
    columns: 1,
    legend: spanS > 1 ? series : [],
    bands,
    panels:
      table.rows.length === 0
        ? []
        : [{ title: "", height: 180, data: { series: withFaults(table, bands, spanS), ...bands.tables }, signals: {} }],
  };
}

function thinned(points: readonly Point[], spanS: number): Point[] {
  const spans = new Map<number, { sum: number; count: number; least: number }>();
  for (const { atS, mean, least } of points) {
    const start = Math.floor(atS / spanS) * spanS;
    const span = spans.get(start) ?? { sum: 0, count: 0, least: 1 };
    spans.set(start, { sum: span.sum + mean, count: span.count + 1, least: Math.min(span.least, least) });
  }
  return [...spans].map(([atS, { sum, count, least }]) => ({ atS, mean: sum / count, least }));
}

function spec(time: TimeAxis, series: readonly LegendEntry[], lowest: number): TopLevelSpec {
  const y = {
    field: "value",
    type: "quantitative",
    scale: { domain: [lowest, 1], nice: false },
    axis: { title: "active agents", format: ".0%", grid: true, tickCount: 5 },
  };
  return {
    description: "Share of active agents over time",
    width: "container",
    height: 180,
    params: [CHOSEN],
    data: { name: "series" },
    layer: [
      bandsBehind(time),
      {
        data: { values: [{ value: AVAILABLE }] },
        mark: { type: "rule", color: shade("target"), strokeDash: [6, 4], strokeWidth: 1.5, aria: false },
        encoding: { y },
      },
      {
        transform: folded(series),
        mark: { type: "line", interpolate: "step-after", strokeWidth: 1.8 },
        encoding: { x: time.x("at"), y, color: seriesColour(series), opacity: CHOSEN_OPACITY },
      },
      pointerRule(time, series, "second", ",", ".2%"),
      ...bandEdges(time),
    ],
  } as TopLevelSpec;
}
