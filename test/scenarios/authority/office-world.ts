/**
 * A small mesh with all its offices in a plain world, watched by the judge of authority: every message takes 10 ms, clocks
 * show true time unless a test has them run faster or slower, and whom the network lets through is up to the test.
 */
import type { Address, Host } from "../../../protocol/contract.js";
import { Agent, agentIdentity } from "../../../protocol/mesh-30k/agent.js";
import { type BuildRole, type Role, Seat } from "../../../protocol/mesh-30k/authority/seat.js";
import { ClusterLead } from "../../../protocol/mesh-30k/cluster-lead.js";
import type { Fact } from "../../../protocol/mesh-30k/facts.js";
import { CLASS_CAPABILITIES } from "../../../protocol/mesh-30k/impedance-class.js";
import type { MeshMessage } from "../../../protocol/mesh-30k/messages.js";
import { preset, type Variant } from "../../../protocol/mesh-30k/options.js";
import { Orchestrator } from "../../../protocol/mesh-30k/orchestrator.js";
import { SectorCoordinator } from "../../../protocol/mesh-30k/sector-coordinator.js";
import { Topology } from "../../../protocol/mesh-30k/topology.js";
import { digest, ttlMs } from "../../../protocol/mesh-30k/wire.js";
import { MeshMeter } from "../../../scenarios/measure/mesh-meter.js";
import { MeshProbe } from "../../../scenarios/measure/mesh-probe.js";
import type { Clocks } from "../../../sim/clock.js";
import { EventKind } from "../../../sim/event-store.js";
import { LOST } from "../../../sim/network.js";
import { Simulation } from "../../../sim/simulation.js";
import { microsFromMs, US_PER_MS, US_PER_S } from "../../../sim/time.js";
import { PARAMETERS } from "../../protocol/mesh-30k/fixtures.js";
import { fixedService, SEED } from "../../sim/plain-world.js";

export type Passes = (from: Address, to: Address) => boolean;
const EVERYTHING: Passes = () => true;

export class OfficeWorld {
  /** Two sectors of two clusters of five. Offices: orchestrator 0, coordinators 1 and 2, leads 3 to 6; agents from 7. */
  readonly topology: Topology;
  readonly meter: MeshMeter;
  readonly simulation: Simulation<MeshMessage, Fact>;
  readonly facts: { readonly atS: number; readonly node: Address; readonly fact: Fact }[] = [];
  passes: Passes = EVERYTHING;

  /**
   * @param wrap what becomes of an agent: the broken one of a test
   * @param joining so many agents join, as many in each cluster, all of them after so many s
   * @param starts whether there is a platform that starts fresh processes
   * @param rateOf how fast the clock of each node runs
   */
  constructor(
    takeover: Variant,
    private readonly wrap: (agent: Agent, host: Host<MeshMessage, Fact>) => Agent = (agent) => agent,
    seed = SEED,
    joining = { agents: 0, atS: 0 },
    starts = false,
    rateOf: (node: Address) => number = () => 1,
  ) {
    const clocks: Clocks = {
      wallMs: (node, trueUs) => (trueUs / US_PER_MS) * rateOf(node),
      trueDurationUs: (node, durationMs) => microsFromMs(durationMs / rateOf(node)),
    };
    const none = { B: 0, C: 0, D: 0, E: 0, F: 0 };
    const shape = { sectors: 2, clustersPerSector: 2, agents: { A: 20, ...none } };
    this.topology = new Topology({ ...shape, joining: { A: joining.agents, ...none } });
    this.meter = new MeshMeter(this.topology, 0, true);
    const { topology, meter } = this;
    const probe = new MeshProbe(topology, meter, takeover, clocks);
    this.simulation = new Simulation<MeshMessage, Fact>({
      seed,
      nodeCount: topology.nodeCount,
      links: {
        delayUs: (from, to) => (this.passes(from, to) ? 10 * US_PER_MS : LOST),
        duplicateDelayUs: () => 0,
      },
      serviceTimes: fixedService(US_PER_MS),
      clocks,
      ...(starts && { platform: { orderUs: () => 10 * US_PER_MS, startUpUs: () => US_PER_S } }),
      wire: { ttlMs, digest },
      queueCapacity: 100,
      arrivals: topology.newcomers().map((address) => ({ address, atUs: joining.atS * US_PER_S })),
      observer: {
        onSend: (nowUs, from, to, message) => probe.onSend(nowUs, from, to, message),
        onLife: (nowUs, address, life) => probe.onLife(nowUs, address, life),
        onFact: (nowUs, node, fact) => {
          this.facts.push({ atS: nowUs / US_PER_S, node, fact });
          probe.onFact(nowUs, node, fact);
        },
        onEvent: (atUs, kind, origin, target, datum) => {
          if (kind === EventKind.deliver) probe.onDelivered(atUs, origin, target, datum as MeshMessage);
        },
      },
    });
    this.attach({ ...preset("repaired"), takeover });
    this.simulation.start();
  }

  get judge() {
    return this.meter.authority;
  }

  /** Lets time pass until an instant, in s. */
  runTo(untilS: number): void {
    this.simulation.run(untilS * US_PER_S);
    this.judge.finish(untilS * US_PER_S);
  }

  /** Cuts the mesh in two: nothing passes between `side` and the rest. */
  split(side: readonly Address[]): void {
    const inside = new Set(side);
    this.passes = (from, to) => inside.has(from) === inside.has(to);
  }

  heal(): void {
    this.passes = EVERYTHING;
  }

  agentsOf(cluster: number): Address[] {
    const { firstAgent, size } = this.topology.clusters[cluster]!;
    return Array.from({ length: size }, (_, index) => firstAgent + index);
  }

  /** The role that a process plays now. */
  role<R extends Role>(process: Address): R | undefined {
    return (this.simulation.nodes[process] as Seat<R>).inOffice();
  }

  /** Whom each agent of a cluster sends its heartbeats to, and whom the mesh holds for its lead. */
  followedBy(cluster: number): Address[] {
    const members = this.agentsOf(cluster);
    return members.map((member) => this.judge.masterOfMember(member));
  }

  private attach(options: ReturnType<typeof preset>): void {
    const { simulation, topology } = this;
    const seat = <R extends Role>(office: Address, build: BuildRole<R>) =>
      simulation.attach((host) => new Seat(host, office, topology, options, PARAMETERS, build));
    const offices = () => {
      seat(0, (host, inherited) => {
        return new Orchestrator(host, topology, options, PARAMETERS, inherited);
      });
      for (const sector of topology.sectors) {
        seat(sector.coordinator, (host, inherited) => {
          return new SectorCoordinator(host, sector, topology, options, PARAMETERS, inherited);
        });
      }
      for (const cluster of topology.clusters) {
        const { coordinator } = topology.sectors[cluster.sector]!;
        seat(cluster.lead, (host, inherited) => {
          return new ClusterLead(host, cluster, coordinator, options, PARAMETERS, undefined, inherited);
        });
      }
    };
    offices();
    for (const { agentClass, lead, size } of topology.clusters) {
      const identity = agentIdentity(agentClass, CLASS_CAPABILITIES[agentClass], lead, topology.standbyOf(lead));
      for (let i = 0; i < size; i++) {
        simulation.attach((host) => this.wrap(new Agent(host, identity, options, PARAMETERS), host));
      }
    }
    offices();
  }
}
