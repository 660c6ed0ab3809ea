/**
 * Runs scatter-gathers on a host: sends batches when they are due, takes answers in, measures children by them, ends
 * gathers. The orchestrator, the sector coordinators and the cluster leads all coordinate with this one piece of code.
 */
import type { Address, Host, Millis } from "../contract.js";
import type { Child } from "./child.js";
import { KnownSyncs } from "./conflicts/known-syncs.js";
import { LamportClock } from "./conflicts/lamport.js";
import type { ContextMemory, InheritedContext } from "./context-memory.js";
import type { Fact, Tier } from "./facts.js";
import type { LeadTimeEstimator } from "./lead-time.js";
import type { Acknowledge, LeadTime, MeshMessage } from "./messages.js";
import type { Operation } from "./operation.js";
import type { ProtocolOptions } from "./options.js";
import { Outbox, UNPREDICTED } from "./outbox.js";
import type { Parameters } from "./parameters.js";
import { weightFactor } from "./processing-estimate.js";
import type { QuorumResult } from "./quorum.js";
import type { SavedState } from "./resilience/saved-state.js";
import { type Entry, type GatherEnd, type GatherPlan, ScatterGather } from "./scatter-gather.js";
import { SEND_POLICIES, type SendPolicy } from "./send-schedule.js";
import { TimerKind, timerTag } from "./timer-tag.js";

/** Added to every wait, so that rounding and drift do not wake a gather just before it is due. */
const WAKE_MARGIN_MS = 0.01;

export type OnEnd = (gather: ScatterGather, quorum: QuorumResult) => void;

/** Told of what exchanges show of those who were sent to; see document 6.1. */
export interface ExchangeWatch {
  /** A message, or its resend, was not answered in time. */
  onUnanswered(child: Child): void;
  /** Its result contradicts what nearly all others of the same gather answered. */
  onContradiction(child: Child): void;
}

interface Running {
  readonly gather: ScatterGather;
  readonly onEnd: OnEnd;
  /** When its timer is set to fire, on the own clock. */
  dueMs: Millis;
}

export class Coordination {
  readonly outbox: Outbox;
  readonly lamport = new LamportClock();
  /** The syncs that were decided on here, or came by. */
  readonly known = new KnownSyncs();
  /** What the option `gatherEnd` makes of a gather that need not wait for its deadline. */
  readonly gatherEnd: GatherEnd;
  readonly rateOfSent: boolean;
  readonly resends: boolean;
  readonly extendsGathers: boolean;
  private readonly sendPolicy: SendPolicy;
  private readonly numberByCorrelation = new Map<number, number>();
  private readonly running = new Map<number, Running>();
  private nextNumber = 0;
  /** Left out where nobody watches. */
  watch: ExchangeWatch | undefined;

  constructor(
    private readonly host: Host<MeshMessage, Fact>,
    private readonly tier: Tier,
    options: ProtocolOptions,
    private readonly parameters: Parameters,
    private readonly estimator: LeadTimeEstimator,
    private readonly context: ContextMemory,
  ) {
    this.outbox = new Outbox(host, context, this.lamport);
    this.sendPolicy = SEND_POLICIES[options.lateSend];
    this.gatherEnd = options.gatherEnd === "repaired" ? "decided" : "deadline";
    this.extendsGathers = options.gatherEnd === "repaired";
    this.rateOfSent = options.responseRate === "as-written";
    this.resends = options.delivery === "repaired";
  }

  /** What the next holder of the office begins with. */
  handedOn(): InheritedContext & { readonly lamport: number } {
    const { currentHash: contextHash, payload: contextPayload, stamp: contextStamp } = this.context;
    return { contextHash, contextPayload, contextStamp, lamport: this.lamport.time };
  }

  /** Goes on from what an earlier process saved, and from what the last holder of the office had, if there was another. */
  resume(
    saved: Pick<SavedState, "nextId" | "lamport">,
    inherited: (InheritedContext & { readonly lamport: number }) | undefined,
  ): void {
    this.outbox.ids.resume(saved.nextId);
    this.lamport.hear(saved.lamport);
    if (inherited === undefined) return;
    this.context.inherit(inherited);
    this.lamport.hear(inherited.lamport);
  }

  /**
   * Lead time of one child, from what is known now.
   * @param wayMs one way to the node that the child's own latency counts from, in ms; 0 for a child of one's own
   */
  leadTimeOf(child: Child, payloadWeight: number, nowMs: Millis, wayMs = 0): LeadTime {
    return this.estimator.estimate(child, payloadWeight, nowMs, wayMs);
  }

  start(plan: GatherPlan, onEnd: OnEnd): void {
    const nowMs = this.host.now();
    const gather = new ScatterGather(plan, this.sendPolicy, this.parameters.batchMs, nowMs, (target) =>
      this.leadTimeOf(target.child, plan.operation.payloadWeight, nowMs, target.wayMs),
    );
    const number = this.nextNumber++;
    this.running.set(number, { gather, onEnd, dueMs: nowMs });
    this.numberByCorrelation.set(plan.operation.correlationId, number);
    if (plan.depth === 0 && !Number.isNaN(plan.targetAtMs)) {
      this.host.observe({
        type: "aimed",
        correlationId: plan.operation.correlationId,
        targets: [...gather.entries.keys()],
        skipped: gather.skippedTargets,
        targetInMs: plan.targetAtMs - nowMs,
        windowMs: plan.operation.windowMs,
      });
    }
    this.advance(number);
  }

  /** Wakes the gather with this number. */
  advance(number: number): void {
    const running = this.running.get(number);
    if (running === undefined) return;
    const { gather } = running;
    // A wait is over when its timer says so, even if the wall clock was stepped back meanwhile.
    const nowMs = Math.max(this.host.now(), running.dueMs);
    for (const due of gather.takeBatch(nowMs)) this.send(gather, due, nowMs);
    for (const overdue of gather.takeOverdue(nowMs)) this.sendMessage(gather, overdue, nowMs);
    this.endIfOver(number, nowMs);
    if (gather.isDecided && nowMs >= gather.deadlineMs) {
      this.forget(number, gather);
      return;
    }
    running.dueMs = Math.max(nowMs, gather.nextDueMs());
    this.host.setTimer(running.dueMs - nowMs + WAKE_MARGIN_MS, timerTag(TimerKind.gather, number));
  }

  /** Takes an acknowledgement in; false if it answers none of the gathers here. */
  onAcknowledge(from: Address, ack: Acknowledge): boolean {
    const number = this.numberByCorrelation.get(ack.correlationId);
    const running = number === undefined ? undefined : this.running.get(number);
    const entry = running?.gather.entries.get(from);
    if (number === undefined || running === undefined || entry === undefined) return false;
    const nowMs = this.host.now();
    if (!running.gather.onAnswer(entry, ack)) return true;
    entry.child.release();
    if (running.gather.plan.depth === 0) {
      // Which of two sendings was answered cannot be told, so that the exchange measures nothing (Karn's rule).
      if (!entry.wasResent) {
        const { payloadWeight } = running.gather.plan.operation;
        learnError(entry.child, entry.leadTime, entry.sentAtMs, ack, nowMs, payloadWeight);
      }
      this.host.observe({ type: "gathered", correlationId: ack.correlationId, agentId: from });
    }
    this.endIfOver(number, nowMs);
    return true;
  }

  /** The operation of a gather that runs here. */
  operationOf(correlationId: number): Operation | undefined {
    const number = this.numberByCorrelation.get(correlationId);
    return number === undefined ? undefined : this.running.get(number)?.gather.plan.operation;
  }

  private endIfOver(number: number, nowMs: Millis): void {
    const running = this.running.get(number);
    if (running === undefined || running.gather.isDecided || !running.gather.isOver(nowMs)) return;
    const { gather, onEnd } = running;
    const quorum = gather.quorum();
    if (!quorum.achieved && quorum.decision !== "RESOLVE_CONFLICTS" && gather.extend(nowMs)) return;
    gather.isDecided = true;
    const { verb, payloadHash } = gather.plan.operation;
    if (verb === "sync") this.known.confirm(payloadHash, gather.tally().ready);
    this.host.observe({
      type: "gather-ended",
      correlationId: gather.plan.operation.correlationId,
      tier: this.tier,
      decision: quorum.decision,
      achieved: quorum.achieved,
      readyOfSent: gather.readyOfSent,
      readyOfTargeted: gather.readyOfTargeted,
    });
    onEnd(gather, quorum);
  }

  private send(gather: ScatterGather, entry: Entry, nowMs: Millis): void {
    const messageId = this.outbox.nextId();
    gather.onSent(entry, messageId, nowMs);
    entry.child.give();
    this.sendMessage(gather, entry, nowMs);
  }

  private sendMessage(gather: ScatterGather, { child, leadTime, messageId }: Entry, nowMs: Millis): void {
    const compensation = gather.plan.depth === 0 ? leadTime : UNPREDICTED;
    this.outbox.send(child, gather.sending, compensation, nowMs, messageId);
  }

  private forget(number: number, gather: ScatterGather): void {
    for (const entry of gather.entries.values()) {
      if (entry.state !== "sent") continue;
      entry.child.release();
      this.watch?.onUnanswered(entry.child);
    }
    for (const child of gather.dissenters()) this.watch?.onContradiction(child);
    this.running.delete(number);
    const { correlationId } = gather.plan.operation;
    if (this.numberByCorrelation.get(correlationId) === number) this.numberByCorrelation.delete(correlationId);
  }
}

/**
 * How much later than predicted the child was READY, on the own clock: half of what the exchange took beyond the time
 * that the child held the message, and that time.
 */
export function learnError(
  child: Child,
  leadTime: LeadTime,
  sentAtMs: Millis,
  ack: Acknowledge,
  nowMs: Millis,
  payloadWeight: number,
): void {
  const exchangeMs = nowMs - sentAtMs;
  const readyAfterMs = ack.heldMs + (exchangeMs - ack.heldMs) / 2;
  child.noteReadyAfter(readyAfterMs / weightFactor(payloadWeight));
  child.errors.add(readyAfterMs - leadTime.networkMs - leadTime.processingMs);
}
