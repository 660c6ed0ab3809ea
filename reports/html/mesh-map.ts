/**
 * The map of the mesh: a column for each sector, with its coordinator on top and its clusters below, coloured and lettered by state,
 * and a slider over time. The page's script draws it. A mesh of very many clusters is drawn sector by sector.
 */
import { type Results, SERVICE_STATES } from "../../scenarios/results.js";
import { count } from "../format.js";
import { faultBands } from "./charts/fault-bands.js";
import { timeAxis } from "./charts/time-axis.js";
import { html, type Markup } from "./markup.js";

type State = (typeof SERVICE_STATES)[number];
type Mapped = Results["map"]["orchestrator"];

/** A browser draws more only slowly, and nobody can point at one. */
const MOST_CLUSTERS = 4_000;

/** The letter is what tells states apart where colours do not. */
export const STATES: Readonly<Record<State, { readonly letter: string; readonly name: string }>> = {
  "in-service": { letter: "", name: "in service" },
  degraded: { letter: "D", name: "degraded: below 95 % active" },
  "breaker-open": { letter: "B", name: "breaker open" },
  "nobody-in-office": { letter: "N", name: "nobody in office" },
  "all-down": { letter: "X", name: "all agents down" },
  "split-brain": { letter: "2", name: "two in office" },
};

/** What the page's script reads. */
export interface MapData {
  readonly stepS: number;
  readonly steps: number;
  readonly states: readonly { readonly letter: string; readonly name: string }[];
  /** Each: name, then its changes. */
  readonly orchestrator: MapRow;
  readonly sectors: readonly { readonly row: MapRow; readonly clusters: readonly MapRow[] }[];
  readonly faults: readonly { readonly name: string; readonly from: number; readonly until: number }[];
}

export type MapRow = readonly [name: string, ...changes: number[]];

/** Null where there is no map to draw. */
export function mapData(results: Results): MapData | null {
  const { map } = results;
  if (map.sectors.length === 0) return null;
  const { endS } = timeAxis(results);
  const isCoarse = isBySector(map);
  return {
    stepS: map.stepS,
    steps: Math.max(1, Math.ceil(endS / map.stepS)),
    states: SERVICE_STATES.map((state) => STATES[state]),
    orchestrator: rowOf(map.orchestrator),
    sectors: map.sectors.map(({ name, changes, clusters }) => ({
      row: isCoarse ? [name, ...gravest([changes, ...clusters.map((cluster) => cluster.changes)])] : [name, ...changes],
      clusters: isCoarse
        ? []
        : clusters.map((cluster) => [`${cluster.name} (class ${cluster.class})`, ...cluster.changes] as const),
    })),
    faults: faultBands(results).spans,
  };
}

/** Nothing where there is nothing to draw. */
export function mapSection(results: Results, data: MapData | null): Markup {
  const { map } = results;
  if (data === null) return html``;
  const what = isBySector(map)
    ? "One square for each sector, in the gravest state of its clusters and itself, since there are too many clusters to show."
    : "A column for each sector: its coordinator in the framed square on top, its clusters below.";
  const step = map.stepS > 1 ? ` Each step is of ${count(map.stepS)} s and shows the gravest state in it.` : "";
  const keys = data.states.map(
    ({ letter, name }, code) =>
      html`<span><i class="cell s${code}" aria-hidden="true">${letter}</i> <b data-count="${code}"></b> ${name}</span>\n`,
  );
  return html`<figure id="map"><h3>Map of the mesh over time</h3><figcaption>${what}${step} True states, not what the nodes believe.</figcaption>
<div class="controls" hidden><button type="button" data-do="back" aria-label="to the change before">◀</button>
<button type="button" data-do="play" aria-pressed="false">Play</button>
<button type="button" data-do="on" aria-label="to the next change">▶</button>
<input type="range" min="0" max="${data.steps - 1}" step="1" value="0" aria-label="time"><output></output></div>
<div class="states">\n${keys}</div>
<p class="under-way"></p>
<div class="mesh"></div></figure>\n`;
}

function isBySector(map: Results["map"]): boolean {
  return map.sectors.reduce((sum, { clusters }) => sum + clusters.length, 0) > MOST_CLUSTERS;
}

function rowOf({ name, changes }: Mapped): MapRow {
  return [name, ...changes];
}

/** The gravest of several at each step. */
function gravest(all: readonly (readonly number[])[]): number[] {
  const events = all.flatMap((changes, thing) =>
    Array.from({ length: changes.length / 2 }, (_, at) => ({
      thing,
      step: changes[2 * at]!,
      state: changes[2 * at + 1]!,
    })),
  );
  events.sort((a, b) => a.step - b.step);
  const states = all.map(() => 0);
  const counts = SERVICE_STATES.map(() => 0);
  const result: number[] = [];
  for (const [at, { thing, step, state }] of events.entries()) {
    counts[states[thing]!]!--;
    counts[state]!++;
    states[thing] = state;
    if (events[at + 1]?.step === step) continue;
    const worst = Math.max(
      0,
      counts.findLastIndex((number) => number > 0),
    );
    if ((result.at(-1) ?? 0) !== worst) result.push(step, worst);
  }
  return result;
}
