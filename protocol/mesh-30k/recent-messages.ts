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

/** Where the next message's id goes. */
const NEXT = 0;
/** One bit for each id: whether that message was worked off. */
const DONE = 1;
/** Then the ids, NaN where there is none. */
const FIRST_ID = 2;
const CELLS = FIRST_ID + REMEMBERED;

class RecentMessages implements Deduplication {
  private readonly cells: Float64Array;
  private readonly at: number;

  constructor(memory: Memory) {
    const { cells, at } = memory.take(CELLS);
    this.cells = cells.fill(Number.NaN, at + FIRST_ID, at + CELLS);
    this.at = at;
  }

  take(id: MessageId): Acquaintance {
    const { cells, at } = this;
    const index = this.indexOf(id);
    if (index >= 0) return (cells[at + DONE]! >>> index) & 1 ? "done" : "in-work";
    const next = cells[at + NEXT]!;
    cells[at + FIRST_ID + next] = id;
    cells[at + DONE] = cells[at + DONE]! & ~(1 << next);
    cells[at + NEXT] = (next + 1) % REMEMBERED;
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

  private indexOf(id: MessageId): number {
    const first = this.at + FIRST_ID;
    for (let index = 0; index < REMEMBERED; index++) if (this.cells[first + index] === id) return index;
    return -1;
  }
}

/** The document says nothing of repeated messages: each is taken for a new one. */
const FORGETFUL: Deduplication = { take: () => "new", finish: () => undefined, forget: () => undefined };

/** The receiving half of the option `delivery`. */
export function deduplication(variant: Variant, memory = new Memory(CELLS)): Deduplication {
  return variant === "repaired" ? new RecentMessages(memory) : FORGETFUL;
}
