/** How a node takes in the context that stands, by a verdict or by what was found out, in place of its own. */
import type { ContextMemory } from "../context-memory.js";
import { payloadHash } from "../integrity.js";
import type { KnownSync, KnownSyncs } from "./known-syncs.js";

/** For a node whose own value lost or that was behind. A damaged one, or one older than its own, is left out. */
export function adoptStanding(stands: KnownSync, known: KnownSyncs, context: ContextMemory): void {
  if (payloadHash(stands.payload) !== stands.hash || stands.stamp < context.stamp) return;
  known.note({ payloadHash: stands.hash, payload: stands.payload, stamp: stands.stamp });
  context.adopt(stands.hash, stands.payload, stands.stamp);
}
