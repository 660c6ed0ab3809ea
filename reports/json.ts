/**
 * How JSON files are laid out: pretty, with small objects on one line, so that a run's thousands of rows stay readable and
 * two runs compare line by line. Keys stand in the schema's order; records with free keys are sorted.
 */
import { type Results, resultsSchema } from "../scenarios/results.js";

const LINE_WIDTH = 120;

/** The text of `results.json`: checked against the schema, the same bytes for equal results. Throws what zod throws. */
export function resultsJson(results: Results): string {
  const checked = resultsSchema.parse(results);
  return prettyJson({
    ...checked,
    protocol: sorted(checked.protocol),
    gathers: checked.gathers.map((gather) => ({ ...gather, decisions: sorted(gather.decisions) })),
  });
}

/** Any JSON value, indented by two, with what fits a line on one line; ends in a line break. */
export function prettyJson(value: unknown): string {
  return `${laidOut(JSON.parse(JSON.stringify(value)), "")}\n`;
}

function laidOut(value: unknown, indent: string): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const line = onOneLine(value);
  if (line !== undefined && indent.length + line.length <= LINE_WIDTH) return line;
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    return `[\n${value.map((item) => inner + laidOut(item, inner)).join(",\n")}\n${indent}]`;
  }
  const members = Object.entries(value).map(([key, item]) => `${inner}${JSON.stringify(key)}: ${laidOut(item, inner)}`);
  return `{\n${members.join(",\n")}\n${indent}}`;
}

/** Only what holds no object in turn is written on one line; undefined for the rest. */
function onOneLine(value: object): string | undefined {
  const members = Object.values(value);
  if (members.some((member) => member !== null && typeof member === "object")) return undefined;
  if (Array.isArray(value)) return `[${value.map((item) => JSON.stringify(item)).join(", ")}]`;
  if (members.length === 0) return "{}";
  const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${JSON.stringify(item)}`);
  return `{ ${entries.join(", ")} }`;
}

function sorted<Value>(record: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
