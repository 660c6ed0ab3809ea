/**
 * How numbers are written for people: units, sensible digits, and never a rounding that tells a lie. The same everywhere,
 * whatever the locale of the machine. Formatting only: no figure is computed here.
 */
import type { Results } from "../scenarios/results.js";

export type Kpi = Results["kpis"][number];
type Unit = Kpi["unit"];
type Target = Kpi["target"];

/** What stands where there is nothing to say. */
export const NOTHING = "–";

/** Beyond this many digits a value is written as `<` or `>` its limit rather than digit by digit. */
const MOST_DIGITS = 6;

/** 30000 as `30,000`. */
export function count(value: number): string {
  return grouped(value.toFixed(0));
}

/** 16000.4 as `16,000`, 3.25 as `3.3`, 0.0312 as `0.031`: about three digits that mean something, none after a large number. */
export function amount(value: number): string {
  return grouped(trimmed(value.toFixed(decimalsFor(value))));
}

/** A ratio as a percentage. Only what is exactly all or nothing prints as 100 % or 0 %. */
export function percent(ratio: number | null, digits = 2): string {
  if (ratio === null) return NOTHING;
  const shown = (ratio * 100).toFixed(digits);
  if (ratio < 1 && Number(shown) >= 100) return `>${(100 - 10 ** -digits).toFixed(digits)} %`;
  if (ratio > 0 && Number(shown) <= 0) return `<${(10 ** -digits).toFixed(digits)} %`;
  return `${shown} %`;
}

/** A duration in ms, as ms up to ten seconds, then as s, min, h. */
export function milliseconds(ms: number | null): string {
  if (ms === null) return NOTHING;
  return Math.abs(ms) < 10_000 ? `${grouped(ms.toFixed(decimalsFor(ms)))} ms` : seconds(ms / 1000);
}

/** An error in ms with its sign, where above zero is late. */
export function signedMilliseconds(ms: number | null): string {
  if (ms === null) return NOTHING;
  if (Math.abs(ms) < 0.05) return "0.0 ms";
  const sign = ms > 0 ? "+" : "-";
  return sign + (Math.abs(ms) < 100 ? `${Math.abs(ms).toFixed(1)} ms` : milliseconds(Math.abs(ms)));
}

/** A duration in s: `0.3 s`, `42 s`, `5 min`, `5 min 12 s`, `2 h 5 min`. */
export function seconds(s: number | null): string {
  if (s === null) return NOTHING;
  if (Math.abs(s) < 60) return `${trimmed(s.toFixed(Math.abs(s) < 10 ? 2 : 1))} s`;
  const whole = Math.round(Math.abs(s));
  const parts: [number, string][] =
    whole < 3600
      ? [
          [Math.floor(whole / 60), "min"],
          [whole % 60, "s"],
        ]
      : [
          [Math.floor(whole / 3600), "h"],
          [Math.floor((whole % 3600) / 60), "min"],
        ];
  const text = parts.flatMap(([value, unit]) => (value > 0 ? [`${value} ${unit}`] : [])).join(" ");
  return s < 0 ? `-${text}` : text;
}

/** `≥ 99 %`, `≤ 1,000 ms`. */
export function target(of: Target, unit: Unit): string {
  return `${of.comparison === ">=" ? "≥" : "≤"} ${limit(of, unit)}`;
}

/**
 * A KPI's value with as many digits as it takes to stand on the right side of its target: 0.98996 against `>= 0.99` prints as
 * 98.996 %, never as 99.00 %. A value too close for that prints as `<99 %`.
 */
export function againstTarget(value: number | null, unit: Unit, of: Target): string {
  if (value === null) return NOTHING;
  if (unit === "ratio") {
    const plain = percent(value);
    if (plain.startsWith("<") || plain.startsWith(">")) {
      if (within(value, of) === within(Number.parseFloat(plain.slice(1)) / 100, of)) return plain;
    }
  }
  const scale = unit === "ratio" ? 100 : 1;
  const shownLimit = Number((of.value * scale).toPrecision(12));
  const shownTarget = { ...of, value: shownLimit };
  for (let digits = unit === "ratio" ? 2 : decimalsFor(value); digits <= MOST_DIGITS; digits++) {
    const shown = (value * scale).toFixed(digits);
    if (within(Number(shown), shownTarget) !== within(value, of)) continue;
    if (unit === "ratio" && value < 1 && Number(shown) >= 100) continue;
    return `${grouped(shown)} ${unitName(unit)}`;
  }
  return `${value < of.value ? "<" : ">"}${limit(of, unit)}`;
}

/** What a KPI came to; one that was missed without a number is of something that never happened. */
export function kpiValue(kpi: Kpi): string {
  return kpi.value === null && kpi.verdict === "missed" ? "never" : againstTarget(kpi.value, kpi.unit, kpi.target);
}

/** Where people stand, by the option `humanTargets`. */
export function peopleNote(protocol: Results["protocol"]): string {
  return protocol.humanTargets === "as-written"
    ? "targets like all others here: hit rate, latency and availability count people, too"
    : "beside the KPIs, which count machine agents";
}

/** The two bounds of an interval, each on its right side of the target; `from` or `up to` where the other side is open. */
export function interval(kpi: Kpi): string {
  if (kpi.interval === null) return NOTHING;
  const { low, high } = kpi.interval;
  const bound = (value: number) => againstTarget(value, kpi.unit, kpi.target);
  if (low === null) return high === null ? NOTHING : `up to ${bound(high)}`;
  if (high === null) return `from ${bound(low)}`;
  return `${bound(low).replace(/ [^ ]+$/, "")} to ${bound(high)}`;
}

/** The verdict in words. */
export const VERDICTS: Readonly<Record<Kpi["verdict"], string>> = {
  holds: "holds",
  missed: "missed",
  "not-exercised": "not exercised",
};

/** Whether the verdict does not count: the scenario ignores the KPI, and there was something to judge. */
export function isUnjudged(kpi: Kpi): boolean {
  return !kpi.gated && kpi.verdict !== "not-exercised";
}

/** One line of text: control characters, which could move a terminal's cursor, and line breaks become spaces. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ").trim();
}

function limit(of: Target, unit: Unit): string {
  const shown = unit === "ratio" ? of.value * 100 : of.value;
  return `${grouped(String(Number(shown.toPrecision(12))))} ${unitName(unit)}`;
}

function unitName(unit: Unit): string {
  return unit === "ratio" ? "%" : unit;
}

function within(value: number, of: Target): boolean {
  return of.comparison === ">=" ? value >= of.value : value <= of.value;
}

function decimalsFor(value: number): number {
  const size = Math.abs(value);
  if (size >= 100 || size === 0) return 0;
  if (size >= 1) return 1;
  return size >= 0.1 ? 2 : 3;
}

function trimmed(digits: string): string {
  return digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits;
}

function grouped(digits: string): string {
  const [whole = "", fraction] = digits.split(".");
  const thousands = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? thousands : `${thousands}.${fraction}`;
}
