/** The nodes of a MESH-30K mesh, on the hosts of a simulation. */
import type { Address, Host } from "../protocol/contract.js";
import { Agent, agentIdentity } from "../protocol/mesh-30k/agent.js";
import { type BuildRole, type Role, Seat } from "../protocol/mesh-30k/authority/seat.js";
import { ClusterLead } from "../protocol/mesh-30k/cluster-lead.js";
import type { Fact } from "../protocol/mesh-30k/facts.js";
import { CLASS_CAPABILITIES, IMPEDANCE_CLASSES, type ImpedanceClass } from "../protocol/mesh-30k/impedance-class.js";
import { Memory } from "../protocol/mesh-30k/memory.js";
import type { MeshMessage } from "../protocol/mesh-30k/messages.js";
import type { ProtocolOptions } from "../protocol/mesh-30k/options.js";
import { Orchestrator } from "../protocol/mesh-30k/orchestrator.js";
import type { Parameters } from "../protocol/mesh-30k/parameters.js";
import { SectorCoordinator } from "../protocol/mesh-30k/sector-coordinator.js";
import { type Cluster, ORCHESTRATOR, type Sector, type Topology } from "../protocol/mesh-30k/topology.js";
import type { Simulation } from "../sim/simulation.js";

type MeshSimulation = Simulation<MeshMessage, Fact>;

/** The nodes that are attached: all of them, or those of one shard. */
export class Mesh {
  /** Requests of users that nobody in office could be found for. */
  refusedRequests = 0;

  constructor(
    private readonly simulation: MeshSimulation,
    readonly topology: Topology,
  ) {}

  /** Whether a node is one of those attached. */
  has(address: Address): boolean {
    return this.simulation.ports[address] !== undefined;
  }

  /** What a process of the orchestrator's office plays now; undefined where it does not hold it or does not run. */
  orchestrator(process: Address): Orchestrator | undefined {
    return this.roleOf<Orchestrator>(process);
  }

  /** Whoever a user of a sector, or of a cluster, finds in office, the primary first; undefined if nobody is. */
  coordinator({ coordinator }: Sector): SectorCoordinator | undefined {
    return this.inOffice<SectorCoordinator>(coordinator);
  }

  lead({ lead }: Cluster): ClusterLead | undefined {
    return this.inOffice<ClusterLead>(lead);
  }

  private inOffice<R extends Role>(office: Address): R | undefined {
    const found = this.roleOf<R>(office) ?? this.roleOf<R>(this.topology.standbyOf(office));
    if (found === undefined) this.refusedRequests++;
    return found;
  }

  private roleOf<R extends Role>(process: Address): R | undefined {
    if (!this.simulation.lives.isRunning(process)) return undefined;
    return (this.simulation.nodes[process] as Seat<R> | undefined)?.inOffice();
  }
}

/** The numbers of some hundreds of agents: 1 MiB. */
const MEMORY_CHUNK_CELLS = 131_072;

/** Attaches every node, in the order of the topology's addresses. */
export function attachMesh(
  simulation: MeshSimulation,
  topology: Topology,
  options: ProtocolOptions,
  parameters: Parameters,
): Mesh {
  const memory = new Memory(MEMORY_CHUNK_CELLS);
  const seat = <R extends Role>(office: Address, build: BuildRole<R>) =>
    simulation.attach((host) => new Seat(host, office, topology, options, parameters, build));
  const attachOffice = (office: Address) => {
    if (office === ORCHESTRATOR) {
      seat(office, (host, inherited) => {
        return new Orchestrator(host, topology, options, parameters, inherited);
      });
    } else if (office < topology.firstLead) {
      const sector = topology.sectors[office - topology.sectors[0]!.coordinator]!;
      seat(office, (host, inherited) => {
        return new SectorCoordinator(host, sector, topology, options, parameters, inherited);
      });
    } else {
      const cluster = topology.clusters[office - topology.firstLead]!;
      const { coordinator } = topology.sectors[cluster.sector]!;
      seat(office, (host, inherited) => {
        return new ClusterLead(host, cluster, coordinator, options, parameters, memory, inherited);
      });
    }
  };
  for (let office = 0; office < topology.officeCount; office++) attachOffice(office);
  for (const cluster of topology.clusters) {
    const standby = topology.standbyOf(cluster.lead);
    // The simulation keeps what builds a node, so agents with one identity share it.
    const builds = PAIRS.get(cluster.agentClass)!.map((pair) => {
      const identity = agentIdentity(cluster.agentClass, pair, cluster.lead, standby);
      return (host: Host<MeshMessage, Fact>) => new Agent(host, identity, options, parameters, memory);
    });
    for (let position = 0; position < cluster.size; position++) simulation.attach(builds[position % builds.length]!);
  }
  for (let office = 0; office < topology.officeCount; office++) attachOffice(office);
  return new Mesh(simulation, topology);
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
