/** The world's parameters in the terminal: what is assumed, with unit, tag and source. */
import pc from "picocolors";

/** A group of parameters, as the models describe themselves. */
export interface ParameterGroup {
  readonly title: string;
  readonly rows: readonly {
    readonly path: string;
    readonly value: string;
    readonly unit: string;
    readonly tag: string;
    readonly source: string;
    readonly means: string;
  }[];
}

const LEGEND =
  "Tags: M measured, P paper, V vendor, S quoted by a third party, D derived, G guess: sweep it.\n" +
  "Change one with --set world.PATH=VALUE, or under `world:` in a scenario.\n";

export function worldText(groups: readonly ParameterGroup[], options: { readonly colour: boolean }): string {
  const pen = pc.createColors(options.colour);
  const text = groups.map(({ title, rows }) => {
    const entries = rows.map((row) => {
      const unit = row.unit === "" ? "" : ` ${row.unit}`;
      return `  ${pen.bold(row.path)} = ${row.value}${unit}  [${row.tag}]\n      ${row.means} ${pen.dim(`(${row.source})`)}\n`;
    });
    return `${pen.underline(title)}\n${entries.join("")}`;
  });
  return `${text.join("\n")}\n${LEGEND}`;
}
