/** Measurements as a table for the terminal, which is Markdown, too. */
import type { Measurement, Spread } from "./measure.js";
import type { WholeRun } from "./whole-runs.js";

function cell({ median, least, greatest }: Spread, scale: number, digits: number): string {
  const figure = (value: number) => (value / scale).toFixed(digits);
  return `${figure(median)} (${figure(least)} to ${figure(greatest)})`;
}

function rowsOf(benchmark: string, measurements: readonly Measurement[]): string[][] {
  return measurements.map(({ kernel, eventsPerCpuS, ratio, eventsPerSimulatedS }, i) => [
    i === 0 ? benchmark : "",
    kernel,
    cell(eventsPerCpuS, 1e6, 2),
    i === 0 ? "1" : cell(ratio, 1, 2),
    eventsPerSimulatedS === undefined ? "" : cell(eventsPerCpuS, eventsPerSimulatedS, 1),
  ]);
}

export function table(results: Readonly<Record<string, readonly Measurement[]>>): string {
  const head = [
    "benchmark",
    "kernel",
    "million events / CPU s",
    "ratio to tinyqueue of objects",
    "simulated s / CPU s",
  ];
  const rows = Object.entries(results).flatMap(([benchmark, measurements]) => rowsOf(benchmark, measurements));
  return [
    ...markdown(head, rows),
    "",
    "Medians, with the least and the greatest of eleven repetitions (1,000,000 pending: five; main scenario: three), each",
    "kernel in a process of its own, in turns. One thread; the engine as built in dist; CPU time of the whole process;",
    `Node ${process.versions.node}. The main scenario is compared with PHOLD of 30,000.`,
  ].join("\n");
}

/** @param loopPerS events that the tinyqueue loop over 30,000 handled in a CPU second of the same run, if it was measured */
export function wholeRunsTable(runs: readonly WholeRun[], loopPerS: number | undefined): string {
  const head = [
    "scenario",
    "threads",
    "million events / s",
    "ratio to tinyqueue of objects",
    "simulated s / s",
    "peak MB",
    "KB an agent",
    "first event after",
  ];
  const rows = runs.map((run) => [
    run.scenario,
    String(run.threads),
    (run.eventsPerSecond / 1e6).toFixed(2),
    loopPerS === undefined ? "" : (run.eventsPerSecond / loopPerS).toFixed(2),
    run.simulatedSecondsPerSecond.toFixed(2),
    run.peakRssMb.toFixed(0),
    ((run.peakRssMb * 1024) / run.agents).toFixed(1),
    `${run.startUpS.toFixed(2)} s`,
  ]);
  return markdown(head, rows).join("\n");
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]) => `| ${cells.map((text, i) => text.padEnd(widths[i]!)).join(" | ")} |`;
  const rule = `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`;
  return [line(head), rule, ...rows.map(line)];
}
