/** How the mesh fared, in a few lines of the terminal: split brains, incidents, modes, recovery, and whether it came back. */
import type { Colors } from "picocolors/types.js";
import type { Results } from "../../scenarios/results.js";
import { count, oneLine, percent, seconds } from "../format.js";

/** What fits beside a label in 100 columns. */
const MOST_WIDE = 86;

const SCOPES = { global: "mesh", sector: "sector", cluster: "cluster" } as const;
const KINDS = { outage: ["outage", "outages"], breaker: ["breaker opened", "breakers opened"] } as const;

/** Label and text; nothing of a run in which nothing broke and nothing went wrong. */
export function serviceLines(results: Results, pen: Colors): [string, string][] {
  const { authority, incidents, faults, liveness } = results;
  const isQuiet = incidents.byKind.length === 0 && authority.staleBeliefs === 0 && faults.length === 0;
  const lines: [string, string][] = isQuiet ? [] : [["authority", authorityLine(authority, pen)]];
  const incidentText = incidentLine(incidents);
  if (incidentText !== "") lines.push(["incidents", clipped(incidentText)]);
  const modes = modeLine(results.resilience);
  if (modes !== "") lines.push(["modes", clipped(modes)]);
  const recovery = recoveryLine(results.recoveries);
  if (recovery !== "") lines.push(["recovery", clipped(recovery)]);
  if (faults.length > 0) lines.push(["liveness", livenessLine(liveness, pen)]);
  return lines;
}

function authorityLine({ byScope, staleBeliefs }: Results["authority"], pen: Colors): string {
  const all = byScope.reduce((sum, { incidents }) => sum + incidents, 0);
  const stale = `${count(staleBeliefs)} stale ${staleBeliefs === 1 ? "belief" : "beliefs"}`;
  if (all === 0) return `no split brain · ${stale}`;
  const where = byScope.flatMap(({ scope, incidents }) =>
    incidents === 0 ? [] : `${SCOPES[scope]} ${count(incidents)}`,
  );
  const conflicting = byScope.reduce((sum, { conflictingCommits }) => sum + conflictingCommits, 0);
  const text = `split brains: ${where.join(", ")} · ${count(conflicting)} with conflicting commits · ${stale}`;
  return pen.bold(pen.yellow(text));
}

function incidentLine({ byKind }: Results["incidents"]): string {
  return byKind
    .flatMap(({ kind, scope, count: times }) => {
      if (kind !== "outage" && kind !== "breaker") return [];
      return `${SCOPES[scope]}: ${count(times)} ${KINDS[kind][times === 1 ? 0 : 1]}`;
    })
    .join(" · ");
}

/** Nothing where there was FULL alone. */
function modeLine({ modes }: Results["resilience"]): string {
  const all = modes.reduce((sum, mode) => sum + mode.seconds, 0);
  const held = modes.filter((mode) => mode.seconds > 0);
  if (all === 0 || held.every(({ mode }) => mode === "FULL")) return "";
  return held.map(({ mode, seconds: s }) => `${mode.replace("DEGRADED_", "")} ${percent(s / all, 1)}`).join(" · ");
}

/** The slowest of offices, and of what they stand for. */
function recoveryLine(recoveries: Results["recoveries"]): string {
  const parts = (["cluster", "sector", "global"] as const).flatMap((scope) => {
    const rows = recoveries.byClass.filter((row) => row.scope === scope && row.count > 0);
    if (rows.length === 0) return [];
    const slowestS = rows.reduce((most, row) => Math.max(most, row.slowestS ?? 0), 0);
    const unrepaired = rows.reduce((sum, row) => sum + row.unrepaired, 0);
    const never = unrepaired === 0 ? "" : `, ${count(unrepaired)} not repaired`;
    return `${SCOPES[scope]} at most ${seconds(slowestS)} of ${seconds(rows[0]!.targetS)}${never}`;
  });
  return parts.join(" · ");
}

function livenessLine({ verdict, agreedAfterS, withinS, stuck }: Results["liveness"], pen: Colors): string {
  if (verdict === "not-exercised") return "not exercised";
  if (verdict === "holds") return pen.green(`FULL and agreed ${seconds(agreedAfterS)} after the last fault`);
  const what = stuck.length === 0 ? "" : `: ${stuck.map(oneLine).join("; ")}`;
  if (verdict === "undecided") return pen.yellow(clipped(`not back when the run ended${what}`));
  return pen.bold(pen.red(clipped(`NOT BACK within ${seconds(withinS)} of the last fault${what}`)));
}

function clipped(text: string): string {
  return text.length > MOST_WIDE ? `${text.slice(0, MOST_WIDE - 1)}…` : text;
}
