/** Hit rate over time: a line for each class and a heavier one for all, cascade by cascade, against the target. */
import type { TopLevelSpec } from "vega-lite";
import type { Results } from "../../../scenarios/results.js";
import { percent } from "../../format.js";
import { shade } from "../palette.js";
import type { Chart, LegendEntry } from "./chart.js";
import { bandEdges, bandsBehind, faultBands } from "./fault-bands.js";
import {
  CHOSEN,
  CHOSEN_OPACITY,
  folded,
  meansOver,
  pointerRule,
  seriesColour,
  spanOf,
  wideTable,
  withFaults,
} from "./series.js";
import { type TimeAxis, timeAxis } from "./time-axis.js";

/** With more cascades than this, marks on the lines would run into each other. */
const MOST_MARKED = 80;

/** The marks of Vega and the characters that look like them, a pair for each series: the second channel beside colour. */
const MARKS = [
  ["circle", "●"],
  ["square", "■"],
  ["triangle-up", "▲"],
  ["diamond", "◆"],
  ["cross", "✚"],
  ["triangle-down", "▼"],
  ["triangle-right", "▶"],
] as const;

export function hitRateChart(results: Results): Chart {
  const points = results.charts.hitRate;
  const series = seriesOf(results);
  const target = results.kpis.find((kpi) => kpi.id === "arrivalWindowHitRate")?.target.value;
  const spanS = spanOf(points.map(({ atS }) => atS));
  const table = wideTable(
    series.map(({ column }) => column),
    meansOver(
      spanS,
      points.map((point) => ({ at: point.atS, column: point.class, value: point.hitRate })),
    ),
    null,
  );
  const time = timeAxis(results);
  const bands = faultBands(results);
  const lowest = points.reduce((least, point) => Math.min(least, point.hitRate), (target ?? 1) - 0.02);
  return {
    id: "hit-rate",
    title: "Arrival-window hit rate over time",
    caption: `Share of the targeted agents that were READY within the arrival window, cascade by cascade.${
      spanS > 1 ? ` Each point is the mean of ${spanS} s; results.json has every cascade.` : ""
    }${
      target === undefined ? "" : ` The dashed line is the target for machine agents, ${percent(target, 0)}.`
    } Choose a class to single it out.`,
    spec: spec(time, series, Math.max(0, Math.floor(lowest * 20) / 20), target, table.rows.length <= MOST_MARKED),
    columns: 1,
    legend: series,
    bands,
    panels:
      table.rows.length === 0
        ? []
        : [
            {
              title: "",
              height: 260,
              data: { series: withFaults(table, bands, spanS - 1), ...bands.tables },
              signals: {},
            },
          ],
  };
}

/** Columns are named as the schema names the classes. */
function seriesOf({ charts, classes }: Results): LegendEntry[] {
  const present = new Set(charts.hitRate.map((point) => point.class));
  const all = present.has("all") ? [{ column: "all", name: "all together", shade: "ink" }] : [];
  const each = classes
    .filter((row) => present.has(row.class))
    .map((row) => ({ column: row.class, name: `${row.class} ${row.name}`, shade: `class-${row.class.toLowerCase()}` }));
  return [...all, ...each].map((one, at) => ({ ...one, sign: MARKS[at]![1] }));
}

function spec(
  time: TimeAxis,
  series: readonly LegendEntry[],
  lowest: number,
  target: number | undefined,
  marked: boolean,
): TopLevelSpec {
  const y = {
    field: "value",
    type: "quantitative" as const,
    scale: { domain: [lowest, 1], nice: false },
    axis: { title: "hit rate", format: ".0%", grid: true, tickCount: 6 },
  };
  const shape = {
    field: "column",
    type: "nominal" as const,
    legend: null,
    scale: { domain: series.map(({ column }) => column), range: series.map((_, at) => MARKS[at]![0]) },
  };
  const color = seriesColour(series);
  const weight = { condition: { test: "datum.column === 'all'", value: 2.6 }, value: 1.2 };
  return {
    description: "Arrival-window hit rate over time",
    width: "container",
    height: 260,
    params: [CHOSEN],
    data: { name: "series" },
    layer: [
      bandsBehind(time),
      {
        data: { values: target === undefined ? [] : [{ value: target }] },
        mark: { type: "rule", color: shade("target"), strokeDash: [6, 4], strokeWidth: 1.5 },
        encoding: { y },
      },
      {
        transform: folded(series),
        mark: { type: "line" },
        encoding: { x: time.x("at"), y, color, opacity: CHOSEN_OPACITY, strokeWidth: weight },
      },
      ...(marked
        ? [
            {
              transform: folded(series),
              mark: { type: "point" as const, filled: true, size: 34 },
              encoding: { x: time.x("at"), y, color, shape, opacity: CHOSEN_OPACITY },
            },
          ]
        : []),
      pointerRule(time, series, "cascade at (s)", ",.1f", ".2%"),
      ...bandEdges(time),
    ],
  } as TopLevelSpec;
}
