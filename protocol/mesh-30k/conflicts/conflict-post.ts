/**
 * Reports and verdicts on their way to other nodes: sent again until they are noted there, so that no conflict is lost
 * between two levels.
 */
import type { Address, Millis } from "../../contract.js";
import type { ConflictNoted, ConflictReport, ConflictVerdict, PostKind } from "./conflict-messages.js";
import type { ConflictId } from "./conflict-record.js";

export type Post = ConflictReport | ConflictVerdict;

/** What is on its way to whom. */
export interface Letter {
  readonly to: Address;
  readonly message: Post;
}

interface Pending {
  readonly letter: Letter;
  /** The verdict that follows a report once that is noted: whoever notes it knows what it is of. */
  next: Letter | undefined;
  dueAtMs: Millis;
  waitMs: Millis;
}

/** Two round trips across the world, with room for the receiver's queue. */
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 60_000;

export class ConflictPost {
  private readonly pending = new Map<string, Pending>();

  /** How many are not noted yet. */
  get size(): number {
    return this.pending.size;
  }

  /** What is not noted yet, for a later process to send again, in the order in which it is to be sent. */
  list(): Letter[] {
    const letters: Letter[] = [];
    for (const { letter, next } of this.pending.values()) {
      letters.push(letter);
      if (next !== undefined) letters.push(next);
    }
    return letters;
  }

  /** Sees to it that a message is noted; whether it is to be sent at once. */
  put(to: Address, message: Post, nowMs: Millis): boolean {
    const conflictId = conflictOf(message);
    const kind = kindOf(message);
    const [report, ask] = [keyFor(to, "report", conflictId), keyFor(to, "ask", conflictId)];
    if (message.type === "CONFLICT_VERDICT") {
      const before = this.pending.get(ask) ?? this.pending.get(report);
      if (before !== undefined) {
        before.next = { to, message };
        return false;
      }
    }
    // Who is asked is told.
    if (kind === "ask") this.pending.delete(report);
    const dueAtMs = nowMs + FIRST_WAIT_MS;
    const pending = { letter: { to, message }, next: undefined, dueAtMs, waitMs: FIRST_WAIT_MS };
    this.pending.set(keyFor(to, kind, conflictId), pending);
    return true;
  }

  /** The other node has it; undefined if nothing of the kind was awaited. */
  noted(by: Address, { conflictId, of }: ConflictNoted): Pending | undefined {
    const key = keyFor(by, of, conflictId);
    const pending = this.pending.get(key);
    this.pending.delete(key);
    return pending;
  }

  /** What is to be sent again, each time after twice as long. */
  takeOverdue(nowMs: Millis): Letter[] {
    const overdue: Letter[] = [];
    for (const pending of this.pending.values()) {
      if (nowMs < pending.dueAtMs) continue;
      pending.waitMs = Math.min(LONGEST_WAIT_MS, 2 * pending.waitMs);
      pending.dueAtMs = nowMs + pending.waitMs;
      overdue.push(pending.letter);
    }
    return overdue;
  }
}

export function conflictOf(message: Post): ConflictId {
  return message.type === "CONFLICT" ? message.record.conflictId : message.conflictId;
}

/** A report that asks is more than one that tells: to have noted the one is not to have noted the other. */
export function kindOf(message: Post): PostKind {
  if (message.type === "CONFLICT_VERDICT") return "verdict";
  return message.asks ? "ask" : "report";
}

/** Which letters take each other's place. */
export function keyOf({ to, message }: Letter): string {
  return keyFor(to, kindOf(message), conflictOf(message));
}

function keyFor(to: Address, kind: PostKind, id: ConflictId): string {
  return `${kind}/${to}/${id}`;
}
