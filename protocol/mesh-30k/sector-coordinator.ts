/** A sector coordinator: holds a replica of the registry, routes across the mesh, passes operations on (4.3, 3.3). */
import type { Address, Host, Job, JobOutcome, Millis, Node, TimerTag } from "../contract.js";
import { ROUTING_POLICIES, type RoutingPolicy } from "./best-agent.js";
import { Child, Children } from "./children.js";
import { CircuitBoard } from "./circuit-board.js";
import { ContextMemory } from "./context-memory.js";
import { Coordination } from "./coordination.js";
import { Dispatch } from "./dispatch.js";
import type { Fact } from "./facts.js";
import { findBestAgent, ImpedanceMap, MAX_IMPEDANCE, summariseSector } from "./impedance-map.js";
import { LeadTimeEstimator } from "./lead-time.js";
import type { Acknowledge, AgentImpedance, Coordinate, MapUpdate, MeshMessage } from "./messages.js";
import { operationOf, taskOperation } from "./operation.js";
import type { ProtocolOptions } from "./options.js";
import { type Parameters, RELAY_PROCESSING_MS } from "./parameters.js";
import { ImpedanceProfiler } from "./profiler.js";
import { Relay, type RelayRole } from "./relay.js";
import type { Target } from "./scatter-gather.js";
import { SectorDistances } from "./sector-distances.js";
import { SWEEP_MS, type Task } from "./task.js";
import { TimerKind, timerKind, timerNumber, timerTag } from "./timer-tag.js";
import { ORCHESTRATOR, type Sector, type Topology } from "./topology.js";

export class SectorCoordinator implements Node<MeshMessage>, RelayRole {
  readonly tier = "sector";
  readonly levelsBelow = 2;
  private readonly children: Children;
  private readonly map: ImpedanceMap;
  private readonly routing: RoutingPolicy;
  private readonly routesByDistance: boolean;
  private readonly distances: SectorDistances;
  private readonly coordination: Coordination;
  private readonly dispatch: Dispatch;
  private readonly relay: Relay;
  private readonly profiler: ImpedanceProfiler;
  private readonly context = new ContextMemory();
  private readonly circuits = new CircuitBoard();
  /** Agents anywhere on the mesh that this coordinator has sent to. */
  private readonly acquaintances = new Map<Address, Child>();
  private readonly weighsByAgents: boolean;
  private readonly countsPeople: boolean;

  constructor(
    private readonly host: Host<MeshMessage, Fact>,
    private readonly sector: Sector,
    private readonly topology: Topology,
    options: ProtocolOptions,
    private readonly parameters: Parameters,
  ) {
    const subject = {
      agentId: host.self,
      agentClass: "C",
      assumedProcessingMs: RELAY_PROCESSING_MS,
      capabilities: [],
    } as const;
    this.children = new Children(topology.firstLead + sector.firstCluster, sector.clusterCount, (lead) => {
      const cluster = topology.clusters[lead - topology.firstLead]!;
      return new Child(lead, cluster.agentClass, RELAY_PROCESSING_MS);
    });
    this.weighsByAgents = options.responseRate === "repaired";
    this.countsPeople = options.humanTargets === "as-written";
    this.map = new ImpedanceMap(topology.sectors.length, topology.clusters.length);
    this.routing = ROUTING_POLICIES[options.routing];
    this.routesByDistance = options.routing === "repaired";
    this.distances = new SectorDistances(topology.sectors.length, sector.index);
    this.profiler = new ImpedanceProfiler(subject, options);
    const estimator = new LeadTimeEstimator(options, parameters);
    this.coordination = new Coordination(
      host,
      this.tier,
      options,
      parameters,
      estimator,
      this.context,
      this.routing.queueDepth,
    );
    this.dispatch = new Dispatch(host, this.coordination.outbox, this.context, this.coordination.resends);
    this.relay = new Relay(host, this, options, this.profiler, this.coordination, this.context);
  }

  start(): void {
    this.host.setTimer(this.host.random() * this.parameters.summaryMs, timerTag(TimerKind.summary));
    this.host.setTimer(this.host.random() * SWEEP_MS, timerTag(TimerKind.sweep));
  }

  wake(tag: TimerTag): void {
    switch (timerKind(tag)) {
      case TimerKind.summary:
        this.summarise();
        return;
      case TimerKind.sweep:
        this.dispatch.sweep();
        this.host.setTimer(SWEEP_MS, tag);
        return;
      case TimerKind.gather:
        this.coordination.advance(timerNumber(tag));
        return;
    }
  }

  receive(from: Address, message: MeshMessage): void {
    switch (message.type) {
      case "CLUSTER_SUMMARY":
        this.map.updateCluster(message);
        this.hear(from, message.sentAtMs, message.impedance);
        return;
      case "ACK":
        this.onAcknowledge(from, message);
        return;
      case "COORDINATE":
        this.relay.take(message);
        return;
      case "MAP":
        this.updateReplica(message);
        return;
      case "CIRCUIT":
        this.circuits.apply(message);
        this.passDown(message);
        return;
      case "FREEZE":
        this.passDown(message);
        return;
    }
  }

  done(job: Job, outcome: JobOutcome): void {
    if (outcome === "finished") this.relay.done(job);
  }

  /** Hands a task to the best capable agent of the whole mesh. */
  submit(task: Task): void {
    const found = findBestAgent(this.map, task.capability, MAX_IMPEDANCE, (agent, cluster) =>
      this.cost(agent, cluster),
    );
    if (found === undefined) {
      this.host.observe({ type: "no-capable-agent", scope: "mesh", capability: task.capability });
      return;
    }
    const { impedance, clusterIndex } = found;
    const child = this.acquaintance(impedance);
    const nowMs = this.host.now();
    const { agentId, heartbeatNumber } = impedance;
    this.host.observe({ type: "routed", scope: "mesh", agentId, heartbeatNumber });
    const wayMs = this.distances.oneWayMs(this.topology.clusters[clusterIndex]!.sector);
    const leadTime = this.coordination.leadTimeOf({ child, weight: 1, wayMs }, task.payloadWeight, nowMs);
    this.dispatch.submit(taskOperation(task, this.parameters.taskTtlMs), [child], leadTime, [task.capability]);
  }

  targets(depth: number): readonly Target[] {
    return this.children.list.map((child) => ({ child, weight: this.weight(child, depth), wayMs: 0 }));
  }

  leadTimes(): undefined {
    return undefined;
  }

  putCheckpoints(): void {
    // People are below the leads, who put the checkpoints to them.
  }

  broadcast(message: Coordinate): void {
    const nowMs = this.host.now();
    for (const child of this.children.list) {
      const envelope = {
        routingStrategy: "broadcast",
        createdAtMs: nowMs,
        targetAtMs: Number.NaN,
        depth: message.depth - 1,
        isCheckpoint: false,
        requiresCapabilities: [],
        targetIds: [child.address],
      } as const;
      const { outbox } = this.coordination;
      const hash = this.context.currentHash;
      this.host.send(child.address, outbox.compose(operationOf(message), child, undefined, envelope, hash, nowMs));
    }
  }

  /** How many agents a lead's answer stands for, in an operation that descends `depth` levels below the lead. */
  private weight(lead: Child, depth: number): number {
    if (depth === 0 || !this.weighsByAgents) return 1;
    const cluster = this.topology.clusters[lead.address - this.topology.firstLead]!;
    return cluster.agentClass === "F" && !this.countsPeople ? 0 : cluster.size;
  }

  /** What sending to an agent anywhere costs: its score, or with the way to its sector and what it was given since. */
  private cost(agent: AgentImpedance, clusterIndex: number): Millis {
    const { sector } = this.topology.clusters[clusterIndex]!;
    if (!this.circuits.isRoutable(sector, clusterIndex)) return Number.POSITIVE_INFINITY;
    if (!this.routesByDistance) return agent.impedanceScore;
    const known = this.acquaintances.get(agent.agentId);
    const backlogMs = known === undefined ? 0 : known.outstanding * agent.processingMs;
    return agent.impedanceScore + backlogMs + this.distances.oneWayMs(sector);
  }

  private acquaintance(impedance: AgentImpedance): Child {
    let child = this.acquaintances.get(impedance.agentId);
    if (child === undefined) {
      child = new Child(impedance.agentId, impedance.agentClass, impedance.processingMs);
      this.acquaintances.set(impedance.agentId, child);
    }
    child.impedance = impedance;
    return child;
  }

  private hear(from: Address, sentAtMs: Millis, impedance: AgentImpedance): void {
    const child = this.children.at(from);
    if (child === undefined) return;
    child.impedance = impedance;
    child.heard(sentAtMs, this.host.now());
  }

  private onAcknowledge(from: Address, ack: Acknowledge): void {
    const nowMs = this.host.now();
    this.children.at(from)?.heard(ack.sentAtMs, nowMs);
    if (this.coordination.onAcknowledge(from, ack)) return;
    const exchangeMs = this.dispatch.exchangeOf(ack, nowMs);
    if (!this.dispatch.onAcknowledge(ack) || exchangeMs === undefined) return;
    const child = this.acquaintances.get(from);
    if (child === undefined) return;
    child.heard(Number.NaN, nowMs);
    this.distances.learn(this.topology.clusterOf(from).sector, exchangeMs - ack.heldMs, child.impedance.latencyMs);
  }

  private updateReplica(update: MapUpdate): void {
    for (const summary of update.sectors) {
      if (summary !== undefined && summary.sectorIndex !== this.sector.index) this.map.updateSector(summary);
    }
  }

  private passDown(order: MeshMessage): void {
    for (const child of this.children.list) this.host.send(child.address, order);
  }

  private summarise(): void {
    const { index, firstCluster, clusterCount } = this.sector;
    const clusters = this.map.clusters.slice(firstCluster, firstCluster + clusterCount);
    const nowMs = this.host.now();
    const own = this.profiler.impedance(0, this.context.currentHash);
    this.host.send(ORCHESTRATOR, summariseSector(index, clusters, own, nowMs));
    this.host.setTimer(this.parameters.summaryMs, timerTag(TimerKind.summary));
  }
}
