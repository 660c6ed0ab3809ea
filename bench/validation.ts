/**
 * Holds the engine against theory and prints the tables of docs/validation.md:
 * `npx tsx bench/validation.ts [--full] [ID ...]`.
 */
import { parseArgs } from "node:util";
import { CLOSED_FORMS, findingRow, sourceRow } from "../test/sim/validation/catalogue.js";
import { agrees, FULL_EFFORT, REDUCED_EFFORT, tellsMistake } from "../test/sim/validation/closed-form.js";

const { values, positionals } = parseArgs({ options: { full: { type: "boolean" } }, allowPositionals: true });
const unknown = positionals.filter((id) => !CLOSED_FORMS.some((form) => form.id === id));
if (unknown.length > 0) {
  console.error(
    `${unknown.join(", ")}: no such closed form; expected ${CLOSED_FORMS.map((form) => form.id).join(", ")}`,
  );
  process.exit(2);
}
const forms = CLOSED_FORMS.filter((form) => positionals.length === 0 || positionals.includes(form.id));

console.log(
  "| id | quantity | expected | measured | 99.9 % interval | mistaken |\n| --- | --- | --- | --- | --- | --- |",
);
for (const form of forms) {
  const finding = form.measure(values.full ? FULL_EFFORT : REDUCED_EFFORT);
  console.log(findingRow(form, finding));
  if (!agrees(finding)) console.error(`${form.id}: theory lies outside the interval`);
  if (!tellsMistake(finding)) console.error(`${form.id}: the interval is too wide to tell a mistake`);
  if (!agrees(finding) || !tellsMistake(finding)) process.exitCode = 1;
}
console.log("\n| id | formula | source | mistake |\n| --- | --- | --- | --- |");
for (const form of forms) console.log(sourceRow(form));
