/** Runs a shipped scenario as a user does: as it stands with `REHEARSAL_FULL`, and reduced otherwise. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect } from "vitest";
import { type Results, resultsSchema } from "../../scenarios/results.js";
import { FULL } from "../effort.js";
import { freshFolder, rehearse } from "./command.js";

export const LIMIT_MS = FULL ? 1_800_000 : 300_000;

export interface Rehearsed {
  readonly code: number | null;
  readonly results: Results;
  readonly peakRssMb: number;
}

/** @param reduced options that make it small, left out in full */
export function runShipped(name: string, reduced: readonly string[], ...options: readonly string[]): Rehearsed {
  const cwd = freshFolder();
  const scenario = resolve(import.meta.dirname, "../../scenarios", `${name}.yaml`);
  const { code, out } = rehearse(cwd, "run", scenario, ...(FULL ? [] : reduced), ...options, "--json", "--out", "r");
  const { peakRssMb } = JSON.parse(readFileSync(join(cwd, "r/timing.json"), "utf8"));
  return { code, results: resultsSchema.parse(JSON.parse(out)), peakRssMb };
}

/** Overrides as options of the command line. */
export function sets(...changes: readonly string[]): string[] {
  return changes.flatMap((change) => ["--set", change]);
}

export function verdicts({ results }: Rehearsed): Record<string, string> {
  return Object.fromEntries(results.kpis.map((kpi) => [kpi.id, kpi.verdict]));
}

export function lostNoMessage({ results }: Rehearsed): void {
  const books = results.invariants.find((invariant) => invariant.name === "conservation of messages")!;
  expect(books.violations).toBe(0);
  expect(books.checks).toBe(results.events);
}
