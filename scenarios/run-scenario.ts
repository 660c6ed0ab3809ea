/** Runs a scenario to its end, or to an interruption: on one thread, or on shards with a thread each. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { LoadedScenario } from "./language/load.js";
import { findingsOf } from "./measure/results-of.js";
import { shardsThatFit } from "./memory-need.js";
import type { Outcome } from "./outcome.js";
import { Rehearsal } from "./rehearsal.js";
import type { RunRecord, Timing } from "./results.js";
import { runShards } from "./shards/run-shards.js";
import { planShards } from "./shards/shard-plan.js";
import { Stage } from "./stage.js";
import type { EventSink } from "./trace.js";

export interface RunOptions {
  readonly version: string;
  /** The command line that runs it again. */
  readonly reproduce: string;
  /** How many threads may work at it; what comes of it is the same. */
  readonly threads: number;
  /** Told how many threads will, before the first event. */
  readonly onThreads?: (threads: number) => void;
  /** Ends the run early when aborted; what was measured so far is returned, marked as partial. */
  readonly signal?: AbortSignal;
  /** Told how far the run has come in calendar time. */
  readonly onProgress?: (calendarS: number, events: number) => void;
  /** Told of every event in order, which takes one thread. */
  readonly onEvent?: EventSink;
}

interface Ran {
  readonly outcome: Outcome;
  readonly isOver: boolean;
}

/** Events between two looks at the clock and at the signal: a tenth of a second or so. */
const SLICE_EVENTS = 100_000;

/**
 * @throws ScenarioError before anything has run, where scenario and models do not fit together
 * @throws ShardError where a thread fails
 */
export async function runScenario(loaded: LoadedScenario, options: RunOptions): Promise<RunRecord> {
  const stage = new Stage(loaded);
  const most = options.onEvent === undefined ? shardsThatFit(loaded, options.threads) : 1;
  const plan = planShards(stage, most);
  options.onThreads?.(plan.shardCount);
  let startUpS = 0;
  const onBuilt = () => {
    startUpS = process.uptime();
  };
  const { outcome, isOver } =
    plan.shardCount === 1
      ? await runInOnePiece(loaded, { ...options, onBuilt })
      : await runShards(stage, plan, { ...options, onBuilt });
  const wallS = process.uptime() - startUpS;
  const { version, reproduce } = options;
  const timing: Timing = {
    startUpS,
    wallS,
    threads: plan.shardCount,
    eventsPerSecond: outcome.books.events / wallS,
    simulatedSecondsPerSecond: outcome.nowUs / 1e6 / wallS,
    peakRssMb: process.resourceUsage().maxRSS / 1024,
    node: process.version,
  };
  return { ...findingsOf(outcome, { version, reproduce, partial: !isOver }), timing };
}

/** In slices that leave room for progress and for Ctrl-C. */
async function runInOnePiece(
  loaded: LoadedScenario,
  { signal, onProgress, onEvent, onBuilt }: RunOptions & { readonly onBuilt: () => void },
): Promise<Ran> {
  const rehearsal = new Rehearsal(loaded, onEvent);
  onBuilt();
  const { simulation } = rehearsal;
  let isOver = false;
  while (!isOver && signal?.aborted !== true) {
    isOver = rehearsal.advance(SLICE_EVENTS);
    onProgress?.(rehearsal.stage.calendar.calendarUs(simulation.nowUs) / 1e6, simulation.eventCount);
    await nextTurn();
  }
  return { outcome: rehearsal.outcome(), isOver };
}
