/**
 * Every kind of fault at once: each has an effect, nothing that must hold is violated, the mesh is whole again afterwards, and what
 * comes of it is the same to the byte on one thread and on two. A tenth of the agents, in full with `REHEARSAL_FULL`.
 */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { resultsSchema } from "../../scenarios/results.js";
import { FULL } from "../effort.js";
import { build, freshFolder, rehearse } from "./command.js";
import { LIMIT_MS, lostNoMessage, sets } from "./shipped.js";

beforeAll(build);

const SCENARIO = resolve(import.meta.dirname, "../../scenarios/everything-breaks.yaml");
const THIRTY_SECTORS = sets(
  "mesh.sectors=30",
  "mesh.agentsPerCluster=10",
  "mesh.classes={ A: 1000, B: 800, C: 500, D: 200, E: 300, F: 200 }",
);

it("everything breaks, and the books balance, alike on one thread and on two", { timeout: 2 * LIMIT_MS }, () => {
  const cwd = freshFolder();
  const run = (threads: string) => {
    const options = [...(FULL ? [] : THIRTY_SECTORS), "--threads", threads, "--out", threads];
    const { code, err } = rehearse(cwd, "run", SCENARIO, ...options);
    expect(code, err).toBe(0);
    return readFileSync(join(cwd, threads, "results.json"), "utf8");
  };
  const one = run("1");
  const results = resultsSchema.parse(JSON.parse(one));
  expect(results.faults.filter(({ tookEffect }) => !tookEffect).map(({ name }) => name)).toEqual([]);
  expect(results.faults.length).toBeGreaterThan(28);
  expect(results.invariants.filter(({ violations }) => violations > 0)).toEqual([]);
  expect(results.liveness).toMatchObject({ verdict: "holds" });
  expect(results.authority.byScope.map(({ incidents }) => incidents)).toEqual([0, 0, 0]);
  lostNoMessage({ code: 0, results, peakRssMb: 0 });
  expect(run("2") === one).toBe(true);
});
