/** The declared faults in the report: what each did, when, how often, and which of them never took effect. */
import type { Results } from "../../scenarios/results.js";
import { count, seconds } from "../format.js";
import { html, type Markup } from "./markup.js";
import { dataTable, numbers } from "./table.js";

type Fault = Results["faults"][number];

/** Says that the run proves nothing about some faults; nothing where all took effect. */
export function inconclusiveBanner(faults: readonly Fault[]): Markup | "" {
  const idle = faults.filter(({ tookEffect }) => !tookEffect).map(({ name }) => name);
  if (idle.length === 0) return "";
  return html`<p class="banner"><b>Inconclusive:</b> ${idle.join(", ")} never took effect; nothing here says what the mesh does under ${idle.length === 1 ? "it" : "them"}.</p>`;
}

/** A heading and a table; nothing where the scenario declares no faults. */
export function faultSection(faults: readonly Fault[]): Markup | "" {
  if (faults.length === 0) return "";
  const rows = faults.map((fault) => ({
    tone: fault.tookEffect ? undefined : ("bad" as const),
    cells: [
      html`<code>${fault.name}</code>`,
      fault.kind,
      fault.description,
      firstSpell(fault),
      count(fault.spellCount),
      fault.tookEffect ? count(fault.effects) : "none",
    ],
  }));
  const heads = [
    { text: "fault" },
    { text: "kind" },
    { text: "what" },
    { text: "first time" },
    ...numbers("times", "effects"),
  ];
  const caption = "What the scenario declared to break. Effects are messages, nodes and clocks that it struck.";
  return html`<h2>Faults</h2>\n${dataTable(caption, heads, rows)}`;
}

function firstSpell({ spells: [first] }: Fault): string {
  if (first === undefined) return "never";
  const { fromS, untilS } = first;
  if (untilS === null) return `from ${seconds(fromS)} on`;
  return untilS === fromS ? `at ${seconds(fromS)}` : `${seconds(fromS)} to ${seconds(untilS)}`;
}
