/** What is held back until it is resolved, and whose it is (document 5.1, `QuarantineStore`). Bounded, and none is lost. */
import type { ConflictCase } from "./conflict-case.js";
import type { ConflictId, ConflictRecord } from "./conflict-record.js";

/**
 * Cases that are told apart; beyond, an agent's conflicts of one type are one case. With five types, 30 agents of a lead
 * make 150 more at most, those of a sector 1,500.
 */
export const MOST_CASES = 16_384;

export class Quarantine {
  private readonly cases = new Map<ConflictId, ConflictCase>();
  private readonly byKey = new Map<string, ConflictCase>();
  private readonly keys = new Map<ConflictId, string>();
  private membersHeld = 0;

  /** How many conflicts are held. */
  get members(): number {
    return this.membersHeld;
  }

  /** How many cases they make. */
  get size(): number {
    return this.cases.size;
  }

  of(id: ConflictId): ConflictCase | undefined {
    return this.cases.get(id);
  }

  /** The open case that a conflict belongs to; undefined where it is a new one. */
  caseOf(record: ConflictRecord): ConflictCase | undefined {
    return this.byKey.get(this.keyOf(record));
  }

  hold(held: ConflictCase): void {
    const key = this.keyOf(held.record);
    this.cases.set(held.id, held);
    this.byKey.set(key, held);
    this.keys.set(held.id, key);
    this.membersHeld += held.members;
  }

  join(held: ConflictCase): void {
    held.amend({ members: held.members + 1 });
    this.membersHeld++;
  }

  /** Lets a case go that is settled. */
  release(held: ConflictCase): void {
    if (!this.cases.delete(held.id)) return;
    this.byKey.delete(this.keys.get(held.id)!);
    this.keys.delete(held.id);
    this.membersHeld -= held.members;
  }

  list(): Iterable<ConflictCase> {
    return this.cases.values();
  }

  private keyOf({ agentId, conflictType, conflictingValues, messageId }: ConflictRecord): string {
    if (this.cases.size >= MOST_CASES) return `${agentId}/${conflictType}`;
    // What is wrong with one message says nothing of another; what is wrong with a context concerns all that go by it.
    const isOfMessage = conflictType === "HASH_MISMATCH" || conflictType === "CAPABILITY_MISMATCH";
    return `${agentId}/${conflictType}/${isOfMessage ? messageId : conflictingValues.join("/")}`;
  }
}
