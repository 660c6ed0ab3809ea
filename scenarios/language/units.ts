/**
 * Quantities with their units in the value: durations (`50 ms`), ratios (`1.5 %`) and rates (`10 / s`). Each reader
 * returns the number in the one unit that the rest of the house uses, or a Mismatch.
 */
import { Mismatch } from "./mismatch.js";

/** A decimal number, then whatever follows it. */
const QUANTITY = /^([+-]?(?:\d+(?:\.\d+)?|\.\d+))\s*(.*)$/s;

/** A number with an exponent, which is no way to write a quantity here, then whatever follows it. */
const SCIENTIFIC = /^([+-]?(?:\d+(?:\.\d+)?|\.\d+)e[+-]?\d+)\s*(.*)$/is;

const MICROSECONDS: Readonly<Record<string, number>> = { us: 1, ms: 1e3, s: 1e6, min: 60e6, h: 3600e6 };

/** Virtual time counts whole microseconds in a double: this many are exact, 285 years. */
const LONGEST_US = Number.MAX_SAFE_INTEGER;

/** How people write units that have another name here. */
const UNIT_SPELLINGS: readonly (readonly [spelling: RegExp, unit: string])[] = [
  [/^(us|µs|μs|usecs?|micros?|microseconds?)$/i, "us"],
  [/^(ms|msecs?|millis?|milliseconds?)$/i, "ms"],
  [/^(|s|secs?|seconds?)$/i, "s"],
  [/^(m|mins?|minutes?)$/i, "min"],
  [/^(h|hrs?|hours?)$/i, "h"],
];

/**
 * Milliseconds, rounded to a whole microsecond, which is the grain of virtual time (so `1100 ms` and `1.1 s` are equal).
 * @param least whether a duration of zero makes sense
 */
export function readDuration(found: unknown, least: "zero" | "positive" = "zero"): number | Mismatch {
  const [number, unit] = split(found);
  if (number === undefined || !Object.hasOwn(MICROSECONDS, unit)) return noDuration(found, number, unit);
  const us = Math.round(Number(number) * MICROSECONDS[unit]!);
  if (us < 0 || (us === 0 && least === "positive")) {
    return new Mismatch(
      least === "positive" ? "a duration greater than 0 (1 us at least)" : "a duration of 0 s or more",
    );
  }
  return us <= LONGEST_US ? Math.abs(us) / 1e3 : new Mismatch("a duration of at most 285 years (2^53 us)");
}

function noDuration(found: unknown, number: string | undefined, unit: string): Mismatch {
  const expected = "a duration with a unit: us, ms, s, min or h";
  const [whole, scientific, itsUnit] = (typeof found === "string" && SCIENTIFIC.exec(found.trim())) || [];
  const written = whole === undefined ? number : writtenOut(scientific!);
  const meant = written === undefined ? undefined : knownUnit(itsUnit ?? unit);
  return new Mismatch(
    whole === undefined ? expected : `${expected}, its number without an exponent`,
    meant === undefined ? undefined : `${written} ${meant}`,
  );
}

/** A number with an exponent as a plain decimal; undefined where that is longer than anybody would write. */
function writtenOut(scientific: string): string | undefined {
  const text = String(Number(scientific));
  return QUANTITY.exec(text)?.[2] === "" ? text : undefined;
}

/** From 0 to 1: a plain number, or one in percent. */
export function readRatio(found: unknown): number | Mismatch {
  const [number, unit] = typeof found === "number" ? [String(found), ""] : split(found);
  const expected = "a ratio from 0 to 1";
  if (number === undefined) return new Mismatch(`${expected}, such as 0.015 or 1.5 %`);
  // Shifting the decimal point in the text is exact where dividing by 100 is not: 0.07 % is 0.0007 to the last bit.
  const asPercent = () => (number.includes("e") ? Number(number) / 100 : Number(`${number}e-2`));
  const ratio = unit === "" ? Number(number) : unit === "%" ? asPercent() : Number.NaN;
  if (ratio >= 0 && ratio <= 1) return Math.abs(ratio);
  const isMeantAsPercent = unit !== "%" && asPercent() >= 0 && asPercent() <= 1;
  return new Mismatch(expected, isMeantAsPercent ? `${number} %` : undefined);
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, min: 60, h: 3600 };

/** One event each microsecond, the grain of virtual time. */
const HIGHEST_RATE = 1e6;

/** Events per second; 0 means never. */
export function readRate(found: unknown): number | Mismatch {
  const [number, unit] = split(found);
  const period = /^\/\s*(s|min|h)$/.exec(unit)?.[1];
  if (number === undefined || period === undefined) {
    const meant = number === undefined ? undefined : knownUnit(unit.replace(/^(\/|per\b|hz$)\s*/i, ""));
    const canBeMeant = meant !== undefined && Object.hasOwn(SECONDS, meant);
    return new Mismatch("a rate with a unit: / s, / min or / h", canBeMeant ? `${number} / ${meant}` : undefined);
  }
  const perSecond = Number(number) / SECONDS[period]!;
  if (perSecond >= 0 && perSecond <= HIGHEST_RATE) return Math.abs(perSecond);
  return new Mismatch(`a rate from 0 to ${HIGHEST_RATE} / s`);
}

/** The number as it is written, and its unit. */
function split(found: unknown): [number: string | undefined, unit: string] {
  if (typeof found !== "number" && typeof found !== "string") return [undefined, ""];
  const match = QUANTITY.exec(String(found).trim());
  return match ? [match[1]!, match[2]!] : [undefined, ""];
}

function knownUnit(spelling: string): string | undefined {
  return UNIT_SPELLINGS.find(([pattern]) => pattern.test(spelling))?.[1];
}
