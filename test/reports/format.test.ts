import { describe, expect, test } from "vitest";
import {
  againstTarget,
  amount,
  count,
  interval,
  kpiValue,
  milliseconds,
  oneLine,
  peopleNote,
  percent,
  seconds,
  signedMilliseconds,
  target,
} from "../../reports/format.js";
import { exampleResults } from "./fixture.js";

const atLeast = (value: number) => ({ comparison: ">=" as const, value });
const atMost = (value: number) => ({ comparison: "<=" as const, value });

describe("a value against its target stands on the side where it belongs", () => {
  test.each([
    [0.98996, "ratio", atLeast(0.99), "98.996 %"],
    [0.989999999, "ratio", atLeast(0.99), "<99 %"],
    [0.99, "ratio", atLeast(0.99), "99.00 %"],
    [0.99004, "ratio", atLeast(0.99), "99.00 %"],
    [0.998996, "ratio", atLeast(0.999), "99.8996 %"],
    [0.9999999, "ratio", atLeast(0.999), ">99.99 %"],
    [1, "ratio", atLeast(0.999), "100.00 %"],
    [0.999996, "ratio", atLeast(1), ">99.99 %"],
    [0.010001, "ratio", atMost(0.01), "1.0001 %"],
    [0.0000001, "ratio", atMost(0.01), "<0.01 %"],
    [0.0000001, "ratio", atMost(0), "<0.01 %"],
    [0, "ratio", atMost(0.01), "0.00 %"],
    [1000.4, "ms", atMost(1000), "1,000.4 ms"],
    [1000.00000001, "ms", atMost(1000), ">1,000 ms"],
    [999.6, "ms", atMost(1000), "1,000 ms"],
    [578.4, "ms", atMost(1000), "578 ms"],
    [300.02, "s", atMost(300), "300.02 s"],
    [null, "s", atMost(300), "–"],
  ] as const)("%s %s against %o is written %s", (value, unit, of, written) => {
    expect(againstTarget(value, unit, of)).toBe(written);
  });

  test("whatever the value and the target", () => {
    for (let at = 0; at <= 4000; at++) {
      const value = 0.9895 + at * 2.5e-7;
      const shown = Number.parseFloat(againstTarget(value, "ratio", atLeast(0.99)).replace(/^<99 %$/, "98.9999999"));
      expect(shown >= 99).toBe(value >= 0.99);
    }
  });
});

test("interval bounds stand on their side of the target too, and open sides say so", () => {
  const kpi = { ...exampleResults().kpis[0]!, target: atLeast(0.99) };
  const of = (low: number | null, high: number | null) =>
    interval({ ...kpi, interval: { level: 0.95, low, high, method: "any" } });
  expect(of(0.98999, 0.995)).toBe("98.999 to 99.50 %");
  expect(of(null, 0.995)).toBe("up to 99.50 %");
  expect(of(0.98, null)).toBe("from 98.00 %");
  expect(of(null, null)).toBe("–");
  expect(interval({ ...kpi, interval: null })).toBe("–");
});

test("only all is 100 % and only nothing is 0 %", () => {
  expect([1, 0.99999, 0.5, 0.00001, 0, null].map((ratio) => percent(ratio))).toEqual([
    "100.00 %",
    ">99.99 %",
    "50.00 %",
    "<0.01 %",
    "0.00 %",
    "–",
  ]);
});

test("numbers carry sensible digits and units", () => {
  expect(count(30_000)).toBe("30,000");
  expect([16_000.4, 36.72, 20, 0.0312].map(amount)).toEqual(["16,000", "36.7", "20", "0.031"]);
  expect([0, 0.25, 41.26, 578.4, 9_999, 65_000].map(milliseconds)).toEqual([
    "0 ms",
    "0.25 ms",
    "41.3 ms",
    "578 ms",
    "9,999 ms",
    "1 min 5 s",
  ]);
  expect([0, 0.3, 42, 60, 312, 7_500].map(seconds)).toEqual([
    "0 s",
    "0.3 s",
    "42 s",
    "1 min",
    "5 min 12 s",
    "2 h 5 min",
  ]);
  expect([-337, -0.23, 0.01, 2.74].map(signedMilliseconds)).toEqual(["-337 ms", "-0.2 ms", "0.0 ms", "+2.7 ms"]);
  expect([target(atLeast(0.999), "ratio"), target(atMost(0.29), "ratio"), target(atMost(1000), "ms")]).toEqual([
    "≥ 99.9 %",
    "≤ 29 %",
    "≤ 1,000 ms",
  ]);
});

test("text that could move a terminal's cursor is made harmless", () => {
  expect(oneLine("a\u001b[2Jb\r\nc\u2028d\u202ee")).toBe("a [2Jb c d e");
});

describe("a KPI without a number", () => {
  const kpi = exampleResults().kpis[0]!;

  test.each([
    ["missed", "never"],
    ["not-exercised", "–"],
  ] as const)("that was %s prints as %s", (verdict, shown) => {
    expect(kpiValue({ ...kpi, value: null, verdict })).toBe(shown);
  });
});

test("people stand beside the KPIs, unless the document's way counts them", () => {
  expect(peopleNote({ humanTargets: "repaired" })).toContain("beside the KPIs");
  expect(peopleNote({ humanTargets: "as-written" })).toContain("count people, too");
});
