/** How long failures took to be noticed and repaired, against their targets, and whether the mesh came back in the end. */

import type { Results } from "../../scenarios/results.js";
import { count, NOTHING, seconds } from "../format.js";
import { isHealingUndecided } from "../undecided.js";
import { SCOPE_NAMES } from "./incident-names.js";
import { html, type Markup } from "./markup.js";
import { dataTable, numbers } from "./table.js";

type Recovery = Results["recoveries"]["byClass"][number];
type Liveness = Results["liveness"];

const BAR_WIDTH = 180;
const BAR_HEIGHT = 16;

export function recoveryTable({ recoveries }: Results): Markup {
  if (recoveries.byClass.length === 0) return html`<p class="note">Nothing failed that could have recovered.</p>\n`;
  const rows = recoveries.byClass.map((row) => ({
    tone: (row.slowestS ?? 0) > row.targetS ? ("bad" as const) : undefined,
    cells: [
      row.class,
      row.scope === "agent" ? "agent" : SCOPE_NAMES[row.scope],
      count(row.count),
      count(row.undetected),
      count(row.unrepaired),
      seconds(row.detectionS?.p50 ?? null),
      seconds(row.detectionS?.p95 ?? null),
      seconds(row.repairS?.p50 ?? null),
      seconds(row.repairS?.p95 ?? null),
      bar(row),
      seconds(row.targetS),
      seconds(row.slowestS),
    ],
  }));
  const heads = [
    { text: "what failed" },
    { text: "scope" },
    ...numbers("times", "not noticed", "not repaired", "noticed p50", "noticed p95", "repaired p50", "repaired p95"),
    { text: "median, slowest, target" },
    ...numbers("target", "slowest"),
  ];
  const caption =
    "From the true start of a failure until it was noticed, and from then until service was restored. In each bar: the median " +
    "until it was noticed (light), the median repair (full), the slowest of all (thin line) and the target (upright mark); " +
    "each on a scale of its own.";
  return dataTable(caption, heads, rows);
}

/** On a scale that holds the target and the slowest. */
function bar({ detectionS, repairS, slowestS, targetS }: Recovery): Markup {
  const noticed = detectionS?.p50 ?? 0;
  const restored = noticed + (repairS?.p50 ?? 0);
  const most = Math.max(restored, slowestS ?? 0, targetS);
  if (most <= 0) return html`${NOTHING}`;
  const x = (s: number) => Math.round((s / most) * (BAR_WIDTH - 4) * 10) / 10;
  const middle = BAR_HEIGHT / 2;
  const label = `median: noticed after ${seconds(noticed)}, restored after ${seconds(restored)}`;
  return html`<svg class="recovery" width="${BAR_WIDTH}" height="${BAR_HEIGHT}" role="img" aria-label="${label}"><title>${label}</title>
${slowestS === null ? "" : html`<line class="slowest" x1="0" x2="${x(slowestS)}" y1="${middle}" y2="${middle}"/>`}
<rect class="noticed" x="0" y="4" width="${x(noticed)}" height="8"/><rect class="repaired" x="${x(noticed)}" y="4" width="${x(restored - noticed)}" height="8"/>
<line class="target" x1="${x(targetS) + 1}" x2="${x(targetS) + 1}" y1="0" y2="${BAR_HEIGHT}"/></svg>`;
}

const VERDICTS: Readonly<Record<Liveness["verdict"], string>> = {
  holds: "✓ the mesh came back",
  missed: "✗ the mesh did not come back",
  undecided: "○ the mesh was not back when the run ended",
  "not-exercised": "○ not exercised",
};

/** In words; undefined where nothing was to break. */
export function livenessText({ liveness, faults }: Results): string | undefined {
  if (faults.length === 0) return undefined;
  const { verdict, agreedAfterS, withinS, lastFaultEndsS } = liveness;
  const after = agreedAfterS === null ? "" : `: in FULL and agreed ${seconds(agreedAfterS)} after the last fault`;
  const ends = lastFaultEndsS === null ? "" : `, which ended at ${seconds(lastFaultEndsS)}`;
  const within = verdict === "not-exercised" ? "" : ` (within ${seconds(withinS)} is asked for)`;
  return `${VERDICTS[verdict]}${after}${after === "" ? "" : ends}${within}`;
}

/** A banner where the mesh is stuck, or may be; nothing otherwise. */
export function livenessBanner(results: Results): Markup {
  const { liveness } = results;
  const isUndecided = isHealingUndecided(results);
  if (liveness.verdict !== "missed" && !isUndecided) return html``;
  const stuck = liveness.stuck.slice(0, MOST_STUCK).join("; ");
  const more = liveness.stuck.length > MOST_STUCK ? ` and ${count(liveness.stuck.length - MOST_STUCK)} more` : "";
  const what = stuck === "" ? "" : ` Stuck: ${stuck}${more}.`;
  if (isUndecided) {
    return html`<p class="banner"><b>Inconclusive:</b> the run ended before the ${seconds(liveness.withinS)} after the last fault that the mesh may take to come back.${what}</p>`;
  }
  return html`<p class="banner bad"><b>The mesh did not come back</b> within ${seconds(liveness.withinS)} of the end of the last fault.${what}</p>`;
}

const MOST_STUCK = 6;
