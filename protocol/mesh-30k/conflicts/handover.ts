/**
 * Open conflicts that pass from one process of an office to the other: what a holder hands on with its assertions, and what a
 * process that is out of office has left behind, which the holder takes over. None is lost, and none has two nodes that see to it.
 */
import type { Address, Durable } from "../../contract.js";
import { conflictOf, keyOf, type Letter } from "./conflict-post.js";
import type { ConflictId } from "./conflict-record.js";
import type { DurableCase, DurableConflicts } from "./durable-conflicts.js";

/** Conflicts as one process of an office tells the other of them. */
export interface HandedConflicts {
  readonly by: Address;
  readonly open: readonly DurableCase[];
  /** Cases that `by` has taken over from the other process, which is to forget them. */
  readonly inherited: readonly ConflictId[];
  /** Reports and verdicts of `by` that nobody has noted yet. */
  readonly post: readonly Letter[];
}

/** What a role saved, as far as it is of conflicts. */
interface Saved {
  readonly conflicts?: DurableConflicts;
}

/** Undefined where there is nothing to tell. */
export function handedBy(by: Address, conflicts: DurableConflicts | undefined): HandedConflicts | undefined {
  if (conflicts === undefined) return undefined;
  const { open, inherited, post } = conflicts;
  return open.length + inherited.length + post.length === 0 ? undefined : { by, open, inherited, post };
}

/**
 * What a role has open by what it saves now, and had not, or not so, by what it saved before, with what nobody has noted of it yet;
 * undefined where that is nothing. What it has taken over from the other process of its office is left out, which has it.
 */
export function newlyOpen(
  by: Address,
  before: Durable | undefined,
  now: Durable | undefined,
): HandedConflicts | undefined {
  const { conflicts } = (now ?? {}) as Saved;
  if (conflicts === undefined || conflicts === (before as Saved | undefined)?.conflicts) return undefined;
  const inherited = new Set(conflicts.inherited);
  const open = passedOn(openOf(before), conflicts.open).filter((each) => !inherited.has(idOf(each)));
  if (open.length === 0) return undefined;
  const ids = new Set(open.map(idOf));
  return { by, open, inherited: [], post: conflicts.post.filter(({ message }) => ids.has(conflictOf(message))) };
}

/**
 * Which of the cases that are open now are new, or have gone from one level to another since. Both lists have them in the order in
 * which they were opened, so that one walk will do; a case out of order would be called new, and told of twice.
 */
function passedOn(before: readonly DurableCase[], now: readonly DurableCase[]): DurableCase[] {
  let next = 0;
  return now.filter((each) => {
    while (next < before.length && before[next] !== each && idOf(before[next]!) !== idOf(each)) next++;
    const known = before[next++];
    return known?.wasReported !== each.wasReported || known.askedBy !== each.askedBy;
  });
}

/**
 * What a process was told of bit by bit by another one, in whatever order that arrived: a case that was asked for or told of upwards
 * is. Undefined where that is nothing.
 */
export function joined(told: readonly (HandedConflicts | undefined)[], by: Address): HandedConflicts | undefined {
  const handed = told.filter((each) => each?.by === by) as readonly HandedConflicts[];
  if (handed.length === 0) return undefined;
  const open = new Map<ConflictId, DurableCase>();
  for (const matter of handed.flatMap((each) => each.open)) {
    const other = open.get(idOf(matter));
    const wasReported = matter.wasReported || other?.wasReported === true;
    open.set(idOf(matter), { ...matter, wasReported, askedBy: matter.askedBy ?? other?.askedBy });
  }
  const post = new Map(handed.flatMap((each) => each.post.map((letter) => [keyOf(letter), letter] as const)));
  return { by, open: [...open.values()], inherited: [], post: [...post.values()] };
}

/** Which of the cases that a role saved as open the other process of its office has taken over from it. */
export function takenOf(
  self: Address,
  saved: Durable | undefined,
  handed: HandedConflicts | undefined,
): readonly ConflictId[] {
  if (handed === undefined || handed.by === self) return [];
  const taken = new Set(handed.inherited);
  return openOf(saved).flatMap(({ record: { conflictId } }) => (taken.has(conflictId) ? [conflictId] : []));
}

/** What a role saved, without the cases `taken`. */
export function without(taken: readonly ConflictId[], saved: Durable): Durable {
  const { conflicts } = saved as Saved;
  if (conflicts === undefined) return saved;
  const open = conflicts.open.filter((each) => !taken.includes(idOf(each)));
  // What has come from the other process and gone back to it is nothing that it would have to forget.
  const inherited = conflicts.inherited.filter((id) => !taken.includes(id));
  return { ...saved, conflicts: { ...conflicts, open, inherited } };
}

/**
 * What a process that is out of office has open, for the holder; undefined where that is nothing. What nobody had noted of it, it
 * sends when it is in office again: the holder has told of what it took over itself.
 */
export function leftBy(self: Address, saved: Durable | undefined): HandedConflicts | undefined {
  const open = openOf(saved);
  return open.length === 0 ? undefined : { by: self, open, inherited: [], post: [] };
}

function idOf({ record }: DurableCase): ConflictId {
  return record.conflictId;
}

function openOf(saved: Durable | undefined): readonly DurableCase[] {
  return (saved as Saved | undefined)?.conflicts?.open ?? [];
}
