/**
 * One scatter-gather (document 3.2): which targets are sent to when, who has answered, and whether that is a quorum.
 * It does no I/O and asks no clock; `Coordination` runs it.
 */
import type { Address, Millis } from "../contract.js";
import type { Child } from "./child.js";
import { Sending } from "./composed-message.js";
import type { LeftOut, SkippedTarget } from "./facts.js";
import { LeadTimeHistogram } from "./lead-time-histogram.js";
import type { Acknowledge, LeadTime, MessageId, Tally } from "./messages.js";
import type { Operation } from "./operation.js";
import { UNPREDICTED } from "./outbox.js";
import { DEFAULT_REQUIREMENT, type QuorumResult, trinaryQuorum } from "./quorum.js";
import { NO_RESULT } from "./resilience/result-hash.js";
import { batchStart, type SendPolicy, type Skipped } from "./send-schedule.js";

/** When a gather ends: as soon as the quorum is decided, when all have answered, or at its deadline. */
export type GatherEnd = "decided" | "all-answered" | "deadline";

export interface Target {
  readonly child: Child;
  /** How many agents its answer stands for; 0 for one whose answer does not count. */
  readonly weight: number;
  /** One way to the node that the child's own latency counts from; 0 for a child of one's own. */
  readonly wayMs: Millis;
  /** Why it is targeted and yet not sent to. */
  readonly leftOut?: LeftOut | undefined;
}

export interface GatherPlan {
  readonly operation: Operation;
  readonly targets: readonly Target[];
  /** How many levels below its receiver each message descends. */
  readonly depth: number;
  /** When the targets should be READY, on the own clock; NaN to send at once. */
  readonly targetAtMs: Millis;
  /** What the messages say of the target time; differs from `targetAtMs` only where targets pass it on. */
  readonly announcedTargetAtMs: Millis;
  readonly readyRate: number;
  readonly deadlineMs: Millis;
  readonly end: GatherEnd;
  /** Whether a gather without a quorum is given one more window. */
  readonly mayExtend: boolean;
  /** Whether silent targets are sent to once more. */
  readonly mayResend: boolean;
  /** Whether the response rate is taken of the targets sent to (document 3.2) or of all. */
  readonly rateOfSent: boolean;
}

/** One target of a gather. */
export class Entry {
  state: "scheduled" | "sent" | "answered" | "skipped";
  messageId: MessageId = Number.NaN;
  sentAtMs: Millis = Number.NaN;
  wasResent = false;
  /** What it answered; `NO_RESULT` before. */
  result = NO_RESULT;

  /** @param sendAtMs infinite for a target that is not sent to */
  constructor(
    readonly child: Child,
    readonly weight: number,
    readonly leadTime: LeadTime,
    readonly sendAtMs: Millis,
  ) {
    this.state = sendAtMs === Number.POSITIVE_INFINITY ? "skipped" : "scheduled";
  }
}

/** How many have to agree, and which share of the answers, before another answer contradicts them: the bound of Byzantine agreement. */
const AGREEING = 3;
const AGREEING_SHARE = 2 / 3;
/** Silence after which a target counts as overdue, beyond the moment when its answer was expected. */
const OVERDUE_MARGIN_MS = 50;

export class ScatterGather {
  readonly entries = new Map<Address, Entry>();
  /** The targets are in the entries. */
  readonly plan: Omit<GatherPlan, "targets">;
  /** Lead times that the answers report, as seen from here. */
  readonly leadTimes = new LeadTimeHistogram();
  /** What the messages to all targets have in common. */
  readonly sending: Sending;
  deadlineMs: Millis;
  isDecided = false;
  /** The targets that are not sent to. */
  readonly skippedTargets: SkippedTarget[] = [];
  private readonly unsent: Entry[];
  private nextUnsent = 0;
  private resendAtMs = Number.NEGATIVE_INFINITY;
  private extended = false;
  private targeted = 0;
  /** Weight of the targets that are or will be sent to; corrected by what coordinators among them report. */
  private toSend = 0;
  private sent = 0;
  private ready = 0;
  private conflict = 0;
  private openAnswers = 0;
  private leftOutWeight = 0;
  /** The first result that was answered, and whether there is another. */
  private firstResult = NO_RESULT;
  private resultsDiffer = false;
  /** What coordinators among the targets have reported of the agents below them. */
  private readonly below = { targeted: 0, sent: 0, ready: 0, conflict: 0 };

  /** @param estimate lead time of one target, from what is known at `nowMs` */
  constructor(
    { targets, ...plan }: GatherPlan,
    policy: SendPolicy,
    batchMs: Millis,
    nowMs: Millis,
    estimate: (target: Target) => LeadTime,
  ) {
    this.plan = plan;
    this.sending = new Sending(plan.operation, "scatter-gather", nowMs, plan.announcedTargetAtMs, plan.depth);
    this.deadlineMs = plan.deadlineMs;
    for (const target of targets) {
      if (target.leftOut !== undefined) {
        this.leaveOut(target, target.leftOut);
        continue;
      }
      const leadTime = estimate(target);
      const decision = Number.isNaN(plan.targetAtMs)
        ? ({ status: "SCHEDULED", sendAtMs: nowMs } as const)
        : policy(leadTime, plan.targetAtMs, plan.operation.windowMs, nowMs);
      const skipped = decision.status === "SKIP";
      if (skipped) this.skippedTargets.push(skippedTarget(target.child.address, decision));
      this.targeted += target.weight;
      const sendAtMs = skipped ? Number.POSITIVE_INFINITY : batchStart(decision.sendAtMs, batchMs);
      this.entries.set(target.child.address, new Entry(target.child, target.weight, leadTime, sendAtMs));
    }
    this.unsent = [...this.entries.values()].filter((entry) => entry.state === "scheduled");
    this.unsent.sort((a, b) => a.sendAtMs - b.sendAtMs || a.child.address - b.child.address);
    this.openAnswers = this.unsent.length;
    this.toSend = this.unsent.reduce((sum, entry) => sum + entry.weight, 0);
    for (const entry of this.unsent) {
      const answerAtMs = Math.max(entry.sendAtMs, nowMs) + entry.leadTime.totalMs + entry.leadTime.networkMs;
      this.resendAtMs = Math.max(this.resendAtMs, answerAtMs + OVERDUE_MARGIN_MS);
    }
    if (plan.depth > 0 && !Number.isNaN(plan.announcedTargetAtMs)) {
      this.resendAtMs = Math.max(this.resendAtMs, plan.announcedTargetAtMs + OVERDUE_MARGIN_MS);
    }
    if (!plan.mayResend) this.resendAtMs = Number.POSITIVE_INFINITY;
  }

  /** When something is to be done next: a batch, a resend or the deadline. */
  nextDueMs(): Millis {
    const batchAtMs = this.nextUnsent < this.unsent.length ? this.unsent[this.nextUnsent]!.sendAtMs : Infinity;
    if (this.isDecided) return Math.min(batchAtMs, this.deadlineMs);
    return Math.min(batchAtMs, this.resendAtMs, this.deadlineMs);
  }

  /** The targets whose batch has come. */
  takeBatch(nowMs: Millis): Entry[] {
    const batch: Entry[] = [];
    while (this.nextUnsent < this.unsent.length && this.unsent[this.nextUnsent]!.sendAtMs <= nowMs) {
      batch.push(this.unsent[this.nextUnsent++]!);
    }
    return batch;
  }

  onSent(entry: Entry, messageId: MessageId, nowMs: Millis): void {
    entry.state = "sent";
    entry.messageId = messageId;
    entry.sentAtMs = nowMs;
    this.sent += entry.weight;
  }

  /** The silent targets that were sent to only once, when their answers are overdue. */
  takeOverdue(nowMs: Millis): Entry[] {
    if (this.isDecided || nowMs < this.resendAtMs) return [];
    this.resendAtMs = Number.POSITIVE_INFINITY;
    const overdue = [...this.entries.values()].filter((entry) => entry.state === "sent" && !entry.wasResent);
    for (const entry of overdue) entry.wasResent = true;
    return overdue;
  }

  /** Takes an answer in; false if the target was not asked or has answered before. */
  onAnswer(entry: Entry, ack: Acknowledge): boolean {
    if (entry.state !== "sent") return false;
    entry.state = "answered";
    this.openAnswers--;
    const weight = entry.weight;
    if (ack.resultHash !== NO_RESULT) this.noteResult(entry, ack.resultHash);
    if (ack.tally !== undefined) this.addBelow(ack.tally);
    if (ack.tally !== undefined && !this.plan.rateOfSent) {
      this.ready += ack.tally.ready;
      this.conflict += ack.tally.conflict;
      this.sent += ack.tally.sent - weight;
      this.toSend += ack.tally.sent - weight;
    } else if (ack.trinaryState === 1) this.ready += weight;
    else if (ack.trinaryState === -1) this.conflict += weight;
    if (ack.leadTimes !== undefined) this.leadTimes.addShifted(ack.leadTimes, entry.leadTime.networkMs);
    return true;
  }

  /** The quorum as it stands. */
  quorum(): QuorumResult {
    const { rateOfSent, readyRate } = this.plan;
    const requirement = { ...DEFAULT_REQUIREMENT, readyRate };
    const total = rateOfSent ? this.toSend : this.targeted;
    if (total > 0) return trinaryQuorum(total, this.ready, this.conflict, requirement);
    // Nobody to ask is a quorum of none. Where there was somebody and nothing was sent, the document divides by zero.
    return this.targeted > 0
      ? { achieved: false, decision: "RETRY", confidence: 0, reason: "nothing was sent" }
      : { achieved: true, decision: "PROCEED", confidence: 1, reason: "nobody was asked" };
  }

  /** Whether there is nothing left to wait for at `nowMs`. */
  isOver(nowMs: Millis): boolean {
    if (nowMs >= this.deadlineMs) return true;
    if (this.plan.end === "deadline") return false;
    if (this.openAnswers === 0) return true;
    return this.plan.end === "decided" && this.quorum().achieved;
  }

  /** Gives a gather without a quorum one more window; false if it had it. */
  extend(nowMs: Millis): boolean {
    if (!this.plan.mayExtend || this.extended || this.openAnswers === 0) return false;
    this.extended = true;
    this.deadlineMs = nowMs + this.plan.operation.windowMs;
    if (this.plan.mayResend) this.resendAtMs = nowMs;
    return true;
  }

  /** How the agents below have answered, as far as answers have come. */
  tally(): Tally {
    if (this.plan.depth > 0) {
      const leftOut = this.plan.rateOfSent ? 0 : this.leftOutWeight;
      return { ...this.below, targeted: this.below.targeted + leftOut };
    }
    return { targeted: this.targeted, sent: this.sent, ready: this.ready, conflict: this.conflict };
  }

  /** The targets whose result contradicts what nearly all others answered (document 6.1, BYZANTINE_BEHAVIOR). */
  dissenters(): readonly Child[] {
    if (!this.resultsDiffer) return [];
    const counts = new Map<number, number>();
    let answers = 0;
    for (const { result } of this.entries.values()) {
      if (result === NO_RESULT) continue;
      answers++;
      counts.set(result, (counts.get(result) ?? 0) + 1);
    }
    for (const [agreed, count] of counts) {
      if (count < AGREEING || count < answers * AGREEING_SHARE) continue;
      const others = [...this.entries.values()].filter(({ result }) => result !== NO_RESULT && result !== agreed);
      return others.map(({ child }) => child);
    }
    return [];
  }

  private noteResult(entry: Entry, result: number): void {
    entry.result = result;
    if (this.firstResult === NO_RESULT) this.firstResult = result;
    else if (result !== this.firstResult) this.resultsDiffer = true;
  }

  /** Counts a target that is not sent to: targeted, and neither sent nor waited for. */
  private leaveOut({ child, weight }: Target, reason: LeftOut): void {
    this.targeted += weight;
    this.leftOutWeight += weight;
    const agentId = child.address;
    this.skippedTargets.push({ agentId, reason, wouldNeedMs: Number.NaN, availableMs: Number.NaN });
    this.entries.set(agentId, new Entry(child, weight, UNPREDICTED, Number.POSITIVE_INFINITY));
  }

  private addBelow(tally: Tally): void {
    this.below.targeted += tally.targeted;
    this.below.sent += tally.sent;
    this.below.ready += tally.ready;
    this.below.conflict += tally.conflict;
  }

  get readyOfSent(): number {
    return this.sent === 0 ? 0 : this.ready / this.sent;
  }

  get readyOfTargeted(): number {
    return this.targeted === 0 ? 1 : this.ready / this.targeted;
  }
}

function skippedTarget(agentId: Address, { reason, wouldNeedMs, availableMs }: Skipped): SkippedTarget {
  return { agentId, reason, wouldNeedMs, availableMs };
}
