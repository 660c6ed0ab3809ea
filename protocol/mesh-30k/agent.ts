/** An agent: works messages off, answers them, measures itself and tells its cluster lead (document parts 3 and 4.1). */
import type { Address, Durable, Host, Job, JobOutcome, Millis, Node, TimerTag } from "../contract.js";
import { type Allegiance, allegiance, type DurableAllegiance } from "./authority/allegiance.js";
import { leaseTicks } from "./authority/lease-ticks.js";
import { handedOn } from "./composed-message.js";
import { evidenceOf } from "./conflicts/evidence.js";
import { LamportClock, timeOf, UNSTAMPED } from "./conflicts/lamport.js";
import { TakenOperation } from "./conflicts/taken-operation.js";
import { ContextMemory } from "./context-memory.js";
import type { Fact } from "./facts.js";
import { BASE_PROCESSING_MS, type ImpedanceClass } from "./impedance-class.js";
import { payloadHash } from "./integrity.js";
import { Memory } from "./memory.js";
import type {
  Acknowledge,
  Assertion,
  Canvass,
  ConflictDetail,
  Coordinate,
  FreezeOrder,
  MeshMessage,
  Probe,
} from "./messages.js";
import type { ProtocolOptions } from "./options.js";
import { type Parameters, REPORT_TTL_MS, TRIAL_MS } from "./parameters.js";
import { ImpedanceProfiler, type ProfileSubject } from "./profiler.js";
import { type Deduplication, deduplication } from "./recent-messages.js";
import { NO_RESULT, resultHash } from "./resilience/result-hash.js";
import { savedState, toSave } from "./resilience/saved-state.js";
import { TimerKind, timerTag } from "./timer-tag.js";

/** What agents of one cluster with the same capabilities have in common. */
export interface AgentIdentity extends ProfileSubject {
  /** The two processes of its lead's office. */
  readonly lead: Address;
  readonly standby: Address;
}

export function agentIdentity(
  agentClass: ImpedanceClass,
  capabilities: readonly string[],
  lead: Address,
  standby: Address,
): AgentIdentity {
  return { agentClass, assumedProcessingMs: BASE_PROCESSING_MS[agentClass], capabilities, lead, standby };
}

/** A message in the processor's queue. */
class MessageJob implements Job {
  constructor(
    readonly message: Coordinate,
    readonly receivedAtMs: Millis,
  ) {}

  get priority() {
    return this.message.priority;
  }

  get payloadWeight() {
    return this.message.payloadWeight;
  }

  get ttlMs() {
    return this.message.ttlMs;
  }
}

/** Work that answers nobody: by which an agent measures itself that gets no other, since it was slow. */
class TrialJob implements Job {
  readonly priority = 0;
  readonly payloadWeight = 0;
  readonly ttlMs = REPORT_TTL_MS;

  constructor(readonly receivedAtMs: Millis) {}
}

const HEARTBEAT = timerTag(TimerKind.heartbeat);

export class Agent implements Node<MeshMessage> {
  private readonly profiler: ImpedanceProfiler;
  private readonly context: ContextMemory;
  private readonly recent: Deduplication;
  private readonly allegiance: Allegiance;
  private readonly lamport: LamportClock;
  private readonly taken: TakenOperation;
  /** Messages taken and not ended. */
  private queueDepth = 0;
  private lastDoneAtMs = Number.NEGATIVE_INFINITY;
  /** What came while the agent is frozen; undefined while it is not. */
  private heldWhileFrozen: MessageJob[] | undefined;
  private isOnTrial = false;
  private trialsToSkip = 0;

  constructor(
    private readonly host: Host<MeshMessage, Fact>,
    private readonly identity: AgentIdentity,
    options: ProtocolOptions,
    private readonly parameters: Parameters,
    memory = new Memory(),
  ) {
    this.context = new ContextMemory(memory);
    this.lamport = new LamportClock(memory);
    this.taken = new TakenOperation(memory);
    this.recent = deduplication(options.delivery, memory);
    this.allegiance = allegiance(options.takeover, identity.lead, leaseTicks(parameters), memory);
    this.profiler = new ImpedanceProfiler(host.self, identity, options, memory);
  }

  start(saved?: Durable): void {
    if (saved !== undefined) {
      const { context, allegiance } = savedState(saved);
      this.context.restore(context);
      if (allegiance !== undefined) this.recall(allegiance);
    }
    this.context.onAdopt = () => this.save();
    this.host.setTimer(this.host.random() * this.parameters.heartbeatMs, HEARTBEAT);
  }

  wake(_tag: TimerTag): void {
    const nowMs = this.host.now();
    this.allegiance.tick();
    this.host.send(this.allegiance.holder, {
      type: "HEARTBEAT",
      agentId: this.host.self,
      timestampMs: nowMs,
      impedance: this.profiler.impedance(this.queueDepth, this.context.currentHash, nowMs),
      grant: this.allegiance.grant,
    });
    this.host.setTimer(this.parameters.heartbeatMs, HEARTBEAT);
  }

  receive(from: Address, message: MeshMessage): void {
    if (message.type === "ASSERT") this.follow(from, message);
    else if (message.type === "CANVASS") this.vote(from, message);
    else if (!this.mayOrder(from)) return;
    else if (message.type === "COORDINATE") this.take(message);
    else if (message.type === "FREEZE") this.freeze(message);
    else if (message.type === "PROBE") this.answerProbe(from, message);
    else if (message.type === "CONFLICT_TRACE") {
      this.lamport.hear(message.lamport);
      this.host.send(from, evidenceOf(message, this.host, this.context, this.taken, this.lamport));
    }
  }

  done(job: Job, outcome: JobOutcome): void {
    const nowMs = this.host.now();
    if (job instanceof TrialJob) {
      this.endTrial(job, outcome, nowMs);
      return;
    }
    const { message, receivedAtMs } = job as MessageJob;
    this.queueDepth--;
    if (outcome !== "finished") {
      this.profiler.onFailure(nowMs);
      this.recent.forget(message.messageId);
      this.host.observe({ type: "unfinished", message, outcome });
      return;
    }
    const tookMs = this.tookMs(receivedAtMs, nowMs);
    this.profiler.onProcessingComplete(tookMs, message.payloadWeight, nowMs);
    const conflict = this.judge(message);
    if (conflict === undefined) this.takeIn(message);
    this.recent.finish(message.messageId);
    this.host.observe({ type: "ready", message, trinaryState: conflict === undefined ? 1 : -1 });
    if (message.routingStrategy === "broadcast" && conflict === undefined) return;
    if (conflict === undefined && this.passOn(message)) return;
    this.acknowledge(message, nowMs, receivedAtMs, tookMs, conflict);
  }

  /** How long a job that has just been finished took, without the wait before it. */
  private tookMs(receivedAtMs: Millis, nowMs: Millis): Millis {
    const tookMs = Math.max(0, nowMs - Math.max(receivedAtMs, this.lastDoneAtMs));
    this.lastDoneAtMs = nowMs;
    return tookMs;
  }

  /** Follows whom an earlier process at its address followed. */
  private recall(followed: DurableAllegiance): void {
    this.allegiance.restore(followed);
    this.host.observe({ type: "follows", office: this.identity.lead, holder: followed.holder, term: followed.term });
  }

  private save(): void {
    const context = this.context.saved();
    const allegiance = this.allegiance.saved();
    this.host.save(toSave(allegiance === undefined ? { context } : { context, allegiance }));
  }

  private follow(from: Address, assertion: Assertion): void {
    const { allegiance } = this;
    const { office, holder, term } = assertion;
    if (allegiance.isOutdated(assertion)) {
      this.host.send(from, { type: "OUTDATED", office, knownTerm: allegiance.knownTerm });
    }
    if (!allegiance.hear(assertion)) return;
    this.save();
    this.host.observe({ type: "follows", office, holder, term });
  }

  private vote(from: Address, { office, term, isTrial }: Canvass): void {
    const { allegiance } = this;
    const isGranted = allegiance.vote(term, isTrial);
    if (isGranted && !isTrial) this.save();
    this.host.send(from, { type: "VOTE", office, term, isTrial, isGranted, knownTerm: allegiance.knownTerm });
  }

  /** Whether it takes what a node sends: of the processes of its lead's office, the orders of whom it obeys. */
  private mayOrder(from: Address): boolean {
    const { lead, standby } = this.identity;
    if (from !== lead && from !== standby) return true;
    if (!this.allegiance.obeys(from)) return false;
    if (this.allegiance.noteObeyed(from)) this.host.observe({ type: "obeyed", office: lead, process: from });
    return true;
  }

  private take(message: Coordinate): void {
    const nowMs = this.host.now();
    this.lamport.hear(message.lamport);
    this.profiler.onMessageReceived(message, nowMs);
    const acquaintance = this.recent.take(message.messageId);
    if (acquaintance === "done") this.answerAgain(message, nowMs);
    if (acquaintance !== "new") return;
    this.queueDepth++;
    const job = new MessageJob(message, nowMs);
    if (this.heldWhileFrozen === undefined) this.host.work(job);
    else this.heldWhileFrozen.push(job);
  }

  private takeIn(message: Coordinate): void {
    if (message.verb === "sync") this.context.adopt(message.payloadHash, message.payload, message.stamp);
    this.taken.note(message);
  }

  /** Why the result cannot be taken in, and what is held instead; undefined if it can. */
  private judge(message: Coordinate): ConflictDetail | undefined {
    const detail = this.objection(message) ?? this.disorder(message);
    if (detail === undefined) return undefined;
    const { stamp, source } = detail.type === "DATA_CONTRADICTION" ? this.taken : this.ownContext;
    return { ...detail, held: { contextHash: this.context.currentHash, stamp, source } };
  }

  private get ownContext() {
    return { stamp: this.context.stamp, source: this.host.self };
  }

  /** What is wrong with the message itself, or with the context that its sender goes by. */
  private objection(message: Coordinate): ConflictDetail | undefined {
    const hash = payloadHash(message.payload);
    if (hash !== message.payloadHash) {
      return { type: "HASH_MISMATCH", expected: String(message.payloadHash), received: String(hash) };
    }
    const missing = message.requiresCapabilities.find((needed) => !this.identity.capabilities.includes(needed));
    if (missing !== undefined) {
      return { type: "CAPABILITY_MISMATCH", expected: missing, received: this.identity.capabilities.join(", ") };
    }
    if (message.verb !== "sync" && !this.context.accepts(message.contextHash)) {
      const held = String(this.context.currentHash);
      return { type: "CONTEXT_DIVERGENCE", expected: String(message.contextHash), received: held };
    }
    return undefined;
  }

  /**
   * What is wrong with its place among the operations of the mesh (document 5.1). An effect comes before its cause where a
   * sync is older than the context already taken in, or where a message claims to have been sent before its operation was
   * decided on. A context that is reloaded stands in no order.
   */
  private disorder(message: Coordinate): ConflictDetail | undefined {
    if (this.taken.contradicts(message)) {
      const [expected, received] = [String(this.taken.hash), String(message.payloadHash)];
      return { type: "DATA_CONTRADICTION", expected, received };
    }
    const { stamp, lamport } = message;
    if (stamp === UNSTAMPED || message.correlationId < 0) return undefined;
    const isOlder = message.verb === "sync" && stamp < this.context.stamp;
    if (!isOlder && lamport > timeOf(stamp)) return undefined;
    const expected = isOlder ? this.context.stamp : stamp;
    return { type: "TEMPORAL_PARADOX", expected: String(expected), received: String(isOlder ? stamp : lamport) };
  }

  /** Hands a pipeline's message to its next stage; false at the last one. */
  private passOn(message: Coordinate): boolean {
    if (message.routingStrategy !== "pipeline") return false;
    const next = message.targetIds[message.targetIds.indexOf(this.host.self) + 1];
    if (next === undefined) return false;
    this.host.send(next, handedOn(message, this.lamport.tick()));
    return true;
  }

  private acknowledge(
    message: Coordinate,
    nowMs: Millis,
    receivedAtMs: Millis,
    tookMs: Millis,
    conflict: ConflictDetail | undefined,
  ): void {
    const answer: Acknowledge = {
      type: "ACK",
      messageId: message.messageId,
      correlationId: message.correlationId,
      agentId: this.host.self,
      trinaryState: conflict === undefined ? 1 : -1,
      actualArrivalMs: nowMs,
      processingTimeMs: tookMs,
      heldMs: nowMs - receivedAtMs,
      conflict,
      resultHash: conflict === undefined ? resultHash(message.payloadHash) : NO_RESULT,
      tally: undefined,
      leadTimes: undefined,
      lamport: this.lamport.tick(),
    };
    this.host.send(message.sourceId, answer);
  }

  /** Its answer was lost, perhaps; it is not taken in a second time, since a newer one may have come. A broadcast has none, and a pipeline's comes from its last stage. */
  private answerAgain(message: Coordinate, nowMs: Millis): void {
    if (message.routingStrategy === "broadcast" || message.routingStrategy === "pipeline") return;
    this.acknowledge(message, nowMs, nowMs, 0, this.objection(message));
  }

  private answerProbe(from: Address, { challenge, echo, isTrial }: Probe): void {
    const timed = echo && { ...echo, createdAtMs: Number.NaN, ttlMs: REPORT_TTL_MS };
    if (timed !== undefined) this.profiler.onMessageReceived(timed, this.host.now());
    this.host.send(from, { type: "PROBE_ACK", challenge, result: resultHash(challenge), activeRate: 1 });
    if (isTrial === true) this.tryItself();
  }

  /** Does a piece of work of its own where it has no other, and rests after it for as long as it took. */
  private tryItself(): void {
    if (this.trialsToSkip > 0) {
      this.trialsToSkip--;
      return;
    }
    if (this.isOnTrial || this.queueDepth > 0 || this.heldWhileFrozen !== undefined) return;
    this.isOnTrial = true;
    this.host.work(new TrialJob(this.host.now()));
  }

  private endTrial({ receivedAtMs }: TrialJob, outcome: JobOutcome, nowMs: Millis): void {
    this.isOnTrial = false;
    if (outcome !== "finished") return;
    const tookMs = this.tookMs(receivedAtMs, nowMs);
    this.profiler.onTrialComplete(tookMs);
    this.trialsToSkip = Math.round(tookMs / TRIAL_MS);
  }

  private freeze(order: FreezeOrder): void {
    if (!order.thaw) {
      this.heldWhileFrozen ??= [];
      return;
    }
    this.lastDoneAtMs = this.host.now(); // what was held begins now
    const held = this.heldWhileFrozen ?? [];
    this.heldWhileFrozen = undefined;
    for (const job of held) this.host.work(job);
  }
}
