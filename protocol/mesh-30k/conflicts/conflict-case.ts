/**
 * Conflicts that are one matter: as long as it is not settled, whatever the same agent reports of the same two values
 * belongs to it. Each is logged on its own; they are quarantined, queued and resolved together.
 */
import type { Address, Millis } from "../../contract.js";
import type { MessageId } from "../messages.js";
import type { Reading } from "./clock-comparison.js";
import type { ConflictEvidence, ConflictOutcome, DisputedWork } from "./conflict-messages.js";
import type { ConflictPriority } from "./conflict-priority.js";
import type { ConflictId, ConflictRecord } from "./conflict-record.js";
import type { DurableCase } from "./durable-conflicts.js";
import type { KnownSync } from "./known-syncs.js";

/** Where a case stands. */
export type CaseState =
  /** Nobody has begun. */
  | "queued"
  /** It is the business of the node below that logged it; this one has been told. */
  | "told"
  /** Evidence is awaited: of the agent, of the other value's source, of the level above. */
  | "asking-agent"
  | "asking-source"
  | "asking-above"
  /** An agent has been given something to do that will settle it. */
  | "acting"
  /** The level above, or a person, has it. */
  | "handed-up"
  | "with-people"
  | "settled";

export class ConflictCase {
  state: CaseState;
  /** Of the agent, once it has given any. */
  evidence: ConflictEvidence | undefined;
  /** When something was last asked, and until when an answer is awaited. */
  askedAtMs: Millis = 0;
  dueAtMs: Millis = Number.POSITIVE_INFINITY;
  /** How often the present step was tried. */
  tries = 0;
  /** How often an agent was given something in vain. */
  failures = 0;
  /** The message that it was given last. */
  attempt: MessageId | undefined;
  /** Whether people were asked here. */
  wasReviewed = false;
  /** What it comes to by the verdict that is being carried out: of the level above or, at the top, of this one. */
  decided: ConflictOutcome | undefined;
  /** Whether it has waited for a sync, since there was nothing to put in the place of what the agent holds. */
  hasAwaitedSync = false;
  /** Whether the level above was asked to settle it. */
  wasHandedUp = false;
  /** Whose value lost, and has to be told what stands. */
  loser: Address | undefined;
  /** Whose wall clock was found to be off. */
  drifting: Address | undefined;
  /** Wall clocks of those who gave evidence, against the own. */
  readonly readings: Reading[] = [];
  /** Whom evidence was asked of last. */
  asked: Address = -1;
  /** What the loser is to hold from now on. */
  stands: KnownSync | undefined;
  /** What it comes to when the agent has done what it was given. */
  pending: ConflictOutcome = "converged";

  /**
   * @param durable what of it survives a crash
   * @param owner the node that sees to it: that has logged it first
   * @param loggedAtMs here, on the own clock
   * @param sequence tells cases of one instant apart
   */
  constructor(
    private durable: DurableCase,
    readonly owner: Address,
    readonly loggedAtMs: Millis,
    readonly sequence: number,
  ) {
    this.state = durable.isOwn ? "queued" : "told";
  }

  get id(): ConflictId {
    return this.durable.record.conflictId;
  }

  /** Of the conflict that stands for the others. */
  get record(): ConflictRecord {
    return this.durable.record;
  }

  get priority(): ConflictPriority {
    return this.durable.priority;
  }

  /** How many conflicts it is of. */
  get members(): number {
    return this.durable.members;
  }

  /** Whether the level above was told of it. */
  get wasReported(): boolean {
    return this.durable.wasReported;
  }

  /** Who below has told of it. */
  get toldBy(): Address | undefined {
    return this.durable.toldBy;
  }

  /** Who below asked for it to be settled here. */
  get askedBy(): Address | undefined {
    return this.durable.askedBy;
  }

  /** What was in dispute; undefined where the node knows of the conflict alone. */
  get work(): DisputedWork | undefined {
    return this.durable.work;
  }

  /** What of it survives a crash: a value that is never changed but replaced, so that one that is saved stays as it was. */
  toSave(): DurableCase {
    return this.durable;
  }

  amend(changes: Partial<DurableCase>): void {
    this.durable = { ...this.durable, ...changes };
  }

  /** Whether what is in dispute is what somebody holds, so that the authority's can be put in its place. */
  get isOfContext(): boolean {
    const { conflictType } = this.record;
    return conflictType !== "CAPABILITY_MISMATCH" && conflictType !== "HASH_MISMATCH";
  }
}
