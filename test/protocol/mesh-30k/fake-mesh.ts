/** A whole small mesh on fake machines: every message takes the same time, every job too, and nothing is random. */
import type { Address, Millis } from "../../../protocol/contract.js";
import { Agent, agentIdentity } from "../../../protocol/mesh-30k/agent.js";
import { ClusterLead } from "../../../protocol/mesh-30k/cluster-lead.js";
import { CLASS_CAPABILITIES } from "../../../protocol/mesh-30k/impedance-class.js";
import type { MeshMessage } from "../../../protocol/mesh-30k/messages.js";
import type { ProtocolOptions } from "../../../protocol/mesh-30k/options.js";
import { Orchestrator } from "../../../protocol/mesh-30k/orchestrator.js";
import { SectorCoordinator } from "../../../protocol/mesh-30k/sector-coordinator.js";
import { type MeshShape, Topology } from "../../../protocol/mesh-30k/topology.js";
import { FakeHost } from "../fake-host.js";
import { PARAMETERS } from "./fixtures.js";

export interface Delivery {
  readonly from: Address;
  readonly to: Address;
  readonly message: MeshMessage;
}

export interface MeshTimes {
  /** One way between any two nodes. */
  readonly delayMs: Millis;
  readonly serviceMs: Millis;
  /** By how much a node's wall clock is ahead. */
  readonly clockOffsetMs?: (address: Address) => Millis;
}

interface Event {
  readonly atMs: Millis;
  readonly happen: () => void;
}

export class FakeMesh {
  readonly topology: Topology;
  readonly hosts: readonly FakeHost[];
  readonly orchestrator: Orchestrator;
  readonly coordinators: readonly SectorCoordinator[];
  readonly leads: readonly ClusterLead[];
  /** Every message that arrived, in order. */
  readonly delivered: Delivery[] = [];
  /** Whether the network loses this message; by default none. */
  loses: (delivery: Delivery) => boolean = () => false;
  private readonly busyUntilMs: Millis[];
  private readonly inWork: number[];
  private events: Event[] = [];
  private nowMs = 0;

  constructor(
    shape: MeshShape,
    options: ProtocolOptions,
    private readonly times: MeshTimes,
  ) {
    const topology = new Topology(shape);
    this.topology = topology;
    const offset = times.clockOffsetMs ?? (() => 0);
    this.hosts = Array.from({ length: topology.nodeCount }, (_, address) => new FakeHost(address, offset(address)));
    this.busyUntilMs = this.hosts.map(() => 0);
    this.inWork = this.hosts.map(() => 0);
    const host = (address: Address) => this.hosts[address]!;
    this.orchestrator = host(0).run(new Orchestrator(host(0), topology, options, PARAMETERS));
    this.coordinators = topology.sectors.map((sector) => {
      const machine = host(sector.coordinator);
      return machine.run(new SectorCoordinator(machine, sector, topology, options, PARAMETERS));
    });
    this.leads = topology.clusters.map((cluster) => {
      const machine = host(cluster.lead);
      const { coordinator } = topology.sectors[cluster.sector]!;
      return machine.run(new ClusterLead(machine, cluster, coordinator, options, PARAMETERS));
    });
    for (let address = topology.firstAgent; address < topology.firstStandby; address++) {
      const { agentClass, lead } = topology.clusterOf(address);
      const identity = agentIdentity(agentClass, CLASS_CAPABILITIES[agentClass], lead, topology.standbyOf(lead));
      host(address).run(new Agent(host(address), identity, options, PARAMETERS));
    }
  }

  /** Lets everything happen that falls into the next `forMs`. */
  run(forMs: Millis): void {
    const untilMs = this.nowMs + forMs;
    this.collect();
    for (let atMs = this.nextMs(); atMs <= untilMs; atMs = this.nextMs()) {
      this.nowMs = atMs;
      for (const host of this.hosts) host.advanceTo(atMs);
      const due = this.events.filter((event) => event.atMs <= atMs);
      this.events = this.events.filter((event) => event.atMs > atMs);
      for (const event of due) event.happen();
      this.collect();
    }
    this.nowMs = untilMs;
    for (const host of this.hosts) host.advanceTo(untilMs);
  }

  deliveredOf<Type extends MeshMessage["type"]>(type: Type) {
    return this.delivered.filter(({ message }) => message.type === type) as (Delivery & {
      readonly message: Extract<MeshMessage, { readonly type: Type }>;
    })[];
  }

  private nextMs(): Millis {
    const timers = this.hosts.map((host) => host.nextTimerMs());
    return Math.min(...timers, ...this.events.map((event) => event.atMs));
  }

  /** Turns what the nodes have asked their machines for into events. */
  private collect(): void {
    for (const host of this.hosts) {
      for (const { to, message } of host.sent.splice(0)) this.carry({ from: host.self, to, message });
      while (this.inWork[host.self]! < host.jobs.length) this.serve(host);
    }
  }

  /** Puts the next job of a machine in its only processor, behind those that are there. */
  private serve(host: FakeHost): void {
    const doneAtMs = Math.max(this.nowMs, this.busyUntilMs[host.self]!) + this.times.serviceMs;
    this.busyUntilMs[host.self] = doneAtMs;
    this.inWork[host.self]!++;
    this.events.push({
      atMs: doneAtMs,
      happen: () => {
        this.inWork[host.self]!--;
        host.finish();
      },
    });
  }

  private carry(delivery: Delivery): void {
    if (this.loses(delivery)) return;
    this.events.push({
      atMs: this.nowMs + this.times.delayMs,
      happen: () => {
        this.delivered.push(delivery);
        this.hosts[delivery.to]!.deliver(delivery.from, delivery.message);
      },
    });
  }
}
