/** Arrival windows in the terminal: one row for each class of agents, people last and marked as beside the KPIs. */
import type { Colors } from "picocolors/types.js";
import type { Results } from "../../scenarios/results.js";
import { count, oneLine, peopleNote, percent, signedMilliseconds } from "../format.js";
import { type Column, table } from "./table.js";

const COLUMNS: Column[] = [
  { head: "class", align: "left", most: 16 },
  { head: "agents", align: "right" },
  { head: "targeted", align: "right" },
  { head: "hit rate", align: "right" },
  { head: "hits/sent", align: "right" },
  { head: "gathered", align: "right" },
  { head: "within 50 ms", align: "right" },
  { head: "median error", align: "right" },
];

const LEGEND =
  "  hit rate: READY in the arrival window, of those targeted; gathered: coordinator knew by its end\n" +
  "  within 50 ms, median error: READY against the instant predicted, + is late\n";

export function classTable({ classes, protocol }: Pick<Results, "classes" | "protocol">, pen: Colors): string {
  const rows = classes.map((row) => [
    `${row.class} ${oneLine(row.name)}${row.machine ? "" : " *"}`,
    count(row.agents),
    count(row.targeted),
    percent(row.hitRate),
    percent(row.hitRateOfSent),
    percent(row.gatheredRate),
    percent(row.within50MsRate),
    signedMilliseconds(row.predictionErrorMs?.p50 ?? null),
  ]);
  const note = classes.some((row) => !row.machine) ? pen.dim(`  * ${peopleNote(protocol)}\n`) : "";
  return table(COLUMNS, rows, pen) + pen.dim(LEGEND) + note;
}
