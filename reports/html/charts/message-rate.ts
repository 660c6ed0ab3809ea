/** Messages per second over time, stacked by kind: the most frequent kinds by name, the rest as one. */
import type { TopLevelSpec } from "vega-lite";
import type { Results } from "../../../scenarios/results.js";
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

/** More layers than this cannot be told apart by colour. */
const MOST_NAMED = 6;
const REST = "rest";

export function messageRateChart(results: Results): Chart {
  const { charts, messages } = results;
  const time = timeAxis(results);
  const bands = faultBands(results);
  const kinds = [...messages.byKind].sort((a, b) => b.sent - a.sent).map(({ kind }) => kind);
  const named = kinds.slice(0, MOST_NAMED);
  const hidden = kinds.length - named.length;
  const series: LegendEntry[] = named.map((name, at) => ({ column: `k${at}`, name, shade: `kind-${at}`, sign: "■" }));
  if (hidden > 0) series.push({ column: REST, name: "other kinds", shade: "kind-other", sign: "■" });
  const spanS = spanOf(charts.messageRate.map(({ second }) => second));
  const table = wideTable(
    series.map(({ column }) => column),
    meansOver(spanS, perColumn(charts.messageRate, named)),
    0,
  );
  return {
    id: "message-rate",
    title: "Message rate over time",
    caption: `Messages handed to the network in each simulated second, by kind, the most frequent at the bottom.${
      spanS > 1 ? ` Each point is the mean of ${spanS} s; series.csv has every second.` : ""
    }${
      hidden > 0 ? ` The ${hidden} rarest kinds are drawn as one; the table of messages lists them all.` : ""
    } Choose a kind to single it out.`,
    spec: spec(time, series),
    columns: 1,
    legend: series,
    bands,
    panels:
      table.rows.length === 0
        ? []
        : [{ title: "", height: 260, data: { series: withFaults(table, bands, spanS), ...bands.tables }, signals: {} }],
  };
}

/** What each layer shows in each second; kinds that have none of their own are piled up in the last. */
function perColumn(rates: Results["charts"]["messageRate"], named: readonly string[]) {
  const columnOf = new Map(named.map((kind, at) => [kind, `k${at}`]));
  const rest = new Map<number, number>();
  const own = rates.flatMap(({ second, kind, sent }) => {
    const column = columnOf.get(kind);
    if (column !== undefined) return [{ at: second, column, value: sent }];
    rest.set(second, (rest.get(second) ?? 0) + sent);
    return [];
  });
  return [...own, ...[...rest].map(([at, value]) => ({ at, column: REST, value }))];
}

function spec(time: TimeAxis, series: readonly LegendEntry[]): TopLevelSpec {
  const place = `indexof(${JSON.stringify(series.map(({ column }) => column))}, datum.column)`;
  return {
    description: "Messages per second over time, by kind",
    width: "container",
    height: 260,
    params: [CHOSEN],
    data: { name: "series" },
    layer: [
      bandsBehind(time),
      {
        transform: [...folded(series), { calculate: place, as: "place" }],
        mark: { type: "area", interpolate: "step-after", aria: false },
        encoding: {
          x: time.x("at"),
          y: {
            field: "value",
            type: "quantitative",
            stack: "zero",
            axis: { title: "messages/s", format: ",d", grid: true, tickCount: 6, tickMinStep: 1 },
          },
          color: seriesColour(series),
          opacity: CHOSEN_OPACITY,
          order: { field: "place", type: "quantitative" },
        },
      },
      pointerRule(time, series, "second", ",", ",.0f"),
      ...bandEdges(time),
    ],
  } as TopLevelSpec;
}
