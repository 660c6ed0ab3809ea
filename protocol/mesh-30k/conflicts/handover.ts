/**
 * Open conflicts that pass from one process of an office to the other: what a holder hands on with its assertions, and what a
 * process that is out of office has left behind, which the holder takes over. None is lost, and none has two nodes that see to it.
 */
import type { Address, Durable } from "../../contract.js";
import type { ConflictId } from "./conflict-record.js";
import type { DurableCase, DurableConflicts } from "./durable-conflicts.js";

/** Conflicts as one process of an office tells the other of them. */
export interface HandedConflicts {
  readonly by: Address;
  readonly open: readonly DurableCase[];
  /** Cases that `by` has taken over from the other process, which is to forget them. */
  readonly inherited: readonly ConflictId[];
}

/** What a role saved, as far as it is of conflicts. */
interface Saved {
  readonly conflicts?: DurableConflicts;
}

/** Undefined where there is nothing to tell. */
export function handedBy(by: Address, conflicts: DurableConflicts | undefined): HandedConflicts | undefined {
  if (conflicts === undefined || (conflicts.open.length === 0 && conflicts.inherited.length === 0)) return undefined;
  const { open, inherited } = conflicts;
  return { by, open, inherited };
}

/** What a role saved, without the cases that the other process of its office has taken over from it. */
export function withoutTaken<State extends Durable | undefined>(
  self: Address,
  saved: State,
  handed: HandedConflicts | undefined,
): State {
  const conflicts = (saved as Saved | undefined)?.conflicts;
  if (conflicts === undefined || handed === undefined || handed.by === self) return saved;
  const taken = new Set(handed.inherited);
  const open = conflicts.open.filter(({ record }) => !taken.has(record.conflictId));
  return open.length === conflicts.open.length ? saved : ({ ...saved, conflicts: { ...conflicts, open } } as State);
}

/** What a process that is out of office has open, for the holder; undefined where that is nothing. */
export function leftBy(self: Address, saved: Durable | undefined): HandedConflicts | undefined {
  const open = (saved as Saved | undefined)?.conflicts?.open ?? [];
  return open.length === 0 ? undefined : { by: self, open, inherited: [] };
}
