/** A sector coordinator: holds a replica of the registry, routes across the mesh, passes operations on (4.3, 3.3). */
import type { Address, Durable, Host, Job, JobOutcome, Millis, TimerTag } from "../contract.js";
import type { OfficeState, Role } from "./authority/seat.js";
import { bestOffer, CapabilityIndex, MAX_IMPEDANCE } from "./capability-index.js";
import { type Child, childSettings } from "./child.js";
import { Acquaintances, Children } from "./children.js";
import { CircuitBoard } from "./circuit-board.js";
import { ConflictDesk } from "./conflicts/conflict-desk.js";
import type { DisputedWork } from "./conflicts/conflict-messages.js";
import type { ConflictRecord } from "./conflicts/conflict-record.js";
import type { ConflictRole } from "./conflicts/conflict-role.js";
import type { DurableConflicts } from "./conflicts/durable-conflicts.js";
import { putForReview } from "./conflicts/review.js";
import { ContextMemory } from "./context-memory.js";
import { Coordination } from "./coordination.js";
import { Dispatch } from "./dispatch.js";
import type { Fact } from "./facts.js";
import { summariseSector } from "./impedance-map.js";
import { LeadTimeEstimator } from "./lead-time.js";
import { MessageNumbers } from "./message-numbers.js";
import type {
  Acknowledge,
  AgentImpedance,
  ClusterSummary,
  Coordinate,
  FreezeOrder,
  MeshMessage,
  MessageId,
  Offer,
  OffersByCapability,
} from "./messages.js";
import { operationOf, repairOperation, taskOperation } from "./operation.js";
import type { ProtocolOptions } from "./options.js";
import { concernsSector } from "./order-scope.js";
import { type Parameters, RELAY_PROCESSING_MS } from "./parameters.js";
import { ImpedanceProfiler } from "./profiler.js";
import { Relay, type RelayRole } from "./relay.js";
import type { Target } from "./scatter-gather.js";
import { SectorDistances } from "./sector-distances.js";
import { SWEEP_MS, type Task } from "./task.js";
import { TimerKind, timerKind, timerNumber, timerTag } from "./timer-tag.js";
import { ORCHESTRATOR, type Sector, type Topology } from "./topology.js";

export class SectorCoordinator implements Role, RelayRole, ConflictRole {
  readonly tier = "sector";
  readonly levelsBelow = 2;
  private readonly children: Children;
  /** The own clusters' latest summaries. */
  private readonly clusters: (ClusterSummary | undefined)[];
  /** The replica of the registry, as the last map update has it. */
  private replica: OffersByCapability = new CapabilityIndex([]);
  /** The own clusters' offers; undefined when they have to be indexed anew, which half of the summaries need not be. */
  private ownSector: OffersByCapability | undefined;
  private isFrozen = false;
  private readonly heldWhileFrozen: Task[] = [];
  private readonly routesByDistance: boolean;
  private readonly distances: SectorDistances;
  private readonly coordination: Coordination;
  private readonly dispatch: Dispatch;
  private readonly relay: Relay;
  private readonly profiler: ImpedanceProfiler;
  private readonly context = new ContextMemory();
  private readonly circuits = new CircuitBoard();
  private readonly conflicts: ConflictDesk;
  readonly superior = ORCHESTRATOR;
  private readonly acquaintances: Acquaintances;
  private readonly weighsByAgents: boolean;
  private readonly countsPeople: boolean;

  constructor(
    private readonly host: Host<MeshMessage, Fact>,
    private readonly sector: Sector,
    private readonly topology: Topology,
    options: ProtocolOptions,
    private readonly parameters: Parameters,
    numbers = new MessageNumbers(0),
    inherited?: OfficeState,
  ) {
    const subject = {
      agentClass: "C",
      assumedProcessingMs: RELAY_PROCESSING_MS,
      capabilities: [],
    } as const;
    const settings = childSettings(options, parameters);
    this.children = new Children(topology.firstLead + sector.firstCluster, sector.clusterCount, settings, (lead) => ({
      agentClass: topology.clusters[lead - topology.firstLead]!.agentClass,
      assumedProcessingMs: RELAY_PROCESSING_MS,
    }));
    this.clusters = new Array<ClusterSummary | undefined>(sector.clusterCount).fill(undefined);
    this.acquaintances = new Acquaintances(settings);
    this.weighsByAgents = options.responseRate === "repaired";
    this.countsPeople = options.humanTargets === "as-written";
    this.routesByDistance = options.routing === "repaired";
    this.distances = new SectorDistances(topology.sectors.length, sector.index);
    this.profiler = new ImpedanceProfiler(host.self, subject, options);
    const estimator = new LeadTimeEstimator(options);
    this.coordination = new Coordination(host, this.tier, options, parameters, estimator, this.context, numbers);
    this.coordination.inherit(inherited);
    this.dispatch = new Dispatch(host, this.coordination.outbox, this.coordination.resends);
    this.relay = new Relay(host, this, options, this.profiler, this.coordination, this.context);
    this.conflicts = new ConflictDesk(host, this, options.conflicts, this.coordination, this.context);
  }

  /** See `Role.officeState`. */
  officeState(): OfficeState {
    const { currentHash: contextHash, payload: contextPayload, stamp: contextStamp } = this.context;
    return { progress: 0, contextHash, contextPayload, contextStamp, lamport: this.coordination.lamport.time };
  }

  start(saved?: Durable): void {
    this.conflicts.restore(saved?.conflicts as DurableConflicts | undefined);
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
      case TimerKind.conflict:
        this.conflicts.wake();
        return;
    }
  }

  receive(from: Address, message: MeshMessage): void {
    switch (message.type) {
      case "CLUSTER_SUMMARY":
        this.clusters[message.clusterIndex - this.sector.firstCluster] = message;
        this.ownSector = undefined;
        this.hear(from, message.sentAtMs, message.impedance);
        return;
      case "ACK":
        this.onAcknowledge(from, message);
        return;
      case "COORDINATE":
        this.relay.take(message);
        return;
      case "CONFLICT":
      case "CONFLICT_NOTED":
      case "CONFLICT_TRACE":
      case "CONFLICT_EVIDENCE":
      case "CONFLICT_VERDICT":
        this.conflicts.receive(from, message);
        return;
      case "MAP":
        this.replica = message.index;
        return;
      case "CIRCUIT":
        this.circuits.apply(message);
        this.passDown(message);
        return;
      case "FREEZE":
        this.passDown(message);
        this.freeze(message);
        return;
    }
  }

  done(job: Job, outcome: JobOutcome): void {
    if (outcome === "finished") this.relay.done(job);
    else this.relay.forget(job);
  }

  /** Hands a task to the best capable agent of the whole mesh. */
  submit(task: Task): void {
    if (this.isFrozen) {
      this.heldWhileFrozen.push(task);
      return;
    }
    const found = this.findBest(task.capability);
    if (found === undefined) {
      this.host.observe({ type: "no-capable-agent", scope: "mesh", capability: task.capability });
      return;
    }
    const { impedance, clusterIndex } = found;
    const { agentClass, processingMs } = impedance;
    const child = this.acquaintances.meet(impedance.agentId, agentClass, processingMs, impedance);
    const nowMs = this.host.now();
    const { agentId, heartbeatNumber } = impedance;
    this.host.observe({ type: "routed", scope: "mesh", agentId, heartbeatNumber });
    const wayMs = this.distances.oneWayMs(this.topology.clusters[clusterIndex]!.sector);
    const leadTime = this.coordination.leadTimeOf(child, task.payloadWeight, nowMs, wayMs);
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
    const how = { routingStrategy: "broadcast", depth: message.depth - 1, isCheckpoint: false } as const;
    this.coordination.outbox.sendToAll(this.children.list, operationOf(message), how);
  }

  /** How many agents a lead's answer stands for, in an operation that descends `depth` levels below the lead. */
  private weight(lead: Child, depth: number): number {
    if (depth === 0 || !this.weighsByAgents) return 1;
    const cluster = this.topology.clusters[lead.address - this.topology.firstLead]!;
    return cluster.agentClass === "F" && !this.countsPeople ? 0 : cluster.size;
  }

  /** What sending to an agent anywhere costs: its score, or with the way to its sector and what it was given since. */
  private cost({ impedance: agent, clusterIndex }: Offer): Millis {
    const { sector } = this.topology.clusters[clusterIndex]!;
    if (!this.circuits.isRoutable(sector, clusterIndex)) return Number.POSITIVE_INFINITY;
    if (!this.routesByDistance) return agent.impedanceScore;
    const known = this.acquaintances.at(agent.agentId);
    const eachMs = Number.isNaN(agent.processingMs) ? agent.impedanceScore : agent.processingMs;
    const backlogMs = known === undefined ? 0 : known.outstanding * eachMs;
    return agent.impedanceScore + backlogMs + this.distances.oneWayMs(sector);
  }

  private hear(from: Address, sentAtMs: Millis, impedance: AgentImpedance): void {
    const child = this.children.at(from);
    if (child === undefined) return;
    child.report(impedance);
    child.heard(sentAtMs, this.host.now());
  }

  private onAcknowledge(from: Address, ack: Acknowledge): void {
    const nowMs = this.host.now();
    this.children.at(from)?.isAlive();
    this.coordination.lamport.hear(ack.lamport);
    const work = ack.conflict && this.dispatch.workOf(ack.messageId);
    const operation = work?.operation ?? (ack.conflict && this.coordination.operationOf(ack.correlationId));
    const exchangeMs = this.dispatch.exchangeOf(ack, nowMs);
    const isOfGather = this.coordination.onAcknowledge(from, ack);
    if (!isOfGather) this.dispatch.onAcknowledge(ack);
    this.conflicts.onAcknowledge(ack, operation, work?.requires ?? []);
    if (isOfGather) return;
    if (exchangeMs === undefined) return;
    const child = this.acquaintances.at(from);
    if (child === undefined) return;
    this.distances.learn(this.topology.clusterOf(from).sector, exchangeMs - ack.heldMs, child.latencyMs);
  }

  keep(conflicts: DurableConflicts): void {
    this.host.save({ conflicts });
  }

  get agentsBelow(): number {
    return this.ownClusters().reduce((sum, cluster) => sum + cluster.size, 0);
  }

  giveTo(agent: Address, work: DisputedWork): MessageId | undefined {
    const child = this.acquaintances.at(agent);
    if (child === undefined) return undefined;
    const wayMs = this.distances.oneWayMs(this.topology.clusterOf(agent).sector);
    const leadTime = this.coordination.leadTimeOf(child, work.payloadWeight, this.host.now(), wayMs);
    const operation = repairOperation(work, work.payloadHash, this.parameters.taskTtlMs, work.stamp);
    return this.dispatch.submit(operation, [child], leadTime, work.requires);
  }

  giveToAnother(agent: Address, work: DisputedWork): MessageId | undefined {
    const [capability] = work.requires;
    const found = capability === undefined ? undefined : this.findBest(capability, agent);
    if (found === undefined) return undefined;
    const { agentId, agentClass, processingMs } = found.impedance;
    this.acquaintances.meet(agentId, agentClass, processingMs, found.impedance);
    return this.giveTo(agentId, work);
  }

  putToPeople(record: ConflictRecord): MessageId | undefined {
    return putForReview(
      record,
      this.ownClusters(),
      this.acquaintances,
      this.coordination,
      this.host.now(),
      this.parameters,
    );
  }

  /** The registry is the leads' word, who correct it themselves. */
  correctCapabilities(): void {}

  /** Where the detection of failures (6.1) learns of agents that get messages damaged time and again. */
  suspect(_agent: Address, _mismatches: number): void {
    // Nothing is detected yet.
  }

  private ownClusters() {
    const { firstCluster, clusterCount } = this.sector;
    return this.topology.clusters.slice(firstCluster, firstCluster + clusterCount);
  }

  private freeze(order: FreezeOrder): void {
    if (!concernsSector(order, this.sector.index)) return;
    this.isFrozen = !order.thaw;
    if (this.isFrozen) return;
    for (const task of this.heldWhileFrozen.splice(0)) this.submit(task);
  }

  /** The best agent of the mesh as the replica has it, or of the own sector, which is known sooner and on its own. */
  private findBest(capability: string, excluded?: Address): Offer | undefined {
    const cost = (offer: Offer) => (offer.impedance.agentId === excluded ? Number.POSITIVE_INFINITY : this.cost(offer));
    const anywhere = bestOffer(this.replica.of(capability), MAX_IMPEDANCE, cost);
    this.ownSector ??= new CapabilityIndex(this.clusters.filter((cluster) => cluster !== undefined));
    const here = bestOffer(this.ownSector.of(capability), MAX_IMPEDANCE, cost);
    if (anywhere === undefined || here === undefined) return anywhere ?? here;
    return cost(here) <= cost(anywhere) ? here : anywhere;
  }

  private passDown(order: MeshMessage): void {
    for (const child of this.children.list) this.host.send(child.address, order);
  }

  private summarise(): void {
    const nowMs = this.host.now();
    const own = this.profiler.impedance(0, this.context.currentHash, nowMs);
    this.host.send(ORCHESTRATOR, summariseSector(this.sector.index, [...this.clusters], own, nowMs));
    this.host.setTimer(this.parameters.summaryMs, timerTag(TimerKind.summary));
  }
}
