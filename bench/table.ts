/** Measurements as a table for the terminal, which is Markdown, too. */
import type { Measurement, Spread } from "./measure.js";

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
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]) => `| ${cells.map((text, i) => text.padEnd(widths[i]!)).join(" | ")} |`;
  const rule = `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`;
  return [
    line(head),
    rule,
    ...rows.map(line),
    "",
    "Medians, with the least and the greatest of five repetitions (main scenario: three). One thread; the engine as built in",
    `dist; CPU time of the whole process; Node ${process.versions.node}. The main scenario is compared with PHOLD of 30,000.`,
  ].join("\n");
}
