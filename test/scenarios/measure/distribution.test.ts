import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Distribution, exactQuantiles, histogramOf, rounded } from "../../../scenarios/measure/distribution.js";
import { RandomStreams } from "../../../sim/random.js";

const QUANTILES = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1];
const RELATIVE_ACCURACY = 0.005;

function of(values: readonly number[]): Distribution {
  const distribution = new Distribution();
  for (const value of values) distribution.add(value);
  return distribution;
}

/** The values between which a quantile lies: that at the rank below and that at the rank above. */
function around(values: readonly number[], q: number): [low: number, high: number] {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = q * (values.length - 1);
  return [sorted[Math.floor(rank + 1e-9)]!, sorted[Math.ceil(rank - 1e-9)]!];
}

function expectWithin(found: number, [low, high]: [number, number]): void {
  const slack = (value: number) => Math.abs(value) * RELATIVE_ACCURACY + 0.000_51;
  expect(found).toBeGreaterThanOrEqual(low - slack(low));
  expect(found).toBeLessThanOrEqual(high + slack(high));
}

describe("a quantile of a sketch is that of the values themselves, by nearest rank", () => {
  it.each([1, 2, 3, 10, 19, 20, 21, 99, 100, 101])("of %i values that lie far apart", (count) => {
    // Below zero, zero and above it, each a tenth from its neighbours: no sketch takes one for another.
    const values = Array.from({ length: count }, (_, index) => {
      const away = index - Math.floor(count / 3);
      return Math.sign(away) * 1.1 ** Math.abs(away);
    });
    const exact = exactQuantiles(values)!;
    const sketched = of(values).quantiles()!;
    for (const q of ["p5", "p25", "p50", "p75", "p95", "p99"] as const) {
      expect(Math.abs(sketched[q] - exact[q]), q).toBeLessThanOrEqual(0.006 * Math.abs(exact[q]) + 0.002);
    }
  });
});

/** Milliseconds to the microsecond: far from zero and close to it, on both sides. */
const times = fc.oneof(
  fc.integer({ min: -1e9, max: 1e9 }).map((us) => us / 1000),
  fc.integer({ min: -1000, max: 1000 }).map((us) => us / 1000),
  fc.constantFrom(0, -0, 50, -50),
);

describe("a quantile is exact to 0.5 %", () => {
  const random = new RandomStreams(5, "test", 1);
  const draw = () => Math.sqrt(-2 * Math.log1p(-random.uniform(0))) * Math.cos(2 * Math.PI * random.uniform(0));

  it.each<[name: string, make: () => number]>([
    ["of lognormal latencies", () => Math.exp(5 + draw())],
    ["of errors around zero", () => 20 * draw()],
    ["of errors that are nearly all early", () => -Math.exp(3 + draw()) + (random.uniform(0) < 0.01 ? 1000 : 0)],
    ["of a narrow spread", () => 700 + draw()],
  ])("%s", (_, make) => {
    const values = Array.from({ length: 5001 }, make);
    const distribution = of(values);
    for (const q of QUANTILES) expectWithin(distribution.quantile(q), around(values, q));
  });

  it("of any values", () => {
    fc.assert(
      fc.property(fc.array(times, { minLength: 1, maxLength: 60 }), fc.constantFrom(...QUANTILES), (values, q) => {
        expectWithin(of(values).quantile(q), around(values, q));
      }),
      { seed: 1, numRuns: 400 },
    );
  });

  it("and none where there is no value", () => {
    expect(new Distribution().quantile(0.5)).toBeNaN();
    expect(new Distribution().quantiles()).toBeNull();
  });
});

describe("merging", () => {
  it("equals adding all, of mixed signs and of sizes that differ, in any order", () => {
    fc.assert(
      fc.property(fc.array(fc.array(times, { maxLength: 30 }), { minLength: 1, maxLength: 5 }), (parts) => {
        const merged = new Distribution();
        for (const part of parts) merged.merge(of(part));
        const backwards = new Distribution();
        for (const part of [...parts].reverse()) backwards.merge(of(part));
        const all = of(parts.flat());
        expect(merged.count).toBe(parts.flat().length);
        expect(merged.quantiles()).toEqual(all.quantiles());
        expect(backwards.quantiles()).toEqual(all.quantiles());
      }),
      { seed: 1, numRuns: 400 },
    );
  });

  it("leaves the one that was merged in as it was", () => {
    const [one, other] = [of([1, 2, 3]), of([-100, 100])];
    const before = other.quantiles();
    one.merge(other);
    one.add(5);
    expect(other.quantiles()).toEqual(before);
  });
});

describe("exact quantiles of a few values are those of nearest rank", () => {
  it.each<[name: string, values: number[], expected: object]>([
    ["one value", [7], { count: 1, p5: 7, p50: 7, p99: 7 }],
    ["twenty", Array.from({ length: 20 }, (_, i) => 20 - i), { p5: 1, p25: 5, p50: 10, p75: 15, p95: 19, p99: 20 }],
    ["two", [10, 20], { p25: 10, p50: 10, p75: 20, p95: 20 }],
  ])("%s", (_, values, expected) => {
    expect(exactQuantiles(values)).toMatchObject(expected);
  });

  it("none of nothing", () => {
    expect(exactQuantiles([])).toBeNull();
  });
});

describe("a histogram", () => {
  it.each<[name: string, values: number[], width: number, expected: object]>([
    ["of nothing is empty", [], 10, { lowerEdges: [], counts: [] }],
    ["of one value has one bin", [23], 10, { lowerEdges: [20], counts: [1] }],
    ["puts an edge into the bin that it opens", [20, 29.999, 30], 10, { lowerEdges: [20, 30], counts: [2, 1] }],
    ["keeps the empty bins between", [1, 35], 10, { lowerEdges: [0, 10, 20, 30], counts: [1, 0, 0, 1] }],
    ["reaches below zero", [-1, 0, 1], 10, { lowerEdges: [-10, 0], counts: [1, 2] }],
  ])("%s", (_, values, width, expected) => {
    expect(histogramOf(values, width)).toEqual(expected);
  });

  it("takes a hundred thousand values", () => {
    const { counts } = histogramOf(
      Array.from({ length: 100_000 }, (_, i) => i % 1000),
      20,
    );
    expect(counts).toEqual(new Array(50).fill(2000));
  });
});

it("figures are rounded to a thousandth", () => {
  expect([rounded(1.23456), rounded(-1.23456), rounded(1000)]).toEqual([1.235, -1.235, 1000]);
});
