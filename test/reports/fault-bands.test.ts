import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { faultBands } from "../../reports/html/charts/fault-bands.js";
import { mergedSpans } from "../../reports/html/charts/spans.js";
import type { Results } from "../../scenarios/results.js";
import { exampleResults } from "./fixture.js";
import { stormyResults } from "./odd-results.js";

const END_S = 360;

function withFaults(...faults: (readonly [string, ...(readonly [number, number | null])[]])[]): Results {
  const results = exampleResults();
  const [pattern] = results.faults;
  return {
    ...results,
    faults: faults.map(([name, ...spells]) => ({
      ...pattern!,
      name,
      spells: spells.map(([fromS, untilS]) => ({ fromS, untilS })),
      spellCount: spells.length,
    })),
  };
}

const bandsOf = (results: Results) => faultBands(results).tables.bands.rows;
const lettersOf = (results: Results) => faultBands(results).tables.letters.rows;

describe("fault bands", () => {
  test("of a run without faults are none", () => {
    const { legend, tables } = faultBands(withFaults());
    expect([legend, tables.bands.rows, tables.letters.rows]).toEqual([[], [], []]);
  });

  test("end with the run where a fault does not, and an instant is a band without width", () => {
    expect(bandsOf(withFaults(["a", [100, null]], ["b", [50, 50]]))).toEqual([
      [50, 50],
      [100, END_S],
    ]);
  });

  test("that touch are one, and a fault that never struck has none", () => {
    const results = withFaults(["flapping", [100, 101], [101.5, 103], [140, 141]], ["idle"]);
    expect(bandsOf(results)).toEqual([
      [100, 103],
      [140, 141],
    ]);
    expect(faultBands(results).legend).toEqual([{ letter: "a", name: "flapping" }]);
  });

  test("have one label for those that begin close to each other", () => {
    expect(lettersOf(withFaults(["one", [100, 120]], ["two", [102, 130]], ["three", [200, 210]]))).toEqual([
      [100, "ab"],
      [200, "c"],
    ]);
  });

  test("say which faults are under way", () => {
    const { during } = faultBands(withFaults(["one", [100, 120]], ["two", [110, 130]]));
    expect(during(90, 91)).toBeNull();
    expect(during(119, 120)).toBe("one, two");
    expect(during(125, 126)).toBe("two");
  });

  test("stay few, and their labels apart, whatever struck", () => {
    const { legend, spans, tables } = faultBands(stormyResults());
    expect(legend).toHaveLength(13);
    expect(legend.at(-1)).toEqual({ letter: "+", name: "28 others" });
    expect(new Set(spans.map(({ name }) => name)).size).toBe(40);
    expect(tables.bands.rows.length).toBeLessThanOrEqual(13 * 40);
    const starts = tables.letters.rows.map(([from]) => Number(from));
    for (const [at, start] of starts.slice(1).entries()) expect(start - starts[at]!).toBeGreaterThan(0.035 * END_S);
  });
});

test("merged spans cover what was merged, in order, apart from each other, and no more than allowed", () => {
  const spans = fc.array(
    fc.tuple(fc.integer({ min: 0, max: 1_000 }), fc.integer({ min: 0, max: 60 })).map(([from, length]) => {
      return { from, until: from + length };
    }),
    { maxLength: 200 },
  );
  fc.assert(
    fc.property(spans, fc.integer({ min: 1, max: 30 }), (all, most) => {
      const merged = mergedSpans(all, 1_100, most);
      expect(merged.length).toBeLessThanOrEqual(most);
      expect(merged.reduce((sum, { count }) => sum + count, 0)).toBe(all.length);
      for (const { from, until } of all) {
        expect(merged.some((span) => span.from <= from && span.until >= until)).toBe(true);
      }
      for (const [at, span] of merged.slice(1).entries()) expect(span.from).toBeGreaterThan(merged[at]!.until);
    }),
  );
});
