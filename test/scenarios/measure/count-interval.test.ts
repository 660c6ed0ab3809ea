/** The interval of a Poisson count against the published table of Garwood (Biometrika 28, 1936) at 95 %. */
import { describe, expect, it } from "vitest";
import { poissonInterval } from "../../../scenarios/measure/interval.js";

describe("the interval of a Poisson count", () => {
  it.each([
    [0, 0, 3.689],
    [1, 0.0253, 5.572],
    [5, 1.623, 11.668],
    [10, 4.795, 18.39],
    [50, 37.11, 65.92],
    [100, 81.36, 121.63],
  ])("of %i is %d to %d", (count, low, high) => {
    const interval = poissonInterval(count);
    expect(interval.low).toBeCloseTo(low, 2);
    expect(interval.high).toBeCloseTo(high, 2);
  });

  it("holds for counts beyond what an exponential can hold", () => {
    const { low, high } = poissonInterval(2_000);
    // The normal approximation: 2000 -+ 1.96 x sqrt(2000), off by about 1.
    expect(low).toBeGreaterThan(1_910);
    expect(low).toBeLessThan(1_916);
    expect(high).toBeGreaterThan(2_086);
    expect(high).toBeLessThan(2_093);
  });
});
