/**
 * What was broken, as translucent bands behind every chart over time. A letter above a band says which fault it is; what the
 * letters stand for is written above the chart, and the tooltips name the faults under way.
 */
import type { Results } from "../../../scenarios/results.js";
import { shade } from "../palette.js";
import type { DataTable } from "./data-table.js";
import { mergedSpans } from "./spans.js";
import { type TimeAxis, timeAxis } from "./time-axis.js";

/** More faults than this, or more bands of one, would cover each other. */
const MOST_FAULTS = 12;
const MOST_BANDS = 40;
/** Letters closer than this share of the axis are written as one label; so much more for each letter of it. */
const LABEL_GAP = 0.035;
const MOST_LETTERS = 4;

interface Band {
  readonly letter: string;
  readonly name: string;
  readonly from: number;
  readonly until: number;
}

export interface FaultBands {
  /** What the letters stand for, in the order of the scenario. */
  readonly legend: readonly { readonly letter: string; readonly name: string }[];
  /** Faults that have no band, there being too many. */
  readonly leftOut: number;
  /** All bands, in order of beginning. */
  readonly spans: readonly { readonly name: string; readonly from: number; readonly until: number }[];
  /** The names of those under way in [fromS, untilS]; null for none. */
  during(fromS: number, untilS: number): string | null;
  readonly tables: { readonly bands: DataTable; readonly letters: DataTable };
}

export function faultBands(results: Results): FaultBands {
  const { endS, at } = timeAxis(results);
  const struck = results.faults.filter(({ spells }) => spells.length > 0);
  const bands = struck.slice(0, MOST_FAULTS).flatMap(({ name, spells }, index): Band[] => {
    const spans = spells
      .map(({ fromS, untilS }) => ({ from: at(fromS), until: untilS === null ? endS : Math.min(at(untilS), endS) }))
      .filter(({ from }) => from <= endS);
    const letter = String.fromCharCode("a".charCodeAt(0) + index);
    return mergedSpans(spans, endS, MOST_BANDS).map(({ from, until }) => ({ letter, name, from, until }));
  });
  bands.sort((a, b) => a.from - b.from);
  const names = new Map(bands.map(({ letter, name }) => [letter, name]));
  return {
    legend: [...names].sort(([a], [b]) => (a < b ? -1 : 1)).map(([letter, name]) => ({ letter, name })),
    leftOut: Math.max(0, struck.length - MOST_FAULTS),
    spans: bands.map(({ name, from, until }) => ({ name, from, until })),
    during: (fromS, untilS) => {
      const underWay = bands.filter(({ from, until }) => from <= untilS && until >= fromS);
      return underWay.length === 0 ? null : [...new Set(underWay.map(({ name }) => name))].join(", ");
    },
    tables: {
      bands: { fields: ["from", "until"], rows: bands.map(({ from, until }) => [from, until]) },
      letters: { fields: ["from", "text"], rows: labels(bands, endS) },
    },
  };
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
