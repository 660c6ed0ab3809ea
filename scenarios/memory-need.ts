/** How much memory a scenario needs, so that one that cannot fit is refused before it starts. */
import { totalmem } from "node:os";
import { getHeapStatistics } from "node:v8";
import type { LoadedScenario } from "./language/load.js";

/** Measured on 300 to 30,000 agents (docs/performance.md): what a run takes whatever its size, and for each node. */
const BASE_MB = 150;
const MB_PER_NODE = 0.03;

/** An estimate of the peak, in MB. */
export function memoryNeedMb({ scenario }: LoadedScenario): number {
  const { sectors, clustersPerSector, agentsPerCluster } = scenario.mesh;
  const nodes = 1 + sectors * (1 + clustersPerSector * (1 + agentsPerCluster));
  return BASE_MB + nodes * MB_PER_NODE;
}

/**
 * Refuses a scenario that would not fit.
 * @param machineMb memory of the machine, and heap that this process may grow to, in MB
 * @throws ScenarioError
 */
export function checkMemory(
  loaded: LoadedScenario,
  machineMb = { total: totalmem() / 1e6, heap: getHeapStatistics().heap_size_limit / 1e6 },
): void {
  const needMb = memoryNeedMb(loaded);
  const gb = (mb: number) => `${(mb / 1000).toFixed(1)} GB`;
  if (needMb > machineMb.total) {
    throw loaded.errorAt(
      ["mesh"],
      `needs about ${gb(needMb)} of memory; this machine has ${gb(machineMb.total)} (make the mesh smaller)`,
    );
  }
  if (needMb > machineMb.heap) {
    const megabytes = Math.ceil(needMb / 100) * 100;
    throw loaded.errorAt(
      ["mesh"],
      `needs about ${gb(needMb)} of memory; Node.js may use ${gb(machineMb.heap)} (set NODE_OPTIONS=--max-old-space-size=${megabytes})`,
    );
  }
}
