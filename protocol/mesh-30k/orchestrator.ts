/** The orchestrator: the global map, mesh-wide operations, orders to the whole mesh (documents 3.3, 4.3, 7.1). */
import type { Address, Durable, Host, Job, Millis, TimerTag } from "../contract.js";
import type { OfficeState } from "./authority/office-state.js";
import type { Role } from "./authority/seat.js";
import { CapabilityIndex } from "./capability-index.js";
import { type CascadeReach, CascadeRunner } from "./cascade.js";
import type { CascadeOrder } from "./cascade-plan.js";
import { type Child, childSettings } from "./child.js";
import { Acquaintances, Children } from "./children.js";
import { CircuitBoard, isOfBreakerIn } from "./circuit-board.js";
import { Sending } from "./composed-message.js";
import type { ConflictDesk } from "./conflicts/conflict-desk.js";
import type { DisputedWork } from "./conflicts/conflict-messages.js";
import { isOfConflicts } from "./conflicts/conflict-messages.js";
import type { ConflictRecord } from "./conflicts/conflict-record.js";
import type { ConflictRole } from "./conflicts/conflict-role.js";
import type { HandedConflicts } from "./conflicts/handover.js";
import { putForReview } from "./conflicts/review.js";
import { ContextMemory } from "./context-memory.js";
import type { Coordination } from "./coordination.js";
import type { Dispatch } from "./dispatch.js";
import type { Fact } from "./facts.js";
import { BASE_PROCESSING_MS, type ImpedanceClass } from "./impedance-class.js";
import { type GlobalStats, ImpedanceMap } from "./impedance-map.js";
import { payloadHash } from "./integrity.js";
import { oneWayMs } from "./latency-estimate.js";
import type {
  Acknowledge,
  CircuitOrder,
  FreezeOrder,
  MeshMessage,
  MessageId,
  ModeOrder,
  Priority,
  SectorSummary,
} from "./messages.js";
import { Operation, taskOperation } from "./operation.js";
import type { ProtocolOptions } from "./options.js";
import { UNPREDICTED } from "./outbox.js";
import { type Parameters, RELAY_PROCESSING_MS, UNMEASURED_ONE_WAY_MS } from "./parameters.js";
import { Approvals } from "./resilience/approvals.js";
import { MeshResilience } from "./resilience/mesh-resilience.js";
import { ModeGate } from "./resilience/mode-gate.js";
import { admitMeshWide } from "./resilience/operational-mode.js";
import type { Target } from "./scatter-gather.js";
import { SWEEP_MS, type Task } from "./task.js";
import { TimerKind, timerKind, timerNumber, timerTag } from "./timer-tag.js";
import type { Cluster, Topology } from "./topology.js";
import { Workplace } from "./workplace.js";

/** A mesh-wide operation that may have to wait. */
interface MeshWide {
  readonly priority: Priority;
  /** What people are asked to approve. */
  readonly name: string;
  readonly run: () => void;
}

/** How many people are asked for their approval; the first who grants it suffices. */
const PEOPLE_ASKED = 3;
/** An operation that people approve belongs to no cascade. */
const NO_CASCADE = -1;

export class Orchestrator implements Role, CascadeReach, ConflictRole {
  readonly tier = "orchestrator";
  readonly superior = undefined;
  private readonly conflicts: ConflictDesk;
  private readonly dispatch: Dispatch;
  private readonly children: Children;
  private readonly map: ImpedanceMap;
  private readonly workplace: Workplace;
  private readonly coordination: Coordination;
  private readonly cascades: CascadeRunner;
  private readonly context = new ContextMemory();
  private readonly acquaintances: Acquaintances;
  private readonly weighsByAgents: boolean;
  private readonly countsPeople: boolean;
  private readonly circuits = new CircuitBoard();
  private readonly resilience: MeshResilience;
  private readonly gate: ModeGate<MeshWide>;
  private readonly approvals = new Approvals<MeshWide>();
  private seconds = 0;
  private isFrozen = false;

  constructor(
    private readonly host: Host<MeshMessage, Fact>,
    private readonly topology: Topology,
    options: ProtocolOptions,
    private readonly parameters: Parameters,
    private readonly inherited?: OfficeState,
  ) {
    this.weighsByAgents = options.responseRate === "repaired";
    this.countsPeople = options.humanTargets === "as-written";
    const firstSector = topology.sectors[0]!.coordinator;
    const settings = childSettings(options, parameters);
    const assumed = { agentClass: "C", assumedProcessingMs: RELAY_PROCESSING_MS } as const;
    this.children = new Children(firstSector, topology.sectors.length, settings, () => assumed);
    this.acquaintances = new Acquaintances(settings);
    this.map = new ImpedanceMap(topology.sectors.length, topology.clusters.length);
    this.workplace = new Workplace(host, this, options, parameters, this.context, () => ({
      lastCascade: this.cascades.progress,
      isFrozen: this.isFrozen,
      circuits: this.circuits.turned(),
      ...this.resilience.saved(),
    }));
    this.coordination = this.workplace.coordination;
    this.dispatch = this.workplace.dispatch;
    this.conflicts = this.workplace.conflicts;
    this.cascades = new CascadeRunner(host, options, parameters, this.coordination, this, (operation) =>
      this.context.adopt(operation.payloadHash, operation.payload, operation.stamp),
    );
    const persist = () => this.workplace.persist();
    this.gate = new ModeGate(
      "global",
      (mode, operation) => admitMeshWide(mode, operation.priority, this.agentsBelow),
      (fact) => host.observe(fact),
    );
    this.resilience = new MeshResilience(host, topology, options, this.circuits, {
      orderAll: (order) => this.orderAll(order),
      takeMode: (order) => this.takeMode(order),
      persist,
    });
    this.coordination.watch = {
      onUnanswered: () => undefined,
      onContradiction: (child) => this.accuse(child.address),
    };
    this.cascades.onNumber = persist;
  }

  /** See `Role.officeState`. */
  officeState(): OfficeState {
    return this.workplace.handOn(this.cascades.progress, {
      isFrozen: this.isFrozen,
      circuits: this.circuits.turned(),
      ...this.resilience.saved(),
    });
  }

  takeLeft(left: HandedConflicts | undefined): void {
    this.workplace.takeLeft(left);
  }

  start(saved?: Durable): void {
    this.workplace.resume(saved, this.inherited, (state) => {
      this.cascades.resume(Math.max(state.lastCascade, this.inherited?.progress ?? 0));
      this.isFrozen = state.isFrozen;
      this.circuits.replaceAll(state.circuits);
      this.resilience.restore(state);
    });
    this.resilience.start();
    this.host.setTimer(SWEEP_MS, timerTag(TimerKind.sweep));
    this.host.setTimer(this.host.random() * this.parameters.mapMs, timerTag(TimerKind.map));
  }

  wake(tag: TimerTag): void {
    if (timerKind(tag) === TimerKind.gather) {
      this.coordination.advance(timerNumber(tag));
      return;
    }
    if (timerKind(tag) === TimerKind.conflict) {
      this.dispatch.sweep();
      this.conflicts.wake();
      return;
    }
    if (timerKind(tag) === TimerKind.sweep) {
      this.sweep();
      this.host.setTimer(SWEEP_MS, tag);
      return;
    }
    this.shareMap();
    this.host.setTimer(this.parameters.mapMs, tag);
  }

  receive(from: Address, message: MeshMessage): void {
    const nowMs = this.host.now();
    const child = this.children.at(from);
    if (message.type === "SECTOR_SUMMARY") {
      this.map.update(message);
      child?.report(message.impedance);
      child?.heard(message.sentAtMs, nowMs);
      this.resilience.onFailures(from, message.failures);
      this.noteCircuits(message);
      const order = this.resilience.orderFor(message);
      if (order !== undefined) this.host.send(from, order);
    } else if (message.type === "ACK") {
      child?.isAlive();
      this.coordination.lamport.hear(message.lamport);
      const { operation, requires } = this.workplace.disputedBy(message);
      const isKnown = this.coordination.onAcknowledge(from, message) || this.dispatch.onAcknowledge(message);
      if (!isKnown) this.onApproval(message);
      this.conflicts.onAcknowledge(message, operation, requires);
    } else if (isOfConflicts(message)) {
      this.conflicts.receive(from, message);
    } else if (message.type === "FAILURE") {
      this.resilience.onReport(from, message);
    } else if (message.type === "PROBE_ACK") {
      this.resilience.onProbeAnswer(from, message);
    } else if (message.type === "CIRCUIT") {
      this.relayCircuit(from, message);
    }
  }

  done(_job: Job): void {
    // The orchestrator gives its own processor no work.
  }

  /** Starts a mesh-wide operation; false while the mesh is frozen. */
  cascade(order: CascadeOrder): boolean {
    if (this.isFrozen) return false;
    return this.admit({
      priority: order.priority,
      name: `${order.strategy} cascade`,
      run: () => this.cascades.start(order),
    });
  }

  /** Sends a message to every agent through the hierarchy, without acknowledgements (7.1, `broadcast`). */
  broadcast(task: Task): void {
    this.admit({ priority: task.priority, name: "broadcast", run: () => this.sendBroadcast(task) });
  }

  private sendBroadcast(task: Task): void {
    const operation = taskOperation(task, this.parameters.taskTtlMs);
    const how = { routingStrategy: "broadcast", depth: 2, isCheckpoint: false } as const;
    const reached = this.children.list.filter((_, sector) => !this.circuits.isSectorOpen(sector));
    this.coordination.outbox.sendToAll(reached, operation, how);
  }

  /** Halts the mesh, or resumes it; nothing in work or in queues is lost (7.1, `freeze`). */
  freeze(order: FreezeOrder): void {
    if (order.scope === "global") {
      this.isFrozen = !order.thaw;
      this.workplace.persist();
    }
    this.orderAll(order);
  }

  /** Cuts a part of the mesh off from new messages by hand, or lets it in again, as far as breakers do. */
  setCircuit(given: Omit<CircuitOrder, "byHand">): void {
    const order: CircuitOrder = { ...given, byHand: true };
    this.circuits.apply(order);
    this.workplace.persist();
    this.orderAll(order);
  }

  /** Mesh-wide statistics, as fresh as the summaries (4.3). */
  status(): GlobalStats {
    return this.map.stats();
  }

  sectors(depth: number): readonly Target[] {
    return this.children.list.map((child, sector) => {
      const leftOut = this.circuits.isSectorOpen(sector) ? ("circuit-open" as const) : undefined;
      return { child, weight: this.weight(child, depth), wayMs: 0, leftOut };
    });
  }

  agents(agentClass?: ImpedanceClass): readonly Target[] {
    const targets: Target[] = [];
    for (const cluster of this.topology.clusters) {
      if (agentClass !== undefined && cluster.agentClass !== agentClass) continue;
      if (cluster.agentClass === "F" && !this.countsPeople) continue;
      const wayMs = this.wayTo(cluster);
      const isOpen = this.circuits.isOpen(cluster.sector, cluster.index);
      for (let position = 0; position < cluster.size; position++) {
        if (!this.isThere(cluster, position)) continue;
        const child = this.acquaintance(cluster, position);
        const leftOut = isOpen
          ? "circuit-open"
          : this.map.isQuarantined(cluster.index, child.address)
            ? "quarantined"
            : undefined;
        targets.push({ child, weight: 1, wayMs, leftOut });
      }
    }
    return targets;
  }

  announce(operation: Operation): void {
    const how = { routingStrategy: "broadcast", depth: 1, isCheckpoint: false } as const;
    this.coordination.outbox.sendToAll(this.children.list, operation, how);
  }

  putCheckpoints(operation: Operation): void {
    if (this.countsPeople) return;
    const people = this.topology.clusters
      .filter((cluster) => cluster.agentClass === "F")
      .flatMap((cluster) => {
        const positions = Array.from({ length: cluster.size }, (_, position) => position);
        const there = positions.filter((position) => this.isThere(cluster, position));
        return there.map((position) => this.acquaintance(cluster, position));
      });
    const how = { routingStrategy: "direct", depth: 0, isCheckpoint: true } as const;
    this.coordination.outbox.sendToAll(people, operation, how);
  }

  get agentsBelow(): number {
    return this.topology.clusters.reduce((sum, cluster) => sum + this.map.agentsIn(cluster), 0);
  }

  giveTo(agent: Address, work: DisputedWork): MessageId {
    // An earlier process may have met it.
    const cluster = this.topology.clusterOf(agent);
    const child = this.acquaintances.at(agent) ?? this.acquaintance(cluster, agent - cluster.firstAgent);
    return this.workplace.give(child, work, this.wayTo(cluster));
  }

  /** Tasks are routed by coordinators; what none of them could place is a matter for people. */
  giveToAnother(): undefined {
    return undefined;
  }

  putToPeople(record: ConflictRecord): MessageId | undefined {
    const { clusters } = this.topology;
    return putForReview(record, clusters, this.acquaintances, this.coordination, this.host.now(), this.parameters);
  }

  correctCapabilities(): void {
    // The registry is the leads' word, who correct it themselves.
  }

  /** What an agent makes of its messages is wrong time and again (6.1), which is its lead's business. */
  suspect(agent: Address): void {
    this.accuse(agent);
  }

  /** Runs an operation, or does with it what mode and breakers demand (6.2, 6.3); false where it does not run now. */
  private admit(operation: MeshWide): boolean {
    if (this.circuits.isMeshOpen) {
      this.gate.refuse(operation, "circuit");
      return false;
    }
    const admission = this.gate.pass(operation);
    if (admission === "run") operation.run();
    else if (admission === "ask") this.ask(operation);
    return admission === "run";
  }

  /** Puts an operation to people; without any, nobody can approve it. */
  private ask(operation: MeshWide): void {
    const clusters = this.topology.clusters.filter(({ agentClass, founders }) => agentClass === "F" && founders > 0);
    const people: Child[] = [];
    for (const cluster of clusters.slice(0, PEOPLE_ASKED)) {
      people.push(this.acquaintance(cluster, Math.floor(this.host.random() * cluster.founders)));
    }
    if (people.length === 0) {
      this.gate.refuse(operation, "not approved");
      return;
    }
    const payload = `approve ${operation.name}?`;
    const work = { verb: "decide", payload, payloadWeight: 0, priority: 3 } as const;
    const { checkpointTtlMs } = this.parameters;
    const question = new Operation(NO_CASCADE, NO_CASCADE, work, payloadHash(payload), checkpointTtlMs, 0);
    const nowMs = this.host.now();
    const sending = new Sending(question, "direct", nowMs, Number.NaN, 0, true);
    const asked = people.map((person) => {
      const id = this.coordination.outbox.nextId();
      this.coordination.outbox.send(person, sending, UNPREDICTED, nowMs, id);
      return id;
    });
    this.host.observe({ type: "approval-asked", people: people.map(({ address }) => address) });
    this.approvals.wait(operation, asked, this.seconds + checkpointTtlMs / 1000);
  }

  private onApproval(ack: Acknowledge): void {
    const verdict = this.approvals.onAnswer(ack.messageId, ack.trinaryState);
    if (verdict === undefined) return;
    if (verdict.isApproved && this.gate.mode !== "EMERGENCY" && !this.circuits.isMeshOpen) verdict.operation.run();
    else this.gate.refuse(verdict.operation, "not approved");
  }

  private sweep(): void {
    this.seconds++;
    this.resilience.tick();
    for (const { operation } of this.approvals.expire(this.seconds)) this.gate.refuse(operation, "not approved");
    const { summaryMs, offlineAfterMs } = this.parameters;
    if (this.seconds % Math.ceil(summaryMs / SWEEP_MS) !== 0) return;
    this.noteSilence();
    // Whoever was not heard of until then may still be about to report for the first time.
    if (this.seconds * SWEEP_MS > offlineAfterMs) this.resilience.judge(this.map.stats(), this.map.unhealthySectors());
  }

  /** Sectors whose summaries stopped do not count as active for ever: silence is counted in summary intervals. */
  private noteSilence(): void {
    const { summaryMs, offlineAfterMs } = this.parameters;
    for (const [index, child] of this.children.list.entries()) {
      child.noteInterval();
      const silenceMs = (child.silentIntervals - 1) * summaryMs;
      const isSilent = child.silentIntervals * summaryMs > offlineAfterMs;
      this.map.noteSilence(index, silenceMs, isSilent ? this.agentsOf(index) : 0);
    }
  }

  private agentsOf(sectorIndex: number): number {
    const { firstCluster, clusterCount } = this.topology.sectors[sectorIndex]!;
    let agents = 0;
    for (let i = 0; i < clusterCount; i++) agents += this.map.agentsIn(this.topology.clusters[firstCluster + i]!);
    return agents;
  }

  private takeMode(order: ModeOrder): void {
    if (!this.gate.apply(order)) return;
    this.host.observe({ type: "mode-taken", mode: order.mode, number: order.number });
    for (const operation of this.gate.release()) {
      this.host.observe({ type: "operation-released", scope: "global", priority: operation.priority });
      this.admit(operation);
    }
  }

  /** A coordinator has cut off one of its clusters: the others are to route around it. */
  private relayCircuit(from: Address, order: CircuitOrder): void {
    this.circuits.apply(order);
    this.workplace.persist();
    for (const child of this.children.list) if (child.address !== from) this.host.send(child.address, order);
  }

  /** What a sector's summary does not name is not in force, as far as its coordinator can say. */
  private noteCircuits({ sectorIndex, circuits, silentClusters }: SectorSummary): void {
    const { firstCluster, clusterCount } = this.topology.sectors[sectorIndex]!;
    const isOfBreaker = isOfBreakerIn(firstCluster, clusterCount);
    const isKnown = (order: CircuitOrder) => isOfBreaker(order) && !silentClusters.includes(order.targetId);
    if (this.circuits.replace(isKnown, circuits)) this.workplace.persist();
  }

  /** Tells an agent's lead that its result contradicted those of nearly all others (6.1). */
  private accuse(agent: Address): void {
    if (!this.topology.isAgent(agent)) return;
    const { lead } = this.topology.clusterOf(agent);
    this.host.send(lead, { type: "FAILURE", failure: "BYZANTINE_BEHAVIOR", node: agent, isEscalated: false, total: 0 });
  }

  /** How many of the level that an operation descends to a sector's answer stands for: itself, its leads, its agents. */
  private weight(child: Child, depth: number): number {
    if (depth === 0 || !this.weighsByAgents) return 1;
    const sector = this.topology.sectors[child.address - this.topology.sectors[0]!.coordinator]!;
    if (depth === 1) return sector.clusterCount;
    let agents = 0;
    for (let i = 0; i < sector.clusterCount; i++) {
      const cluster = this.topology.clusters[sector.firstCluster + i]!;
      if (cluster.agentClass !== "F" || this.countsPeople) agents += this.map.agentsIn(cluster);
    }
    return agents;
  }

  /** Whether an agent is there: one that joins the running mesh (10.2) is when its lead has told of it. */
  private isThere(cluster: Cluster, position: number): boolean {
    return position < cluster.founders || this.map.record(cluster.index, position) !== undefined;
  }

  private wayTo(cluster: Cluster): Millis {
    const { latencyMs } = this.children.list[cluster.sector]!;
    return Number.isNaN(latencyMs) ? UNMEASURED_ONE_WAY_MS : oneWayMs(latencyMs);
  }

  private acquaintance(cluster: Cluster, position: number): Child {
    const { agentClass } = cluster;
    const record = this.map.record(cluster.index, position);
    return this.acquaintances.meet(cluster.firstAgent + position, agentClass, BASE_PROCESSING_MS[agentClass], record);
  }

  private shareMap(): void {
    const known = this.map.known();
    const index = new CapabilityIndex(known);
    const update = { type: "MAP", clusterCount: known.length, index, circuits: this.circuits.turned() } as const;
    for (const child of this.children.list) this.host.send(child.address, update);
  }

  private orderAll(order: MeshMessage): void {
    for (const child of this.children.list) this.host.send(child.address, order);
  }
}
