/** A sector coordinator: holds a replica of the registry, routes across the mesh, passes operations on (4.3, 3.3). */
import type { Address, Durable, Host, Job, JobOutcome, Millis, TimerTag } from "../contract.js";
import type { OfficeState } from "./authority/office-state.js";
import type { Role } from "./authority/seat.js";
import { bestOffer, CapabilityIndex, MAX_IMPEDANCE } from "./capability-index.js";
import { type Child, childSettings } from "./child.js";
import { Acquaintances, Children } from "./children.js";
import { CircuitBoard } from "./circuit-board.js";
import type { ConflictDesk } from "./conflicts/conflict-desk.js";
import type { DisputedWork } from "./conflicts/conflict-messages.js";
import type { ConflictRecord } from "./conflicts/conflict-record.js";
import type { ConflictRole } from "./conflicts/conflict-role.js";
import type { HandedConflicts } from "./conflicts/handover.js";
import { putForReview } from "./conflicts/review.js";
import { ContextMemory } from "./context-memory.js";
import type { Coordination } from "./coordination.js";
import type { Dispatch } from "./dispatch.js";
import type { Fact } from "./facts.js";
import { BASE_PROCESSING_MS } from "./impedance-class.js";
import { summariseSector } from "./impedance-map.js";
import type {
  Acknowledge,
  AgentImpedance,
  CircuitOrder,
  ClusterSummary,
  Coordinate,
  MeshMessage,
  MessageId,
  ModeOrder,
  Offer,
  OffersByCapability,
} from "./messages.js";
import { operationOf, taskOperation } from "./operation.js";
import type { ProtocolOptions } from "./options.js";
import { concernsSector } from "./order-scope.js";
import { type Parameters, RELAY_PROCESSING_MS } from "./parameters.js";
import { ImpedanceProfiler } from "./profiler.js";
import { Relay, type RelayRole } from "./relay.js";
import { resultHash } from "./resilience/result-hash.js";
import { SectorResilience } from "./resilience/sector-resilience.js";
import type { Target } from "./scatter-gather.js";
import { SectorDistances } from "./sector-distances.js";
import { SWEEP_MS, type Task } from "./task.js";
import { TaskIntake } from "./task-intake.js";
import { TimerKind, timerKind, timerNumber, timerTag } from "./timer-tag.js";
import { type Cluster, ORCHESTRATOR, type Sector, type Topology } from "./topology.js";
import { Workplace } from "./workplace.js";

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
  private readonly routesByDistance: boolean;
  private readonly distances: SectorDistances;
  private readonly workplace: Workplace;
  private readonly coordination: Coordination;
  private readonly dispatch: Dispatch;
  private readonly relay: Relay;
  private readonly profiler: ImpedanceProfiler;
  private readonly context = new ContextMemory();
  private readonly circuits = new CircuitBoard();
  private readonly conflicts: ConflictDesk;
  readonly superior = ORCHESTRATOR;
  private readonly resilience: SectorResilience;
  private readonly intake: TaskIntake;
  private readonly acquaintances: Acquaintances;
  private readonly weighsByAgents: boolean;
  private readonly countsPeople: boolean;

  constructor(
    private readonly host: Host<MeshMessage, Fact>,
    private readonly sector: Sector,
    private readonly topology: Topology,
    options: ProtocolOptions,
    private readonly parameters: Parameters,
    private readonly inherited?: OfficeState,
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
    this.workplace = new Workplace(host, this, options, parameters, this.context, () => ({
      ...this.intake.saved(),
      ...this.resilience.saved(),
    }));
    this.coordination = this.workplace.coordination;
    this.dispatch = this.workplace.dispatch;
    this.conflicts = this.workplace.conflicts;
    this.relay = new Relay(host, this, options, this.profiler, this.coordination, this.context);
    const persist = () => this.workplace.persist();
    this.resilience = new SectorResilience(host, sector, topology, options, this.circuits, persist);
    this.intake = new TaskIntake("sector", host, this.dispatch, (task) => this.submit(task));
  }

  /** See `Role.officeState`. */
  officeState(): OfficeState {
    return this.workplace.handOn(0, { ...this.intake.saved(), ...this.resilience.saved() });
  }

  takeLeft(left: HandedConflicts | undefined): void {
    this.workplace.takeLeft(left);
  }

  start(saved?: Durable): void {
    this.workplace.resume(saved, this.inherited, (state) => {
      this.intake.resume(state);
      this.resilience.restore(state);
    });
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
        this.resilience.tick();
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
        this.resilience.onSummary(from, message);
        this.repeatMode(from, message.modeNumber);
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
        this.resilience.onMap(message);
        this.host.observe({ type: "map-taken", clusters: message.clusterCount });
        return;
      case "CIRCUIT":
        if (this.resilience.onOrder(message)) this.passCircuit(message);
        return;
      case "FAILURE":
        this.resilience.onReport(from, message);
        return;
      case "PROBE":
        this.answerProbe(from, message.challenge);
        return;
      case "PROBE_ACK":
        this.resilience.onProbeAnswer(from, message);
        return;
      case "MODE":
        this.takeMode(message);
        return;
      case "FREEZE":
        this.passDown(message);
        if (!concernsSector(message, this.sector.index)) return;
        this.intake.freeze(!message.thaw);
        this.workplace.persist();
        return;
    }
  }

  done(job: Job, outcome: JobOutcome): void {
    if (outcome === "finished") this.relay.done(job);
    else this.relay.forget(job);
  }

  /** Hands a task to the best capable agent of the whole mesh. */
  submit(task: Task): void {
    if (!this.intake.admits(task)) return;
    const found = this.findBest(task.capability);
    this.circuits.noteMessage();
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
    return this.children.list.map((child, position) => {
      const isOpen = this.circuits.isOpen(this.sector.index, this.sector.firstCluster + position);
      const leftOut = isOpen ? ("circuit-open" as const) : undefined;
      return { child, weight: this.weight(child, depth), wayMs: 0, leftOut };
    });
  }

  leadTimes(): undefined {
    return undefined;
  }

  putCheckpoints(): void {
    // People are below the leads, who put the checkpoints to them.
  }

  broadcast(message: Coordinate): void {
    const how = { routingStrategy: "broadcast", depth: message.depth - 1, isCheckpoint: false } as const;
    const { index, firstCluster } = this.sector;
    const reached = this.children.list.filter((_, position) => !this.circuits.isOpen(index, firstCluster + position));
    this.coordination.outbox.sendToAll(reached, operationOf(message), how);
  }

  /** How many agents a lead's answer stands for, in an operation that descends `depth` levels below the lead. */
  private weight(lead: Child, depth: number): number {
    if (depth === 0 || !this.weighsByAgents) return 1;
    const cluster = this.topology.clusters[lead.address - this.topology.firstLead]!;
    return cluster.agentClass === "F" && !this.countsPeople ? 0 : this.agentsOf(cluster);
  }

  /** What sending to an agent anywhere costs: its score, or with the way to its sector and what it was given since. */
  private cost({ impedance: agent, clusterIndex }: Offer): Millis {
    const { sector } = this.topology.clusters[clusterIndex]!;
    if (!this.circuits.isRoutable(sector, clusterIndex) || !this.intake.gate.reaches(sector))
      return Number.POSITIVE_INFINITY;
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
    const { operation, requires } = this.workplace.disputedBy(ack);
    const exchangeMs = this.dispatch.exchangeOf(ack, nowMs);
    const isOfGather = this.coordination.onAcknowledge(from, ack);
    if (!isOfGather) this.dispatch.onAcknowledge(ack);
    this.conflicts.onAcknowledge(ack, operation, requires);
    if (isOfGather) return;
    if (exchangeMs === undefined) return;
    const child = this.acquaintances.at(from);
    if (child === undefined) return;
    this.distances.learn(this.topology.clusterOf(from).sector, exchangeMs - ack.heldMs, child.latencyMs);
  }

  get agentsBelow(): number {
    return this.ownClusters().reduce((sum, cluster) => sum + this.agentsOf(cluster), 0);
  }

  giveTo(agent: Address, work: DisputedWork): MessageId {
    // An earlier process may have met it.
    const { sector, agentClass } = this.topology.clusterOf(agent);
    const child = this.acquaintances.meet(agent, agentClass, BASE_PROCESSING_MS[agentClass]);
    return this.workplace.give(child, work, this.distances.oneWayMs(sector));
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

  /** What an agent makes of its messages is wrong time and again (6.1), which is its lead's business. */
  suspect(agent: Address): void {
    this.resilience.accuse(agent);
  }

  /** How many agents a cluster has by its lead's word; those that it begins with where there is none. */
  private agentsOf({ index, founders }: Cluster): number {
    return this.clusters[index - this.sector.firstCluster]?.agentCount ?? founders;
  }

  private ownClusters() {
    const { firstCluster, clusterCount } = this.sector;
    return this.topology.clusters.slice(firstCluster, firstCluster + clusterCount);
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

  /**
   * Counts the silence of the leads in summary intervals. Of a cluster that is silent for too long nobody knows whether
   * its agents are active: they are not counted as such, and nothing is routed there.
   * @returns how many agents there are in clusters that were silent for too long and never heard of
   */
  private noteSilence(): number {
    let unheard = 0;
    for (const [position, child] of this.children.list.entries()) {
      child.noteInterval();
      if (!this.isSilent(child)) continue;
      const known = this.clusters[position];
      if (known === undefined) unheard += this.topology.clusters[this.sector.firstCluster + position]!.founders;
      else if (known.activeCount > 0) {
        this.clusters[position] = { ...known, activeCount: 0, bestByCapability: new Map() };
        this.ownSector = undefined;
      }
    }
    return unheard;
  }

  private isSilent(lead: Child): boolean {
    const { summaryMs, offlineAfterMs } = this.parameters;
    return lead.silentIntervals * summaryMs > offlineAfterMs;
  }

  private silentClusters(): number[] {
    const { firstCluster } = this.sector;
    return this.children.list.flatMap((lead, position) => (this.isSilent(lead) ? [firstCluster + position] : []));
  }

  private passCircuit(order: CircuitOrder): void {
    if (order.scope !== "cluster") this.passDown(order);
    else {
      // Leads of other clusters have nothing to do with it.
      const lead = this.children.list[order.targetId - this.sector.firstCluster];
      if (lead !== undefined) this.host.send(lead.address, order);
    }
  }

  private answerProbe(from: Address, challenge: number): void {
    const known = this.clusters.filter((cluster) => cluster !== undefined);
    const active = known.reduce((sum, cluster) => sum + cluster.activeCount, 0);
    const all = known.reduce((sum, cluster) => sum + cluster.agentCount, 0);
    const activeRate = all === 0 ? 0 : active / all;
    this.host.send(from, { type: "PROBE_ACK", challenge, result: resultHash(challenge), activeRate });
  }

  private takeMode(order: ModeOrder): void {
    this.intake.takeMode(order, () => {
      this.passDown(order);
      this.workplace.persist();
    });
  }

  /** Tells a lead of the mode again, where its summary shows that it does not know. */
  private repeatMode(lead: Address, modeNumber: number): void {
    const { order } = this.intake.gate;
    if (order !== undefined && modeNumber < order.number) this.host.send(lead, order);
  }

  private passDown(order: MeshMessage): void {
    for (const child of this.children.list) this.host.send(child.address, order);
  }

  private summarise(): void {
    const nowMs = this.host.now();
    const unheardAgents = this.noteSilence();
    const own = this.profiler.impedance(0, this.context.currentHash, nowMs);
    const state = {
      failures: this.resilience.failures,
      modeNumber: this.intake.gate.order?.number ?? 0,
      circuits: this.resilience.ownOrders(),
      silentClusters: this.silentClusters(),
      unheardAgents,
    };
    this.host.send(ORCHESTRATOR, summariseSector(this.sector.index, [...this.clusters], own, nowMs, state));
    this.host.setTimer(this.parameters.summaryMs, timerTag(TimerKind.summary));
  }
}
