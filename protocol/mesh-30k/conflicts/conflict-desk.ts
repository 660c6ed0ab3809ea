/**
 * Conflicts at one coordinator, lead or at the orchestrator: takes them in, keeps what is in work going and saved, and ends it
 * (document 5.1). What other levels are told is `Correspondence`'s; as repaired, the `Resolver` settles each case. As written a
 * strategy is suggested and nobody follows it.
 */
import type { Address, Host, Millis, TimerId } from "../../contract.js";
import type { ContextMemory } from "../context-memory.js";
import type { Coordination } from "../coordination.js";
import type { Fact } from "../facts.js";
import type { Acknowledge, ConflictDetail, MeshMessage } from "../messages.js";
import type { Operation } from "../operation.js";
import type { Variant } from "../options.js";
import { TimerKind, timerTag } from "../timer-tag.js";
import { adoptStanding } from "./adopt-standing.js";
import type { ConflictCase } from "./conflict-case.js";
import { loggedFact, resolvedFact } from "./conflict-facts.js";
import { ConflictHandler, type Logged } from "./conflict-handler.js";
import type {
  ConflictEvidence,
  ConflictMessage,
  ConflictOutcome,
  ConflictReport,
  ConflictTrace,
  ConflictVerdict,
} from "./conflict-messages.js";
import { conflictOf } from "./conflict-post.js";
import { type ConflictPriority, ESCALATED_FROM } from "./conflict-priority.js";
import { ownerOf } from "./conflict-record.js";
import type { ConflictRole } from "./conflict-role.js";
import { Correspondence } from "./correspondence.js";
import { Docket } from "./docket.js";
import type { DurableConflicts } from "./durable-conflicts.js";
import { evidenceOf } from "./evidence.js";
import { disputedWork, findingOf } from "./finding.js";
import type { HandedConflicts } from "./handover.js";
import { INQUIRY_MS, Inquiries } from "./inquiries.js";
import type { KnownSync } from "./known-syncs.js";
import { Resolver } from "./resolver.js";

/** How often a desk looks after what it has in work. */
const SWEEP_MS = 500;

export class ConflictDesk {
  readonly handler: ConflictHandler;
  private readonly correspondence: Correspondence;
  private readonly inquiries: Inquiries;
  private readonly resolver: Resolver;
  private readonly docket = new Docket();
  private readonly carriesOut: boolean;
  private timer: TimerId | undefined;
  /** For how long the timer was set. */
  private timerMs: Millis = 0;
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
    const { lamport } = coordination;
    this.correspondence = new Correspondence(host, role, lamport, this.carriesOut, () => {
      this.isUnsaved = true;
    });
    this.inquiries = new Inquiries(host, lamport, this.handler, this.correspondence);
    this.resolver = new Resolver(host, role, coordination, context, {
      attempt: (matter, message) => this.docket.attempt(matter, message),
      settle: (matter, outcome, stands) => this.settle(matter, outcome, stands),
      handUp: (matter) => this.correspondence.handUp(matter),
      askAgain: (matter) => this.correspondence.askAgain(matter),
    });
  }

  /**
   * Looks at an answer for what it says of conflicts.
   * @param operation that was answered, as far as it is known
   */
  onAcknowledge(ack: Acknowledge, operation: Operation | undefined, requires: readonly string[]): void {
    const attempted = this.docket.takeAttempted(ack.messageId);
    if (ack.conflict !== undefined) this.find(ack, ack.conflict, operation, requires, attempted);
    if (attempted === undefined || attempted.state === "settled") return;
    if (ack.conflict === undefined) this.resolver.succeed(attempted);
    else this.resolver.fail(attempted, ack.agentId, ack.conflict, this.host.now());
    this.goOn();
  }

  receive(from: Address, message: ConflictMessage): void {
    this.coordination.lamport.hear(message.lamport);
    switch (message.type) {
      case "CONFLICT":
        this.takeOver(from, message);
        return;
      case "CONFLICT_NOTED":
        if (this.correspondence.onNoted(from, message)) this.goOn();
        return;
      case "CONFLICT_TRACE":
        this.onTrace(from, message);
        return;
      case "CONFLICT_EVIDENCE":
        this.onEvidence(from, message);
        return;
      case "CONFLICT_VERDICT":
        this.onVerdict(from, message);
        return;
    }
  }

  /** Takes up what an earlier process of the node saved. */
  restore(saved: DurableConflicts | undefined): void {
    if (saved === undefined) return;
    this.handler.restore(saved, this.host.now());
    this.correspondence.resume(saved.post);
    for (const matter of [...this.handler.quarantine.list()]) this.takeUp(matter);
    this.goOn();
  }

  /** Takes over what the other process of the office had open, or has left behind; what it was told of before is left out. */
  inherit(handed: HandedConflicts | undefined): void {
    if (handed === undefined || handed.by === this.host.self) return;
    const { tier } = this.role;
    // Of what is known here, this process has told itself.
    this.correspondence.resume(handed.post.filter(({ message }) => !this.handler.log.has(conflictOf(message))));
    for (const each of handed.open) {
      const matter = this.handler.inherit(each, this.host.now());
      if (matter === undefined) {
        this.askFor(this.handler.quarantine.of(each.record.conflictId), each.askedBy);
        continue;
      }
      this.isUnsaved = true;
      const { id: conflictId, members } = matter;
      const { members: held } = this.handler.quarantine;
      this.host.observe({ type: "conflict-inherited", conflictId, from: handed.by, tier, members, held });
      this.settleAsBefore(matter);
      this.takeUp(matter);
    }
    this.goOn();
  }

  /** Begins with a case that is known here, and that somebody has asked the other process of the office for. */
  private askFor(matter: ConflictCase | undefined, askedBy: Address | undefined): void {
    if (matter === undefined || matter.askedBy !== undefined || askedBy === undefined) return;
    matter.amend({ askedBy });
    this.isUnsaved = true;
    this.takeUp(matter);
  }

  /** Has saved what has changed since it was last. */
  private flush(): void {
    if (this.isUnsaved) this.onChange({ ...this.handler.durable(), post: this.correspondence.list() });
    this.isUnsaved = false;
  }

  /** See `ConflictHandler.forgetInherited`. */
  forgetInherited(): void {
    if (this.handler.forgetInherited()) this.isUnsaved = true;
    this.flush();
  }

  /** Called when the desk's timer fires. */
  wake(): void {
    this.timer = undefined;
    const nowMs = this.host.now();
    if (this.carriesOut) this.inquiries.ask(nowMs);
    this.correspondence.sendOverdue(nowMs);
    for (const matter of this.docket.list()) if (nowMs >= matter.dueAtMs) this.resolver.onSilence(matter, nowMs);
    this.goOn();
  }

  private find(
    ack: Acknowledge,
    detail: ConflictDetail,
    operation: Operation | undefined,
    requires: readonly string[],
    joins: ConflictCase | undefined,
  ): void {
    const { known, lamport } = this.coordination;
    const work = operation === undefined ? undefined : disputedWork(operation, requires);
    const finding = findingOf(ack, detail, work, this.role.agentsBelow, known, this.context);
    const logged = this.handler.report(finding, this.host.now(), lamport.time, joins);
    if (logged === undefined) return;
    this.tell(logged, true);
    this.goOn();
  }

  private onTrace(from: Address, message: ConflictTrace): void {
    const { conflictId, verdictOn } = message;
    if (verdictOn !== undefined) {
      if (this.carriesOut && this.inquiries.answer(from, conflictId, verdictOn)) this.goOn();
      return;
    }
    const { lamport, known } = this.coordination;
    this.host.send(from, evidenceOf(message, this.host, this.context, undefined, lamport, known));
  }

  private onEvidence(from: Address, message: ConflictEvidence): void {
    const matter = this.handler.quarantine.of(message.conflictId);
    if (matter !== undefined) this.resolver.onEvidence(matter, from, message, this.host.now());
    this.goOn();
  }

  private onVerdict(from: Address, message: ConflictVerdict): void {
    this.correspondence.note(from, message.conflictId, message);
    const matter = this.handler.quarantine.of(message.conflictId);
    if (matter !== undefined) this.resolver.onVerdict(matter, message);
    else this.remember(message);
    this.goOn();
  }

  private takeOver(from: Address, report: ConflictReport): void {
    const { record, priority, asks, work } = report;
    this.correspondence.note(from, record.conflictId, report);
    const owner = ownerOf(record.conflictId);
    const logged = this.handler.takeOver(record, priority as ConflictPriority, owner, this.host.now(), work);
    if (logged !== undefined) {
      logged.matter.amend({ toldBy: from });
      this.tell(logged, false);
      this.settleAsBefore(logged.matter);
    }
    const matter = this.handler.quarantine.of(record.conflictId);
    if (asks && matter?.state === "told") {
      matter.amend({ askedBy: from, work: matter.work ?? work });
      this.isUnsaved = true;
    }
    this.goOn();
    if (!asks || !this.carriesOut) return;
    if (matter === undefined) this.inquiries.answerAgain(from, record);
    else this.takeUp(matter);
    this.goOn();
  }

  /** Begins with a case that somebody below has asked for, of this process or of an earlier one. */
  private takeUp(matter: ConflictCase): void {
    if (!this.carriesOut || matter.askedBy === undefined || matter.state !== "told") return;
    this.docket.add(matter);
    this.resolver.arbitrate(matter, this.host.now());
  }

  /** Takes in a verdict on what is not open here: settled, of no concern, or not told of as yet. */
  private remember({ conflictId, outcome, stands }: ConflictVerdict): void {
    if (stands !== undefined) adoptStanding(stands, this.coordination.known, this.context);
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

  /** Reports a conflict that was logged, here and upwards. */
  private tell(logged: Logged, isOwn: boolean): void {
    const { matter, isNewCase } = logged;
    this.isUnsaved = true;
    const { tier, superior } = this.role;
    const escalates = superior !== undefined && isNewCase && matter.priority >= ESCALATED_FROM[tier];
    this.host.observe(loggedFact(logged, tier, isOwn, escalates, this.handler.quarantine.members));
    if (escalates) this.correspondence.report(matter, false);
  }

  private settle(matter: ConflictCase, outcome: ConflictOutcome, stands?: KnownSync): void {
    if (!this.handler.settle(matter)) return;
    const isOwn = matter.owner === this.host.self;
    const settlement = { conflictId: matter.id, outcome, stands, isLogged: true };
    this.handler.settlements.note(settlement);
    this.isUnsaved = true;
    this.docket.remove(matter);
    const { members } = this.handler.quarantine;
    this.host.observe(resolvedFact(matter, outcome, this.role.tier, isOwn, members));
    this.correspondence.announce(matter, settlement);
  }

  /**
   * Begins what is next, saves what has changed, so that no crash takes a conflict along, and sees to it that the desk wakes as long
   * as it has something to look after.
   */
  private goOn(): void {
    while (this.carriesOut && this.docket.hasRoom) {
      const next = this.handler.queue.pop();
      if (next === undefined) break;
      this.docket.add(next);
      this.resolver.begin(next, this.host.now());
    }
    this.flush();
    const isBusy = !this.docket.isEmpty || this.correspondence.size > 0;
    if (isBusy) this.wakeIn(SWEEP_MS);
    else if (this.carriesOut && this.handler.quarantine.size > 0) this.wakeIn(INQUIRY_MS);
  }

  private wakeIn(afterMs: Millis): void {
    if (this.timer !== undefined) {
      if (afterMs >= this.timerMs) return;
      this.host.cancelTimer(this.timer);
    }
    this.timerMs = afterMs;
    this.timer = this.host.setTimer(afterMs, timerTag(TimerKind.conflict));
  }
}
