/** The charts in the page: a figure for each, with room for its panels, which the page's script fills. */
import type { Results } from "../../scenarios/results.js";
import { activeAgentsChart } from "./charts/active-agents.js";
import { arrivalErrorChart } from "./charts/arrival-error.js";
import { cascadeLatencyChart } from "./charts/cascade-latency.js";
import type { Chart } from "./charts/chart.js";
import type { FaultBands } from "./charts/fault-bands.js";
import { hitRateChart } from "./charts/hit-rate.js";
import { impedanceChart } from "./charts/impedance.js";
import { incidentsChart } from "./charts/incidents.js";
import { messageRateChart } from "./charts/message-rate.js";
import { modesChart } from "./charts/modes.js";
import { html, type Markup } from "./markup.js";

/** How the mesh fared: those without anything to draw are left out. */
export function serviceCharts(results: Results): Chart[] {
  return drawable([activeAgentsChart, modesChart, incidentsChart], results);
}

/** How operations fared, in the order of the page; those without anything to draw are left out. */
export function operationCharts(results: Results): Chart[] {
  return drawable([hitRateChart, arrivalErrorChart, cascadeLatencyChart, impedanceChart, messageRateChart], results);
}

/** All charts of a run. */
export function chartsOf(results: Results): Chart[] {
  return [...serviceCharts(results), ...operationCharts(results)];
}

function drawable(charts: readonly ((results: Results) => Chart)[], results: Results): Chart[] {
  return charts.map((chart) => chart(results)).filter((chart) => chart.panels.length > 0);
}

export function figure(chart: Chart): Markup {
  const panels = chart.panels.map(
    ({ title }) => html`<div>${title === "" ? "" : html`<h4>${title}</h4>`}<div class="panel"></div></div>\n`,
  );
  return html`<figure id="${chart.id}"><h3>${chart.title}</h3><figcaption>${chart.caption}</figcaption>
${legend(chart)}${chart.bands === undefined ? "" : faultLegend(chart.bands)}
<div class="panels ${chart.columns === 3 ? "wide" : "single"}">\n${panels}</div></figure>\n`;
}

/** What the letters on the bands stand for; nothing where nothing was broken. */
function faultLegend({ legend: faults }: FaultBands): Markup {
  if (faults.length === 0) return html``;
  const keys = faults.map(({ letter, name }) => html` <span class="fault"><b>${letter}</b> ${name}</span>`);
  return html`<p class="faults"><span class="of-fault" aria-hidden="true">▒</span> faults:${keys}</p>`;
}

/** The page's script makes the entries work as switches. */
function legend({ legend: entries, title }: Chart): Markup {
  if (entries.length === 0) return html``;
  const keys = entries.map(
    ({ column, name, shade, sign }) =>
      html`<button type="button" class="key" data-column="${column}" aria-pressed="false"><span class="of-${shade}" aria-hidden="true">${sign}</span> ${name}</button>\n`,
  );
  return html`<div class="legend" role="group" aria-label="${title}: legend">\n${keys}</div>`;
}
