import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { FULL } from "../../effort.js";
import { atLeast } from "./binomial.js";
import { CLOSED_FORMS, findingRow, sourceRow } from "./catalogue.js";
import { agrees, FULL_EFFORT, REDUCED_EFFORT, tellsMistake } from "./closed-form.js";
import { distributionDistance, meanOfIndependent, meanOfReplications, probability, quantile } from "./intervals.js";

const page = tablesIn(readFileSync(new URL("../../../docs/validation.md", import.meta.url), "utf8"));

/** A page whose tables are written as findingRow and sourceRow write them, however they were aligned. */
function tablesIn(markdown: string): string {
  return markdown.replaceAll(/^\|.*\|$/gm, (row) => row.replaceAll(/ *\| */g, " | ").trim());
}

describe("the engine agrees with theory, within a 99.9 % interval that a plausible mistake falls out of", () => {
  it.each(CLOSED_FORMS.map((form) => [form.id, form] as const))("%s", (_, form) => {
    const finding = form.measure(FULL ? FULL_EFFORT : REDUCED_EFFORT);
    expect(finding, form.formula).toSatisfy(agrees);
    expect(finding, form.mistake).toSatisfy(tellsMistake);
    if (FULL) expect(page).toContain(findingRow(form, finding));
  });
});

describe("docs/validation.md", () => {
  it.each(CLOSED_FORMS.map((form) => [form.id, form] as const))("gives formula and source of %s", (id, form) => {
    expect(page).toContain(sourceRow(form));
    expect(page).toContain(`| \`${id}\` | ${form.quantity} |`);
  });

  it("lists no closed form that does not exist", () => {
    const listed = [...page.matchAll(/^\| `([a-z0-9-]+)` \|/gm)].map((match) => match[1]!);
    expect(new Set(listed)).toEqual(new Set(CLOSED_FORMS.map((form) => form.id)));
    expect(listed).toHaveLength(2 * CLOSED_FORMS.length); // once with its finding, once with its source
  });
});

describe("the statistics that findings rest on", () => {
  it("the binomial tail is right where it can be counted", () => {
    expect(atLeast(0, 5, 0.3)).toBe(1);
    expect(atLeast(5, 5, 0.5)).toBeCloseTo(1 / 32, 12);
    expect(atLeast(2, 3, 0.5)).toBeCloseTo(4 / 8, 12); // 3 of 8 outcomes with two heads, 1 with three
    expect(atLeast(1, 30, 0.01)).toBeCloseTo(1 - 0.99 ** 30, 12);
  });

  it("Student's interval over 30 replications is mean and t(29, 0.9995) s / sqrt(30), by hand", () => {
    // -1 and 1 in turn: mean 0, s = sqrt(30 / 29)
    const { measured, low, high } = meanOfReplications(Array.from({ length: 30 }, (_, i) => (i % 2 ? 1 : -1)));
    expect([measured, low, high].map((x) => x.toFixed(4))).toEqual(["0.0000", "-0.6795", "0.6795"]);
    expect(() => meanOfReplications([1, 2, 3])).toThrow("3 replications");
  });

  it("Wilson's interval ends where the observed ratio is 3.2905 standard errors off, as he defines it", () => {
    const { low, high } = probability(10, 100);
    for (const p of [low, high]) expect(Math.abs(0.1 - p) / Math.sqrt((p * (1 - p)) / 100)).toBeCloseTo(3.2905, 9);
    expect(low).toBeLessThan(0.1);
    expect(high).toBeGreaterThan(0.1);
  });

  it("a quantile's interval is made of order statistics: the median of 0 to 1000 lies within 52 of the middle", () => {
    const { measured, low, high } = quantile(
      Array.from({ length: 1_001 }, (_, i) => i),
      0.5,
    );
    expect(measured).toBe(500);
    expect([low, high]).toEqual([447, 553]); // 3.2905 sqrt(1001 / 4) = 52.05 ranks
  });

  it("the distance of evenly spaced samples from the uniform distribution is half a step", () => {
    const samples = Array.from({ length: 100 }, (_, i) => (i + 0.5) / 100);
    expect(distributionDistance(samples, (x) => x).measured).toBeCloseTo(0.005, 12);
    expect(distributionDistance(samples, (x) => x * x).low).toBeGreaterThan(0); // another distribution is found
  });

  it("intervals of means hold what they should in 99.9 % of 3,000 cases", () => {
    let misses = 0;
    let state = 1;
    const uniform = () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0; // Numerical Recipes' generator: not the engine's
      return (state >>> 0) / 2 ** 32;
    };
    for (let i = 0; i < 3_000; i++) {
      const { low, high } = meanOfIndependent(Array.from({ length: 100 }, uniform));
      if (low > 0.5 || high < 0.5) misses++;
    }
    expect(misses).toBeLessThanOrEqual(12); // 3 expected; 13 and more have a probability of 2 in 100,000
    expect(misses).toBeGreaterThan(0); // an interval that is never wrong is too wide; P(0) is 5 %, the seed is fixed
  });
});
