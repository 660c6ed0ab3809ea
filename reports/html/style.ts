/** The style sheet of the report: one column, system fonts, figures aligned, the same in light, in dark and on paper. */
import { DARK, declarations, LIGHT } from "./palette.js";
import { SERVICE_STYLE } from "./service-style.js";

export const STYLE = `
:root { color-scheme: light; ${declarations(LIGHT)} }
@media (prefers-color-scheme: dark) { :root:not([data-theme="light"]) { color-scheme: dark; ${declarations(DARK)} } }
:root[data-theme="dark"] { color-scheme: dark; ${declarations(DARK)} }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 1120px; margin: 0 auto; padding: 24px 24px 48px; }
h1 { font-size: 26px; line-height: 1.2; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 19px; margin: 40px 0 10px; padding-top: 10px; border-top: 1px solid var(--line); }
h3 { font-size: 16px; margin: 28px 0 2px; }
h4 { font-size: 13px; margin: 8px 0 0; font-weight: 600; }
p { margin: 0 0 8px; max-width: 78ch; }
.note, figcaption { color: var(--ink-soft); font-size: 13px; max-width: 92ch; }
code { font: 13px/1.5 ui-monospace, "SFMono-Regular", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
code.command { display: block; background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: 8px 12px;
  user-select: all; }
.top { display: flex; gap: 16px; justify-content: space-between; align-items: flex-start; }
#theme { flex: none; font: inherit; font-size: 13px; color: var(--ink); background: var(--card); border: 1px solid var(--line);
  border-radius: 6px; padding: 4px 12px; cursor: pointer; }
.facts { display: flex; flex-wrap: wrap; gap: 2px 24px; margin: 12px 0; padding: 0; }
.facts div { display: flex; gap: 6px; }
.facts dt { color: var(--ink-soft); }
.facts dd { margin: 0; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.banner { border: 1px solid var(--warn); border-left-width: 6px; border-radius: 6px; padding: 10px 14px; margin: 16px 0; }
.banner.bad { border-color: var(--bad); }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(238px, 1fr)); gap: 12px; margin: 16px 0; }
.card { background: var(--card); border: 1px solid var(--line); border-left: 5px solid var(--ink-soft); border-radius: 6px;
  padding: 12px 14px; break-inside: avoid; }
.card.holds { border-left-color: var(--good); }
.card.missed { border-left-color: var(--bad); }
.card.not-exercised { border-left-color: var(--warn); border-left-style: dashed; }
.card.unjudged { border-left-color: var(--warn); border-left-style: dotted; }
.card.unjudged .verdict, .card .aside { color: var(--warn); }
.card .aside { margin: 0; font-size: 12.5px; font-weight: 600; }
.card h3 { margin: 0; font-size: 14px; font-weight: 600; }
.card .value { font-size: 26px; line-height: 1.3; font-variant-numeric: tabular-nums; }
.card .facts { margin: 2px 0 8px; gap: 0 14px; font-size: 13px; }
.card .note { font-size: 12.5px; line-height: 1.4; margin: 0; }
.verdict { font-size: 13px; font-weight: 600; white-space: nowrap; }
.holds .verdict, .verdict.holds { color: var(--good); }
.missed .verdict, .verdict.missed { color: var(--bad); }
.not-exercised .verdict { color: var(--warn); }
.card .head { display: flex; justify-content: space-between; gap: 8px; align-items: baseline; }
figure { margin: 0 0 28px; break-inside: avoid; }
.panels { display: grid; gap: 4px 20px; margin-top: 8px; }
.panels.wide { grid-template-columns: repeat(auto-fill, minmax(min(300px, 100%), 1fr)); }
.panels > div { min-width: 0; break-inside: avoid; }
.panel { width: 100%; overflow: hidden; }
.panel svg { display: block; max-width: 100%; }
.scroll { overflow-x: auto; margin: 0 0 20px; }
table { border-collapse: collapse; font-size: 13.5px; font-variant-numeric: tabular-nums; }
th, td { padding: 4px 8px; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th:first-child, td:first-child { padding-left: 2px; }
thead th { color: var(--ink-soft); font-weight: 600; vertical-align: bottom; line-height: 1.25; }
tbody th, td { white-space: nowrap; }
th.number, td.number { text-align: right; }
tr.aside td, tr.aside th { color: var(--ink-soft); }
td.bad { color: var(--bad); font-weight: 600; }
tbody th { font-weight: 500; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 4px; margin: 8px 0 0 -8px; }
.key { font: inherit; font-size: 13px; color: var(--ink); background: none; border: 1px solid transparent; border-radius: 6px;
  padding: 1px 8px; cursor: pointer; }
.key:hover, .key[aria-pressed="true"] { border-color: var(--line); background: var(--card); }
${Object.keys(LIGHT)
  .map((name) => `.of-${name} { color: var(--${name}); }`)
  .join("\n")}
.faults { font-size: 13px; margin: 4px 0 0; max-width: none; color: var(--ink-soft); }
.faults .fault { display: inline-block; margin: 0 10px 0 4px; overflow-wrap: anywhere; max-width: 100%; }
.faults b { color: var(--fault-ink); font-weight: 700; }
${SERVICE_STYLE}
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(420px, 100%), 1fr)); gap: 0 40px; }
.pair > div { min-width: 0; }
details summary { cursor: pointer; color: var(--ink-soft); font-size: 13px; }
#tip { position: fixed; z-index: 9; pointer-events: none; background: var(--card); color: var(--ink); border: 1px solid var(--line);
  border-radius: 6px; padding: 6px 10px; font-size: 12.5px; line-height: 1.45; max-width: 380px; box-shadow: 0 2px 10px #0003;
  font-variant-numeric: tabular-nums; }
#tip[hidden] { display: none; }
#tip div { display: flex; justify-content: space-between; gap: 14px; }
#tip span { color: var(--ink-soft); }
#tip b { font-weight: 600; }
footer { overflow-wrap: anywhere; margin-top: 40px; padding-top: 10px; border-top: 1px solid var(--line); }
@media (max-width: 640px) { main { padding: 16px 14px 32px; } .cards { grid-template-columns: 1fr; } }
@media print {
  :root, :root[data-theme="dark"], :root:not([data-theme="light"]) { color-scheme: light; ${declarations(LIGHT)} }
  body { font-size: 10.5pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  main { max-width: none; padding: 0; }
  #theme, #tip, .controls button { display: none; }
  h2, h3, h4 { break-after: avoid; }
  tr { break-inside: avoid; }
  .scroll { overflow: visible; }
  table { font-size: 8pt; }
  th, td { padding: 2px 5px; }
  .panel svg { height: auto; }
}
`;
