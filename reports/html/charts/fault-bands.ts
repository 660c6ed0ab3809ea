/**
 * What was broken, as translucent bands behind every chart over time. A letter above a band says which fault it is; what the
 * letters stand for is written above the chart, and the tooltips name the faults under way.
 */
import type { Results } from "../../../scenarios/results.js";
import { shade } from "../palette.js";
import type { DataTable } from "./data-table.js";
import { mergedSpans } from "./spans.js";
import { type TimeAxis, timeAxis } from "./time-axis.js";

/** More faults than this, or more bands of one, would cover each other: the others have bands in common. */
const MOST_FAULTS = 12;
const MOST_BANDS = 40;
const OTHERS = "+";
/** A tooltip names no more. */
const MOST_NAMED = 8;
/** Letters closer than this share of the axis are written as one label; so much more for each letter of it. */
const LABEL_GAP = 0.035;
const MOST_LETTERS = 4;

interface Stretch {
  readonly from: number;
  readonly until: number;
}

interface Band extends Stretch {
  readonly letter: string;
}

export interface FaultBands {
  /** What the letters stand for, in the order of the scenario. */
  readonly legend: readonly { readonly letter: string; readonly name: string }[];
  /** When each fault was under way, in order of beginning. */
  readonly spans: readonly (Stretch & { readonly name: string })[];
  /** The names of those under way in [fromS, untilS], of many the first; null for none. */
  during(fromS: number, untilS: number): string | null;
  readonly tables: { readonly bands: DataTable; readonly letters: DataTable };
}

export function faultBands(results: Results): FaultBands {
  const { endS, at } = timeAxis(results);
  const struck = results.faults.flatMap(({ name, spells }) => {
    const stretches = spells
      .map(({ fromS, untilS }) => ({ from: at(fromS), until: untilS === null ? endS : Math.min(at(untilS), endS) }))
      .filter(({ from }) => from <= endS);
    return stretches.length === 0 ? [] : [{ name, stretches }];
  });
  const merged = (stretches: readonly Stretch[]) => mergedSpans(stretches, endS, MOST_BANDS);
  const spans = struck.flatMap(({ name, stretches }) => {
    return merged(stretches).map(({ from, until }) => ({ name, from, until }));
  });
  spans.sort((a, b) => a.from - b.from);
  const drawn = struck.slice(0, MOST_FAULTS).map((fault, index) => {
    return { ...fault, letter: String.fromCharCode("a".charCodeAt(0) + index) };
  });
  const others = struck.slice(MOST_FAULTS);
  if (others.length > 0) {
    const stretches = others.flatMap((fault) => fault.stretches);
    drawn.push({ letter: OTHERS, name: `${others.length} others`, stretches });
  }
  const bands = drawn.flatMap(({ letter, stretches }): Band[] => {
    return merged(stretches).map(({ from, until }) => ({ letter, from, until }));
  });
  bands.sort((a, b) => a.from - b.from);
  return {
    legend: drawn.map(({ letter, name }) => ({ letter, name })),
    spans,
    during: (fromS, untilS) => {
      const underWay = spans.filter(({ from, until }) => from <= untilS && until >= fromS);
      return underWay.length === 0 ? null : listed([...new Set(underWay.map(({ name }) => name))]);
    },
    tables: {
      bands: { fields: ["from", "until"], rows: bands.map(({ from, until }) => [from, until]) },
      letters: { fields: ["from", "text"], rows: labels(bands, endS) },
    },
  };
}

function listed(names: readonly string[]): string {
  const left = names.length - MOST_NAMED;
  return names.slice(0, MOST_NAMED).join(", ") + (left > 0 ? ` and ${left} more` : "");
}

/** One for each band, unless it would run into the one before it: then that one gets its letter, too. */
function labels(bands: readonly Band[], endS: number): [number, string][] {
  const written: { from: number; letters: string[] }[] = [];
  for (const { from, letter } of bands) {
    const last = written.at(-1);
    const room = last === undefined ? 1 : (from - last.from) / endS - LABEL_GAP * (1 + last.letters.length / 2);
    if (last === undefined || room > 0) written.push({ from, letters: [letter] });
    else if (!last.letters.includes(letter)) last.letters.push(letter);
  }
  return written.map(({ from, letters }) => {
    const more = letters.length > MOST_LETTERS ? "…" : "";
    return [from, letters.slice(0, MOST_LETTERS).join("") + more];
  });
}

/** To be drawn before everything else. */
export function bandsBehind({ x }: TimeAxis): object {
  return {
    data: { name: "bands" },
    mark: { type: "rect", color: shade("fault"), opacity: 0.16, clip: true, aria: false },
    encoding: { x: x("from"), x2: { field: "until" } },
  };
}

/** To be drawn over everything else: where bands begin and end, and their letters. They leave the pointer to what is below. */
export function bandEdges({ x }: TimeAxis): object[] {
  const edge = (field: string) => ({
    data: { name: "bands" },
    mark: { type: "rule", color: shade("fault"), strokeDash: [2, 2], opacity: 0.8, clip: true, aria: false },
    encoding: { x: x(field) },
  });
  const letters = {
    data: { name: "letters" },
    mark: {
      type: "text",
      color: shade("fault-ink"),
      align: "left",
      baseline: "bottom",
      dx: 1,
      fontSize: 11,
      fontWeight: 600,
      aria: false,
    },
    encoding: { x: x("from"), y: { value: -1 }, text: { field: "text", type: "nominal" } },
  };
  return [edge("from"), edge("until"), letters];
}
