/** Tables of what failed and what the mesh did about it: failures by class, breakers, modes, operations held back. */
import type { Results } from "../../scenarios/results.js";
import { count, seconds } from "../format.js";
import { html, type Markup } from "./markup.js";
import { dataTable, numbers } from "./table.js";

export function resilienceTables({ resilience }: Results): Markup {
  const failures = resilience.failures.map((row) => ({
    cells: [row.class, count(row.detected), count(row.recovered), count(row.escalated)],
  }));
  const breakers = resilience.breakers.map((row) => ({
    cells: [row.scope, count(row.opened), count(row.halfOpened), count(row.closed)],
  }));
  const modes = resilience.modes.map((row) => ({ cells: [row.mode, seconds(row.seconds)] }));
  const { queued, released, refused, approvalsAsked } = resilience.operations;
  const alerts = resilience.alerts.filter((alert) => alert.count > 0);
  const alerted = alerts.map((alert) => `${alert.about} ${count(alert.count)}×`).join(", ");
  return html`<div class="pair"><div>
${dataTable(
  "Failures by class, as the nodes noticed them.",
  [{ text: "class" }, ...numbers("detected", "recovered", "escalated")],
  failures,
)}</div><div>
${dataTable("Circuit breakers.", [{ text: "scope" }, ...numbers("opened", "half-opened", "closed")], breakers)}
${dataTable("Time in each mode.", [{ text: "mode" }, ...numbers("time")], modes)}</div></div>
<dl class="facts"><div><dt>operators alerted to</dt><dd>${alerted === "" ? "nothing" : alerted}</dd></div>
<div><dt>replacements asked for</dt><dd>${count(resilience.replacements)}</dd></div>
<div><dt>operations queued</dt><dd>${count(queued)}</dd></div>
<div><dt>released</dt><dd>${count(released)}</dd></div>
<div><dt>refused</dt><dd>${count(refused)}</dd></div>
<div><dt>put to people for approval</dt><dd>${count(approvalsAsked)}</dd></div></dl>\n`;
}
