/** How ridges are drawn: the Vega-Lite specification whose data sets and parameters the panels of `ridge.ts` fill. */
import type { TopLevelSpec } from "vega-lite";
import { shade } from "../palette.js";
import type { RidgeAxis } from "./ridge.js";

/** Below this many CSS pixels only the most important figures are written. */
const NARROW = 480;

/** The specification of a chart made of ridges. */
export function ridgeSpec(description: string, xTitle: string, type: RidgeAxis["type"]): TopLevelSpec {
  const xScale = { type, domain: [{ expr: "low" }, { expr: "high" }], nice: false, clamp: true };
  const x = (field: string) => ({
    field,
    type: "quantitative" as const,
    scale: xScale,
    axis: {
      title: xTitle,
      format: ",d",
      grid: true,
      ...(type === "log" ? { values: { expr: "ticks" } } : { tickMinStep: 1, tickCount: { expr: "ceil(width / 90)" } }),
    },
  });
  const y = (field: string) => ({
    field,
    type: "quantitative" as const,
    scale: { domain: [{ expr: "0" }, { expr: "rows" }], nice: false },
    axis: null,
  });
  const tooltip = { field: "name", type: "nominal" as const, title: "" };
  return {
    description,
    width: "container",
    height: 300,
    params: [
      { name: "low", value: 0 },
      { name: "high", value: 1 },
      { name: "rows", value: 1 },
      { name: "ticks", value: [] },
    ],
    layer: [
      {
        data: { name: "bands" },
        mark: { type: "rect", color: shade("band") },
        encoding: { x: x("lower"), x2: { field: "upper" }, y: y("y"), y2: { field: "top" }, tooltip },
      },
      {
        data: { name: "floors" },
        mark: { type: "rule", color: shade("line"), aria: false },
        encoding: { y: y("y") },
      },
      {
        data: { name: "bins" },
        mark: { type: "rect", opacity: 0.85, aria: false },
        encoding: {
          x: x("lower"),
          x2: { field: "upper" },
          y: y("y"),
          y2: { field: "top" },
          color: { field: "colour", type: "nominal", scale: null },
          tooltip: [
            { field: "name", type: "nominal", title: "" },
            { field: "range", type: "nominal", title: "from, to" },
            { field: "count", type: "nominal", title: "count" },
            { field: "share", type: "nominal", title: "share" },
          ],
        },
      },
      {
        data: { name: "lines" },
        mark: { type: "rule" },
        encoding: {
          x: x("x"),
          y: y("y"),
          y2: { field: "top" },
          color: {
            field: "kind",
            type: "nominal",
            legend: null,
            scale: {
              domain: ["tick", "p50", "p95", "band", "target"],
              range: [shade("ink-soft"), shade("ink"), shade("ink"), shade("warn"), shade("target")],
            },
          },
          strokeDash: {
            condition: [
              { test: "datum.kind === 'p95'", value: [2, 2] },
              { test: "datum.kind === 'target' || datum.kind === 'band'", value: [6, 3] },
            ],
            value: [1, 0],
          },
          strokeWidth: { condition: { test: "datum.kind === 'tick'", value: 1 }, value: 1.75 },
          tooltip,
        },
      },
      {
        data: { name: "words" },
        mark: {
          type: "text",
          align: "left",
          baseline: "bottom",
          fontSize: 12,
          fontWeight: 600,
          color: shade("ink"),
          aria: false,
        },
        encoding: { x: { value: 0 }, y: y("y"), text: { field: "name" } },
      },
      {
        data: { name: "words" },
        transform: [
          { calculate: `datum.figures + (width < ${NARROW} || !datum.more ? '' : ' · ' + datum.more)`, as: "said" },
        ],
        mark: {
          type: "text",
          align: "right",
          baseline: "bottom",
          fontSize: 11,
          color: shade("ink-soft"),
          aria: false,
        },
        encoding: { x: { value: "width" }, y: y("y"), text: { field: "said" } },
      },
    ],
  };
}
