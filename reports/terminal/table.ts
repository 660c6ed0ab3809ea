/** A table for the terminal: no frame, a rule under the head, columns no wider than they need to be. */
import Table from "cli-table3";
import type { Colors } from "picocolors/types.js";

export interface Column {
  readonly head: string;
  readonly align: "left" | "right";
  /** What is longer is cut, with an ellipsis. */
  readonly most?: number;
}

const NO_FRAME = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "",
};

/** Cells may carry colour; their visible width is what counts. Lines are indented by two and end in a line break. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[], pen: Colors): string {
  const cut = (text: string, column: Column) =>
    column.most !== undefined && text.length > column.most ? `${text.slice(0, column.most - 1)}…` : text;
  const drawn = new Table({
    chars: NO_FRAME,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 2 },
    colAligns: columns.map((column) => column.align),
  });
  drawn.push(columns.map((column) => pen.dim(column.head)));
  drawn.push(...rows.map((row) => columns.map((column, at) => cut(row[at] ?? "", column))));
  return drawn
    .toString()
    .split("\n")
    .map((line) => `  ${line}`.trimEnd())
    .join("\n")
    .concat("\n");
}
