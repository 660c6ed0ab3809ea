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

interface Pending extends Letter {
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

  /** What is not noted yet, for a later process to send again, in the order in which it was first sent. */
  list(): Letter[] {
    return [...this.pending.values()].map(({ to, message }) => ({ to, message }));
  }

  put(to: Address, message: Post, nowMs: Millis): void {
    const { conflictId } = message.type === "CONFLICT" ? message.record : message;
    const kind = kindOf(message);
    const dueAtMs = nowMs + FIRST_WAIT_MS;
    // Who is asked is told.
    if (kind === "ask") this.pending.delete(keyOf(to, "report", conflictId));
    this.pending.set(keyOf(to, kind, conflictId), { to, message, dueAtMs, waitMs: FIRST_WAIT_MS });
  }

  /** The other node has it; false if nothing of the kind was awaited. */
  noted(by: Address, { conflictId, of }: ConflictNoted): boolean {
    return this.pending.delete(keyOf(by, of, conflictId));
  }

  /** What is to be sent again, each time after twice as long. */
  takeOverdue(nowMs: Millis): Letter[] {
    const overdue: Pending[] = [];
    for (const pending of this.pending.values()) {
      if (nowMs < pending.dueAtMs) continue;
      pending.waitMs = Math.min(LONGEST_WAIT_MS, 2 * pending.waitMs);
      pending.dueAtMs = nowMs + pending.waitMs;
      overdue.push(pending);
    }
    return overdue;
  }
}

/** A report that asks is more than one that tells: to have noted the one is not to have noted the other. */
export function kindOf(message: Post): PostKind {
  if (message.type === "CONFLICT_VERDICT") return "verdict";
  return message.asks ? "ask" : "report";
}

function keyOf(to: Address, kind: PostKind, id: ConflictId): string {
  return `${kind}/${to}/${id}`;
}
