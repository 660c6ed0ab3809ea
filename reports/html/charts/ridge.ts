/**
 * Distributions one above the other on one axis: a row for each, with its name on the left and its figures on the right above the
 * histogram. Areas show shares, whatever the width of the bins; each row is scaled to its own peak.
 */
import type { Results } from "../../../scenarios/results.js";
import { count, milliseconds, percent } from "../../format.js";
import { ladder } from "./axis.js";
import type { Panel } from "./chart.js";
import type { Cell } from "./data-table.js";

type Histogram = Results["cascadeSummary"]["levels"][number]["histogram"];

export interface Ridge {
  readonly name: string;
  readonly figures: string;
  /** Follows the figures where there is room. */
  readonly more: string;
  readonly colour: string;
  readonly histogram: Histogram;
  /** Drawn behind the row. */
  readonly band?: { readonly low: number; readonly high: number; readonly name: string } | undefined;
  /** Single values drawn as ticks, where there are few enough to show each. */
  readonly ticks?: readonly { readonly value: number; readonly name: string }[];
  /** A vertical line through the row. */
  readonly target?: { readonly value: number; readonly name: string } | undefined;
  readonly quantiles: { readonly p50: number; readonly p95: number } | null;
}

/** In CSS pixels. */
const ROW_HEIGHT = 76;
/** Shares of a row's height: the histogram below, the words above it. */
const PEAK = 0.62;
const WORDS = 0.7;

/** The horizontal axis in ms. On a logarithmic one, what lies below `low` is drawn at it. */
export interface RidgeAxis {
  readonly type: "linear" | "log";
  readonly low: number;
  readonly high: number;
}

/** Beyond this a linear axis would press what happens in time into its first few pixels. */
const MOST_LINEAR_MS = 5_000;

/** A linear axis from zero that shows all of these rows. */
export function linearAxis(rows: readonly Ridge[]): RidgeAxis {
  return { type: "linear", low: 0, high: reach(rows) * 1.02 || 1 };
}

/** The same, or a logarithmic one where some values are far beyond the others. */
export function fittingAxis(rows: readonly Ridge[]): RidgeAxis {
  const linear = linearAxis(rows);
  if (linear.high <= MOST_LINEAR_MS) return linear;
  const edges = rows.flatMap(({ histogram }) => histogram.lowerEdges.filter((edge) => edge > 0));
  return {
    type: "log",
    low: Math.max(
      10,
      edges.reduce((least, edge) => Math.min(least, edge), 100),
    ),
    high: linear.high,
  };
}

/** Rows from top to bottom over one axis. */
export function ridgePanel(title: string, rows: readonly Ridge[], axis: RidgeAxis): Panel {
  const base = (at: number) => rows.length - 1 - at;
  const all = <T>(draw: (row: Ridge, at: number) => T[]) => rows.flatMap((row, at) => draw(row, base(at)));
  return {
    title,
    height: rows.length * ROW_HEIGHT,
    data: {
      words: {
        fields: ["y", "name", "figures", "more"],
        rows: all((row, y) => [[y + WORDS, row.name, row.figures, row.more]]),
      },
      floors: { fields: ["y"], rows: all((_, y) => [[y]]) },
      bins: {
        fields: ["lower", "upper", "y", "top", "colour", "name", "range", "count", "share"],
        rows: all((row, y) => bins(row, y, axis)),
      },
      bands: {
        fields: ["lower", "upper", "y", "top", "name"],
        rows: all((row, y) =>
          row.band ? [[row.band.low, Math.max(row.band.high, row.band.low), y, y + PEAK, row.band.name]] : [],
        ),
      },
      lines: {
        fields: ["x", "y", "top", "kind", "name"],
        rows: all((row, y) => lines(row, y)),
      },
    },
    signals: {
      low: axis.low,
      high: axis.high,
      rows: rows.length,
      ticks:
        axis.type === "log" ? ladder(axis.low, axis.high).filter((tick) => tick >= axis.low && tick <= axis.high) : [],
    },
  };
}

function bins({ histogram, colour, name }: Ridge, y: number, axis: RidgeAxis): Cell[][] {
  const { lowerEdges, counts } = histogram;
  const total = counts.reduce((sum, one) => sum + one, 0);
  const widthOf = (at: number) => {
    const last = lowerEdges.length - 1;
    const next = Math.max(1, Math.min(at + 1, last));
    return lowerEdges[next]! - lowerEdges[next - 1]! || 1;
  };
  const place = (ms: number) => (axis.type === "log" ? Math.log(Math.max(ms, axis.low)) : ms);
  const densities = counts.map((one, at) => {
    const width = place(lowerEdges[at]! + widthOf(at)) - place(lowerEdges[at]!);
    return width > 0 ? one / width : 0;
  });
  const peak = densities.reduce((most, density) => Math.max(most, density), 0);
  return counts.flatMap((one, at) => {
    if (one === 0) return [];
    const lower = lowerEdges[at]!;
    const upper = lower + widthOf(at);
    const range = `${milliseconds(lower)} to ${milliseconds(upper)}`;
    return [
      [
        lower,
        upper,
        y,
        y + (PEAK * densities[at]!) / (peak || 1),
        colour,
        name,
        range,
        count(one),
        percent(one / total),
      ],
    ];
  });
}

function lines({ ticks = [], target, band, quantiles, name }: Ridge, y: number): Cell[][] {
  const drawn: Cell[][] = ticks.map((tick) => [tick.value, y + 0.06, y + 0.42, "tick", tick.name]);
  if (quantiles) {
    drawn.push([quantiles.p50, y, y + PEAK, "p50", `${name}: median ${milliseconds(quantiles.p50)}`]);
    drawn.push([quantiles.p95, y, y + PEAK, "p95", `${name}: 95th percentile ${milliseconds(quantiles.p95)}`]);
  }
  if (band) {
    for (const edge of new Set([band.low, band.high])) drawn.push([edge, y, y + PEAK, "band", band.name]);
  }
  if (target) drawn.push([target.value, y, y + PEAK, "target", target.name]);
  return drawn;
}

/** The upper end of all that a panel must show. */
function reach(rows: readonly Ridge[]): number {
  const ends = rows.flatMap((row) => [
    ...bins(row, 0, { type: "linear", low: 0, high: 1 }).map((bin) => bin[1] as number),
    ...(row.ticks ?? []).map((tick) => tick.value),
    row.band?.high ?? 0,
    row.target?.value ?? 0,
    row.quantiles?.p95 ?? 0,
  ]);
  return ends.reduce((most, end) => Math.max(most, end), 0);
}
