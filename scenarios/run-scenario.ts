/** Runs a scenario to its end, or to an interruption, in slices that leave room for progress and for Ctrl-C. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { LoadedScenario } from "./language/load.js";
import { type Findings, findingsOf } from "./measure/results-of.js";
import { Rehearsal } from "./rehearsal.js";
import type { RunRecord, Timing } from "./results.js";
import type { EventSink } from "./trace.js";

export interface RunOptions {
  readonly version: string;
  /** The command line that runs it again. */
  readonly reproduce: string;
  /** Ends the run early when aborted; what was measured so far is returned, marked as partial. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (simulatedS: number, events: number) => void;
  readonly onEvent?: EventSink;
}

/** Events between two looks at the clock and at the signal: a tenth of a second or so. */
const SLICE_EVENTS = 100_000;

/** @throws ScenarioError before anything has run, where scenario and models do not fit together */
export async function runScenario(loaded: LoadedScenario, options: RunOptions): Promise<RunRecord> {
  const rehearsal = new Rehearsal(loaded, options.onEvent);
  const { simulation } = rehearsal;
  const startedNs = process.hrtime.bigint();
  let isOver = false;
  while (!isOver && options.signal?.aborted !== true) {
    isOver = rehearsal.advance(SLICE_EVENTS);
    options.onProgress?.(simulation.nowUs / 1e6, simulation.eventCount);
    await nextTurn();
  }
  const wallS = Number(process.hrtime.bigint() - startedNs) / 1e9;
  const findings: Findings = findingsOf(rehearsal.outcome(), {
    version: options.version,
    reproduce: options.reproduce,
    partial: !isOver,
  });
  const timing: Timing = {
    wallS,
    eventsPerSecond: simulation.eventCount / wallS,
    simulatedSecondsPerSecond: simulation.nowUs / 1e6 / wallS,
    peakRssMb: process.resourceUsage().maxRSS / 1024,
    node: process.version,
  };
  return { ...findings, timing };
}
