/** The charts in the page: a figure for each, with room for its panels, which the page's script fills. */
import type { Results } from "../../scenarios/results.js";
import { arrivalErrorChart } from "./charts/arrival-error.js";
import { cascadeLatencyChart } from "./charts/cascade-latency.js";
import type { Chart } from "./charts/chart.js";
import { hitRateChart } from "./charts/hit-rate.js";
import { impedanceChart } from "./charts/impedance.js";
import { messageRateChart } from "./charts/message-rate.js";
import { html, type Markup } from "./markup.js";

/** All charts of a run, in the order of the page; those without anything to draw are left out. */
export function chartsOf(results: Results): Chart[] {
  const charts = [hitRateChart, arrivalErrorChart, cascadeLatencyChart, impedanceChart, messageRateChart];
  return charts.map((chart) => chart(results)).filter((chart) => chart.panels.length > 0);
}

export function figure(chart: Chart): Markup {
  const panels = chart.panels.map(
    ({ title }) => html`<div>${title === "" ? "" : html`<h4>${title}</h4>`}<div class="panel"></div></div>\n`,
  );
  return html`<figure id="${chart.id}"><h3>${chart.title}</h3><figcaption>${chart.caption}</figcaption>
${legend(chart)}
<div class="panels ${chart.columns === 3 ? "wide" : "single"}">\n${panels}</div></figure>\n`;
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
