/** Impedance by class: how the scores of the agents are spread, people apart, since their scale is not the machines'. */
import type { Results } from "../../../scenarios/results.js";
import { count, milliseconds } from "../../format.js";
import { shade } from "../palette.js";
import type { Chart } from "./chart.js";
import { linearAxis, type Ridge, ridgePanel } from "./ridge.js";
import { ridgeSpec } from "./ridge-spec.js";

type ClassRow = Results["classes"][number];

export function impedanceChart({ classes }: Results): Chart {
  const machines = classes.filter((row) => row.machine).map(ridge);
  const people = classes.filter((row) => !row.machine).map(ridge);
  const panels = [ridgePanel(people.length > 0 ? "Machine agents" : "", machines, linearAxis(machines))];
  if (people.length > 0) panels.push(ridgePanel("People, on a scale of their own", people, linearAxis(people)));
  return {
    id: "impedance",
    title: "Impedance by class",
    caption:
      "Impedance score of each agent in its last heartbeat: the time in which it expects to be READY with a standard payload, " +
      "1,000 ms at most. Solid line: median. Dotted line: 95th percentile.",
    spec: ridgeSpec("Distribution of impedance by class", "impedance score (ms)", "linear"),
    columns: 1,
    legend: [],
    panels,
  };
}

function ridge(row: ClassRow): Ridge {
  const { impedanceMs } = row;
  const figures =
    impedanceMs === null
      ? "not measured"
      : `median ${milliseconds(impedanceMs.p50)} · p95 ${milliseconds(impedanceMs.p95)}`;
  return {
    name: `${row.class} ${row.name}`,
    figures,
    more: `${count(row.agents)} agents`,
    colour: shade(`class-${row.class.toLowerCase()}`),
    histogram: row.impedanceHistogram,
    quantiles: impedanceMs,
  };
}
