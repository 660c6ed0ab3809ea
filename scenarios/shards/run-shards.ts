/** Runs the shards of a mesh on threads of their own, reads their notes while they run, and puts their reports together. */
import { getHeapStatistics } from "node:v8";
import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import { type MeshMeter, meterOf } from "../measure/mesh-meter.js";
import { sharedNodeMemory } from "../node-memory.js";
import type { Outcome, Report } from "../outcome.js";
import type { Calendar } from "../quiet/calendar.js";
import type { Stage } from "../stage.js";
import { Meeting } from "./meeting.js";
import { mergeReports } from "./merge-reports.js";
import { NoteReader } from "./note-reader.js";
import type { FromShard, ShardOrders } from "./shard-messages.js";
import type { ShardPlan } from "./shard-plan.js";

/** A shard's thread has failed, run out of memory or been ended. Its message is for the user. */
export class ShardError extends Error {
  override readonly name = "ShardError";
}

/**
 * Memory for fresh objects, of all shards and of each. While one shard collects, the others wait for it, so that it pays
 * to collect seldom: two shards with more than Node's 48 MB each are up to a tenth faster (docs/performance.md).
 */
const YOUNG_MB = 192;
const LEAST_YOUNG_MB = 48;

export interface ShardRunOptions {
  /** Ends the run early when aborted. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (simulatedS: number, events: number) => void;
  /** Told for each shard that its part of the mesh stands. */
  readonly onBuilt?: () => void;
}

/** @throws ShardError */
export async function runShards(
  stage: Stage,
  plan: ShardPlan,
  options: ShardRunOptions,
): Promise<{ outcome: Outcome; isOver: boolean }> {
  const meeting = Meeting.among(plan.shardCount);
  const meter = meterOf(stage);
  const books = new ShardBooks(plan.shardCount, meter, stage.calendar, options);
  const common = {
    scenario: stage.loaded.scenario,
    plan,
    shared: meeting.shared,
    memory: sharedNodeMemory(stage),
  };
  const workers = portsBetween(plan.shardCount).map((ports, own) => startWorker({ ...common, own, ports }));
  const end = () => meeting.endSoon();
  options.signal?.addEventListener("abort", end);
  if (options.signal?.aborted === true) end();
  try {
    const ends = await Promise.all(
      workers.map((worker, shard) => reportOf(worker, shard, plan.shardCount, books, meeting)),
    );
    const merged = mergeReports(
      ends.map(({ report }) => report),
      stage.topology.agentCount,
      common.memory,
    );
    meter.finish(merged.nowUs);
    return { outcome: { ...merged, stage, meter }, isOver: ends.every(({ isOver }) => isOver) };
  } finally {
    options.signal?.removeEventListener("abort", end);
    meeting.callOff();
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

/** What is known of the shards while they run. */
class ShardBooks {
  private readonly reader: NoteReader;
  private readonly events: number[];

  constructor(
    shardCount: number,
    meter: MeshMeter,
    private readonly calendar: Calendar,
    private readonly options: ShardRunOptions,
  ) {
    this.reader = new NoteReader(shardCount, meter);
    this.events = new Array<number>(shardCount).fill(0);
  }

  take(shard: number, { chunk, untilUs, events }: Extract<FromShard, { type: "notes" }>): void {
    this.reader.take(shard, chunk, untilUs);
    this.events[shard] = events;
    this.options.onProgress?.(
      this.calendar.calendarUs(Math.max(0, this.reader.untilUs)) / 1e6,
      this.events.reduce((sum, count) => sum + count, 0),
    );
  }

  noteBuilt(): void {
    this.options.onBuilt?.();
  }

  /** How far all shards had come when last heard of. */
  get placeS(): string {
    return `${(Math.max(0, this.reader.untilUs) / 1e6).toFixed(3)} s`;
  }
}

/** For each shard a port to each other one, undefined for itself. */
function portsBetween(shardCount: number): (MessagePort | undefined)[][] {
  const ports = Array.from({ length: shardCount }, () =>
    new Array<MessagePort | undefined>(shardCount).fill(undefined),
  );
  for (let a = 0; a < shardCount; a++) {
    for (let b = 0; b < a; b++) {
      const { port1, port2 } = new MessageChannel();
      ports[a]![b] = port1;
      ports[b]![a] = port2;
    }
  }
  return ports;
}

function startWorker(orders: ShardOrders): Worker {
  const { plan, ports } = orders;
  return new Worker(new URL("./shard-worker.js", import.meta.url), {
    workerData: orders,
    transferList: ports.filter((port) => port !== undefined),
    resourceLimits: {
      // What this process may use, by NODE_OPTIONS or by the machine, each of its threads may.
      maxOldGenerationSizeMb: getHeapStatistics().heap_size_limit / 2 ** 20,
      maxYoungGenerationSizeMb: Math.max(LEAST_YOUNG_MB, YOUNG_MB / plan.shardCount),
    },
  });
}

function reportOf(
  worker: Worker,
  shard: number,
  shardCount: number,
  books: ShardBooks,
  meeting: Meeting,
): Promise<{ report: Report; isOver: boolean }> {
  const name = `shard ${shard + 1} of ${shardCount}`;
  return new Promise((resolve, reject) => {
    worker.on("message", (message: FromShard) => {
      switch (message.type) {
        case "notes":
          books.take(shard, message);
          meeting.noteRead(shard);
          return;
        case "built":
          books.noteBuilt();
          return;
        case "report":
          resolve(message);
          return;
        case "failed":
          reject(new ShardError(`${name} failed ${message.place}: ${message.reason}`));
          return;
      }
    });
    worker.on("error", (error: NodeJS.ErrnoException) => {
      const reason =
        error.code === "ERR_WORKER_OUT_OF_MEMORY"
          ? "ran out of memory (NODE_OPTIONS=--max-old-space-size=MB allows more)"
          : `failed: ${error.stack}`;
      reject(new ShardError(`${name} ${reason}; all shards had come to ${books.placeS} of simulated time`));
    });
    worker.on("exit", () => {
      reject(
        new ShardError(`${name} was ended from outside; all shards had come to ${books.placeS} of simulated time`),
      );
    });
  });
}
