/**
 * What a run says in the terminal: a string of at most 100 columns, but for the line that reproduces it, which stays whole so
 * that it can be copied. Printing it is the command line's business.
 */
import picocolors from "picocolors";
import type { Colors } from "picocolors/types.js";
import type { Results, Timing } from "../scenarios/results.js";
import { amount, count, milliseconds, oneLine, percent, seconds } from "./format.js";
import { classTable } from "./terminal/class-table.js";
import { faultTable } from "./terminal/fault-table.js";
import { kpiTable } from "./terminal/kpi-table.js";
import { serviceLines } from "./terminal/service-lines.js";
import { isHealingUndecided } from "./undecided.js";

export interface TerminalOptions {
  /** Whether to use ANSI colours. */
  readonly colour: boolean;
  /** Left out where the run is read back from its folder and its timing is not known. */
  readonly timing?: Timing | undefined;
  /** Path of `report.html`, as the reader can open it. */
  readonly reportPath?: string | undefined;
}

/** The whole report of one run; ends in a line break. */
export function terminalReport(results: Results, options: TerminalOptions): string {
  const pen = picocolors.createColors(options.colour);
  const parts = [
    header(results, pen),
    kpiTable(results.kpis, pen),
    `${pen.bold("Arrival windows by class")}\n${classTable(results, pen)}`,
    ...(results.faults.length > 0 ? [`${pen.bold("Faults")}\n${faultTable(results.faults, pen)}`] : []),
    work(results, options, pen),
    `${pen.bold("To reproduce")}  (fingerprint ${results.fingerprint.run})\n  ${oneLine(results.reproduce)}\n`,
  ];
  return `\n${parts.join("\n")}`;
}

function header(results: Results, pen: Colors): string {
  const { scenario, mesh } = results;
  const facts = [
    `seed ${scenario.seed}`,
    `${count(mesh.agents)} agents`,
    `${seconds(scenario.durationS)} simulated after ${seconds(scenario.warmUpS)} of warm-up`,
  ];
  const { calendar } = results;
  if (calendar !== null) facts[2] = `${seconds(scenario.durationS)} after ${seconds(scenario.warmUpS)} of warm-up`;
  const skipped =
    calendar === null
      ? ""
      : `${seconds(calendar.simulatedS)} of it simulated · ${seconds(calendar.skippedS)} of quiet skipped in ${count(calendar.cuts)} cuts\n`;
  const partial = results.partial
    ? `${pen.bold(pen.yellow("PARTIAL"))}  the run was interrupted: every figure covers only the time until then\n`
    : "";
  return `${pen.bold(clipped(oneLine(scenario.name), 100))}\n${facts.join(" · ")}\n${skipped}${partial}`;
}

function work(results: Results, { timing, reportPath }: TerminalOptions, pen: Colors): string {
  const { count: cascades, latencyMs } = results.cascadeSummary;
  const lines: [string, string][] = [["cascades", `${count(cascades)} · ${latencies(latencyMs)}`]];
  lines.push(["events", count(results.events) + (timing ? ` · ${amount(timing.eventsPerSecond)} events/s` : "")]);
  if (results.joining !== null) lines.push(["joining", joiningLine(results.joining)]);
  if (results.bus !== null) lines.push(["bus", busLine(results.bus)]);
  if (timing) {
    const threads = timing.threads === 1 ? "" : ` on ${count(timing.threads)} threads`;
    const speed = `${amount(timing.simulatedSecondsPerSecond)} times real time${threads}`;
    lines.push(["speed", `${speed} · ${seconds(timing.wallS)} in all · peak memory ${count(timing.peakRssMb)} MB`]);
  }
  lines.push(...serviceLines(results, pen));
  const violations = results.invariants.filter((invariant) => invariant.violations > 0);
  for (const { name, violations: times } of violations) {
    lines.push(["VIOLATED", pen.bold(pen.red(`invariant ${clipped(oneLine(name), 60)}: ${count(times)} times`))]);
  }
  const idle = results.faults.filter(({ tookEffect }) => !tookEffect).map(({ name }) => oneLine(name));
  if (idle.length > 0) {
    const named = clipped(idle.join(", "), 50);
    lines.push(["INCONCLUSIVE", pen.bold(pen.yellow(`never took effect: ${named}`))]);
  }
  const unsettled = results.calendar?.unsettledCuts ?? 0;
  if (unsettled > 0) {
    const { where } = results.calendar!.unsettled[0]!;
    const text = `${count(unsettled)} cuts in unsettled time, first of ${where}: quiet.after is too short`;
    lines.push(["INCONCLUSIVE", pen.bold(pen.yellow(text))]);
  }
  if (isHealingUndecided(results)) {
    const text = `the run ended within ${seconds(results.liveness.withinS)} of the last fault: let it go on for longer`;
    lines.push(["INCONCLUSIVE", pen.bold(pen.yellow(text))]);
  }
  if (reportPath !== undefined) lines.push(["report", oneLine(reportPath)]);
  return lines.map(([name, value]) => `  ${pen.dim(name.padEnd(9))} ${value}\n`).join("");
}

function latencies(latencyMs: Results["cascadeSummary"]["latencyMs"]): string {
  if (latencyMs === null) return "none reached 95 % of its agents";
  const { p50, p95, p99 } = latencyMs;
  return `latency p50 ${milliseconds(p50)} · p95 ${milliseconds(p95)} · p99 ${milliseconds(p99)}`;
}

/** At most 87 columns. */
function joiningLine({ agents, steps, hitRate, falseFailures }: NonNullable<Results["joining"]>): string {
  const stepOf = (name: string) => steps.find(({ step }) => step === name);
  const pooled = stepOf("pooled");
  const [admitted, inPool] = [stepOf("admitted")?.agents ?? 0, pooled?.agents ?? 0];
  const came = `${count(admitted)} of ${count(agents)} admitted, ${count(inPool)} in the pool`;
  const after = pooled?.afterS == null ? "" : ` after ${seconds(pooled.afterS.p50)}`;
  const failures = falseFailures === 0 ? "" : ` · ${count(falseFailures)} false failures`;
  return `${came}${after} · hit rate ${percent(hitRate)}${failures}`;
}

/** At most 87 columns. */
function busLine({
  kind,
  sentPerSecond,
  redelivered,
  deadLetters,
  overflowed,
  order,
}: NonNullable<Results["bus"]>): string {
  const rate = sentPerSecond === null ? "" : ` · ${amount(sentPerSecond.mean)} messages/s`;
  const fate =
    kind === "pubsub"
      ? `${amount(overflowed)} dropped`
      : `${amount(redelivered)} redelivered · ${amount(deadLetters)} dead`;
  return `${kind}${rate} · ${fate} · ${amount(order.outOfOrder)} out of order`;
}

function clipped(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
