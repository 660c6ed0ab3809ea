/**
 * `report.html`: one file that says what a run says, opens from a disk without a network, and lets nothing in but its own style and
 * scripts. It depends on the results alone, so equal results make equal reports.
 */
import { createHash } from "node:crypto";
import type { Results } from "../../scenarios/results.js";
import { count, seconds } from "../format.js";
import { busTable } from "./bus-table.js";
import { cascadeTable, durationTable, gatherTable, peopleFacts } from "./cascade-tables.js";
import { compiled } from "./charts/chart.js";
import { classTable } from "./class-table.js";
import { CLIENT_SCRIPT } from "./client.js";
import { conflictTables } from "./conflict-tables.js";
import { faultSection, inconclusiveBanner } from "./fault-table.js";
import { chartsOf, figure, operationCharts, serviceCharts } from "./figures.js";
import { hostTable } from "./host-table.js";
import { authorityTables, incidentTables } from "./incident-tables.js";
import { joiningSection } from "./joining-table.js";
import { invariantTable, messageTables, optionTable, regionTable } from "./ledger-tables.js";
import { embeddedJson, html, Markup } from "./markup.js";
import { mapData, mapSection } from "./mesh-map.js";
import { livenessBanner, livenessText, recoveryTable } from "./recovery-table.js";
import { resilienceTables } from "./resilience-tables.js";
import { runtimeScript } from "./runtime.js";
import { scorecard } from "./scorecard.js";
import { STYLE } from "./style.js";
import { unsettledBanner } from "./unsettled-banner.js";

/** The whole page. Expects results that fit their schema. */
export function reportHtml(results: Results): string {
  const runtime = runtimeScript();
  const charts = chartsOf(results);
  const map = mapData(results);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy([runtime, CLIENT_SCRIPT], STYLE)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${results.scenario.name} · seed ${results.scenario.seed} · Rehearsal</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<main>
${header(results)}
${scorecard(results.kpis)}
${faultSection(results.faults)}
<h2>Incidents and recovery</h2>
${serviceCharts(results).map(figure)}
${mapSection(results, map)}
<h3>Incidents</h3>
${incidentTables(results)}
<h3>Recovery</h3>
${recoveryTable(results)}
<h3>Failures, breakers and modes, as the nodes saw them</h3>
${resilienceTables(results)}
<h3>Authority</h3>
${authorityTables(results)}
<h2>Classes</h2>
${classTable(results)}
<h2>Charts</h2>
<noscript><p class="banner">The charts need JavaScript. The figures stand in the tables.</p></noscript>
${operationCharts(results).map(figure)}
<h2>Cascades</h2>
${cascadeTable(results.cascades)}
<h2>Scatter-gathers</h2>
${gatherTable(results.gathers)}
<h2>Durations</h2>
${durationTable(results)}
<h2>People and routing</h2>
${peopleFacts(results)}
<h2>Conflicts</h2>
${conflictTables(results)}
${joiningSection(results.joining)}
<h2>Messages and work</h2>
${messageTables(results)}
${hostTable(results)}
${busTable(results)}
<h2>Invariants</h2>
${invariantTable(results.invariants)}
<h2>Set-up</h2>
<div class="pair"><div>${optionTable(results.protocol)}</div><div>${regionTable(results)}</div></div>
${footer(results)}
</main>
<div id="tip" role="status" hidden></div>
<script type="application/json" id="charts">${embeddedJson(charts.map((chart) => compiled(chart)))}</script>
<script type="application/json" id="map-data">${embeddedJson(map)}</script>
<script>${new Markup(runtime)}</script>
<script>${new Markup(CLIENT_SCRIPT)}</script>
</body>
</html>
`.text;
}

function header(results: Results): Markup {
  const { scenario, mesh, fingerprint } = results;
  const facts: [string, string][] = [
    ["seed", String(scenario.seed)],
    ["agents", `${count(mesh.agents)} (${count(mesh.machineAgents)} machines)`],
    ["clusters", count(mesh.clusters)],
    ["sectors", count(mesh.sectors)],
    ["measured", `${seconds(scenario.durationS)} after ${seconds(scenario.warmUpS)} of warm-up`],
    ...(results.calendar === null
      ? []
      : [
          ["skipped", `${seconds(results.calendar.skippedS)} of quiet, in ${count(results.calendar.cuts)} cuts`] as [
            string,
            string,
          ],
        ]),
    ["events", count(results.events)],
    ["fingerprint", fingerprint.run],
  ];
  const liveness = livenessText(results);
  if (liveness !== undefined) facts.push(["after the last fault", liveness]);
  const broken = results.invariants.filter(({ violations }) => violations > 0);
  return html`<header>
<div class="top"><h1>${scenario.name}</h1><button id="theme" type="button" hidden>Dark theme</button></div>
<p>${scenario.description}</p>
${results.partial ? html`<p class="banner"><b>Partial.</b> The run was interrupted; every figure covers only the time until then.</p>` : ""}
${broken.map(({ name, violations }) => html`<p class="banner bad"><b>Invariant violated:</b> ${name}, ${count(violations)} times.</p>`)}
${inconclusiveBanner(results.faults)}
${unsettledBanner(results.calendar)}
${livenessBanner(results)}
<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>\n`)}</dl>
<code class="command">${results.reproduce}</code>
</header>`;
}

function footer({ version, scenario, fingerprint }: Results): Markup {
  return html`<footer class="note">
<p>Rehearsal ${version}. Scenario ${scenario.sha256}. Fingerprint ${fingerprint.run}: order ${fingerprint.order}, payload
${fingerprint.payload}, KPIs ${fingerprint.kpis}.</p>
<p>Every figure stands in results.json beside this page; each simulated second in series.csv, each agent in agents.csv, what went wrong
in incidents.json.</p>
</footer>`;
}

/** Nothing may load, connect or run but this page's own style and scripts, known by their hashes. */
function policy(scripts: readonly string[], style: string): string {
  const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  return [
    "default-src 'none'",
    `script-src ${scripts.map(hash).join(" ")}`,
    `style-src ${hash(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}
