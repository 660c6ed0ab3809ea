/** One conflict, as it is logged: immutable, and never taken back (document 5.1, `ConflictRecord`). */
import type { Address, Millis } from "../../contract.js";
import { type ConflictType, MESSAGE_SEQUENCES, type MessageId } from "../message-terms.js";

/** Unique over the mesh: the address of the node that logged it first x 2^32 + that node's own sequence number. */
export type ConflictId = number;

export interface ConflictRecord {
  readonly conflictId: ConflictId;
  /** On the clock of the node that logged it first. */
  readonly timestampMs: Millis;
  /** That node's Lamport time. */
  readonly lamport: number;
  readonly agentId: Address;
  readonly messageId: MessageId;
  readonly conflictType: ConflictType;
  /** What was expected, and what was there (`conflicting_values`). */
  readonly conflictingValues: readonly [expected: string, received: string];
  /** Of the context that the agent held; 0 where it did not say. */
  readonly agentContextHash: number;
  /** `divergence_depth`: how many syncs apart; 0 of other types. */
  readonly divergenceDepth: number;
  /** `affects_agent_count`: how many agents the operation in dispute is for, as far as the node can tell. */
  readonly affectedAgents: number;
}

export function conflictId(node: Address, sequence: number): ConflictId {
  return node * MESSAGE_SEQUENCES + sequence;
}

/** The node that logged it first, which is the one that sees to its resolution. */
export function ownerOf(id: ConflictId): Address {
  return Math.floor(id / MESSAGE_SEQUENCES);
}
