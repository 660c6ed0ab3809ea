/** Arrival error against predicted time: a panel for each class, sampled messages as points under the quantiles of all of them. */
import type { TopLevelSpec } from "vega-lite";
import type { Results } from "../../../scenarios/results.js";
import { percent } from "../../format.js";
import { shade } from "../palette.js";
import { logAxis, roundUp, symlogTicks } from "./axis.js";
import type { Chart, Panel } from "./chart.js";

/** The KPI counts a prediction as right within this many ms. */
const RIGHT_MS = 50;
/** A logarithmic axis has no zero: what was predicted below this is drawn at it. */
const LEAST_MS = 1;

type Sample = Results["charts"]["arrivalError"][number];
type Band = Results["charts"]["arrivalErrorBands"][number];

/** A vertical axis from -yMost to yMost ms: linear up to about `linearMs`, logarithmic beyond. */
interface Scale {
  readonly yMost: number;
  readonly linearMs: number;
}

/** Axes are labelled in the panel's unit, drawn in ms. */
const LABEL = "format(datum.value / unitMs, ',~r')";

const X = {
  field: "x",
  type: "quantitative" as const,
  scale: { type: "log" as const, domain: [{ expr: "xLow" }, { expr: "xHigh" }], nice: false },
  axis: {
    title: { signal: "'predicted time, sending to READY (' + unit + ')'" },
    values: { expr: "xTicks" },
    labelExpr: LABEL,
  },
};

const Y = {
  type: "quantitative" as const,
  scale: {
    type: "symlog" as const,
    constant: { expr: "linearMs" },
    domain: [{ expr: "-yMost" }, { expr: "yMost" }],
    nice: false,
  },
  axis: {
    title: { signal: "'actual − predicted (' + unit + ')'" },
    values: { expr: "yTicks" },
    labelExpr: LABEL,
    grid: true,
  },
};

const POINT_TOOLTIP = [
  { field: "predictedMs", title: "predicted (ms)", format: ",.1f" },
  { field: "errorMs", title: "error (ms)", format: "+,.1f" },
] as const;

const BAND_TOOLTIP = [
  { field: "predictedMs", title: "predicted around (ms)", format: ",.1f" },
  { field: "p95", title: "95 % of errors below (ms)", format: "+,.1f" },
  { field: "p50", title: "median error (ms)", format: "+,.1f" },
  { field: "p5", title: "5 % of errors below (ms)", format: "+,.1f" },
  { field: "count", title: "messages", format: "," },
] as const;

const SPEC: TopLevelSpec = {
  description: "Arrival error against predicted time",
  width: "container",
  height: 200,
  params: ["xLow", "xHigh", "xTicks", "yMost", "yTicks", "linearMs", "unitMs", "unit", "colour"].map((name) => ({
    name,
    value: 1,
  })),
  layer: [
    {
      data: { values: [{ low: -RIGHT_MS, high: RIGHT_MS }] },
      mark: { type: "rect", color: shade("band"), aria: false },
      encoding: { y: { field: "low", ...Y }, y2: { field: "high" } },
    },
    {
      data: { values: [{ zero: 0 }] },
      mark: { type: "rule", color: shade("ink-soft"), strokeWidth: 1, aria: false },
      encoding: { y: { field: "zero", ...Y } },
    },
    {
      data: { name: "bands" },
      mark: { type: "area", opacity: 0.22, color: { expr: "colour" }, clip: true, aria: false },
      encoding: { x: X, y: { field: "p5", ...Y }, y2: { field: "p95" } },
    },
    // Above the area, which would otherwise take the pointer from them.
    {
      data: { name: "points" },
      mark: { type: "circle", size: 14, opacity: 0.4, color: { expr: "colour" }, clip: true },
      encoding: { x: X, y: { field: "errorMs", ...Y }, tooltip: [...POINT_TOOLTIP] },
    },
    {
      data: { name: "bands" },
      mark: {
        type: "line",
        color: shade("ink"),
        strokeWidth: 1.5,
        clip: true,
        aria: false,
      },
      encoding: { x: X, y: { field: "p50", ...Y } },
    },
    {
      data: { name: "bands" },
      mark: { type: "point", filled: true, size: 26, color: shade("ink"), clip: true },
      encoding: { x: X, y: { field: "p50", ...Y }, tooltip: [...BAND_TOOLTIP] },
    },
  ],
};

export function arrivalErrorChart(results: Results): Chart {
  const { arrivalError, arrivalErrorBands } = results.charts;
  const measured = results.classes.flatMap((row) => {
    const points = arrivalError.filter((point) => point.class === row.class);
    const bands = arrivalErrorBands.filter((band) => band.class === row.class);
    return points.length + bands.length > 0 ? [{ row, points, bands }] : [];
  });
  const machines = measured.filter(({ row }) => row.machine);
  const machineScale = {
    yMost: mostError(
      machines.flatMap(({ points }) => points),
      machines.flatMap(({ bands }) => bands),
    ),
    linearMs: RIGHT_MS,
  };
  return {
    id: "arrival-error",
    title: "Arrival error against predicted time",
    caption:
      "How far each message's arrival fell from its prediction: above zero is late. Points are a sample of messages; the line is " +
      "the median and the shaded area the 5th to 95th percentile of all of them. The horizontal band is ±50 ms. Machine " +
      `classes share the vertical axis, which is linear near zero and logarithmic beyond${measured.some(({ row }) => !row.machine) ? "; people have one of their own" : ""}.`,
    spec: SPEC,
    columns: 3,
    legend: [],
    panels: measured.map(({ row, points, bands }) => ({
      title: `${row.class} ${row.name} · ${percent(row.within50MsRate, 1)} within ±50 ms`,
      ...panel(row.class, points, bands, row.machine ? machineScale : ownScale(points, bands)),
    })),
  };
}

function panel(id: string, points: readonly Sample[], bands: readonly Band[], scale: Scale): Omit<Panel, "title"> {
  const predicted = [...points, ...bands].map((item) => drawnAt(item.predictedMs));
  const low = Math.min(...predicted);
  const high = Math.max(...predicted);
  const xAxis = logAxis(low, high);
  return {
    height: 210,
    data: {
      points: {
        fields: ["x", "predictedMs", "errorMs"],
        rows: points.map((point) => [drawnAt(point.predictedMs), point.predictedMs, point.errorMs]),
      },
      bands: {
        fields: ["x", "predictedMs", "p5", "p50", "p95", "count"],
        rows: [...bands]
          .sort((a, b) => a.predictedMs - b.predictedMs)
          .map((band) => [drawnAt(band.predictedMs), band.predictedMs, band.p5, band.p50, band.p95, band.count]),
      },
    },
    signals: {
      xLow: xAxis.low,
      xHigh: xAxis.high,
      xTicks: xAxis.ticks,
      ...scale,
      yTicks: symlogTicks(scale.yMost, scale.linearMs),
      unitMs: low >= 5_000 ? 1_000 : 1,
      unit: low >= 5_000 ? "s" : "ms",
      colour: shade(`class-${id.toLowerCase()}`),
    },
  };
}

/** For a class whose errors are on another scale than the machines': linear up to a tenth of the greatest. */
function ownScale(points: readonly Sample[], bands: readonly Band[]): Scale {
  const yMost = mostError(points, bands);
  return { yMost, linearMs: Math.max(RIGHT_MS, yMost / 10) };
}

function drawnAt(predictedMs: number): number {
  return Math.max(predictedMs, LEAST_MS);
}

/** Where the vertical axis ends: it holds every point and every band. */
function mostError(points: readonly Sample[], bands: readonly Band[]): number {
  const errors = [...points.map((point) => point.errorMs), ...bands.flatMap((band) => [band.p5, band.p95])];
  return roundUp(errors.reduce((most, error) => Math.max(most, Math.abs(error)), RIGHT_MS * 2));
}
