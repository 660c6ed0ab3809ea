/** Tables of operations: every cascade, scatter-gathers by tier, and the quantiles of all durations. */
import type { Results } from "../../scenarios/results.js";
import { count, milliseconds, NOTHING, percent, seconds } from "../format.js";
import { html, type Markup } from "./markup.js";
import { dataTable, numbers } from "./table.js";

/** A longer list starts closed. */
const MOST_OPEN = 60;
/** A longer list shows its slowest only: nobody reads more, and a browser takes its time over it. */
const MOST_LISTED = 300;

export function cascadeTable(cascades: Results["cascades"]): Markup {
  const heads = [
    { text: "cascade" },
    ...numbers("decided at"),
    { text: "strategy" },
    { text: "status" },
    ...numbers("targeted", "sent", "READY", "hit rate", "95 % READY", "known", "sectors", "leads", "agents"),
  ];
  const listed = cascades.length <= MOST_LISTED ? cascades : slowest(cascades);
  const rows = listed.map((cascade) => ({
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
    : html`<details><summary>${summaryOf(rows.length, cascades.length)}</summary>${table}</details>\n`;
}

function summaryOf(listed: number, all: number): string {
  if (listed === all) return `All ${count(all)} cascades`;
  return `The ${count(listed)} slowest of ${count(all)} cascades, in order of time; results.json has them all`;
}

/** Those that never had 95 % READY, then those that took longest for it, the earlier of equals; in order of time. */
function slowest(cascades: Results["cascades"]): Results["cascades"] {
  const latency = (cascade: Results["cascades"][number]) => cascade.latencyMs ?? Number.POSITIVE_INFINITY;
  const order = cascades.map((_, at) => at);
  // A difference of two infinities is not a number, which counts as equal.
  order.sort((a, b) => latency(cascades[b]!) - latency(cascades[a]!) || a - b);
  const chosen = order.slice(0, MOST_LISTED).sort((a, b) => a - b);
  return chosen.map((at) => cascades[at]!);
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
    ...cascadeSummary.levels
      .filter(({ level }) => level !== "agents") // the line before this
      .map(({ level, latencyMs }): [string, Quantiles] => [`cascade: taken in by ${level}`, latencyMs]),
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
  return dataTable("Quantiles of each duration, in simulated time.", heads, rows);
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
