import { describe, expect, it } from "vitest";
import { quantileInterval, ratioInterval } from "../../../scenarios/measure/interval.js";
import { studentT } from "../../../scenarios/measure/student.js";
import { RandomStreams } from "../../../sim/random.js";

const ANYTHING = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
const RATIO = { low: 0, high: 1 };

/** Batches of one size. */
const alike = (values: readonly number[]) => values.map((part) => ({ part, whole: 1 }));

describe("Student's t over batches", () => {
  it("by hand: 1 to 5 have mean 3, deviation 1.5811, and t is 2.776", () => {
    const interval = ratioInterval(alike([3, 1, 2, 5, 4]), ANYTHING)!;
    expect(interval.low).toBeCloseTo(3 - (2.77645 * Math.sqrt(2.5)) / Math.sqrt(5), 5);
    expect(interval.high).toBeCloseTo(3 + (2.77645 * Math.sqrt(2.5)) / Math.sqrt(5), 5);
    expect(interval).toMatchObject({ level: 0.95, method: "Student's t over 5 batches, which are few" });
  });

  it("says nothing of few where there are ten", () => {
    const ten = Array.from({ length: 10 }, (_, index) => index);
    expect(ratioInterval(alike(ten), ANYTHING)!.method).toBe("Student's t over 10 batches");
  });

  it("lies around the ratio of the sums where batches differ in size", () => {
    // By hand: 9/10 and 60/100 make 69/110; both are 30/11 off it, so the deviation of the ratio is 60/11/110.
    const batches = [
      { part: 9, whole: 10 },
      { part: 60, whole: 100 },
    ];
    const interval = ratioInterval(batches, ANYTHING)!;
    expect((interval.low! + interval.high!) / 2).toBeCloseTo(69 / 110, 12);
    expect((interval.high! - interval.low!) / 2).toBeCloseTo((12.7062 * 60) / 11 / 110, 5);
  });

  it("is none over fewer than two batches", () => {
    expect(ratioInterval([], RATIO)).toBeNull();
    expect(ratioInterval(alike([0.9]), RATIO)).toBeNull();
  });

  it("has no bounds where all batches agree: how far the next may be off was not seen", () => {
    const interval = ratioInterval(alike(new Array(30).fill(1)), RATIO);
    expect(interval).toMatchObject({ low: null, high: null, method: "none: all 30 batches agree" });
  });

  it("stays within what the figure can be", () => {
    expect(ratioInterval(alike([1, 0.9, 1]), RATIO)!.high).toBe(1);
    expect(ratioInterval(alike([0, 0.1, 0]), RATIO)!.low).toBe(0);
  });

  it.each<[name: string, sizeOf: (index: number) => number]>([
    ["of one size", () => 1],
    ["of sizes that differ by a factor of two", (index) => 1 + (index % 2)],
  ])("covers the ratio in 95 % of samples of batches %s", (_, sizeOf) => {
    const random = new RandomStreams(11, "test", 1);
    const normal = () => Math.sqrt(-2 * Math.log1p(-random.uniform(0))) * Math.cos(2 * Math.PI * random.uniform(0));
    const trials = 4000;
    let covered = 0;
    for (let i = 0; i < trials; i++) {
      const batches = Array.from({ length: 10 }, (_, index) => ({ part: normal(), whole: sizeOf(index) }));
      const { low, high } = ratioInterval(batches, ANYTHING)!;
      if (low! <= 0 && high! >= 0) covered++;
    }
    // Four standard errors to either side.
    expect(Math.abs(covered / trials - 0.95)).toBeLessThan(4 * Math.sqrt((0.95 * 0.05) / trials));
  });
});

describe("Student's t", () => {
  // Two-sided points from tables of Student's distribution.
  it.each([
    [1, 0.95, 12.706],
    [2, 0.95, 4.303],
    [5, 0.95, 2.571],
    [10, 0.95, 2.228],
    [20, 0.95, 2.086],
    [29, 0.95, 2.045],
    [30, 0.95, 2.042],
    [31, 0.95, 2.04],
    [40, 0.95, 2.021],
    [60, 0.95, 2],
    [120, 0.95, 1.98],
    [1000, 0.95, 1.962],
    [1, 0.99, 63.657],
    [9, 0.99, 3.25],
    [120, 0.5, 0.677],
  ])("of %i degrees of freedom stays within %f with %f", (degrees, probability, t) => {
    expect(Math.abs(studentT(degrees, probability) - t)).toBeLessThan(0.000_51);
  });

  it("approaches the normal distribution's 1.959964 from above, without an end to its table", () => {
    const points = [30, 31, 32, 100, 1000, 10_000].map((degrees) => studentT(degrees, 0.95));
    expect([...points].sort((a, b) => b - a)).toEqual(points);
    expect(points.at(-1)!).toBeCloseTo(1.9602, 4);
  });
});

describe("order statistics around a quantile", () => {
  const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

  // Bounds by hand from the cumulative binomial, P(X <= k) with n trials: the lower is the first with more than 2.5 %
  // below it, the upper the first with 97.5 % or more.
  it.each<[name: string, n: number, q: number, low: number | null, high: number | null]>([
    ["n 10, median: P(X <= 1) = 1.07 %, P(X <= 8) = 98.9 %", 10, 0.5, 2, 9],
    ["n 20, median: P(X <= 5) = 2.07 %, P(X <= 14) = 97.9 %", 20, 0.5, 6, 15],
    ["n 100, p95: P(X <= 90) = 2.82 %, P(X <= 98) = 96.3 %", 100, 0.95, 90, 100],
    ["n 12, p95: the largest of 12 is above it with 46 % only", 12, 0.95, 10, null],
    ["n 5, median: the smallest of 5 is above it with 3.1 %", 5, 0.5, null, null],
  ])("%s", (_, n, q, low, high) => {
    expect(quantileInterval(upTo(n), q)).toMatchObject({ low, high, method: `order statistics of ${n} values` });
  });

  it("is none of fewer than two values", () => {
    expect(quantileInterval([], 0.95)).toBeNull();
    expect(quantileInterval([1], 0.95)).toBeNull();
  });

  it.each([
    [30, 0.5],
    [60, 0.95],
    [200, 0.95],
  ])("covers the quantile in at least 95 of 100 samples: n %i, q %f", (n, q) => {
    const random = new RandomStreams(13, "test", 1);
    const trueQuantile = -Math.log1p(-q);
    const trials = 2000;
    let covered = 0;
    for (let i = 0; i < trials; i++) {
      const sorted = Array.from({ length: n }, () => -Math.log1p(-random.uniform(0))).sort((a, b) => a - b);
      const { low, high } = quantileInterval(sorted, q)!;
      if ((low ?? 0) <= trueQuantile && (high ?? Number.POSITIVE_INFINITY) >= trueQuantile) covered++;
    }
    const slack = 4 * Math.sqrt((0.95 * 0.05) / trials);
    expect(covered / trials).toBeGreaterThan(0.95 - slack);
    expect(covered / trials).toBeLessThan(1);
  });
});
