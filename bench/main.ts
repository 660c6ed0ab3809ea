/**
 * `npm run bench`: how fast the engine handles events, and how that compares with a plain loop over event objects in
 * tinyqueue, measured in turns in the same run. `npm run bench -- --json` prints the figures for machines.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { BENCHMARKS } from "./benchmarks.js";
import type { Measurement } from "./measure.js";
import { table } from "./table.js";

const { values } = parseArgs({ options: { json: { type: "boolean" }, only: { type: "string" } } });

/** Measures one benchmark in a process of its own. */
function inOwnProcess(benchmark: string): Measurement[] {
  const script = fileURLToPath(import.meta.url);
  const { status, stdout } = spawnSync(process.execPath, [...process.execArgv, script, "--only", benchmark, "--json"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status !== 0) throw new Error(`the benchmark "${benchmark}" failed`);
  return (JSON.parse(stdout) as Record<string, Measurement[]>)[benchmark]!;
}

const results: Record<string, Measurement[]> = {};
if (values.only !== undefined) {
  const measure = BENCHMARKS[values.only];
  if (measure === undefined) {
    console.error(`${values.only}: no such benchmark; expected one of: ${Object.keys(BENCHMARKS).join("; ")}`);
    process.exit(2);
  }
  results[values.only] = await measure();
} else {
  for (const benchmark of Object.keys(BENCHMARKS)) {
    console.error(`measuring ${benchmark} ...`);
    results[benchmark] = inOwnProcess(benchmark);
  }
}
console.log(values.json ? JSON.stringify(results, undefined, 2) : table(results));
