/** The kinds of value that only faults are made of: one or several of something, how many of it, offsets, rates of drift. */
import { IMPEDANCE_CLASSES } from "../../protocol/mesh-30k/impedance-class.js";
import { DURATION_PATTERN, field, RATIO_PATTERN } from "./fields.js";
import { alternatives, Mismatch } from "./mismatch.js";
import { nearest } from "./nearest.js";
import { readDuration, readRatio } from "./units.js";

type Read<Value> = (found: unknown) => Value | Mismatch;

/** One value, or a list of at least one: what comes out is what was written, so that an error finds its place. */
export function oneOrMore<Value>(read: Read<Value>, hint: Readonly<Record<string, unknown>>) {
  return field(
    (found): Value | Value[] | Mismatch => {
      if (!Array.isArray(found)) return read(found);
      const values: Value[] = [];
      for (const each of found) {
        const value = read(each);
        if (value instanceof Mismatch) return new Mismatch(`a list of which each is ${value.expected}`, value.meant);
        values.push(value);
      }
      return values.length > 0 ? values : new Mismatch("one value, or a list of at least one");
    },
    { anyOf: [hint, { type: "array", minItems: 1, items: hint }] },
  );
}

export const oneOf =
  <const Value extends string>(values: readonly Value[]): Read<Value> =>
  (found) =>
    values.find((value) => value === found) ??
    new Mismatch(alternatives(values), typeof found === "string" ? nearest(found, values) : undefined);

export const matching =
  (pattern: RegExp, expected: string): Read<string> =>
  (found) =>
    typeof found === "string" && pattern.test(found) ? found : new Mismatch(expected);

export const ordinal =
  (expected: string): Read<number> =>
  (found) =>
    Number.isInteger(found) && Number(found) >= 1 ? Number(found) : new Mismatch(expected);

export const readClass = oneOf(IMPEDANCE_CLASSES);

const HOW_MANY = ["one", "minority", "majority", "all"] as const;

/** How many of those that match: a word, a whole number, or a share of them. */
export type Count = (typeof HOW_MANY)[number] | number | { readonly share: number };

const COUNT = "one, minority, majority, all, a whole number of 1 or more, or a share such as 5 %";

function readCount(found: unknown): Count | Mismatch {
  const word = HOW_MANY.find((each) => each === found);
  if (word !== undefined) return word;
  if (Number.isInteger(found) && Number(found) >= 1) return Number(found);
  if (typeof found === "string" && found.includes("%")) {
    const share = readRatio(found);
    if (share instanceof Mismatch) return share;
    return share > 0 ? { share } : new Mismatch("a share greater than 0 %");
  }
  const asShare = typeof found === "number" && found > 0 && found < 1;
  const meant = asShare ? `${Number((found * 100).toPrecision(12))} %` : undefined;
  return new Mismatch(COUNT, meant ?? (typeof found === "string" ? nearest(found, HOW_MANY) : undefined));
}

export const count = () =>
  field(readCount, {
    anyOf: [
      { type: "string", enum: HOW_MANY },
      { type: "integer", minimum: 1 },
      { type: "string", pattern: `^${RATIO_PATTERN}$` },
    ],
    examples: ["one", "minority", 3, "5 %"],
  });

/** Milliseconds, below zero for backwards; never none. */
export const offset = () =>
  field(
    (found) => {
      const isBackwards = typeof found === "string" && /^\s*-/.test(found);
      const ms = readDuration(isBackwards ? found.trim().slice(1) : found, "positive");
      if (ms instanceof Mismatch) return new Mismatch("an offset with a unit, such as 2 s or -500 ms", ms.meant);
      return isBackwards ? -ms : ms;
    },
    { type: "string", pattern: `^-?${DURATION_PATTERN}$`, examples: ["2 s", "-500 ms"] },
  );

/** Ten per cent: no oscillator comes near, and timers still work. */
const MOST_PPM = 100_000;

/** Millionths, below zero for too slow; never none. */
export const drift = () =>
  field(
    (found) => {
      const text = String(found);
      const number = /^\s*(-?\d+(?:\.\d+)?)\s*ppm\s*$/.exec(text)?.[1];
      const ppm = Number(number);
      if (ppm !== 0 && Math.abs(ppm) <= MOST_PPM) return ppm;
      const bare = /^-?\d+(\.\d+)?$/.test(text) && Number(text) !== 0 ? `${text} ppm` : undefined;
      return new Mismatch(`a drift in ppm from -${MOST_PPM} ppm to ${MOST_PPM} ppm, and not 0`, bare);
    },
    { type: "string", pattern: "^-?\\d+(\\.\\d+)? *ppm$", examples: ["200 ppm", "-50 ppm"] },
  );

/** What can only be said, not measured: present or not. */
export const flag = () =>
  field((found) => (found === true ? true : new Mismatch("true, or nothing at all")), { const: true });
