/**
 * Passing an operation on: a sector coordinator or cluster lead takes it in, gathers the level below with the same
 * scatter-gather as the orchestrator, and answers with what came of it (document 3.3).
 */
import type { Host, Job, Millis } from "../contract.js";
import { CLUSTER_TIMEOUT_MS } from "./cascade-plan.js";
import type { ContextMemory } from "./context-memory.js";
import type { Coordination } from "./coordination.js";
import type { Fact, Tier } from "./facts.js";
import { LeadTimeHistogram } from "./lead-time-histogram.js";
import { Memory } from "./memory.js";
import type { Acknowledge, Coordinate, MeshMessage, MessageId, Tally, TrinaryState } from "./messages.js";
import { operationOf } from "./operation.js";
import type { Variant } from "./options.js";
import type { ImpedanceProfiler } from "./profiler.js";
import { type Deduplication, deduplication } from "./recent-messages.js";
import { NO_RESULT } from "./resilience/result-hash.js";
import type { ScatterGather, Target } from "./scatter-gather.js";

/** An operation that waits for the relay's processor. */
class RelayJob implements Job {
  readonly priority: Job["priority"];
  readonly payloadWeight = 0;
  readonly ttlMs: Millis;

  constructor(
    readonly message: Coordinate,
    readonly receivedAtMs: Millis,
  ) {
    this.priority = message.priority;
    this.ttlMs = message.ttlMs;
  }
}

/** What is below a relay. */
export interface RelayRole {
  readonly tier: Tier;
  /** 1 for a lead (agents), 2 for a sector coordinator (leads, agents). */
  readonly levelsBelow: number;
  /** Whom an operation is passed on to that then descends `depth` more levels. */
  targets(depth: number): readonly Target[];
  /** Lead times of the agents directly below, as seen from here. */
  leadTimes(payloadWeight: number, nowMs: Millis): LeadTimeHistogram | undefined;
  /** Hands an operation to the people below, outside its quorum. */
  putCheckpoints(message: Coordinate): void;
  /** Told of a context that those below are about to take in. */
  expectContext?(hash: number): void;
  /** Passes a broadcast on, unacknowledged. */
  broadcast(message: Coordinate): void;
}

/** The option `targetTime`: when those below should be READY, on the own clock; NaN for as soon as possible. */
type TargetTime = (message: Coordinate, receivedAtMs: Millis, nowMs: Millis, oneWayMs: Millis) => Millis;

const TARGET_TIMES: Readonly<Record<Variant, TargetTime>> = {
  /** Document 3.2, phase 1: every scatter-gather aims one window ahead of its own start. */
  "as-written": (message, _receivedAtMs, nowMs) => nowMs + message.windowMs,
  /** The initiator's target time, by the time that was left at sending less the way here: no clock is compared. */
  repaired: (message, receivedAtMs, _nowMs, oneWayMs) => receivedAtMs + message.remainingMs - oneWayMs,
};

/** A relay takes a few operations at a time. */
const ANSWERS_KEPT = 16;
/** How long a sector waits beyond what its leads may take: the way back and their own extension. */
const RETURN_MARGIN_MS = 200;
/** The quorum that a relay asks of the level below (`scatter_gather_30k`'s default). */
const RELAY_READY_RATE = 0.95;

export class Relay {
  private readonly targetTime: TargetTime;
  private readonly inheritsTargetTime: boolean;
  private readonly recent: Deduplication;
  /** The last answers, in case one was lost. */
  private readonly answers = new Map<MessageId, Acknowledge>();

  constructor(
    private readonly host: Host<MeshMessage, Fact>,
    private readonly role: RelayRole,
    options: { readonly targetTime: Variant; readonly delivery: Variant },
    private readonly profiler: ImpedanceProfiler,
    private readonly coordination: Coordination,
    private readonly context: ContextMemory,
    memory = new Memory(),
  ) {
    this.targetTime = TARGET_TIMES[options.targetTime];
    this.inheritsTargetTime = options.targetTime === "repaired";
    this.recent = deduplication(options.delivery, memory);
  }

  take(message: Coordinate): void {
    const nowMs = this.host.now();
    this.coordination.lamport.hear(message.lamport);
    this.profiler.onMessageReceived(message, nowMs);
    if (this.recent.take(message.messageId) !== "new") {
      const answer = this.answers.get(message.messageId);
      if (answer !== undefined) this.host.send(message.sourceId, answer);
      return;
    }
    if (message.verb === "sync") this.coordination.known.note(message);
    this.host.work(new RelayJob(message, nowMs));
  }

  /** Called when the relay's processor gives an operation up: a resend of it is to be taken. */
  forget(job: Job): void {
    this.recent.forget((job as RelayJob).message.messageId);
  }

  /** Called when the relay's processor has finished with an operation. */
  done(job: Job): void {
    const { message, receivedAtMs } = job as RelayJob;
    const nowMs = this.host.now();
    this.profiler.onProcessingComplete(Math.max(0, nowMs - receivedAtMs), 0, nowMs);
    if (message.verb === "sync") this.role.expectContext?.(message.payloadHash);
    if (message.routingStrategy === "broadcast") {
      if (message.verb === "sync") this.context.adopt(message.payloadHash, message.payload, message.stamp);
      if (message.depth > 0) this.role.broadcast(message);
      return;
    }
    this.host.observe({ type: "took-in", tier: this.role.tier, correlationId: message.correlationId });
    if (message.depth === 0) {
      const leadTimes = this.role.leadTimes(message.payloadWeight, nowMs);
      this.answer(message, receivedAtMs, 1, undefined, leadTimes);
      return;
    }
    this.gather(message, receivedAtMs, nowMs);
  }

  private gather(message: Coordinate, receivedAtMs: Millis, nowMs: Millis): void {
    const depth = message.depth - 1;
    const aimsAtAgents = this.role.levelsBelow === 1;
    const targetAtMs = this.targetTime(message, receivedAtMs, nowMs, this.profiler.oneWayMs());
    if (aimsAtAgents) this.role.putCheckpoints(message);
    this.coordination.start(
      {
        operation: operationOf(message),
        targets: this.role.targets(depth),
        depth,
        targetAtMs: aimsAtAgents || !this.inheritsTargetTime ? targetAtMs : Number.NaN,
        announcedTargetAtMs: targetAtMs,
        readyRate: RELAY_READY_RATE,
        deadlineMs: this.deadline(message, targetAtMs, nowMs, aimsAtAgents),
        end: this.coordination.gatherEnd,
        mayExtend: this.coordination.extendsGathers && aimsAtAgents,
        mayResend: this.coordination.resends,
        rateOfSent: this.coordination.rateOfSent,
      },
      (gather, quorum) => {
        if (quorum.achieved && message.verb === "sync" && message.depth === this.role.levelsBelow) {
          this.context.adopt(message.payloadHash, message.payload, message.stamp);
        }
        const state = quorum.achieved ? 1 : quorum.decision === "RESOLVE_CONFLICTS" ? -1 : 0;
        this.answerFor(message, receivedAtMs, state, gather);
      },
    );
  }

  private deadline(message: Coordinate, targetAtMs: Millis, nowMs: Millis, aimsAtAgents: boolean): Millis {
    if (Number.isNaN(targetAtMs)) return nowMs + CLUSTER_TIMEOUT_MS;
    if (aimsAtAgents || !this.inheritsTargetTime) return targetAtMs + message.windowMs;
    return targetAtMs + message.windowMs * 2 + RETURN_MARGIN_MS;
  }

  private answerFor(message: Coordinate, receivedAtMs: Millis, state: TrinaryState, gather: ScatterGather): void {
    const tally = gather.tally();
    const leadTimes = new LeadTimeHistogram();
    leadTimes.addShifted(gather.leadTimes, this.profiler.processingMs());
    this.answer(message, receivedAtMs, state, tally, leadTimes.total > 0 ? leadTimes : undefined);
  }

  private answer(
    message: Coordinate,
    receivedAtMs: Millis,
    trinaryState: TrinaryState,
    tally: Tally | undefined,
    leadTimes: LeadTimeHistogram | undefined,
  ): void {
    const nowMs = this.host.now();
    const ack: Acknowledge = {
      type: "ACK",
      messageId: message.messageId,
      correlationId: message.correlationId,
      agentId: this.host.self,
      trinaryState,
      actualArrivalMs: nowMs,
      processingTimeMs: this.profiler.processingMs(),
      heldMs: nowMs - receivedAtMs,
      conflict: undefined,
      resultHash: NO_RESULT,
      tally,
      leadTimes,
      lamport: this.coordination.lamport.tick(),
    };
    this.answers.set(message.messageId, ack);
    const [oldest] = this.answers.keys();
    if (this.answers.size > ANSWERS_KEPT && oldest !== undefined) this.answers.delete(oldest);
    this.host.send(message.sourceId, ack);
  }
}
