/** What an agent remembers of the messages that it took, so that a repeated one is not worked on twice. */
import type { Acknowledge, MessageId } from "./messages.js";
import type { Variant } from "./options.js";

export interface Deduplication {
  /** Whether the message was taken before; if not, it is from now on. */
  isRepeated(id: MessageId): boolean;
  remember(ack: Acknowledge): void;
  /** Takes back that the message was taken: it was given up unworked. */
  forget(id: MessageId): void;
  /** The answer to a message that was taken before, or undefined while it is in work. */
  answerTo(id: MessageId): Acknowledge | undefined;
}

/** How many messages back a repetition is recognised: resends come within seconds, and seconds hold a few messages. */
const REMEMBERED = 16;

class RecentMessages implements Deduplication {
  private readonly ids: MessageId[] = [];
  private nextId = 0;
  private readonly answers: Acknowledge[] = [];
  private nextAnswer = 0;

  isRepeated(id: MessageId): boolean {
    for (let i = 0; i < this.ids.length; i++) if (this.ids[i] === id) return true;
    this.ids[this.nextId] = id;
    this.nextId = (this.nextId + 1) % REMEMBERED;
    return false;
  }

  remember(ack: Acknowledge): void {
    this.answers[this.nextAnswer] = ack;
    this.nextAnswer = (this.nextAnswer + 1) % REMEMBERED;
  }

  forget(id: MessageId): void {
    const index = this.ids.indexOf(id);
    if (index >= 0) this.ids[index] = Number.NaN;
  }

  answerTo(id: MessageId): Acknowledge | undefined {
    return this.answers.find((answer) => answer.messageId === id);
  }
}

/** The document says nothing of repeated messages: each is taken for a new one. */
const FORGETFUL: Deduplication = {
  isRepeated: () => false,
  remember: () => undefined,
  forget: () => undefined,
  answerTo: () => undefined,
};

/** The receiving half of the option `delivery`. */
export function deduplication(variant: Variant): Deduplication {
  return variant === "repaired" ? new RecentMessages() : FORGETFUL;
}
