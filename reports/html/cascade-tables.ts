/** Tables of operations: every cascade, scatter-gathers by tier, and the quantiles of all durations. */
import type { Results } from "../../scenarios/results.js";
import { count, milliseconds, NOTHING, percent, seconds } from "../format.js";
import { html, type Markup } from "./markup.js";
import { dataTable, numbers } from "./table.js";

/** A longer list starts closed. */
const MOST_OPEN = 60;

export function cascadeTable(cascades: Results["cascades"]): Markup {
  const heads = [
    { text: "cascade" },
    ...numbers("decided at"),
    { text: "strategy" },
    { text: "status" },
    ...numbers("targeted", "sent", "READY", "hit rate", "95 % READY", "known", "sectors", "leads", "agents"),
  ];
  const rows = cascades.map((cascade) => ({
    cells: [
      count(cascade.id),
      `${cascade.startedAtS.toFixed(1)} s`,
      cascade.strategy,
      cascade.counted ? cascade.status : `${cascade.status} *`,
      count(cascade.targeted),
      count(cascade.sent),
      count(cascade.ready),
      percent(cascade.hitRate),
      milliseconds(cascade.latencyMs),
      milliseconds(cascade.knownMs),
      milliseconds(cascade.levelMs.sectors),
      milliseconds(cascade.levelMs.leads),
      milliseconds(cascade.levelMs.agents),
    ],
  }));
  const caption =
    "Targeted are all machine agents of the mesh. Times count from the initiator's decision: until 95 % of them were READY, until the initiator " +
    `knew, and until 95 % of all coordinators and of all leads had taken the operation in. ${NOTHING}: never.` +
    (cascades.some((cascade) => !cascade.counted) ? " * Cut off by the end of the run: in none of the KPIs." : "");
  const table = dataTable(caption, heads, rows);
  return rows.length <= MOST_OPEN
    ? table
    : html`<details><summary>All ${count(rows.length)} cascades</summary>${table}</details>\n`;
}

export function gatherTable(gathers: Results["gathers"]): Markup {
  const decisions = [...new Set(gathers.flatMap((gather) => Object.keys(gather.decisions)))].sort();
  const heads = [
    { text: "run by" },
    ...numbers("ended", "reached quorum", "nobody to ask", "READY / sent", "READY / targeted", ...decisions),
  ];
  const rows = gathers.map((gather) => ({
    cells: [
      gather.tier,
      count(gather.ended),
      count(gather.reachedQuorum),
      count(gather.empty),
      percent(gather.meanReadyOfSent),
      percent(gather.meanReadyOfTargeted),
      ...decisions.map((decision) =>
        count(Object.hasOwn(gather.decisions, decision) ? gather.decisions[decision]! : 0),
      ),
    ],
  }));
  return dataTable(
    "By the tier that ran them: quorum, mean response rates and decisions of those that had somebody to ask.",
    heads,
    rows,
  );
}

type Quantiles = Results["cascadeSummary"]["latencyMs"];

export function durationTable({ cascadeSummary, routing, humans, classes }: Results): Markup {
  const measured: [string, Quantiles][] = [
    ["cascade: 95 % READY", cascadeSummary.latencyMs],
    ["cascade: initiator knows", cascadeSummary.knownMs],
    ["cascade: each agent READY", cascadeSummary.agentLatencyMs],
    ...cascadeSummary.levels.map(({ level, latencyMs }): [string, Quantiles] => [`cascade: at ${level}`, latencyMs]),
    ["single message inside a cluster", routing.intraClusterMs],
    ["single message across the mesh", routing.meshWideMs],
    ["age of the registry record used", routing.registryLagMs],
    ["answer of a person", humans.answerMs],
    ...classes
      .filter((row) => row.skipped > 0)
      .map((row): [string, Quantiles] => [`lead time that skipped agents of ${row.class} lacked`, row.shortfallMs]),
  ];
  const rows = measured.map(([name, quantiles]) => ({
    cells: [name, quantiles === null ? NOTHING : count(quantiles.count), ...inOrder(quantiles).map(milliseconds)],
  }));
  const heads = [{ text: "duration" }, ...numbers("samples", "p5", "p25", "p50", "p75", "p95", "p99")];
  return dataTable("Quantiles.", heads, rows);
}

function inOrder(quantiles: Quantiles): (number | null)[] {
  if (quantiles === null) return [null, null, null, null, null, null];
  return [quantiles.p5, quantiles.p25, quantiles.p50, quantiles.p75, quantiles.p95, quantiles.p99];
}

export function peopleFacts({ humans, routing }: Results): Markup {
  return html`<dl class="facts"><div><dt>human checkpoints</dt><dd>${count(humans.checkpoints)}</dd></div>
<div><dt>answered</dt><dd>${count(humans.answered)}</dd></div>
<div><dt>median answer</dt><dd>${seconds(humans.answerMs === null ? null : humans.answerMs.p50 / 1000)}</dd></div>
<div><dt>messages for which no agent was capable</dt><dd>${count(routing.noCapableAgent)}</dd></div></dl>\n`;
}
