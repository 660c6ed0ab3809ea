import { describe, expect, it } from "vitest";
import { batchInterval, quantileInterval } from "../../../scenarios/measure/interval.js";
import { RandomStreams } from "../../../sim/random.js";

const ANYTHING = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
const RATIO = { low: 0, high: 1 };

describe("Student's t over batches", () => {
  it("by hand: 1 to 5 have mean 3, deviation 1.5811, and t is 2.776", () => {
    const interval = batchInterval([3, 1, 2, 5, 4], ANYTHING)!;
    expect(interval.low).toBeCloseTo(3 - (2.776 * Math.sqrt(2.5)) / Math.sqrt(5), 10);
    expect(interval.high).toBeCloseTo(3 + (2.776 * Math.sqrt(2.5)) / Math.sqrt(5), 10);
    expect(interval).toMatchObject({ level: 0.95, method: "Student's t over 5 batches" });
  });

  // Two-sided 95 % points from a table of Student's distribution.
  it.each([
    [2, 12.706],
    [3, 4.303],
    [6, 2.571],
    [11, 2.228],
    [21, 2.086],
    [30, 2.045],
    [31, 2.042],
    [1001, 1.962],
  ])("over %i batches reaches %f standard errors to either side", (count, t) => {
    // Of deviation 1, whatever the count: half of them as far above zero as the other half is below.
    const away = Math.sqrt((count - 1) / (count - (count % 2)));
    const batches = Array.from({ length: count }, (_, i) => (i < count % 2 ? 0 : i % 2 === 0 ? away : -away));
    const interval = batchInterval(batches, ANYTHING)!;
    expect((interval.high! - interval.low!) / 2 / (t / Math.sqrt(count))).toBeCloseTo(1, 2);
  });

  it("is none over fewer than two batches", () => {
    expect(batchInterval([], RATIO)).toBeNull();
    expect(batchInterval([0.9], RATIO)).toBeNull();
  });

  it("stays within what the figure can be", () => {
    expect(batchInterval([1, 0.9, 1], RATIO)!.high).toBe(1);
    expect(batchInterval([0, 0.1, 0], RATIO)!.low).toBe(0);
  });

  it("covers the mean in 95 % of samples", () => {
    const random = new RandomStreams(11, "test", 1);
    const normal = () => Math.sqrt(-2 * Math.log1p(-random.uniform(0))) * Math.cos(2 * Math.PI * random.uniform(0));
    const trials = 4000;
    let covered = 0;
    for (let i = 0; i < trials; i++) {
      const { low, high } = batchInterval(Array.from({ length: 10 }, normal), ANYTHING)!;
      if (low! <= 0 && high! >= 0) covered++;
    }
    // Four standard errors to either side.
    expect(Math.abs(covered / trials - 0.95)).toBeLessThan(4 * Math.sqrt((0.95 * 0.05) / trials));
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
