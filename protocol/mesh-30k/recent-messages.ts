/** What a node remembers of the messages that it took, so that a repeated one is not worked on twice. */
import { Memory } from "./memory.js";
import type { MessageId } from "./messages.js";
import type { Variant } from "./options.js";

/** How a message stands that has just come. */
export type Acquaintance = "new" | "in-work" | "done";

export interface Deduplication {
  /** Takes a message: from now on it is in work, unless it was taken before. */
  take(id: MessageId): Acquaintance;
  /** Notes that a message was worked off. */
  finish(id: MessageId): void;
  /** Takes back that a message was taken: it was given up unworked. */
  forget(id: MessageId): void;
}

/** How many messages back a repetition is recognised: resends come within seconds, and seconds hold a few messages. */
const REMEMBERED = 16;

/** Room for so many at first, twice as many when they are full: an agent of a mesh at rest has few. */
const FIRST_ROOM = 4;

/** Where the next message's id goes. */
const NEXT = 0;
/** One bit for each id: whether that message was worked off. */
const DONE = 1;
/** For how many ids there is room. */
const ROOM = 2;
/** Then the ids, NaN where there is none. */
const FIRST_ID = 3;

class RecentMessages implements Deduplication {
  private cells: Float64Array;
  private at: number;

  constructor(private readonly memory: Memory) {
    const { cells, at } = memory.take(FIRST_ID + FIRST_ROOM);
    this.cells = cells.fill(Number.NaN, at + FIRST_ID, at + FIRST_ID + FIRST_ROOM);
    this.at = at;
    cells[at + ROOM] = FIRST_ROOM;
  }

  take(id: MessageId): Acquaintance {
    const index = this.indexOf(id);
    if (index >= 0) return (this.cells[this.at + DONE]! >>> index) & 1 ? "done" : "in-work";
    if (this.cells[this.at + NEXT] === this.cells[this.at + ROOM]) this.turn();
    const { cells, at } = this;
    const next = cells[at + NEXT]!;
    cells[at + FIRST_ID + next] = id;
    cells[at + DONE] = cells[at + DONE]! & ~(1 << next);
    cells[at + NEXT] = next + 1;
    return "new";
  }

  finish(id: MessageId): void {
    const index = this.indexOf(id);
    if (index >= 0) this.cells[this.at + DONE] = this.cells[this.at + DONE]! | (1 << index);
  }

  forget(id: MessageId): void {
    const index = this.indexOf(id);
    if (index >= 0) this.cells[this.at + FIRST_ID + index] = Number.NaN;
  }

  /** All room is taken: makes more, or begins to write over the oldest. */
  private turn(): void {
    const { cells, at } = this;
    const room = cells[at + ROOM]!;
    if (room === REMEMBERED) {
      cells[at + NEXT] = 0;
      return;
    }
    const next = this.memory.take(FIRST_ID + 2 * room);
    next.cells.set(cells.subarray(at, at + FIRST_ID + room), next.at);
    next.cells.fill(Number.NaN, next.at + FIRST_ID + room, next.at + FIRST_ID + 2 * room);
    next.cells[next.at + ROOM] = 2 * room;
    this.memory.give({ cells, at }, FIRST_ID + room);
    this.cells = next.cells;
    this.at = next.at;
  }

  private indexOf(id: MessageId): number {
    const { cells } = this;
    const first = this.at + FIRST_ID;
    const room = cells[this.at + ROOM]!;
    for (let index = 0; index < room; index++) if (cells[first + index] === id) return index;
    return -1;
  }
}

/** The document says nothing of repeated messages: each is taken for a new one. */
const FORGETFUL: Deduplication = { take: () => "new", finish: () => undefined, forget: () => undefined };

/** The receiving half of the option `delivery`. */
export function deduplication(variant: Variant, memory = new Memory()): Deduplication {
  return variant === "repaired" ? new RecentMessages(memory) : FORGETFUL;
}
