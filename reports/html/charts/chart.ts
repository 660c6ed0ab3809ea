/**
 * What a chart is: a Vega-Lite specification without data, compiled to Vega here, and one panel or several that the page draws from
 * it, each with its own data and signals. Panels of one chart share their specification, so that they line up and stay small.
 */
import type { LoggerInterface } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import { shade } from "../palette.js";
import type { DataTable } from "./data-table.js";
import type { FaultBands } from "./fault-bands.js";

export interface Panel {
  /** Shown above the panel; empty where the chart has only one. */
  readonly title: string;
  /** In CSS pixels; the width follows the page. */
  readonly height: number;
  /** By the name of the data set in the specification. */
  readonly data: Readonly<Record<string, DataTable>>;
  /** By the name of the parameter in the specification. */
  readonly signals: Readonly<Record<string, unknown>>;
}

/** A series in the legend, which stands above the panels; choosing one sets the signal `chosen` to its column. */
export interface LegendEntry {
  readonly column: string;
  readonly name: string;
  /** Name of its colour in the palette. */
  readonly shade: string;
  /** A character that looks like its mark. */
  readonly sign: string;
}

export interface Chart {
  readonly id: string;
  readonly title: string;
  /** How to read it, in a sentence or two. */
  readonly caption: string;
  readonly spec: TopLevelSpec;
  /** How many panels stand side by side where the page is wide. */
  readonly columns: 1 | 3;
  readonly legend: readonly LegendEntry[];
  readonly panels: readonly Panel[];
  /** What the letters on its bands stand for, where it has any. */
  readonly bands?: FaultBands;
}

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

/** What all charts share: quiet axes, no frame, the page's font and colours. */
const CONFIG = {
  background: "transparent",
  font: FONT,
  padding: { left: 2, right: 10, top: 6, bottom: 2 },
  view: { stroke: null },
  axis: {
    labelColor: shade("ink-soft"),
    titleColor: shade("ink-soft"),
    labelFontSize: 11,
    titleFontSize: 11,
    titleFontWeight: "normal",
    gridColor: shade("grid"),
    domainColor: shade("line"),
    tickColor: shade("line"),
    labelOverlap: "greedy",
    labelSeparation: 4,
  },
  axisY: { domain: false, ticks: false, labelPadding: 6, minExtent: 48, titlePadding: 6 },
  axisX: { grid: false, titlePadding: 6 },
} as const;

/** The chart as the page's script reads it. Whatever Vega-Lite warns of is a flaw in the chart; `heard` is told of it. */
export function compiled(chart: Chart, heard: (warning: string) => void = () => {}) {
  const told = (...words: unknown[]) => {
    heard(words.join(" "));
    return logger;
  };
  const quiet = () => logger;
  const logger: LoggerInterface = {
    level: quiet as LoggerInterface["level"],
    error: told,
    warn: told,
    info: quiet,
    debug: quiet,
  };
  const { spec } = compile(chart.spec, { config: CONFIG, logger });
  const names = chart.legend.map(({ column, name }) => [column, name]);
  return { id: chart.id, spec, names, panels: chart.panels };
}
