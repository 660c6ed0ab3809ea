/** The KPIs in the terminal: one row each, with the verdict in words and in colour. A miss that counts stands in capitals. */
import type { Colors } from "picocolors/types.js";
import type { Results } from "../../scenarios/results.js";
import { interval, isUnjudged, type Kpi, kpiValue, oneLine, target, VERDICTS } from "../format.js";
import { type Column, table } from "./table.js";

export function kpiTable(kpis: Results["kpis"], pen: Colors): string {
  const columns: Column[] = [
    { head: "KPI", align: "left", most: 32 },
    { head: "value", align: "right" },
    { head: "target", align: "right" },
    { head: intervalHead(kpis), align: "right" },
    { head: "verdict", align: "left" },
  ];
  const rows = kpis.map((kpi) => [
    oneLine(kpi.title),
    kpiValue(kpi),
    target(kpi.target, kpi.unit),
    interval(kpi),
    verdict(kpi, pen),
  ]);
  return table(columns, rows, pen);
}

function intervalHead(kpis: Results["kpis"]): string {
  const levels = [...new Set(kpis.flatMap((kpi) => (kpi.interval === null ? [] : [kpi.interval.level])))];
  return levels.length === 1 ? `${Math.round(levels[0]! * 100)} % interval` : "interval";
}

function verdict(kpi: Kpi, pen: Colors): string {
  const of = kpi.verdict;
  const words = VERDICTS[of];
  if (isUnjudged(kpi)) return pen.yellow(`${words} (not judged)`);
  if (of === "holds") return pen.green(words);
  return of === "missed" ? pen.bold(pen.red(words.toUpperCase())) : pen.yellow(words);
}
