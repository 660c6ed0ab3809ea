/** The shipped year of partitions, a few weeks of it on a few offices: what it is there to show, it shows. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import type { Results } from "../../../scenarios/results.js";
import { kpi, results } from "../small-mesh.js";

const TEXT = readFileSync(fileURLToPath(new URL("../../../scenarios/split-brain.yaml", import.meta.url)), "utf8");
const REDUCED = ["duration=500 h", "mesh.sectors=3", "mesh.clustersPerSector=2", "mesh.classes={A: 18}"];
const TIMEOUT_MS = 300_000;

const run = (variant: string): Results => results(TEXT, [...REDUCED, `protocol.preset=${variant}`], 1);

it("finds split brains as written", { timeout: TIMEOUT_MS }, () => {
  const written = run("as-written");
  const { value, interval, verdict } = kpi(written, "splitBrainsPerYear");
  expect(verdict).toBe("missed");
  expect(interval!.low).toBeGreaterThan(0);
  expect(interval!.low).toBeLessThan(value!);
  expect(interval!.high).toBeGreaterThan(value!);
  const incidents = written.authority.byScope.reduce((sum, row) => sum + row.incidents, 0);
  expect(value).toBeCloseTo((incidents * 8760) / 500, 2);
  expect(written.calendar).toMatchObject({ unsettledCuts: 0 });
  expect(written.calendar!.skippedS).toBeGreaterThan(0.9 * 500 * 3600);
});

it("finds none as repaired, and every office has exactly one holder again at each cut", { timeout: TIMEOUT_MS }, () => {
  const repaired = run("repaired");
  expect(kpi(repaired, "splitBrainsPerYear")).toMatchObject({ value: 0, verdict: "holds" });
  expect(repaired.calendar).toMatchObject({ unsettledCuts: 0 });
  expect(repaired.authority.byScope.find(({ scope }) => scope === "global")!.vacantS).toBeGreaterThan(0);
});
