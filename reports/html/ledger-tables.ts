/** Tables of what must add up: the ledger of messages, of work, the invariants, and the options that the protocol ran with. */
import type { Results } from "../../scenarios/results.js";
import { amount, count } from "../format.js";
import { html, type Markup } from "./markup.js";
import { dataTable, numbers } from "./table.js";

export function messageTables({ messages, jobs }: Results): Markup {
  const kinds = [...messages.byKind]
    .sort((a, b) => b.sent - a.sent)
    .map(({ kind, sent, perSecond }) => ({ cells: [kind, count(sent), amount(perSecond)] }));
  const ledger: [string, number][] = [
    ["sent", messages.sent],
    ["delivered", messages.delivered],
    ["lost", messages.lost],
    ["expired", messages.expired],
    ["dropped", messages.dropped],
    ["cut off by a partition", messages.cut],
    ["undelivered, the node being down", messages.undelivered],
    ["in flight at the end", messages.inFlight],
    ["duplicated by the network", messages.duplicated],
    ["damaged on the way", messages.corrupted],
  ];
  const work: [string, number][] = [
    ["accepted", jobs.accepted],
    ["finished", jobs.finished],
    ["expired", jobs.expired],
    ["ignored", jobs.ignored],
    ["aborted with their process", jobs.aborted],
    ["waiting at the end", jobs.waiting],
    ["in service at the end", jobs.inService],
    ["rejected", jobs.rejected],
    ["cold starts", jobs.coldStarts],
  ];
  const rows = (entries: readonly [string, number][]) =>
    entries.map(([name, value]) => ({ cells: [name, count(value)] }));
  return html`<div class="pair"><div>
${dataTable("Messages by kind.", [{ text: "kind" }, ...numbers("sent", "per second")], kinds)}</div><div>
${dataTable(
  "Every message handed to the network: sent + duplicated = delivered + lost + expired + dropped + cut off + undelivered + in flight.",
  [{ text: "fate" }, ...numbers("messages")],
  rows(ledger),
)}
${dataTable(
  "Work given to the agents' processors: accepted = finished + expired + ignored + aborted + waiting + in service.",
  [{ text: "fate" }, ...numbers("jobs")],
  rows(work),
)}</div></div>\n`;
}

export function invariantTable(invariants: Results["invariants"]): Markup {
  const rows = invariants.map(({ name, checks, violations }) => ({
    tone: violations > 0 ? ("bad" as const) : undefined,
    cells: [name, count(checks), count(violations)],
  }));
  return dataTable(
    "Checked by judges that see everything.",
    [{ text: "invariant" }, ...numbers("checks", "violations")],
    rows,
  );
}

export function optionTable(protocol: Results["protocol"]): Markup {
  const rows = Object.entries(protocol)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([option, variant]) => ({
      cells: [html`<code>${option}</code>`, variant],
    }));
  return dataTable(
    "Each deviation from the protocol document, as this run had it.",
    [{ text: "option" }, { text: "variant" }],
    rows,
  );
}

export function regionTable({ mesh }: Results): Markup {
  const rows = mesh.regions.map(({ id, name, sectors, agents }) => ({
    cells: [html`<code>${id}</code>`, name, count(sectors), count(agents)],
  }));
  return dataTable(
    "Where the mesh stands.",
    [{ text: "region" }, { text: "name" }, ...numbers("sectors", "agents")],
    rows,
  );
}
