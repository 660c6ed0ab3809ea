/** A cluster lead: aggregates its agents, routes work to the best of them, passes operations on (document 4.2, 3.3). */
import type { Address, Durable, Host, Job, JobOutcome, Millis, TimerTag } from "../contract.js";
import type { OfficeState } from "./authority/office-state.js";
import type { Role } from "./authority/seat.js";
import { type Child, childSettings } from "./child.js";
import { Children } from "./children.js";
import { CircuitBoard } from "./circuit-board.js";
import { ClusterAggregator } from "./cluster-aggregator.js";
import type { ConflictDesk } from "./conflicts/conflict-desk.js";
import type { DisputedWork } from "./conflicts/conflict-messages.js";
import type { ConflictRole } from "./conflicts/conflict-role.js";
import type { HandedConflicts } from "./conflicts/handover.js";
import { ContextMemory } from "./context-memory.js";
import type { Coordination } from "./coordination.js";
import type { Dispatch } from "./dispatch.js";
import type { Fact } from "./facts.js";
import { BASE_PROCESSING_MS } from "./impedance-class.js";
import { Admission } from "./joining/admission.js";
import { LeadTimeHistogram } from "./lead-time-histogram.js";
import { Memory } from "./memory.js";
import type {
  Acknowledge,
  Coordinate,
  FailureReport,
  FreezeOrder,
  Heartbeat,
  MeshMessage,
  MessageId,
  ProbeAnswer,
} from "./messages.js";
import { operationOf, taskOperation } from "./operation.js";
import type { ProtocolOptions } from "./options.js";
import { concernsCluster } from "./order-scope.js";
import { type Parameters, RELAY_PROCESSING_MS } from "./parameters.js";
import { ImpedanceProfiler } from "./profiler.js";
import { Relay, type RelayRole } from "./relay.js";
import { LeadResilience } from "./resilience/lead-resilience.js";
import { resultHash } from "./resilience/result-hash.js";
import type { Target } from "./scatter-gather.js";
import { SWEEP_MS, type Task } from "./task.js";
import { TaskIntake } from "./task-intake.js";
import { TimerKind, timerKind, timerNumber, timerTag } from "./timer-tag.js";
import type { Cluster } from "./topology.js";
import { Workplace } from "./workplace.js";

export class ClusterLead implements Role, RelayRole, ConflictRole {
  readonly tier = "lead";
  readonly levelsBelow = 1;
  private readonly children: Children;
  private readonly aggregator: ClusterAggregator;
  private readonly workplace: Workplace;
  private readonly coordination: Coordination;
  private readonly dispatch: Dispatch;
  private readonly relay: Relay;
  private readonly profiler: ImpedanceProfiler;
  private readonly context: ContextMemory;
  private readonly circuits = new CircuitBoard();
  private readonly conflicts: ConflictDesk;
  /** Whether contexts are restored as soon as one has diverged (6.1), and not by what evidence shows (5.1). */
  private readonly restoresAtOnce: boolean;
  /** People who stand apart as checkpoints (option `humanTargets`). */
  private readonly holdsCheckpoints: boolean;
  private readonly resilience: LeadResilience;
  private readonly intake: TaskIntake;
  private readonly admission: Admission;

  constructor(
    private readonly host: Host<MeshMessage, Fact>,
    private readonly cluster: Cluster,
    private readonly coordinator: Address,
    options: ProtocolOptions,
    private readonly parameters: Parameters,
    memory = new Memory(),
    private readonly inherited?: OfficeState,
  ) {
    const { agentClass } = cluster;
    const subject = { agentClass, assumedProcessingMs: RELAY_PROCESSING_MS, capabilities: [] };
    this.holdsCheckpoints = agentClass === "F" && options.humanTargets === "repaired";
    const settings = childSettings(options, parameters);
    const assumed = { agentClass, assumedProcessingMs: BASE_PROCESSING_MS[agentClass] };
    const { firstAgent, size, founders } = cluster;
    this.children = new Children(firstAgent, size, settings, () => assumed, memory, founders);
    this.aggregator = new ClusterAggregator(
      this.children,
      options.humanTargets === "as-written",
      parameters.offlineAfterMs,
      (agentId, state) => host.observe({ type: "agent-state", agentId, state }),
    );
    this.context = new ContextMemory(memory);
    this.profiler = new ImpedanceProfiler(host.self, subject, options, memory);
    this.workplace = new Workplace(host, this, options, parameters, this.context, () => ({
      ...this.intake.saved(),
      ...this.resilience.saved(),
      ...this.joined(),
    }));
    this.coordination = this.workplace.coordination;
    this.dispatch = this.workplace.dispatch;
    this.conflicts = this.workplace.conflicts;
    this.relay = new Relay(host, this, options, this.profiler, this.coordination, this.context, memory);
    this.restoresAtOnce = options.conflicts === "as-written";
    const reload = (child: Child) => !this.context.accepts(child.contextHash) && this.restoreContext(child.address);
    this.admission = new Admission(this.children, parameters, agentClass !== "F", {
      observe: (fact) => host.observe(fact),
      // A process that has just started has nothing loaded, which is no context of the cluster's even after its first sync.
      reload: (child) => reload(child) || (child.contextHash === 0 && this.restoreContext(child.address)),
      persist: () => this.workplace.persist(),
    });
    this.resilience = new LeadResilience(host, cluster, coordinator, options, parameters, this.children, {
      hold: (child, state) => this.aggregator.hold(child, state),
      accepts: (hash) => this.context.accepts(hash),
      reload,
      persist: () => this.workplace.persist(),
    });
    this.aggregator.judge = (child, impedance) => this.resilience.watch.judge(child, impedance);
    this.coordination.watch = this.resilience.watch;
    this.dispatch.watch = this.resilience.watch;
    this.intake = new TaskIntake("cluster", host, this.dispatch, (task) => this.submit(task));
    this.context.onAdopt = () => {
      this.resilience.contexts.note(this.context.currentHash);
      this.workplace.persist();
    };
  }

  /** See `Role.officeState`. */
  officeState(): OfficeState {
    return this.workplace.handOn(0, {
      ...this.intake.saved(),
      ...this.resilience.handedOn(),
      ...this.joined(),
    });
  }

  takeLeft(left: HandedConflicts | undefined): void {
    this.workplace.takeLeft(left);
  }

  start(saved?: Durable): void {
    this.workplace.resume(saved, this.inherited, (state) => {
      this.resilience.restore(state);
      this.admission.restore(state.joined);
      this.intake.resume(state);
      this.resilience.watch.isPaused = state.isFrozen;
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
        this.resilience.watch.tick();
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
      case "HEARTBEAT":
        this.hear(from, message);
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
      case "CIRCUIT":
        this.circuits.apply(message);
        return;
      case "FAILURE":
        this.onAccusation(message);
        return;
      case "PROBE":
        this.answerProbe(from, message.challenge);
        return;
      case "PROBE_ACK":
        this.onProbeAnswer(from, message);
        return;
      case "MODE":
        this.intake.takeMode(message, () => this.workplace.persist());
        return;
      case "FREEZE":
        this.freeze(message);
        return;
    }
  }

  done(job: Job, outcome: JobOutcome): void {
    if (outcome === "finished") this.relay.done(job);
    else this.relay.forget(job);
  }

  /** Hands a task to the best capable agents of the cluster. */
  submit(task: Task): void {
    if (!this.intake.admits(task)) return;
    const stages = this.chooseStages(task);
    this.circuits.noteMessage();
    const first = stages[0];
    if (first === undefined) {
      this.host.observe({ type: "no-capable-agent", scope: "cluster", capability: task.capability });
      return;
    }
    const { address: agentId, heartbeatNumber } = first;
    this.host.observe({ type: "routed", scope: "cluster", agentId, heartbeatNumber });
    const nowMs = this.host.now();
    const leadTime = this.coordination.leadTimeOf(first, task.payloadWeight, nowMs);
    this.dispatch.submit(taskOperation(task, this.parameters.taskTtlMs), stages, leadTime, [task.capability]);
  }

  targets(): readonly Target[] {
    return this.holdsCheckpoints ? [] : this.children.members.map(ownTarget);
  }

  expectContext(hash: number): void {
    this.resilience.contexts.note(hash);
  }

  leadTimes(payloadWeight: number, nowMs: Millis): LeadTimeHistogram | undefined {
    if (this.cluster.agentClass === "F") return undefined;
    const histogram = new LeadTimeHistogram();
    const relayMs = this.profiler.processingMs();
    for (const child of this.children.members) {
      histogram.add(relayMs + this.coordination.leadTimeOf(child, payloadWeight, nowMs).totalMs);
    }
    return histogram;
  }

  putCheckpoints(message: Coordinate): void {
    if (!this.holdsCheckpoints) return;
    const operation = operationOf(message).within(this.parameters.checkpointTtlMs);
    const how = { routingStrategy: "direct", depth: 0, isCheckpoint: true } as const;
    this.coordination.outbox.sendToAll(this.children.members, operation, how);
  }

  broadcast(message: Coordinate): void {
    const how = { routingStrategy: "broadcast", depth: 0, isCheckpoint: false } as const;
    const reached = this.children.members.filter(({ state }) => state !== "quarantined");
    this.coordination.outbox.sendToAll(reached, operationOf(message), how);
  }

  private chooseStages(task: Task): Child[] {
    if (!this.circuits.isRoutable(this.cluster.sector, this.cluster.index)) return [];
    const stages: Child[] = [];
    for (let stage = 0; stage < task.stages; stage++) {
      const best = this.aggregator.best(task.capability, stages);
      if (best !== undefined) stages.push(best);
    }
    return stages;
  }

  private hear(from: Address, heartbeat: Heartbeat): void {
    const child = this.children.at(from);
    if (child === undefined) return;
    const { impedance } = heartbeat;
    child.heard(heartbeat.timestampMs, this.host.now());
    if (!this.children.isMember(child)) {
      this.aggregator.note(child, impedance);
      if (!this.admission.admits(child)) return;
    }
    this.aggregator.receiveHeartbeat(child, impedance);
    this.admission.onReport(child);
  }

  private onAcknowledge(from: Address, ack: Acknowledge): void {
    const child = this.children.at(from);
    child?.isAlive();
    this.coordination.lamport.hear(ack.lamport);
    const { operation, requires } = this.workplace.disputedBy(ack);
    // What comes from quarantine does not count (document 6.1); that a context was taken in is seen in the reports.
    const counts = child?.state !== "quarantined" && this.coordination.onAcknowledge(from, ack);
    const isAnswer = counts || this.dispatch.onAcknowledge(ack);
    if (isAnswer && child !== undefined && child.unanswered > 0) this.resilience.watch.onAnswer(child);
    if (ack.conflict !== undefined && child !== undefined) this.admission.onConflict(child);
    this.conflicts.onAcknowledge(ack, operation, requires);
    if (this.restoresAtOnce && ack.conflict?.type === "CONTEXT_DIVERGENCE") this.restoreContext(from);
  }

  /**
   * Reloads the context of an agent that has another one from the known-good state (document 6.1); false where there is
   * none to send.
   */
  private restoreContext(agent: Address): boolean {
    const { payload, currentHash: payloadHash, stamp } = this.context;
    if (payload === undefined) return false;
    const work = { verb: "sync", payload, payloadWeight: 0, priority: 3, payloadHash, stamp, requires: [] } as const;
    return this.giveTo(agent, work) !== undefined;
  }

  get superior(): Address {
    return this.coordinator;
  }

  get agentsBelow(): number {
    return this.children.members.length;
  }

  giveTo(agent: Address, work: DisputedWork): MessageId | undefined {
    const child = this.children.at(agent);
    return child && this.workplace.give(child, work);
  }

  giveToAnother(agent: Address, work: DisputedWork): MessageId | undefined {
    const but = this.children.at(agent);
    const [capability] = work.requires;
    if (capability === undefined || !this.circuits.isRoutable(this.cluster.sector, this.cluster.index))
      return undefined;
    const best = this.aggregator.best(capability, but === undefined ? [] : [but]);
    return best === undefined ? undefined : this.giveTo(best.address, work);
  }

  /** People answer to the coordinator of their sector, which all of its clusters share. */
  putToPeople(): undefined {
    return undefined;
  }

  correctCapabilities(agent: Address, capabilities: readonly string[]): void {
    const child = this.children.at(agent);
    if (child !== undefined) this.aggregator.receiveHeartbeat(child, { ...child.impedance, capabilities });
  }

  /** What an agent makes of its messages is wrong time and again (6.1). */
  suspect(agent: Address): void {
    const child = this.children.at(agent);
    if (child !== undefined) this.resilience.watch.onContradiction(child);
  }

  private summarise(): void {
    const nowMs = this.host.now();
    this.aggregator.noteSilence(this.parameters.summaryMs);
    this.resilience.watch.noteSilence();
    const own = this.profiler.impedance(0, this.context.currentHash, nowMs);
    const state = {
      failures: this.resilience.failures,
      modeNumber: this.intake.gate.order?.number ?? 0,
      circuit: this.circuits.stateFor(this.cluster.sector, this.cluster.index),
    };
    this.host.send(this.coordinator, this.aggregator.summary(this.cluster.index, own, nowMs, state));
    this.host.setTimer(this.parameters.summaryMs, timerTag(TimerKind.summary));
  }

  /** Somebody else who gathered answers found one of the own agents contradict all others. */
  private onAccusation({ failure, node }: FailureReport): void {
    const child = this.children.at(node);
    if (child !== undefined && failure === "BYZANTINE_BEHAVIOR") this.resilience.watch.onContradiction(child);
  }

  private answerProbe(from: Address, challenge: number): void {
    const activeRate = this.aggregator.activeRate();
    this.host.send(from, { type: "PROBE_ACK", challenge, result: resultHash(challenge), activeRate });
  }

  private onProbeAnswer(from: Address, { challenge, result }: ProbeAnswer): void {
    const child = this.children.at(from);
    if (child === undefined) return;
    child.isAlive();
    this.resilience.watch.onProbeAnswer(child, result === resultHash(challenge));
  }

  /** Who has joined, where anybody has. */
  private joined() {
    const joined = this.admission.saved();
    return joined === undefined ? {} : { joined };
  }

  private freeze(order: FreezeOrder): void {
    if (!concernsCluster(order, this.cluster)) return;
    this.resilience.watch.isPaused = !order.thaw;
    for (const child of this.children.members) this.host.send(child.address, order);
    this.intake.freeze(!order.thaw);
    this.workplace.persist();
  }
}

/** A child as a target that counts once. */
function ownTarget(child: Child): Target {
  const leftOut = child.state === "quarantined" ? "quarantined" : undefined;
  return { child, weight: 1, wayMs: 0, leftOut };
}
