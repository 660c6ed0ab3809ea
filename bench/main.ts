/**
 * `npm run bench`: how fast the engine handles events, and how that compares with a plain loop over event objects in
 * tinyqueue, measured in turns in the same run; then whole runs on one thread and on two; then what an event allocates.
 * `npm run bench -- --json` prints the figures for machines; `--only NAME` measures one benchmark, or `whole runs`.
 */
import { parseArgs } from "node:util";
import { type Allocations, allocationsOfMainScenario } from "./allocations.js";
import { BENCHMARKS } from "./benchmarks.js";
import { type Measurement, measure } from "./measure.js";
import { table, wholeRunsTable } from "./table.js";
import { type WholeRun, wholeRuns } from "./whole-runs.js";

const { values } = parseArgs({ options: { json: { type: "boolean" }, only: { type: "string" } } });

const WHOLE_RUNS = "whole runs";

const results: Record<string, Measurement[]> = {};
let runs: WholeRun[] = [];
let allocations: Allocations | undefined;
const { only } = values;
if (only === WHOLE_RUNS) runs = wholeRuns();
else if (only !== undefined) {
  const benchmark = BENCHMARKS[only];
  if (benchmark === undefined) {
    const known = [...Object.keys(BENCHMARKS), WHOLE_RUNS].join("; ");
    console.error(`${only}: no such benchmark; expected one of: ${known}`);
    process.exit(2);
  }
  results[only] = await measure(only, benchmark);
} else {
  for (const [name, benchmark] of Object.entries(BENCHMARKS)) {
    console.error(`measuring ${name} ...`);
    results[name] = await measure(name, benchmark);
  }
  console.error("measuring whole runs ...");
  runs = wholeRuns();
  allocations = allocationsOfMainScenario();
}
const loop = Object.values(results)[0]?.[0]?.eventsPerCpuS.median;
console.log(
  values.json
    ? JSON.stringify(only === undefined ? { ...results, [WHOLE_RUNS]: runs, allocations } : results, undefined, 2)
    : [
        ...(Object.keys(results).length > 0 ? [table(results)] : []),
        ...(runs.length > 0 ? [wholeRunsTable(runs, loop)] : []),
        ...(allocations === undefined ? [] : [`Main scenario: ${allocations.bytesPerEvent} bytes allocated an event.`]),
      ].join("\n\n"),
);
