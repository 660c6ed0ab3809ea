/**
 * Compares the context of a node with that of an agent that diverged from it (document 5.1, `BRANCH_AND_RECONCILE` and
 * `CLOCK_RECONCILIATION`): where the branches meet, and which of the two is merely behind.
 */
import { payloadHash } from "../integrity.js";
import type { KnownSync } from "./known-syncs.js";
import type { Stamp } from "./lamport.js";

export interface Branch {
  /** Hashes, the current context first. */
  readonly lineage: readonly number[];
  /** Of the current context. */
  readonly stamp: Stamp;
}

export type Reconciliation =
  /** They hold the same, or accept each other's. */
  | { readonly kind: "converged" }
  | { readonly kind: "agent-behind" }
  /** The node itself is behind, and this is what it missed. */
  | { readonly kind: "authority-behind"; readonly missed: KnownSync }
  /** Nobody who was asked knows the agent's context. */
  | { readonly kind: "unknown" };

/** Held before the first sync: whoever holds it is behind everybody who holds another. */
const NO_CONTEXT = 0;

/**
 * @param vouched what the node, or one above it, knows of the agent's current context, if anything. An agent's word alone
 *   brings nobody forward: whoever holds a context that was never issued is not ahead, but wrong
 */
export function reconcile(own: Branch, theirs: Branch, vouched: KnownSync | undefined): Reconciliation {
  const ownHash = own.lineage[0]!;
  const theirHash = theirs.lineage[0]!;
  if (theirHash === ownHash || theirs.lineage[1] === ownHash) return { kind: "converged" };
  if (theirHash === NO_CONTEXT || own.lineage.includes(theirHash)) return { kind: "agent-behind" };
  if (vouched === undefined || payloadHash(vouched.payload) !== theirHash) return { kind: "unknown" };
  if (vouched.stamp > own.stamp) return { kind: "authority-behind", missed: vouched };
  return { kind: "agent-behind" };
}

/** The last context that both had; undefined where there is none within memory. 0 is the one before the first sync. */
export function convergencePoint(own: Branch, theirs: Branch): number | undefined {
  return own.lineage.find((hash) => theirs.lineage.includes(hash));
}
