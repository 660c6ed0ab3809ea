/** The terms that messages are made of, for those whom messages are made of in turn. */
import type { Address, Job } from "../contract.js";

export type Verb = "observe" | "orient" | "decide" | "act" | "record" | "sync";
export type Priority = Job["priority"];

/** Unique over the mesh: the sender's address x 2^32 + the sender's own sequence number. */
export type MessageId = number;

/** Room for a sender's sequence number below its address in a `MessageId`. */
export const MESSAGE_SEQUENCES = 4294967296;

/** The sequence number in the id of a message from `sourceId`. Exact, and much cheaper than a remainder. */
export function sequenceOf(id: MessageId, sourceId: Address): number {
  return id - sourceId * MESSAGE_SEQUENCES;
}

/** Why an agent cannot take a message in (document 5.1). */
export type ConflictType =
  | "CONTEXT_DIVERGENCE"
  | "DATA_CONTRADICTION"
  | "TEMPORAL_PARADOX"
  | "CAPABILITY_MISMATCH"
  | "HASH_MISMATCH";
