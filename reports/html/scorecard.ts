/** The KPIs as cards: value, verdict, target, interval, and what exactly was measured. */
import type { Results } from "../../scenarios/results.js";
import { count, interval, isUnjudged, type Kpi, kpiValue, NOTHING, target, VERDICTS } from "../format.js";
import { html, type Markup } from "./markup.js";

/** A second channel beside colour. */
const SIGNS: Readonly<Record<Kpi["verdict"], string>> = { holds: "✓", missed: "✗", "not-exercised": "○" };

export function scorecard(kpis: Results["kpis"]): Markup {
  return html`<section class="cards" aria-label="Key performance indicators">\n${kpis.map(card)}</section>\n`;
}

function card(kpi: Kpi): Markup {
  const origin = kpi.targetFrom === "scenario" ? " (set by the scenario)" : "";
  return html`<article class="card ${kpi.verdict}${isUnjudged(kpi) ? " unjudged" : ""}">
<div class="head"><h3>${kpi.title}</h3><span class="verdict">${SIGNS[kpi.verdict]} ${VERDICTS[kpi.verdict]}</span></div>
${isUnjudged(kpi) ? html`<p class="aside">not judged: the scenario ignores it</p>\n` : ""}<div class="value">${kpiValue(kpi)}</div>
<dl class="facts"><div><dt>target</dt><dd>${target(kpi.target, kpi.unit)}${origin}</dd></div>
${kpi.interval === null ? "" : intervalFact(kpi)}<div><dt>samples</dt><dd>${kpi.samples === 0 ? NOTHING : count(kpi.samples)}</dd></div></dl>
<p class="note">${kpi.definition.replaceAll(" %", "\u00a0%")}</p>
</article>\n`;
}

function intervalFact(kpi: Kpi): Markup {
  const { level, method } = kpi.interval!;
  return html`<div title="${method}"><dt>${Math.round(level * 100)} % interval</dt><dd>${interval(kpi)}</dd></div>\n`;
}
