/**
 * Conflicts at one coordinator, lead or at the orchestrator: takes them in, tells the levels above, and, as repaired,
 * carries their resolution out (document 5.1). As written a strategy is suggested and nobody follows it.
 */
import type { Address, Host, Millis, TimerId } from "../../contract.js";
import type { ContextMemory } from "../context-memory.js";
import type { Coordination } from "../coordination.js";
import type { Fact } from "../facts.js";
import type { Acknowledge, ConflictDetail, ConflictType, MeshMessage, MessageId } from "../messages.js";
import type { Operation } from "../operation.js";
import type { Variant } from "../options.js";
import { TimerKind, timerTag } from "../timer-tag.js";
import type { ConflictCase } from "./conflict-case.js";
import { ConflictHandler, type Logged } from "./conflict-handler.js";
import type {
  ConflictMessage,
  ConflictNoted,
  ConflictOutcome,
  ConflictReport,
  ConflictVerdict,
  DisputedWork,
} from "./conflict-messages.js";
import { ConflictPost, kindOf, type Post } from "./conflict-post.js";
import { type ConflictPriority, DEADLINE_MS, ESCALATED_FROM } from "./conflict-priority.js";
import { type ConflictId, type ConflictRecord, ownerOf } from "./conflict-record.js";
import type { ConflictRole } from "./conflict-role.js";
import type { DurableConflicts } from "./durable-conflicts.js";
import { evidenceOf } from "./evidence.js";
import type { HandedConflicts } from "./handover.js";
import type { KnownSync } from "./known-syncs.js";
import { STRATEGIES } from "./resolution-strategy.js";
import { Resolver } from "./resolver.js";

/** How often a desk looks after what it has in work. */
const SWEEP_MS = 500;
/**
 * Up to so many open cases and messages that nobody has noted, whatever changes is saved before anything else happens, so that no
 * crash takes a conflict along. In a storm of more, changes are saved together, a sweep apart at most: writing all of them each
 * time would take longer than the storm.
 */
const MOST_SAVED_AT_ONCE = 256;
/** Cases in work at a time: what a cluster has in work fits, and a storm is worked off in order of priority. */
const MOST_IN_WORK = 64;
/** How long a level that was told of a conflict waits for its end before it asks, and how many it asks after at a time. */
const INQUIRY_MS = 60_000;
const MOST_INQUIRIES = 256;
/** Nobody knows any more how it ended. What the authority holds is what stands. */
const FORGOTTEN = { outcome: "authority-stands", stands: undefined } as const;

export class ConflictDesk {
  readonly handler: ConflictHandler;
  private readonly post = new ConflictPost();
  private readonly resolver: Resolver;
  private readonly inWork = new Set<ConflictCase>();
  private readonly attempts = new Map<MessageId, ConflictCase>();
  private readonly carriesOut: boolean;
  private timer: TimerId | undefined;
  /** For how long the timer was set. */
  private timerMs: Millis = 0;
  private inquiryDueMs: Millis = 0;
  /** Whether anything has changed since it was saved last. */
  private isUnsaved = false;
  /** Called with the conflicts that are open whenever they are to be saved. */
  onChange: (open: DurableConflicts) => void = () => undefined;

  /** @param variant the option `conflicts` */
  constructor(
    private readonly host: Host<MeshMessage, Fact>,
    private readonly role: ConflictRole,
    variant: Variant,
    private readonly coordination: Coordination,
    private readonly context: ContextMemory,
  ) {
    this.carriesOut = variant === "repaired";
    this.handler = new ConflictHandler(host.self);
    this.resolver = new Resolver(host, role, coordination, context, {
      attempt: (matter, message) => this.attempt(matter, message),
      settle: (matter, outcome, stands) => this.settle(matter, outcome, stands),
      handUp: (matter) => this.handUp(matter),
      askAgain: (matter) => this.askAgain(matter),
    });
  }

  /**
   * Looks at an answer for what it says of conflicts.
   * @param operation that was answered, as far as it is known
   */
  onAcknowledge(ack: Acknowledge, operation: Operation | undefined, requires: readonly string[]): void {
    const attempted = this.attempts.get(ack.messageId);
    if (attempted !== undefined) this.attempts.delete(ack.messageId);
    if (ack.conflict !== undefined) this.find(ack, ack.conflict, operation, requires, attempted);
    if (attempted === undefined || attempted.state === "settled") return;
    if (ack.conflict === undefined) this.resolver.succeed(attempted);
    else this.resolver.fail(attempted, ack.agentId, ack.conflict, this.host.now());
    this.goOn();
  }

  receive(from: Address, message: ConflictMessage): void {
    const nowMs = this.host.now();
    this.coordination.lamport.hear(message.lamport);
    switch (message.type) {
      case "CONFLICT":
        this.takeOver(from, message, nowMs);
        return;
      case "CONFLICT_NOTED":
        this.onNoted(from, message);
        return;
      case "CONFLICT_TRACE": {
        if (message.verdictOn !== undefined) {
          this.answerInquiry(from, message.conflictId, message.verdictOn);
          return;
        }
        const { lamport, known } = this.coordination;
        this.host.send(from, evidenceOf(message, this.host, this.context, undefined, lamport, known));
        return;
      }
      case "CONFLICT_EVIDENCE": {
        const matter = this.handler.quarantine.of(message.conflictId);
        if (matter !== undefined) this.resolver.onEvidence(matter, from, message, nowMs);
        this.goOn();
        return;
      }
      case "CONFLICT_VERDICT": {
        this.note(from, message.conflictId, message);
        const matter = this.handler.quarantine.of(message.conflictId);
        if (matter !== undefined) this.resolver.onVerdict(matter, message);
        else this.remember(message);
        this.goOn();
        return;
      }
    }
  }

  /** Takes up what an earlier process of the node saved. */
  restore(saved: DurableConflicts | undefined): void {
    if (saved === undefined) return;
    this.handler.restore(saved, this.host.now());
    for (const { to, message } of saved.post) this.put(to, message);
    for (const matter of [...this.handler.quarantine.list()]) this.takeUp(matter);
    this.goOn();
  }

  /** Takes over what the other process of the office had open, or has left behind; what it was told of before is left out. */
  inherit(handed: HandedConflicts | undefined): void {
    if (handed === undefined || handed.by === this.host.self) return;
    const { tier } = this.role;
    for (const { to, message } of handed.post) this.put(to, message);
    for (const each of handed.open) {
      const matter = this.handler.inherit(each, this.host.now());
      if (matter === undefined) continue;
      this.isUnsaved = true;
      const { id: conflictId, members } = matter;
      const { members: held } = this.handler.quarantine;
      this.host.observe({ type: "conflict-inherited", conflictId, from: handed.by, tier, members, held });
      this.settleAsBefore(matter);
      this.takeUp(matter);
    }
    this.goOn();
  }

  /** Has saved what has changed since it was last. */
  flush(): void {
    if (this.isUnsaved) this.onChange({ ...this.handler.durable(), post: this.post.list() });
    this.isUnsaved = false;
  }

  /** See `ConflictHandler.forgetInherited`. */
  forgetInherited(): void {
    this.handler.forgetInherited();
  }

  /** Called when the desk's timer fires. */
  wake(): void {
    this.timer = undefined;
    const nowMs = this.host.now();
    if (this.carriesOut) this.inquire(nowMs);
    for (const { to, message } of this.post.takeOverdue(nowMs)) this.host.send(to, message);
    for (const matter of this.inWork) if (nowMs >= matter.dueAtMs) this.resolver.onSilence(matter, nowMs);
    this.goOn();
  }

  private find(
    ack: Acknowledge,
    detail: ConflictDetail,
    operation: Operation | undefined,
    requires: readonly string[],
    joins: ConflictCase | undefined,
  ): void {
    const nowMs = this.host.now();
    const { agentId, messageId } = ack;
    const { known, lamport } = this.coordination;
    const held = { hash: detail.held?.contextHash ?? 0, stamp: detail.held?.stamp ?? 0 };
    const own = { hash: this.context.currentHash, stamp: this.context.stamp };
    const divergenceDepth = detail.type === "CONTEXT_DIVERGENCE" ? known.distance(own, held) : 0;
    const affectedAgents = ack.correlationId < 0 ? 1 : this.role.agentsBelow;
    const work = operation === undefined ? undefined : disputed(operation, requires);
    const finding = { agentId, messageId, detail, divergenceDepth, affectedAgents, work };
    const logged = this.handler.report(finding, nowMs, lamport.time, joins);
    if (logged === undefined) return;
    this.tell(logged, true);
    this.goOn();
  }

  private onNoted(from: Address, message: ConflictNoted): void {
    const noted = this.post.noted(from, message);
    if (noted === undefined) return;
    this.isUnsaved = true;
    if (message.of !== "verdict") {
      this.host.observe({ type: "conflict-accepted", conflictId: message.conflictId, by: from });
    }
    if (noted.verdict !== undefined) this.put(from, noted.verdict);
    this.goOn();
  }

  private takeOver(from: Address, report: ConflictReport, nowMs: Millis): void {
    const { record, priority, asks, work } = report;
    this.note(from, record.conflictId, report);
    const logged = this.handler.takeOver(record, priority as ConflictPriority, ownerOf(record.conflictId), nowMs, work);
    if (logged !== undefined) {
      logged.matter.toldBy = from;
      this.tell(logged, false);
      this.settleAsBefore(logged.matter);
    }
    const matter = this.handler.quarantine.of(record.conflictId);
    this.goOn();
    if (!asks || !this.carriesOut) return;
    if (matter === undefined) this.answerAgain(from, record);
    if (matter?.state !== "told") return;
    matter.askedBy = from;
    matter.work ??= work;
    this.isUnsaved = true;
    this.takeUp(matter);
    this.goOn();
  }

  /** Begins with a case that somebody below has asked for, of this process or of an earlier one. */
  private takeUp(matter: ConflictCase): void {
    if (!this.carriesOut || matter.askedBy === undefined || matter.state !== "told") return;
    this.inWork.add(matter);
    this.resolver.arbitrate(matter, this.host.now());
  }

  /** Takes in a verdict on what is not open here: settled, of no concern, or not told of as yet. */
  private remember({ conflictId, outcome, stands }: ConflictVerdict): void {
    if (stands !== undefined) this.resolver.follow(stands);
    if (this.handler.log.has(conflictId)) return;
    this.handler.settlements.note({ conflictId, outcome, stands, isLogged: false });
    this.isUnsaved = true;
  }

  /** Ends a case of another node of which the verdict is known already. */
  private settleAsBefore(matter: ConflictCase): void {
    const settlement = this.handler.settlements.of(matter.id);
    if (settlement === undefined || matter.owner === this.host.self) return;
    this.settle(matter, settlement.outcome, settlement.stands);
  }

  /**
   * Tells a level above that was told of a conflict how it ended. What is neither open here nor known was settled by a process that
   * has taken that with it: it is over.
   */
  private answerInquiry(from: Address, conflictId: ConflictId, type: ConflictType): void {
    if (!this.carriesOut || this.handler.quarantine.of(conflictId) !== undefined) return;
    const { outcome, stands } = this.handler.settlements.of(conflictId) ?? FORGOTTEN;
    const { method } = STRATEGIES[type];
    const lamport = this.coordination.lamport.tick();
    this.put(from, { type: "CONFLICT_VERDICT", conflictId, outcome, method, stands, lamport });
    this.goOn();
  }

  /** Asks those who have told of conflicts long ago how they ended: the verdict may be lost with a process, theirs or an own one. */
  private inquire(nowMs: Millis): void {
    if (nowMs < this.inquiryDueMs) return;
    this.inquiryDueMs = nowMs + INQUIRY_MS;
    let asked = 0;
    for (const { id: conflictId, record, state, askedBy, toldBy, loggedAtMs } of this.handler.quarantine.list()) {
      if (asked === MOST_INQUIRIES) break;
      if (state !== "told" || askedBy !== undefined || toldBy === undefined || nowMs - loggedAtMs < INQUIRY_MS)
        continue;
      const lamport = this.coordination.lamport.tick();
      const { conflictType: verdictOn } = record;
      this.host.send(toldBy, { type: "CONFLICT_TRACE", conflictId, hash: 0, verdictOn, lamport });
      asked++;
    }
  }

  /** Tells the verdict to who asks for it after it was given: it was lost with a process, there or on its way. */
  private answerAgain(from: Address, { conflictId, conflictType }: ConflictRecord): void {
    const settlement = this.handler.settlements.of(conflictId);
    if (settlement === undefined) return;
    const { outcome, stands } = settlement;
    const { method } = STRATEGIES[conflictType];
    const lamport = this.coordination.lamport.tick();
    this.put(from, { type: "CONFLICT_VERDICT", conflictId, outcome, method, stands, lamport });
  }

  /** Reports a conflict that was logged, here and upwards. */
  private tell({ record, matter, isNewCase }: Logged, isOwn: boolean): void {
    const { conflictId, conflictType } = record;
    this.isUnsaved = true;
    const { priority } = matter;
    const { tier, superior } = this.role;
    const escalates = superior !== undefined && isNewCase && priority >= ESCALATED_FROM[tier];
    this.host.observe({
      type: "conflict-logged",
      conflictId,
      caseId: matter.id,
      conflictType,
      priority,
      tier,
      isOwn,
      deadlineMs: DEADLINE_MS[priority],
      suggested: STRATEGIES[conflictType].method,
      escalates,
      held: this.handler.quarantine.members,
    });
    if (escalates) this.report(matter, false);
  }

  /** Tells the level above, and may ask it to settle the case. */
  private report(matter: ConflictCase, asks: boolean): void {
    const { superior } = this.role;
    if (superior === undefined) return;
    matter.wasReported = true;
    this.host.observe({ type: "conflict-escalated", conflictId: matter.id, to: superior, asks });
    this.putReport(superior, matter, asks);
  }

  private putReport(to: Address, { record, priority, work }: ConflictCase, asks: boolean): void {
    this.put(to, { type: "CONFLICT", record, priority, asks, work, lamport: this.coordination.lamport.tick() });
  }

  private askAgain(matter: ConflictCase): void {
    const { superior } = this.role;
    if (superior !== undefined) this.putReport(superior, matter, true);
  }

  private handUp(matter: ConflictCase): boolean {
    if (this.role.superior === undefined || matter.wasHandedUp) return false;
    matter.wasHandedUp = true;
    this.report(matter, true);
    return true;
  }

  private attempt(matter: ConflictCase, message: MessageId): void {
    if (matter.attempt !== undefined) this.attempts.delete(matter.attempt);
    matter.attempt = message;
    this.attempts.set(message, matter);
  }

  private settle(matter: ConflictCase, outcome: ConflictOutcome, stands?: KnownSync): void {
    if (!this.handler.settle(matter)) return;
    const isOwn = matter.owner === this.host.self;
    this.handler.settlements.note({ conflictId: matter.id, outcome, stands, isLogged: true });
    this.isUnsaved = true;
    this.inWork.delete(matter);
    if (matter.attempt !== undefined) this.attempts.delete(matter.attempt);
    const { conflictType } = matter.record;
    const { method } = STRATEGIES[conflictType];
    this.host.observe({
      type: "conflict-resolved",
      conflictId: matter.id,
      tier: this.role.tier,
      isOwn,
      method,
      outcome,
      members: matter.members,
      held: this.handler.quarantine.members,
      drifting: matter.drifting,
    });
    const verdict = { type: "CONFLICT_VERDICT", conflictId: matter.id, outcome, method, stands } as const;
    const told = [matter.wasReported ? this.role.superior : undefined, matter.askedBy, matter.loser];
    for (const to of new Set(told)) {
      if (to !== undefined) this.put(to, { ...verdict, lamport: this.coordination.lamport.tick() });
    }
  }

  /** Begins what is next, and sees to it that the desk wakes as long as it has something to look after. */
  private goOn(): void {
    while (this.carriesOut && this.inWork.size < MOST_IN_WORK) {
      const next = this.handler.queue.pop();
      if (next === undefined) break;
      this.inWork.add(next);
      this.resolver.begin(next, this.host.now());
    }
    if (this.handler.quarantine.size + this.post.size <= MOST_SAVED_AT_ONCE) this.flush();
    const isBusy = this.inWork.size > 0 || this.post.size > 0 || this.isUnsaved;
    if (isBusy) this.wakeIn(SWEEP_MS);
    else if (this.carriesOut && this.handler.quarantine.size > 0) this.wakeIn(INQUIRY_MS);
  }

  private wakeIn(afterMs: Millis): void {
    if (this.timer !== undefined) {
      if (afterMs >= this.timerMs) return;
      this.host.cancelTimer(this.timer);
    }
    this.flush();
    this.timerMs = afterMs;
    this.timer = this.host.setTimer(afterMs, timerTag(TimerKind.conflict));
  }

  /** As repaired, what is sent is sent again until it is noted. */
  private put(to: Address, message: Post): void {
    if (this.carriesOut) this.isUnsaved = true;
    if (!this.carriesOut || this.post.put(to, message, this.host.now())) this.host.send(to, message);
  }

  private note(to: Address, conflictId: ConflictId, message: Post): void {
    if (!this.carriesOut) return;
    const of = kindOf(message);
    this.host.send(to, { type: "CONFLICT_NOTED", conflictId, of, lamport: this.coordination.lamport.tick() });
  }
}

function disputed(operation: Operation, requires: readonly string[]): DisputedWork {
  const { verb, payload, payloadWeight, priority, payloadHash, stamp } = operation;
  return { verb, payload, payloadWeight, priority, payloadHash, stamp, requires };
}
