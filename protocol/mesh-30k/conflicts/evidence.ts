/** What a node answers when it is asked for evidence in a conflict. */
import type { Address, Millis } from "../../contract.js";
import type { ContextMemory } from "../context-memory.js";
import type { ConflictEvidence, ConflictTrace } from "./conflict-messages.js";
import type { KnownSyncs } from "./known-syncs.js";
import { type LamportClock, UNSTAMPED } from "./lamport.js";
import type { TakenOperation } from "./taken-operation.js";

/** @param known the syncs that came by, of a node that passes them on */
export function evidenceOf(
  { conflictId, hash }: ConflictTrace,
  host: { readonly self: Address; now(): Millis },
  context: ContextMemory,
  taken: TakenOperation | undefined,
  lamport: LamportClock,
  known?: KnownSyncs,
): ConflictEvidence {
  return {
    type: "CONFLICT_EVIDENCE",
    conflictId,
    lineage: context.lineage(),
    stamp: context.stamp,
    payload: context.payload,
    source: taken === undefined || taken.slot === 0 ? host.self : taken.source,
    takenStamp: taken?.stamp ?? UNSTAMPED,
    known: known?.of(hash),
    wallMs: host.now(),
    lamport: lamport.tick(),
  };
}
