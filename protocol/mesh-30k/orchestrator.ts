/** The orchestrator: the global map, mesh-wide operations, orders to the whole mesh (documents 3.3, 4.3, 7.1). */
import type { Address, Durable, Host, Job, Millis, TimerTag } from "../contract.js";
import type { OfficeState, Role } from "./authority/seat.js";
import { CapabilityIndex } from "./capability-index.js";
import { type CascadeReach, CascadeRunner } from "./cascade.js";
import type { CascadeOrder } from "./cascade-plan.js";
import { type Child, childSettings } from "./child.js";
import { Acquaintances, Children } from "./children.js";
import { ConflictDesk } from "./conflicts/conflict-desk.js";
import type { DisputedWork } from "./conflicts/conflict-messages.js";
import { isOfConflicts } from "./conflicts/conflict-messages.js";
import type { ConflictRecord } from "./conflicts/conflict-record.js";
import type { ConflictRole } from "./conflicts/conflict-role.js";
import type { DurableConflicts } from "./conflicts/durable-conflicts.js";
import { putForReview } from "./conflicts/review.js";
import { ContextMemory } from "./context-memory.js";
import { Coordination } from "./coordination.js";
import { Dispatch } from "./dispatch.js";
import type { Fact } from "./facts.js";
import { BASE_PROCESSING_MS, type ImpedanceClass } from "./impedance-class.js";
import { type GlobalStats, ImpedanceMap } from "./impedance-map.js";
import { oneWayMs } from "./latency-estimate.js";
import { LeadTimeEstimator } from "./lead-time.js";
import { MessageNumbers } from "./message-numbers.js";
import type { CircuitOrder, FreezeOrder, MeshMessage, MessageId } from "./messages.js";
import { type Operation, repairOperation, taskOperation } from "./operation.js";
import type { ProtocolOptions } from "./options.js";
import { type Parameters, RELAY_PROCESSING_MS, UNMEASURED_ONE_WAY_MS } from "./parameters.js";
import type { Target } from "./scatter-gather.js";
import type { Task } from "./task.js";
import { TimerKind, timerKind, timerNumber, timerTag } from "./timer-tag.js";
import type { Cluster, Topology } from "./topology.js";

export class Orchestrator implements Role, CascadeReach, ConflictRole {
  readonly tier = "orchestrator";
  readonly superior = undefined;
  private readonly conflicts: ConflictDesk;
  private readonly dispatch: Dispatch;
  private readonly children: Children;
  private readonly map: ImpedanceMap;
  private readonly coordination: Coordination;
  private readonly cascades: CascadeRunner;
  private readonly context = new ContextMemory();
  private readonly acquaintances: Acquaintances;
  private readonly weighsByAgents: boolean;
  private readonly countsPeople: boolean;
  private isFrozen = false;

  constructor(
    private readonly host: Host<MeshMessage, Fact>,
    private readonly topology: Topology,
    options: ProtocolOptions,
    private readonly parameters: Parameters,
    numbers = new MessageNumbers(0),
    inherited?: OfficeState,
  ) {
    this.weighsByAgents = options.responseRate === "repaired";
    this.countsPeople = options.humanTargets === "as-written";
    const firstSector = topology.sectors[0]!.coordinator;
    const settings = childSettings(options, parameters);
    const assumed = { agentClass: "C", assumedProcessingMs: RELAY_PROCESSING_MS } as const;
    this.children = new Children(firstSector, topology.sectors.length, settings, () => assumed);
    this.acquaintances = new Acquaintances(settings);
    this.map = new ImpedanceMap(topology.sectors.length, topology.clusters.length);
    const estimator = new LeadTimeEstimator(options);
    this.coordination = new Coordination(host, "orchestrator", options, parameters, estimator, this.context, numbers);
    this.coordination.inherit(inherited);
    this.cascades = new CascadeRunner(
      host,
      options,
      parameters,
      this.coordination,
      this,
      (operation) => this.context.adopt(operation.payloadHash, operation.payload, operation.stamp),
      inherited?.progress,
    );
    this.dispatch = new Dispatch(host, this.coordination.outbox, this.coordination.resends);
    this.conflicts = new ConflictDesk(host, this, options.conflicts, this.coordination, this.context);
  }

  /** See `Role.officeState`. */
  officeState(): OfficeState {
    const { currentHash: contextHash, payload: contextPayload, stamp: contextStamp } = this.context;
    return {
      progress: this.cascades.progress,
      contextHash,
      contextPayload,
      contextStamp,
      lamport: this.coordination.lamport.time,
    };
  }

  start(saved?: Durable): void {
    this.conflicts.restore(saved?.conflicts as DurableConflicts | undefined);
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
    } else if (message.type === "ACK") {
      child?.isAlive();
      this.coordination.lamport.hear(message.lamport);
      const work = message.conflict && this.dispatch.workOf(message.messageId);
      const operation = work?.operation ?? (message.conflict && this.coordination.operationOf(message.correlationId));
      if (!this.coordination.onAcknowledge(from, message)) this.dispatch.onAcknowledge(message);
      this.conflicts.onAcknowledge(message, operation, work?.requires ?? []);
    } else if (isOfConflicts(message)) this.conflicts.receive(from, message);
  }

  done(_job: Job): void {
    // The orchestrator gives its own processor no work.
  }

  /** Starts a mesh-wide operation; false while the mesh is frozen. */
  cascade(order: CascadeOrder): boolean {
    if (this.isFrozen) return false;
    this.cascades.start(order);
    return true;
  }

  /** Sends a message to every agent through the hierarchy, without acknowledgements (7.1, `broadcast`). */
  broadcast(task: Task): void {
    const operation = taskOperation(task, this.parameters.taskTtlMs);
    const how = { routingStrategy: "broadcast", depth: 2, isCheckpoint: false } as const;
    this.coordination.outbox.sendToAll(this.children.list, operation, how);
  }

  /** Halts the mesh, or resumes it; nothing in work or in queues is lost (7.1, `freeze`). */
  freeze(order: FreezeOrder): void {
    if (order.scope === "global") this.isFrozen = !order.thaw;
    this.orderAll(order);
  }

  /** Cuts a part of the mesh off from new messages, or lets it in again. */
  setCircuit(order: CircuitOrder): void {
    this.orderAll(order);
  }

  /** Mesh-wide statistics, as fresh as the summaries (4.3). */
  status(): GlobalStats {
    return this.map.stats();
  }

  sectors(depth: number): readonly Target[] {
    return this.children.list.map((child) => ({ child, weight: this.weight(child, depth), wayMs: 0 }));
  }

  agents(agentClass?: ImpedanceClass): readonly Target[] {
    const targets: Target[] = [];
    for (const cluster of this.topology.clusters) {
      if (agentClass !== undefined && cluster.agentClass !== agentClass) continue;
      if (cluster.agentClass === "F" && !this.countsPeople) continue;
      const wayMs = this.wayTo(cluster);
      for (let position = 0; position < cluster.size; position++) {
        targets.push({ child: this.acquaintance(cluster, position), weight: 1, wayMs });
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
      .flatMap((cluster) =>
        Array.from({ length: cluster.size }, (_, position) => this.acquaintance(cluster, position)),
      );
    const how = { routingStrategy: "direct", depth: 0, isCheckpoint: true } as const;
    this.coordination.outbox.sendToAll(people, operation, how);
  }

  keep(conflicts: DurableConflicts): void {
    this.host.save({ conflicts });
  }

  get agentsBelow(): number {
    return this.topology.agentCount;
  }

  giveTo(agent: Address, work: DisputedWork): MessageId | undefined {
    const child = this.acquaintances.at(agent);
    if (child === undefined) return undefined;
    const wayMs = this.wayTo(this.topology.clusterOf(agent));
    const leadTime = this.coordination.leadTimeOf(child, work.payloadWeight, this.host.now(), wayMs);
    const operation = repairOperation(work, work.payloadHash, this.parameters.taskTtlMs, work.stamp);
    return this.dispatch.submit(operation, [child], leadTime, work.requires);
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

  suspect(_agent: Address, _mismatches: number): void {
    // Nothing is detected yet.
  }

  private weight(child: Child, depth: number): number {
    if (depth === 0 || !this.weighsByAgents) return 1;
    const sector = this.topology.sectors[child.address - this.topology.sectors[0]!.coordinator]!;
    let agents = 0;
    for (let i = 0; i < sector.clusterCount; i++) {
      const cluster = this.topology.clusters[sector.firstCluster + i]!;
      if (cluster.agentClass !== "F" || this.countsPeople) agents += cluster.size;
    }
    return agents;
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
    const update = { type: "MAP", clusterCount: known.length, index: new CapabilityIndex(known) } as const;
    for (const child of this.children.list) this.host.send(child.address, update);
  }

  private orderAll(order: MeshMessage): void {
    for (const child of this.children.list) this.host.send(child.address, order);
  }
}
