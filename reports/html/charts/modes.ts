/** The operational mode over time: a row for each mode, from the best to the worst. */
import type { TopLevelSpec } from "vega-lite";
import type { Results } from "../../../scenarios/results.js";
import { shade } from "../palette.js";
import type { Chart } from "./chart.js";
import { bandEdges, bandsBehind, faultBands } from "./fault-bands.js";
import { type TimeAxis, timeAxis } from "./time-axis.js";

type Mode = Results["charts"]["modes"][number]["mode"];

/** As the axis names them. */
const NAMES: Readonly<Record<Mode, string>> = {
  FULL: "full",
  DEGRADED_LIGHT: "light",
  DEGRADED_MODERATE: "moderate",
  DEGRADED_SEVERE: "severe",
  EMERGENCY: "emergency",
};

const TOOLTIP = [
  { field: "mode", type: "nominal", title: "mode" },
  { field: "from", type: "quantitative", title: "from (s)", format: ",.1f" },
  { field: "until", type: "quantitative", title: "until (s)", format: ",.1f" },
];

/** Nothing where the mode never changed. */
export function modesChart(results: Results): Chart {
  const { modes } = results.charts;
  const time = timeAxis(results);
  const bands = faultBands(results);
  const rows = modes.map(({ fromS, mode }, at): [string, string, number, number] => {
    return [NAMES[mode], mode, fromS, modes[at + 1]?.fromS ?? time.endS];
  });
  return {
    id: "modes",
    title: "Operational mode over time",
    caption:
      "Which mode the orchestrator had set; below FULL it restricts what operations may do. As it sees the mesh, which is not always as it is.",
    spec: spec(time),
    columns: 1,
    legend: [],
    bands,
    panels:
      rows.length < 2
        ? []
        : [
            {
              title: "",
              height: 110,
              data: { spells: { fields: ["row", "mode", "from", "until"], rows }, ...bands.tables },
              signals: {},
            },
          ],
  };
}

function spec(time: TimeAxis): TopLevelSpec {
  const row = {
    field: "row",
    type: "nominal",
    scale: { domain: Object.values(NAMES), paddingInner: 0.25, paddingOuter: 0.15 },
    axis: { title: null, grid: false },
  };
  const colour = {
    field: "row",
    type: "nominal",
    legend: null,
    scale: {
      domain: Object.values(NAMES),
      range: ["good", "kind-1", "kind-1", "kind-4", "kind-4"].map((name) => shade(name)),
    },
  };
  return {
    description: "Operational mode over time",
    width: "container",
    height: 110,
    layer: [
      bandsBehind(time),
      {
        data: { name: "spells" },
        mark: { type: "rect", clip: true, minWidth: 2 },
        encoding: { x: time.x("from"), x2: { field: "until" }, y: row, color: colour, tooltip: TOOLTIP },
      },
      ...bandEdges(time),
    ],
  } as TopLevelSpec;
}
