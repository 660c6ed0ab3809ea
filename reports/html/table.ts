/** A table of the report: heads, cells, and numbers set flush right. */
import { html, type Markup } from "./markup.js";

export interface Head {
  readonly text: string;
  readonly number?: boolean;
}

export interface Row {
  readonly cells: readonly (string | Markup)[];
  /** `aside` for what stands beside the rest, `bad` for what must not be overlooked (its last cell is marked). */
  readonly tone?: "aside" | "bad" | undefined;
}

/** `caption` says what the table holds; the first cell of each row is its head. */
export function dataTable(caption: string, heads: readonly Head[], rows: readonly Row[]): Markup {
  const classOf = (at: number) => (heads[at]?.number ? "number" : "text");
  const body = rows.map(({ cells, tone }) => {
    const drawn = cells.map((cell, at) => {
      if (at === 0) return html`<th scope="row" class="${classOf(0)}">${cell}</th>`;
      const bad = tone === "bad" && at === cells.length - 1 ? " bad" : "";
      return html`<td class="${classOf(at) + bad}">${cell}</td>`;
    });
    return html`<tr class="${tone ?? "plain"}">${drawn}</tr>\n`;
  });
  return html`<p class="note">${caption}</p>
<div class="scroll"><table aria-label="${caption}">
<thead><tr>${heads.map((head, at) => html`<th scope="col" class="${classOf(at)}">${head.text}</th>`)}</tr></thead>
<tbody>${body}</tbody></table></div>\n`;
}

/** Heads of columns of numbers. */
export function numbers(...texts: readonly string[]): Head[] {
  return texts.map((text) => ({ text, number: true }));
}
