/** The nodes of a MESH-30K mesh, on the hosts of a simulation. */
import { Agent, agentIdentity } from "../protocol/mesh-30k/agent.js";
import { ClusterLead } from "../protocol/mesh-30k/cluster-lead.js";
import type { Fact } from "../protocol/mesh-30k/facts.js";
import { CLASS_CAPABILITIES, IMPEDANCE_CLASSES, type ImpedanceClass } from "../protocol/mesh-30k/impedance-class.js";
import { Memory } from "../protocol/mesh-30k/memory.js";
import type { MeshMessage } from "../protocol/mesh-30k/messages.js";
import type { ProtocolOptions } from "../protocol/mesh-30k/options.js";
import { Orchestrator } from "../protocol/mesh-30k/orchestrator.js";
import type { Parameters } from "../protocol/mesh-30k/parameters.js";
import { SectorCoordinator } from "../protocol/mesh-30k/sector-coordinator.js";
import type { Cluster, Sector, Topology } from "../protocol/mesh-30k/topology.js";
import type { Simulation } from "../sim/simulation.js";

/** The nodes that are attached: all of them, or those of one shard. */
export interface Mesh {
  readonly topology: Topology;
  readonly orchestrator: Orchestrator | undefined;
  readonly sectors: readonly { readonly sector: Sector; readonly node: SectorCoordinator }[];
  readonly leads: readonly { readonly cluster: Cluster; readonly node: ClusterLead }[];
}

/** The numbers of some hundreds of agents: 1 MiB. */
const MEMORY_CHUNK_CELLS = 131_072;

/** Attaches every node, in the order of the topology's addresses. */
export function attachMesh(
  simulation: Simulation<MeshMessage, Fact>,
  topology: Topology,
  options: ProtocolOptions,
  parameters: Parameters,
): Mesh {
  const memory = new Memory(MEMORY_CHUNK_CELLS);
  let orchestrator: Orchestrator | undefined;
  simulation.attach((host) => {
    orchestrator = new Orchestrator(host, topology, options, parameters);
    return orchestrator;
  });
  const sectors: { sector: Sector; node: SectorCoordinator }[] = [];
  for (const sector of topology.sectors) {
    simulation.attach((host) => {
      const node = new SectorCoordinator(host, sector, topology, options, parameters);
      sectors.push({ sector, node });
      return node;
    });
  }
  const leads: { cluster: Cluster; node: ClusterLead }[] = [];
  for (const cluster of topology.clusters) {
    const { coordinator } = topology.sectors[cluster.sector]!;
    simulation.attach((host) => {
      const node = new ClusterLead(host, cluster, coordinator, options, parameters, memory);
      leads.push({ cluster, node });
      return node;
    });
  }
  for (const cluster of topology.clusters) {
    const identities = PAIRS.get(cluster.agentClass)!.map((pair) =>
      agentIdentity(cluster.agentClass, pair, cluster.lead),
    );
    for (let position = 0; position < cluster.size; position++) {
      const identity = identities[position % identities.length]!;
      simulation.attach((host) => new Agent(host, identity, options, parameters, memory));
    }
  }
  return { topology, orchestrator, sectors, leads };
}

/**
 * For each class, its capabilities two by two: every agent offers two of the three of its class, so that a cluster has a
 * choice but not all of it.
 */
const PAIRS = new Map<ImpedanceClass, readonly (readonly string[])[]>(
  IMPEDANCE_CLASSES.map((name) => {
    const all = CLASS_CAPABILITIES[name];
    return [name, all.map((_, index) => [all[index]!, all[(index + 1) % all.length]!])];
  }),
);
