/**
 * Whole runs, as a user starts them, in a process of their own each: how fast on one thread and on two, by the wall clock,
 * how much memory, and how long until the first event.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Timing } from "../scenarios/results.js";

/** What a whole run took. */
export interface WholeRun extends Timing {
  readonly scenario: string;
  readonly agents: number;
  readonly events: number;
  readonly fingerprint: string;
}

const path = (file: string) => fileURLToPath(new URL(`../${file}`, import.meta.url));

/** The main scenario with its full traffic for half a minute, three operations across the mesh. */
const MESH_30K = ["warmUp=10 s", "duration=20 s"];

/** A mesh thirty times larger: heartbeats, and three operations across it. */
const MESH_1M = [
  ...MESH_30K,
  "mesh.sectors=1000",
  "mesh.clustersPerSector=20",
  "mesh.agentsPerCluster=50",
  "mesh.classes={ A: 334000, B: 266000, C: 167000, D: 67000, E: 100000, F: 66000 }",
  ...["intraCluster", "interCluster", "meshWide"].map((traffic) => `workload.${traffic}=0 / s`),
];

const SCENARIOS: Readonly<Record<string, { readonly agents: number; readonly settings: readonly string[] }>> = {
  "mesh-30k": { agents: 30_000, settings: MESH_30K },
  "mesh-1m": { agents: 1_000_000, settings: MESH_1M },
};

/** Runs each scenario on one thread and on two. */
export function wholeRuns(): WholeRun[] {
  return Object.keys(SCENARIOS).flatMap((name) => {
    const runs = [1, 2].map((threads) => wholeRun(name, threads));
    if (new Set(runs.map((run) => run.fingerprint)).size > 1) throw new Error(`${name}: threads changed its results`);
    return runs;
  });
}

function wholeRun(name: string, threads: number): WholeRun {
  const { agents, settings } = SCENARIOS[name]!;
  const folder = mkdtempSync(join(tmpdir(), "rehearse-bench-"));
  try {
    const { status, stderr } = spawnSync(
      process.execPath,
      [
        path("dist/cli.js"),
        ...["run", path("scenarios/mesh-30k.yaml"), "--threads", String(threads), "--out", join(folder, "r")],
        ...settings.flatMap((setting) => ["--set", setting]),
      ],
      { encoding: "utf8", stdio: ["ignore", "ignore", "pipe"] },
    );
    // A threshold that is missed in so short a run is no failure of the benchmark.
    if (status !== 0 && status !== 1) throw new Error(`${name} on ${threads} threads failed:\n${stderr}`);
    const read = (file: string) => JSON.parse(readFileSync(join(folder, "r", file), "utf8"));
    const { events, fingerprint } = read("results.json");
    return { scenario: name, agents, events, fingerprint: fingerprint.run, ...(read("timing.json") as Timing) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
