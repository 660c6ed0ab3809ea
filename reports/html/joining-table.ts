/** Agents that joined the running mesh, in the report: how far they came, how long each step took, how they did. */
import type { Results } from "../../scenarios/results.js";
import { count, percent, seconds } from "../format.js";
import { html, type Markup } from "./markup.js";
import { dataTable, numbers } from "./table.js";

/** What each step means. */
const STEPS: Readonly<Record<NonNullable<Results["joining"]>["steps"][number]["step"], string>> = {
  announced: "first heartbeat at the lead",
  admitted: "holds the context, takes part in operations",
  pooled: "profile steady, first task may come",
  whole: "tasks come without limit",
};

/** A heading and a table; nothing where nobody joins. */
export function joiningSection(joining: Results["joining"]): Markup | "" {
  if (joining === null) return "";
  const rows = joining.steps.map(({ step, agents, afterS }) => ({
    cells: [
      step,
      STEPS[step],
      count(agents),
      seconds(afterS?.p50 ?? null),
      seconds(afterS?.p95 ?? null),
      seconds(afterS?.p99 ?? null),
    ],
  }));
  const heads = [{ text: "step" }, { text: "what" }, ...numbers("agents", "median", "p95", "p99")];
  const caption = `Of ${count(joining.agents)} agents that join, ${count(joining.started)} have started. Times are from the start of a process.`;
  return html`<h2>Joining</h2>
${dataTable(caption, heads, rows)}
<dl class="facts"><div><dt>hit rate of newcomers</dt><dd>${percent(joining.hitRate)}</dd></div>
<div><dt>targeted</dt><dd>${count(joining.targeted)}</dd></div>
<div><dt>conflicts on the way</dt><dd>${count(joining.conflicts)}</dd></div>
<div><dt>set back</dt><dd>${count(joining.setBacks)}</dd></div>
<div><dt>false failures</dt><dd>${count(joining.falseFailures)}</dd></div></dl>\n`;
}
