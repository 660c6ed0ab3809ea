/**
 * A scenario's mesh put together by hand from the public parts of every room, for what a rehearsal does not offer:
 * idle nodes behind the mesh, an observer of one's own, orders to the orchestrator.
 */
import { WorldClocks } from "../../models/clocks.js";
import { WorldLinks } from "../../models/links.js";
import { WorldServiceTimes } from "../../models/service-times.js";
import { sharedHosts } from "../../models/shared-hosts.js";
import { machineCount } from "../../models/site.js";
import { loadWorld } from "../../models/world.js";
import type { Fact } from "../../protocol/mesh-30k/facts.js";
import { sizeBytes } from "../../protocol/mesh-30k/message-size.js";
import type { MeshMessage } from "../../protocol/mesh-30k/messages.js";
import { Topology } from "../../protocol/mesh-30k/topology.js";
import { digest, ttlMs } from "../../protocol/mesh-30k/wire.js";
import type { LoadedScenario } from "../../scenarios/language/load.js";
import { attachMesh, type Mesh } from "../../scenarios/mesh.js";
import { placeMesh } from "../../scenarios/mesh-world.js";
import { scheduleWorkload } from "../../scenarios/workload.js";
import type { Observer } from "../../sim/setup.js";
import { Simulation } from "../../sim/simulation.js";

export interface LaidOutMesh {
  readonly simulation: Simulation<MeshMessage, Fact>;
  readonly mesh: Mesh;
}

interface Extras {
  /** Nodes behind the last agent that do nothing and that nobody talks to. */
  readonly idleNodes?: number;
  readonly observer?: Observer<MeshMessage, Fact>;
}

/** Started and with its workload scheduled, at time 0. The scenario overrides nothing of the world. */
export function laidOutMesh(loaded: LoadedScenario, { idleNodes = 0, observer = {} }: Extras = {}): LaidOutMesh {
  const { scenario } = loaded;
  const { seed, protocol } = scenario;
  const { sectors, clustersPerSector, classes: agents } = scenario.mesh;
  const world = loadWorld({});
  const topology = new Topology({ sectors, clustersPerSector, agents });
  const sites = placeMesh(loaded, world, topology);
  for (let i = 0; i < idleNodes; i++) sites.push({ hardware: "C", region: 0, machine: machineCount(sites) });
  const simulation = new Simulation<MeshMessage, Fact>({
    seed,
    nodeCount: topology.nodeCount + idleNodes,
    links: new WorldLinks(world, sites, seed),
    serviceTimes: new WorldServiceTimes(world, sites, seed),
    clocks: new WorldClocks(world, sites, seed),
    wire: { ttlMs, digest, sizeBytes },
    hosts: sharedHosts(world, sites, seed),
    queueCapacity: 10_000,
    observer,
  });
  const mesh = attachMesh(simulation, topology, protocol.options, protocol.parameters);
  const nothing = () => {};
  for (let i = 0; i < idleNodes; i++) {
    simulation.attach(() => ({ start: nothing, receive: nothing, wake: nothing, done: nothing }));
  }
  simulation.start();
  scheduleWorkload(simulation, mesh, scenario);
  return { simulation, mesh };
}
