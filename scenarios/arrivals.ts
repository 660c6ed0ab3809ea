/** When the processes of the agents that join a running mesh start: a pure function of scenario and seed. */
import type { Topology } from "../protocol/mesh-30k/topology.js";
import { RandomStreams } from "../sim/random.js";
import type { Arrival } from "../sim/setup.js";
import { microsFromMs } from "../sim/time.js";
import type { Scenario } from "./language/schema.js";

/** One draw for each newcomer, from a stream of its own, so that one more shifts nobody else's. */
export function arrivalsOf({ mesh, seed, warmUpMs }: Scenario, topology: Topology): readonly Arrival[] {
  const { joining } = mesh;
  if (joining === undefined) return [];
  const random = new RandomStreams(seed, "joining", topology.nodeCount);
  const fromUs = microsFromMs(joining.atMs ?? warmUpMs);
  const overUs = microsFromMs(joining.overMs);
  return topology.newcomers().map((address) => {
    return { address, atUs: fromUs + Math.floor(random.uniform(address) * overUs) };
  });
}
