import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalQuantile, openUniform } from "../../models/normal.js";
import { normalCdf } from "./normal-cdf.js";

describe("the normal quantile function", () => {
  it.each([
    // Wichura, Applied Statistics 37 (1988), p. 479: test values of PPND16.
    [0.25, -0.6744897501960817],
    [0.001, -3.090232306167814],
    [1e-20, -9.262340089798409],
    // Standard tables.
    [0.5, 0],
    [0.975, 1.959963984540054],
    [0.95, 1.6448536269514722],
    [0.995, 2.5758293035489004],
  ])("gives the published value at %d", (p, z) => {
    expect(normalQuantile(p)).toBeCloseTo(z, 13);
  });

  it("inverts the distribution function from tail to tail", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true }), (p) => {
        expect(normalCdf(normalQuantile(p))).toBeCloseTo(p, 13);
      }),
    );
  });

  it("is monotone across the seams of its three approximations", () => {
    for (const seam of [0.075, 0.925, Math.exp(-25)]) {
      const around = [-3e-6, -1e-6, 0, 1e-6, 3e-6].map((step) => normalQuantile(seam * (1 + step)));
      expect(around).toEqual([...around].sort((a, b) => a - b));
      expect(around[4]! - around[0]!).toBeLessThan(1e-4);
    }
  });

  it("makes of every 32-bit word a uniform number that has a finite quantile", () => {
    for (const word of [-2147483648, -1, 0, 1, 2147483647]) {
      const u = openUniform(word);
      expect(u).toBeGreaterThan(0);
      expect(u).toBeLessThan(1);
      expect(Number.isFinite(normalQuantile(u))).toBe(true);
    }
    expect(openUniform(0)).toBeCloseTo(0.5, 9);
  });
});
