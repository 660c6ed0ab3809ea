/**
 * The append-only log of conflicts (document 5.1, 8.1). Records are immutable and are never taken back. In memory stay the
 * latest `RETAINED`, and whatever is not resolved stays in the quarantine besides; what is older has been reported as a
 * fact, for the archive that 8.1 wants to keep for ever, and is counted as archived.
 */
import type { Address, Millis } from "../../contract.js";
import type { ConflictType, MessageId } from "../message-terms.js";
import type { ConflictId, ConflictRecord } from "./conflict-record.js";

/** Two seconds of a storm of 10,000 a second, about 3 MB. */
export const RETAINED = 20_000;

export interface ConflictQuery {
  /** Logged at or after, and before, on the clock of the node that logged it first. */
  readonly fromMs?: Millis;
  readonly untilMs?: Millis;
  readonly agentId?: Address;
  readonly conflictType?: ConflictType;
}

export class ConflictLog {
  /** By id, in order of arrival. */
  private readonly records = new Map<ConflictId, ConflictRecord>();
  /** The messages that they are about: one that is reported twice is one conflict. */
  private readonly messages = new Set<MessageId>();
  private appended = 0;

  /** Everything ever logged here. */
  get count(): number {
    return this.appended;
  }

  /** How many records are in the archive alone. */
  get archived(): number {
    return this.appended - this.records.size;
  }

  has(id: ConflictId): boolean {
    return this.records.has(id);
  }

  hasMessage(id: MessageId): boolean {
    return this.messages.has(id);
  }

  append(record: ConflictRecord): void {
    this.records.set(record.conflictId, Object.freeze(record));
    this.messages.add(record.messageId);
    this.appended++;
    if (this.records.size <= RETAINED) return;
    const [oldest] = this.records.values();
    this.records.delete(oldest!.conflictId);
    this.messages.delete(oldest!.messageId);
  }

  /** The retained records that match, in order of arrival. */
  query({ fromMs, untilMs, agentId, conflictType }: ConflictQuery): ConflictRecord[] {
    return [...this.records.values()].filter(
      (record) =>
        (fromMs === undefined || record.timestampMs >= fromMs) &&
        (untilMs === undefined || record.timestampMs < untilMs) &&
        (agentId === undefined || record.agentId === agentId) &&
        (conflictType === undefined || record.conflictType === conflictType),
    );
  }
}
