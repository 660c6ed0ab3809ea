/** How much memory a scenario needs, so that one that cannot fit is refused before it starts. */
import { totalmem } from "node:os";
import { getHeapStatistics } from "node:v8";
import { US_PER_S } from "../sim/time.js";
import type { LoadedScenario } from "./language/load.js";
import { Stage } from "./stage.js";

/**
 * Measured on 300 to 1,000,000 agents (docs/performance.md): what a run takes whatever its size, for each node, and for
 * each whose sample windows are full, which they are after so many messages.
 */
const BASE_MB = 150;
const MB_PER_NODE = 0.004;
const MB_PER_FULL_NODE = 0.01;
const MESSAGES_UNTIL_FULL = 100;
/** A message, the job that it is and what its sender keeps of it, until it is answered or past its time. */
const MB_PER_PENDING_MESSAGE = 0.002;
/** Measured over ten simulated hours: the series of a second, the books of a cascade, and a number for each of its agents. */
const MB_PER_SECOND = 0.004;
const MB_PER_CASCADE = 0.04;
const MB_PER_ARRIVAL = 0.000_016;

/** How much of it V8's heap takes at most; typed arrays take the rest and are not limited. */
const HEAP_SHARE = 0.75;

/** A shard's own engine, and its share of young objects; measured on two (docs/performance.md). */
const MB_PER_SHARD = 120;

/** An estimate of the peak on one thread, in MB. Of messages it takes the most that can be pending: all that come within their life. */
export function memoryNeedMb(loaded: LoadedScenario): number {
  const { scenario } = loaded;
  const { sectors, clustersPerSector, agentsPerCluster } = scenario.mesh;
  const { intraClusterPerSecond, interClusterPerSecond, meshWidePerSecond, cascades } = scenario.workload;
  const clusters = sectors * clustersPerSector;
  const newcomers = Object.values(scenario.mesh.joining?.agents ?? {}).reduce((sum, count) => sum + count, 0);
  const agents = clusters * agentsPerCluster + newcomers;
  const nodes = 1 + sectors + clusters + agents;
  const seconds = simulatedS(loaded);
  const messagesPerSecond =
    clusters * intraClusterPerSecond + sectors * interClusterPerSecond + agents * meshWidePerSecond;
  const lifeS = Math.min(seconds, scenario.protocol.parameters.taskTtlMs / 1000);
  const cascadeCount = cascades.reduce(
    (sum, { everyMs, count = Number.POSITIVE_INFINITY }) => sum + Math.min(count, (seconds * 1000) / everyMs),
    0,
  );
  const messagesPerAgent = (messagesPerSecond * seconds) / agents + cascadeCount;
  const fullShare = Math.min(1, messagesPerAgent / MESSAGES_UNTIL_FULL);
  return (
    BASE_MB +
    nodes * (MB_PER_NODE + fullShare * MB_PER_FULL_NODE) +
    messagesPerSecond * lifeS * MB_PER_PENDING_MESSAGE +
    seconds * MB_PER_SECOND +
    cascadeCount * (MB_PER_CASCADE + agents * MB_PER_ARRIVAL)
  );
}

/** Where quiet is skipped, it takes the faults to know what is left. */
function simulatedS(loaded: LoadedScenario): number {
  const { quiet, warmUpMs, durationMs } = loaded.scenario;
  return quiet.skip ? new Stage(loaded).endUs / US_PER_S : (warmUpMs + durationMs) / 1000;
}

/** What this process may use: of the machine, or of the container that it runs in. */
function memoryMb(): number {
  const limit = process.constrainedMemory();
  return (limit > 0 ? Math.min(limit, totalmem()) : totalmem()) / 1e6;
}

/** How many shards there is memory for, at least one and at most `most`. */
export function shardsThatFit(loaded: LoadedScenario, most: number, totalMb = memoryMb()): number {
  const spareMb = totalMb - memoryNeedMb(loaded);
  return Math.max(1, Math.min(most, Math.floor(spareMb / MB_PER_SHARD)));
}

/**
 * Refuses a scenario that would not fit.
 * @param machineMb memory of the machine, and heap that this process may grow to, in MB
 * @throws ScenarioError
 */
export function checkMemory(
  loaded: LoadedScenario,
  machineMb = { total: memoryMb(), heap: getHeapStatistics().heap_size_limit / 1e6 },
): void {
  const needMb = memoryNeedMb(loaded);
  const gb = (mb: number) => `${(mb / 1000).toFixed(1)} GB`;
  if (needMb > machineMb.total) {
    throw loaded.errorAt(
      ["mesh"],
      `needs about ${gb(needMb)} of memory; this machine has ${gb(machineMb.total)} (a smaller mesh, a shorter run or lower rates)`,
    );
  }
  if (needMb * HEAP_SHARE > machineMb.heap) {
    const megabytes = Math.ceil((needMb * HEAP_SHARE) / 100) * 100;
    throw loaded.errorAt(
      ["mesh"],
      `needs about ${gb(needMb)} of memory; Node.js may use ${gb(machineMb.heap)} (set NODE_OPTIONS=--max-old-space-size=${megabytes})`,
    );
  }
}
