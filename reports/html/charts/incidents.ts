/** Everything that went wrong on one axis of time: a lane for each kind at each scope, and for repairs by what had failed. */
import type { TopLevelSpec } from "vega-lite";
import type { Results } from "../../../scenarios/results.js";
import { count, seconds } from "../../format.js";
import { INCIDENT_KINDS, SCOPE_NAMES } from "../incident-names.js";
import { shade } from "../palette.js";
import type { Chart } from "./chart.js";
import type { Cell } from "./data-table.js";
import { bandEdges, bandsBehind, faultBands } from "./fault-bands.js";
import { mergedSpans } from "./spans.js";
import { type TimeAxis, timeAxis } from "./time-axis.js";

/** More bars of one lane than this are drawn as fewer and longer ones. */
const MOST_BARS = 200;
const LANE_HEIGHT = 24;

interface Bar {
  readonly from: number;
  readonly until: number;
  readonly what: string;
  readonly lasts: string;
}

interface Lane {
  readonly name: string;
  readonly colour: string;
  readonly bars: readonly Bar[];
}

const TOOLTIP = [
  { field: "lane", type: "nominal", title: "incident" },
  { field: "what", type: "nominal", title: "where" },
  { field: "from", type: "quantitative", title: "from (s)", format: ",.1f" },
  { field: "until", type: "quantitative", title: "until (s)", format: ",.1f" },
  { field: "lasts", type: "nominal", title: "lasted" },
];

export function incidentsChart(results: Results): Chart {
  const time = timeAxis(results);
  const bands = faultBands(results);
  const lanes = [...incidentLanes(results, time), ...repairLanes(results, time)];
  const rows = lanes.flatMap(({ name, colour, bars }) =>
    bars.map(({ from, until, what, lasts }): Cell[] => [name, colour, from, until, what, lasts]),
  );
  return {
    id: "incidents",
    title: "Incidents over time",
    caption:
      "A lane for each kind at each scope; where bars lie over each other, their colour is stronger. What lasts at the end of the run is drawn to its end.",
    spec: spec(time, lanes),
    columns: 1,
    legend: [],
    bands,
    panels:
      rows.length === 0
        ? []
        : [
            {
              title: "",
              height: lanes.length * LANE_HEIGHT + 16,
              data: {
                bars: { fields: ["lane", "colour", "from", "until", "what", "lasts"], rows },
                ...bands.tables,
              },
              signals: {},
            },
          ],
  };
}

function incidentLanes({ incidents }: Results, time: TimeAxis): Lane[] {
  return incidents.byKind.map(({ kind, scope }) => {
    const all = incidents.list
      .filter((incident) => incident.kind === kind && incident.scope === scope)
      .map(({ where, fromS, untilS, detail }) =>
        bar(fromS, untilS, detail === "" ? where : `${where}, ${detail}`, time),
      );
    const { name, shade: colour } = INCIDENT_KINDS[kind];
    return { name: `${SCOPE_NAMES[scope]}: ${name}`, colour, bars: fewer(all, time.endS) };
  });
}

/** By what had failed, from the failure to its repair. */
function repairLanes({ recoveries }: Results, time: TimeAxis): Lane[] {
  const classes = [...new Set(recoveries.list.map((failure) => failure.class))];
  return classes.map((failed) => {
    const all = recoveries.list
      .filter((failure) => failure.class === failed)
      .map(({ where, startedS, restoredS }) => bar(startedS, restoredS, where, time));
    return {
      name: `repair: ${failed.toLowerCase().replaceAll("_", " ")}`,
      colour: "kind-2",
      bars: fewer(all, time.endS),
    };
  });
}

/** Of calendar time. */
function bar(fromS: number, untilS: number | null, what: string, { endS, at }: TimeAxis): Bar {
  const lasts = untilS === null ? "until the end of the run" : seconds(untilS - fromS);
  return { from: Math.min(at(fromS), endS), until: untilS === null ? endS : Math.min(at(untilS), endS), what, lasts };
}

function fewer(bars: readonly Bar[], endS: number): readonly Bar[] {
  if (bars.length <= MOST_BARS) return bars;
  return mergedSpans(bars as Bar[], endS, MOST_BARS).map(({ from, until, count: merged }) => ({
    from,
    until,
    what: `${count(merged)} incidents`,
    lasts: seconds(until - from),
  }));
}

function spec(time: TimeAxis, lanes: readonly Lane[]): TopLevelSpec {
  const names = lanes.map(({ name }) => name);
  const colours = [...new Set(lanes.map(({ colour }) => colour))];
  return {
    description: "Incidents over time",
    width: "container",
    height: lanes.length * LANE_HEIGHT,
    layer: [
      bandsBehind(time),
      {
        data: { name: "bars" },
        mark: { type: "rect", opacity: 0.45, clip: true, minWidth: 2 },
        encoding: {
          x: time.x("from"),
          x2: { field: "until" },
          y: {
            field: "lane",
            type: "nominal",
            scale: { domain: names, paddingInner: 0.3, paddingOuter: 0.15 },
            axis: { title: null, labelLimit: 150, domain: false, ticks: false },
          },
          color: {
            field: "colour",
            type: "nominal",
            legend: null,
            scale: { domain: colours, range: colours.map((name) => shade(name)) },
          },
          tooltip: TOOLTIP,
        },
      },
      ...bandEdges(time),
    ],
  } as TopLevelSpec;
}
