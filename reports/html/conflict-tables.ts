/** Tables of what became of conflicts: by type and priority, by how they ended, and what each level of the mesh knew. */
import type { Results } from "../../scenarios/results.js";
import { count, milliseconds } from "../format.js";
import { html, type Markup } from "./markup.js";
import { dataTable, numbers } from "./table.js";

export function conflictTables({ conflicts }: Results): Markup {
  const { byType, byOutcome, byTier, putToPeople, driftingClocks } = conflicts;
  if (byType.length === 0) return html`<p class="note">No agent found a conflict.</p>`;
  const types = byType.map(({ type, priority, logged, resolved, open, late, resolvedAfterMs }) => ({
    tone: late > 0 ? ("bad" as const) : undefined,
    cells: [
      type,
      count(priority),
      count(logged),
      count(resolved),
      count(open),
      milliseconds(resolvedAfterMs?.p50 ?? null),
      milliseconds(resolvedAfterMs?.p95 ?? null),
      count(late),
    ],
  }));
  const outcomes = byOutcome.map(({ method, outcome, conflicts: ended }) => ({
    cells: [method, outcome, count(ended)],
  }));
  const tiers = byTier.map(({ tier, own, told, open, inherited, escalated, asked, accepted }) => ({
    cells: [tier, ...[own, told, open, inherited, escalated, asked, accepted].map(count)],
  }));
  return html`${dataTable(
    `Conflicts by type and priority, from the start of the run: logged = resolved + open. ${count(putToPeople)} were put to people, and ${count(driftingClocks.length)} clocks found to be off.`,
    [{ text: "type" }, ...numbers("priority", "logged", "resolved", "open", "p50", "p95", "late")],
    types,
  )}<div class="pair"><div>${dataTable(
    "How they ended.",
    [{ text: "strategy" }, { text: "outcome" }, ...numbers("conflicts")],
    outcomes,
  )}</div><div>${dataTable(
    "What each level logged first, was told of, had open of both in the end, took over from the other process of an office, and told or asked the level above.",
    [{ text: "level" }, ...numbers("first", "told", "open", "taken over", "escalated", "asked", "accepted")],
    tiers,
  )}</div></div>`;
}
