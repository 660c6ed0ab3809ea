/** What nodes say to each other about conflicts: reports upwards, questions for evidence, verdicts (document 5.1). */
import type { Address, Millis } from "../../contract.js";
import type { ConflictType, Priority, Verb } from "../message-terms.js";
import type { ConflictId, ConflictRecord } from "./conflict-record.js";
import type { KnownSync } from "./known-syncs.js";
import type { Stamp } from "./lamport.js";
import type { StrategyMethod } from "./resolution-strategy.js";

/** What was to be done when the conflict arose: the conflicting data, and what it takes to have it done otherwise. */
export interface DisputedWork {
  readonly verb: Verb;
  readonly payload: string;
  readonly payloadWeight: number;
  readonly priority: Priority;
  readonly payloadHash: number;
  readonly stamp: Stamp;
  readonly requires: readonly string[];
}

/** How a conflict ended. */
export type ConflictOutcome =
  /** Both held the same by the time they were compared. */
  | "converged"
  /** One side was merely behind, and holds what the other holds. */
  | "agent-brought-forward"
  | "authority-brought-forward"
  /** The values could not be reconciled, and the authority's was put in place of the other. */
  | "authority-stands"
  /** What the agent held had the stronger provenance, or was the later of the two. */
  | "held-stands"
  /** The work was done after all: again from its source, or elsewhere. */
  | "done-again"
  | "done-elsewhere"
  /** The agent got it damaged time and again, and is suspected of a failure. */
  | "agent-suspected"
  /** A person said how it is. */
  | "human-review";

/** A conflict for the level above: to know of it or, with `asks`, to settle it. */
export interface ConflictReport {
  readonly type: "CONFLICT";
  readonly record: ConflictRecord;
  readonly priority: number;
  readonly asks: boolean;
  readonly work: DisputedWork | undefined;
  readonly lamport: number;
}

/** A report, one that asks, or a verdict has arrived, and need not be sent again. */
export interface ConflictNoted {
  readonly type: "CONFLICT_NOTED";
  readonly conflictId: ConflictId;
  readonly of: PostKind;
  readonly lamport: number;
}

/** Asks a node what it holds, and what it knows of the sync with a certain hash; or how a conflict ended that it has told of. */
export interface ConflictTrace {
  readonly type: "CONFLICT_TRACE";
  readonly conflictId: ConflictId;
  readonly hash: number;
  /** Of which type the conflict is, where it is its verdict that is asked for. */
  readonly verdictOn: ConflictType | undefined;
  readonly lamport: number;
}

export interface ConflictEvidence {
  readonly type: "CONFLICT_EVIDENCE";
  readonly conflictId: ConflictId;
  /** Hashes of its contexts, the current one first. */
  readonly lineage: readonly number[];
  /** Of its current context. */
  readonly stamp: Stamp;
  /** Its current context itself; undefined where it never loaded one. */
  readonly payload: string | undefined;
  /** Who handed it the last operation of the mesh that it took in; itself where nobody did. */
  readonly source: Address;
  /** Of that operation. */
  readonly takenStamp: Stamp;
  /** What it knows of the sync that it was asked about. */
  readonly known: KnownSync | undefined;
  /** Its wall clock when it sent this. */
  readonly wallMs: Millis;
  readonly lamport: number;
}

export type PostKind = "report" | "ask" | "verdict";

/** How a conflict was settled. To those who had to be told of it, and to whoever asked. */
export interface ConflictVerdict {
  readonly type: "CONFLICT_VERDICT";
  readonly conflictId: ConflictId;
  readonly outcome: ConflictOutcome;
  readonly method: StrategyMethod;
  /** What stands from now on, for a node whose own value lost. */
  readonly stands: KnownSync | undefined;
  readonly lamport: number;
}

export type ConflictMessage = ConflictReport | ConflictNoted | ConflictTrace | ConflictEvidence | ConflictVerdict;

export function isOfConflicts(message: { readonly type: string }): message is ConflictMessage {
  return message.type.startsWith("CONFLICT");
}
