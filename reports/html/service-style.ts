/** The style of what tells how the mesh fared: bars of recovery, and the map with its controls. */

/** On the colour of each state; the palette's test holds them to their contrast. */
const INKS = ["ink", "state-ink", "state-ink", "state-ink", "paper", "state-ink"] as const;

const states = INKS.map((ink, code) => `.cell.s${code} { background: var(--state-${code}); color: var(--${ink}); }`);

export const SERVICE_STYLE = `svg.recovery { display: block; }
.recovery .slowest { stroke: var(--ink-soft); stroke-width: 1.5; }
.recovery .noticed { fill: var(--kind-5); }
.recovery .repaired { fill: var(--kind-0); }
.recovery .target { stroke: var(--target); stroke-width: 2; }
.controls { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; margin: 8px 0; }
.controls[hidden] { display: none; }
.controls button { font: inherit; font-size: 13px; color: var(--ink); background: var(--card); border: 1px solid var(--line);
  border-radius: 6px; padding: 2px 10px; cursor: pointer; }
.controls input { flex: 1 1 200px; min-width: 120px; accent-color: var(--kind-0); }
.controls output { min-width: 7ch; font-variant-numeric: tabular-nums; font-weight: 600; }
.states { display: flex; flex-wrap: wrap; gap: 2px 16px; font-size: 13px; color: var(--ink-soft); font-variant-numeric: tabular-nums; }
.states b { color: var(--ink); }
.under-way { font-size: 13px; margin: 4px 0; overflow-wrap: anywhere; }
.mesh { --cell: 10.4px; max-width: 100%; overflow: hidden; }
.mesh:has(.large) { --cell: 18px; }
.top-cell { font-size: 13px; margin: 4px 0 2px; color: var(--ink-soft); }
.grid { display: flex; flex-wrap: wrap; row-gap: 8px; }
.column { width: var(--cell); }
.column .label { display: block; height: 14px; font-size: 10px; line-height: 14px; color: var(--ink-soft); white-space: nowrap; width: 0; }
.cell { display: block; width: var(--cell, 14px); height: var(--cell, 14px); border: 0.5px solid var(--paper); font: 700 8px/10px system-ui, sans-serif;
  text-align: center; overflow: hidden; background: var(--state-0); }
.large .cell { font-size: 12px; line-height: 17px; }
.states .cell, .top-cell .cell { display: inline-block; width: 14px; height: 14px; font-size: 10px; line-height: 13px; vertical-align: -2px; }
.cell.head { border: 1.5px solid var(--ink-soft); line-height: 7.5px; }
.large .cell.head { line-height: 15px; }
.top-cell .cell.head { line-height: 11px; }
.grid .cell.head { margin-bottom: 2px; }
${states.join("\n")}`;
