/** The interval of a count that comes on occasions, several at once. */
import seedrandom from "seedrandom";
import { describe, expect, it } from "vitest";
import { occasionsOf } from "../../../scenarios/measure/authority/occasions.js";
import { gammaCdf, gammaQuantile } from "../../../scenarios/measure/gamma.js";
import { countInterval, poissonInterval } from "../../../scenarios/measure/interval.js";

const ones = (count: number) => new Array<number>(count).fill(1);

describe("the interval of a count that comes one at a time", () => {
  // The published table of Garwood (Biometrika 28, 1936) at 95 %.
  it.each([
    [0, 0, 3.689],
    [1, 0.0253, 5.572],
    [5, 1.623, 11.668],
    [10, 4.795, 18.39],
    [50, 37.11, 65.92],
    [100, 81.36, 121.63],
  ])("of %i is %d to %d", (count, low, high) => {
    const interval = countInterval(ones(count));
    expect(poissonInterval(count)).toEqual(interval);
    expect(interval.low).toBeCloseTo(low, 2);
    expect(interval.high).toBeCloseTo(high, 2);
  });

  it("holds for counts beyond what an exponential can hold", () => {
    const { low, high } = countInterval(ones(2_000));
    // The normal approximation: 2000 -+ 1.96 x sqrt(2000), off by about 1.
    expect(low).toBeGreaterThan(1_910);
    expect(low).toBeLessThan(1_916);
    expect(high).toBeGreaterThan(2_086);
    expect(high).toBeLessThan(2_093);
  });
});

describe("the interval of a count that comes several at once", () => {
  it("scales with the size, where all occasions are alike: ten of seven are seven times ten", () => {
    const [single, sevenfold] = [countInterval(ones(10)), countInterval(new Array<number>(10).fill(7))];
    expect(sevenfold.low).toBeCloseTo(7 * single.low, 6);
    expect(sevenfold.high).toBeCloseTo(7 * single.high, 6);
  });

  /** How often the interval of a compound Poisson count holds its mean, over many draws. */
  const coverage = (intervalOf: (sizes: readonly number[]) => { low: number; high: number }) => {
    const random = seedrandom("coverage");
    const poisson = (mean: number) => {
      let count = 0;
      for (let left = Math.exp(-mean), product = random(); product > left; product *= random()) count++;
      return count;
    };
    const [occasions, draws] = [20, 4_000];
    // One incident in two of three occasions, else 2 to 10: 2.67 on average.
    const size = () => (random() < 2 / 3 ? 1 : 2 + Math.floor(random() * 9));
    const mean = occasions * (2 / 3 + 6 / 3);
    let covered = 0;
    for (let draw = 0; draw < draws; draw++) {
      const { low, high } = intervalOf(Array.from({ length: poisson(occasions) }, size));
      if (low <= mean && mean <= high) covered++;
    }
    return covered / draws;
  };

  it("holds the mean in 95 % of all cases, or a little more; one that takes each for itself does in far fewer", () => {
    expect(coverage(countInterval)).toBeGreaterThan(0.94);
    expect(coverage(countInterval)).toBeLessThan(0.99);
    expect(coverage((sizes) => countInterval(ones(sizes.reduce((sum, size) => sum + size, 0))))).toBeLessThan(0.75);
  });
});

describe("the gamma distribution", () => {
  // Chi-square tables (Abramowitz and Stegun 26.8): the quantile of chi-square with k degrees is twice that of shape k / 2.
  it.each([
    [1, 0.975, 5.024],
    [1, 0.025, 0.000982],
    [5, 0.975, 12.833],
    [7, 0.025, 1.69],
    [30, 0.975, 46.979],
    [100, 0.025, 74.222],
  ])("with %i degrees of chi-square, %d lie below %d", (degrees, share, value) => {
    expect(2 * gammaQuantile(degrees / 2, share)).toBeCloseTo(value, value < 1 ? 5 : 2);
    expect(gammaCdf(degrees / 2, value / 2)).toBeCloseTo(share, 3);
  });
});

it("split brains that overlap are of one occasion, one that lasts swallows all that follow", () => {
  const incident = (fromUs: number, untilUs: number | undefined) => ({ fromUs, untilUs });
  expect(occasionsOf([])).toEqual([]);
  expect(occasionsOf([incident(5, 9), incident(1, 3), incident(2, 4), incident(20, 21)])).toEqual([2, 1, 1]);
  expect(occasionsOf([incident(1, undefined), incident(50, 60), incident(70, 80)])).toEqual([3]);
});
