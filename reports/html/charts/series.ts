/**
 * Several series over simulated time: one table with a column for each, the legend, and the rule under the pointer whose tooltip lists
 * them all. Columns have names of our own, whatever the series are called.
 */

import { shade } from "../palette.js";
import type { LegendEntry } from "./chart.js";
import type { Cell, DataTable } from "./data-table.js";
import type { FaultBands } from "./fault-bands.js";
import type { TimeAxis } from "./time-axis.js";

/** One row for each instant, in order of time; `missing` stands where a series says nothing. */
export function wideTable(
  columns: readonly string[],
  values: Iterable<{ readonly at: number; readonly column: string; readonly value: number }>,
  missing: Cell,
): DataTable {
  const placeOf = new Map(columns.map((column, at) => [column, at]));
  const rows = new Map<number, Cell[]>();
  for (const { at, column, value } of values) {
    const place = placeOf.get(column);
    if (place === undefined) continue;
    const row = rows.get(at) ?? columns.map(() => missing);
    row[place] = value;
    rows.set(at, row);
  }
  const sorted = [...rows].sort(([a], [b]) => a - b);
  return { fields: ["at", ...columns], rows: sorted.map(([at, row]) => [at, ...row]) };
}

/** More points than this would be narrower than a pixel, and slow to draw. */
const MOST_POINTS = 720;
/** Spans of time that people think in, in s. */
const SPANS_S = [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1_200, 1_800, 3_600];

/** How much time one point of a chart has to stand for, in s, lest there be too many; 1 where each instant has its own. */
export function spanOf(instantsS: readonly number[]): number {
  const distinct = new Set(instantsS);
  if (distinct.size <= MOST_POINTS) return 1;
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const instant of distinct) {
    first = Math.min(first, instant);
    last = Math.max(last, instant);
  }
  const lengthS = last - first + 1;
  return SPANS_S.find((spanS) => lengthS <= spanS * MOST_POINTS) ?? Math.ceil(lengthS / MOST_POINTS);
}

type Value = { readonly at: number; readonly column: string; readonly value: number };

/** The mean of each column over each span of time, at its beginning; the values themselves where `spanS` is 1. */
export function meansOver(spanS: number, values: readonly Value[]): Value[] {
  if (spanS === 1) return [...values];
  const sums = new Map<string, { at: number; column: string; sum: number; count: number }>();
  for (const { at, column, value } of values) {
    const start = Math.floor(at / spanS) * spanS;
    const key = `${start} ${column}`;
    const mean = sums.get(key) ?? { at: start, column, sum: 0, count: 0 };
    mean.sum += value;
    mean.count++;
    sums.set(key, mean);
  }
  return [...sums.values()].map(({ at, column, sum, count }) => ({ at, column, value: sum / count }));
}

/** Turns the columns into rows of `at`, `column` and `value`, in Vega-Lite. */
export function folded(series: readonly LegendEntry[]) {
  return [
    { fold: series.map(({ column }) => column), as: ["column", "value"] as [string, string] },
    { filter: "isValid(datum.value)" },
  ];
}

/** The colours of the series. The page draws the legend. */
export function seriesColour(series: readonly LegendEntry[]) {
  return {
    field: "column",
    type: "nominal" as const,
    legend: null,
    scale: { domain: series.map(({ column }) => column), range: series.map((one) => shade(one.shade)) },
  };
}

/** Full where nothing is chosen in the legend, or this series is; `signals` is what it needs. */
export const CHOSEN_OPACITY = {
  condition: { test: "chosen === '' || chosen === datum.column", value: 1 },
  value: 0.12,
};
export const CHOSEN = { name: "chosen", value: "" };

/** Column of the faults under way. */
const UNDER_WAY = "underWay";

/** Adds what was broken at the time of each row, which stands for `spanS`. */
export function withFaults({ fields, rows }: DataTable, bands: FaultBands, spanS: number): DataTable {
  const during = (at: Cell | undefined) => bands.during(Number(at), Number(at) + spanS);
  return { fields: [...fields, UNDER_WAY], rows: rows.map((row) => [...row, during(row[0])]) };
}

/** A rule that follows the pointer and lists what every series says there. */
export function pointerRule(
  { x }: TimeAxis,
  series: readonly LegendEntry[],
  timeTitle: string,
  timeFormat: string,
  format: string,
) {
  const field = (name: string, title: string, numberFormat: string) => ({
    field: name,
    type: "quantitative" as const,
    title,
    format: numberFormat,
  });
  return {
    params: [
      {
        name: "pointer",
        select: { type: "point" as const, on: "pointerover", nearest: true, clear: "pointerout", fields: ["at"] },
      },
    ],
    mark: { type: "rule" as const, color: shade("ink-soft"), strokeWidth: 1, aria: false },
    encoding: {
      x: x("at"),
      opacity: { condition: { param: "pointer", empty: false, value: 0.8 }, value: 0 },
      tooltip: [
        field("at", timeTitle, timeFormat), // The page puts the names of the series in place of their columns.
        ...series.map(({ column }) => field(column, column, format)),
        { field: UNDER_WAY, type: "nominal" as const, title: "faults" },
      ],
    },
  };
}
