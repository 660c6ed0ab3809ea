/** The nodes of a MESH-30K mesh, on the hosts of a simulation. */
import type { Host } from "../protocol/contract.js";
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

/** The nodes that are attached, all of them or those of one shard, in their first processes. */
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
  const first = simulation.attach((host) => new Orchestrator(host, topology, options, parameters));
  const orchestrator = simulation.nodes[first] as Orchestrator | undefined;
  const sectors: { sector: Sector; node: SectorCoordinator }[] = [];
  for (const sector of topology.sectors) {
    const address = simulation.attach((host) => new SectorCoordinator(host, sector, topology, options, parameters));
    const node = simulation.nodes[address];
    if (node !== undefined) sectors.push({ sector, node: node as SectorCoordinator });
  }
  const leads: { cluster: Cluster; node: ClusterLead }[] = [];
  for (const cluster of topology.clusters) {
    const { coordinator } = topology.sectors[cluster.sector]!;
    const address = simulation.attach(
      (host) => new ClusterLead(host, cluster, coordinator, options, parameters, memory),
    );
    const node = simulation.nodes[address];
    if (node !== undefined) leads.push({ cluster, node: node as ClusterLead });
  }
  for (const cluster of topology.clusters) {
    // The simulation keeps what builds a node, so agents with one identity share it.
    const builds = PAIRS.get(cluster.agentClass)!.map((pair) => {
      const identity = agentIdentity(cluster.agentClass, pair, cluster.lead);
      return (host: Host<MeshMessage, Fact>) => new Agent(host, identity, options, parameters, memory);
    });
    for (let position = 0; position < cluster.size; position++) simulation.attach(builds[position % builds.length]!);
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
