/**
 * Logs, quarantines and queues conflicts (document 5.1, `ConflictHandler`). Conflicts are data: each is logged once, and is
 * in quarantine until it is settled, so that logged = settled + open at any time.
 */
import type { Address, Millis } from "../../contract.js";
import { ConflictCase } from "./conflict-case.js";
import { ConflictLog } from "./conflict-log.js";
import type { DisputedWork } from "./conflict-messages.js";
import { type ConflictPriority, conflictPriority } from "./conflict-priority.js";
import { type ConflictId, type ConflictRecord, conflictId, ownerOf } from "./conflict-record.js";
import type { DurableBooks, DurableCase } from "./durable-conflicts.js";
import type { Finding } from "./finding.js";
import { Quarantine } from "./quarantine.js";
import { ResolutionQueue } from "./resolution-queue.js";
import { Settlements } from "./settlements.js";

/** What became of a conflict that was logged. */
export interface Logged {
  readonly record: ConflictRecord;
  /** The case that it is, or has joined. */
  readonly matter: ConflictCase;
  readonly isNewCase: boolean;
}

export class ConflictHandler {
  readonly log = new ConflictLog();
  readonly quarantine = new Quarantine();
  readonly queue = new ResolutionQueue();
  readonly settlements = new Settlements();
  private sequence = 0;
  private cases = 0;
  /** Cases that were taken over from the other process of the office. */
  private readonly inherited = new Set<ConflictId>();

  /** @param self the address of the node */
  constructor(private readonly self: Address) {}

  /** What is to survive this process. */
  durable(): DurableBooks {
    const open: DurableCase[] = [];
    for (const matter of this.quarantine.list()) open.push(matter.toSave());
    const { sequence, inherited, settlements } = this;
    return { sequence, open, inherited: [...inherited], settlements: settlements.saved() };
  }

  /** Takes up what an earlier process of the node saved. */
  restore({ sequence, open, inherited, settlements }: DurableBooks, nowMs: Millis): void {
    this.sequence = sequence;
    for (const id of inherited) this.inherited.add(id);
    for (const settlement of settlements) this.settlements.note(settlement);
    for (const each of open) this.reopen(each, nowMs);
  }

  /** Takes an open case over from the other process of the office; undefined for one that is known here. */
  inherit(each: DurableCase, nowMs: Millis): ConflictCase | undefined {
    const { conflictId: id } = each.record;
    if (this.isKnown(id)) return undefined;
    this.inherited.add(id);
    return this.reopen(each, nowMs);
  }

  /** The other process of the office has nothing any more that it would have to forget; whether it had. */
  forgetInherited(): boolean {
    const had = this.inherited.size > 0;
    this.inherited.clear();
    return had;
  }

  /** Whether a conflict was logged here. A case outlasts its record in a log that has become too long, and its verdict a restart. */
  private isKnown(id: ConflictId): boolean {
    return this.log.has(id) || this.settlements.of(id)?.isLogged === true || this.quarantine.of(id) !== undefined;
  }

  private reopen(each: DurableCase, nowMs: Millis): ConflictCase {
    this.log.append(each.record);
    return this.open(each, each.isOwn ? this.self : ownerOf(each.record.conflictId), nowMs);
  }

  private open(durable: DurableCase, owner: Address, nowMs: Millis): ConflictCase {
    const matter = new ConflictCase(durable, owner, nowMs, this.cases++);
    this.quarantine.hold(matter);
    if (durable.isOwn) this.queue.push(matter);
    return matter;
  }

  /**
   * Takes a conflict in that an agent reports; undefined for one that was logged before.
   * @param joins the case that it belongs to, where that is known
   */
  report(finding: Finding, nowMs: Millis, lamport: number, joins?: ConflictCase): Logged | undefined {
    if (this.log.hasMessage(finding.messageId)) return undefined;
    const { agentId, messageId, detail, divergenceDepth, affectedAgents, work } = finding;
    const record: ConflictRecord = {
      conflictId: conflictId(this.self, this.sequence++),
      timestampMs: nowMs,
      lamport,
      agentId,
      messageId,
      conflictType: detail.type,
      conflictingValues: [detail.expected, detail.received],
      agentContextHash: detail.held?.contextHash ?? 0,
      divergenceDepth,
      affectedAgents,
    };
    return this.enter(record, conflictPriority(record), this.self, nowMs, work, joins);
  }

  /** Takes a conflict in that another node has logged; undefined for one that was logged before. */
  takeOver(
    record: ConflictRecord,
    priority: ConflictPriority,
    owner: Address,
    nowMs: Millis,
    work: DisputedWork | undefined,
  ): Logged | undefined {
    if (this.isKnown(record.conflictId)) return undefined;
    return this.enter(record, priority, owner, nowMs, work);
  }

  /** Ends a case; false if it had ended. */
  settle(matter: ConflictCase): boolean {
    if (matter.state === "settled") return false;
    matter.state = "settled";
    this.quarantine.release(matter);
    return true;
  }

  private enter(
    record: ConflictRecord,
    priority: ConflictPriority,
    owner: Address,
    nowMs: Millis,
    work: DisputedWork | undefined,
    joins = owner === this.self ? this.quarantine.caseOf(record) : undefined,
  ): Logged {
    this.log.append(record);
    if (joins !== undefined && joins.state !== "settled") {
      this.quarantine.join(joins);
      return { record, matter: joins, isNewCase: false };
    }
    const isOwn = owner === this.self;
    const told = { wasReported: false, toldBy: undefined, askedBy: undefined };
    const matter = this.open({ record, priority, members: 1, isOwn, ...told, work }, owner, nowMs);
    return { record, matter, isNewCase: true };
  }
}
