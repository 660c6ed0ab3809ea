/** The declared faults in the terminal: what each did, how often, and whether it took effect. */
import type { Colors } from "picocolors/types.js";
import type { Results } from "../../scenarios/results.js";
import { count, oneLine } from "../format.js";
import { type Column, table } from "./table.js";

/** A year has thousands of entries in no report, but a scenario may declare many. */
const MOST_ROWS = 30;

export function faultTable(faults: Results["faults"], pen: Colors): string {
  const columns: Column[] = [
    { head: "fault", align: "left", most: 24 },
    { head: "what", align: "left", most: 40 },
    { head: "spells", align: "right" },
    { head: "effects", align: "right" },
  ];
  const rows = faults
    .slice(0, MOST_ROWS)
    .map(({ name, description, spellCount, effects, tookEffect }) => [
      oneLine(name),
      oneLine(description),
      count(spellCount),
      tookEffect ? count(effects) : pen.bold(pen.yellow("NONE")),
    ]);
  const left = faults.length - rows.length;
  return table(columns, rows, pen) + (left > 0 ? `  ... and ${count(left)} more in results.json\n` : "");
}
