/** Tables of what went wrong: by kind and scope, and one by one; who held which office. */
import type { Results } from "../../scenarios/results.js";
import { amount, count, NOTHING, seconds } from "../format.js";
import { INCIDENT_KINDS, SCOPE_NAMES } from "./incident-names.js";
import { html, type Markup } from "./markup.js";
import { dataTable, numbers } from "./table.js";

/** Nobody reads more; results.json lists a thousand of each kind. */
const MOST_LISTED = 300;
const MOST_OPEN = 20;

export function incidentTables({ incidents }: Results): Markup {
  if (incidents.byKind.length === 0) {
    return html`<p class="note">No split brain, no outage, no breaker open, no other mode than FULL.</p>\n`;
  }
  const kinds = incidents.byKind.map(({ kind, scope, count: times, totalS, longestS }) => ({
    cells: [INCIDENT_KINDS[kind].name, SCOPE_NAMES[scope], count(times), seconds(totalS), seconds(longestS)],
  }));
  return html`${dataTable(
    "What went wrong, by kind and scope. An outage: fewer than 95 % of its agents active.",
    [{ text: "kind" }, { text: "scope" }, ...numbers("times", "time in all", "longest")],
    kinds,
  )}${listOf(incidents)}`;
}

function listOf({ list, byKind }: Results["incidents"]): Markup {
  const all = byKind.reduce((sum, { count: times }) => sum + times, 0);
  const rows = gravest(list).map(({ kind, scope, where, fromS, untilS, detail }) => ({
    cells: [
      where,
      SCOPE_NAMES[scope],
      INCIDENT_KINDS[kind].name,
      instant(fromS),
      untilS === null ? "still so at the end" : instant(untilS),
      untilS === null ? NOTHING : seconds(untilS - fromS),
      detail,
    ],
  }));
  const table = dataTable(
    "In order of beginning; times from the start of the run, warm-up included.",
    [{ text: "where" }, { text: "scope" }, { text: "kind" }, ...numbers("from", "until", "lasted"), { text: "" }],
    rows,
  );
  if (rows.length <= MOST_OPEN) return table;
  const which =
    rows.length === all ? `All ${count(all)} incidents` : `${count(rows.length)} of ${count(all)} incidents`;
  const rest = rows.length === all ? "" : ", those of the mesh and of sectors first; results.json has more";
  return html`<details><summary>${which}${rest}</summary>${table}</details>\n`;
}

/** Those of the widest scope, as many as fit, in order of time. */
function gravest(list: Results["incidents"]["list"]): Results["incidents"]["list"] {
  if (list.length <= MOST_LISTED) return list;
  const chosen = (["global", "sector", "cluster"] as const)
    .flatMap((scope) => list.filter((incident) => incident.scope === scope))
    .slice(0, MOST_LISTED);
  return chosen.sort((a, b) => a.fromS - b.fromS);
}

function instant(s: number): string {
  return `${amount(s)} s`;
}

export function authorityTables({ authority }: Results): Markup {
  const rows = authority.byScope.map((row) => ({
    cells: [
      SCOPE_NAMES[row.scope],
      count(row.incidents),
      count(row.occasions),
      count(row.conflictingCommits),
      ...yearly(row.occasionsPerYear),
      ...yearly(row.perYear),
      seconds(row.durationS?.p50 ?? null),
      seconds(row.durationS?.p95 ?? null),
      amount(row.memberSeconds),
      seconds(row.vacantS),
    ],
  }));
  const held = authority.incidents.map(({ where, scope, fromS, untilS, severity, holders, memberSeconds }) => ({
    cells: [
      where,
      SCOPE_NAMES[scope],
      instant(fromS),
      untilS === null ? "still so at the end" : instant(untilS),
      severity,
      holders.map(({ node, term, members }) => `${node} (term ${term}, ${count(members)} members)`).join(" and "),
      amount(memberSeconds),
    ],
  }));
  const heads = [
    { text: "scope" },
    ...numbers("split brains", "occasions", "conflicting commits"),
    ...numbers("occasions a year", "95 % interval", "split brains a year", "95 % interval"),
    ...numbers("median duration", "p95 duration", "member-seconds", "nobody in office"),
  ];
  const caption = `Judged in true time, over ${seconds(authority.measuredS)}: two processes hold one office and both have acted on a member of it. Those that overlap in time are of one occasion, which the interval allows for. Member-seconds: members that obeyed the lesser of the two, over time. Nobody in office: time without a holder that runs, added up over offices. Stale beliefs, of somebody who reached nobody: ${count(authority.staleBeliefs)}.`;
  const each = dataTable(
    "Each split brain, with the most members that obeyed each holder at once.",
    [
      { text: "office" },
      { text: "scope" },
      ...numbers("from", "until"),
      { text: "severity" },
      { text: "held by" },
    ].concat(numbers("member-seconds")),
    held.slice(0, MOST_LISTED),
  );
  const list =
    held.length <= MOST_OPEN
      ? each
      : html`<details><summary>The first ${count(Math.min(held.length, MOST_LISTED))} split brains</summary>${each}</details>`;
  return html`${dataTable(caption, heads, rows)}${held.length === 0 ? "" : list}\n`;
}

/** A rate and its interval, each for a cell. */
function yearly(perYear: Results["authority"]["byScope"][number]["perYear"]): string[] {
  if (perYear === null) return [NOTHING, NOTHING];
  return [rate(perYear.value), `${rate(perYear.low)} to ${rate(perYear.high)}`];
}

function rate(perYear: number): string {
  return amount(perYear);
}
