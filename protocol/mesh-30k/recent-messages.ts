/** What a node remembers of the messages that it took, so that a repeated one is not worked on twice. */
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

class RecentMessages implements Deduplication {
  private readonly ids: MessageId[] = [];
  private next = 0;
  /** One bit for each place in `ids`. */
  private done = 0;

  take(id: MessageId): Acquaintance {
    const index = this.indexOf(id);
    if (index >= 0) return (this.done >>> index) & 1 ? "done" : "in-work";
    this.ids[this.next] = id;
    this.done &= ~(1 << this.next);
    this.next = (this.next + 1) % REMEMBERED;
    return "new";
  }

  finish(id: MessageId): void {
    const index = this.indexOf(id);
    if (index >= 0) this.done |= 1 << index;
  }

  forget(id: MessageId): void {
    const index = this.indexOf(id);
    if (index >= 0) this.ids[index] = Number.NaN;
  }

  private indexOf(id: MessageId): number {
    for (let index = 0; index < this.ids.length; index++) if (this.ids[index] === id) return index;
    return -1;
  }
}

/** The document says nothing of repeated messages: each is taken for a new one. */
const FORGETFUL: Deduplication = { take: () => "new", finish: () => undefined, forget: () => undefined };

/** The receiving half of the option `delivery`. */
export function deduplication(variant: Variant): Deduplication {
  return variant === "repaired" ? new RecentMessages() : FORGETFUL;
}
