/** How each class of agents fared: arrival windows and predictions. */
import type { Results } from "../../scenarios/results.js";
import { count, peopleNote, percent, signedMilliseconds } from "../format.js";
import { html, type Markup } from "./markup.js";
import { dataTable, numbers } from "./table.js";

const HEADS = [
  { text: "class" },
  ...numbers("agents", "targeted", "hit rate", "hits / sent", "early", "late", "never", "skipped", "gathered"),
  ...numbers("within 50 ms", "median error", "p95 error", "median arrival"),
];

export function classTable({ classes, protocol }: Pick<Results, "classes" | "protocol">): Markup {
  const rows = classes.map((row) => ({
    tone: row.machine ? undefined : ("aside" as const),
    cells: [
      html`<span class="of-class-${row.class.toLowerCase()}" aria-hidden="true">■</span> ${row.class} ${row.name}${row.machine ? "" : " *"}`,
      count(row.agents),
      count(row.targeted),
      percent(row.hitRate),
      percent(row.hitRateOfSent),
      count(row.early),
      count(row.late),
      count(row.never),
      count(row.skipped),
      percent(row.gatheredRate),
      percent(row.within50MsRate),
      signedMilliseconds(row.predictionErrorMs?.p50 ?? null),
      signedMilliseconds(row.predictionErrorMs?.p95 ?? null),
      signedMilliseconds(row.arrivalErrorMs?.p50 ?? null),
    ],
  }));
  const caption =
    "Over all cascades that the end of the run did not cut off. Hit rate: READY within the arrival window, of those targeted. Gathered: the coordinator knew by the end of the " +
    "window. Errors: READY minus predicted, over cascades and single messages. Median arrival: READY minus target time." +
    (classes.some((row) => !row.machine) ? ` * ${peopleNote(protocol)}.` : "");
  return dataTable(caption, HEADS, rows);
}
