/** The sender's end of an at-least-once channel: the messages on it that are neither acknowledged nor given up. */
import type { Address } from "../../protocol/contract.js";
import type { Micros } from "../time.js";

/** A message that may have to be sent again. */
export class Letter<Message> {
  /** How often it was sent. */
  deliveries = 0;
  /** When something has to be done about it, if no acknowledgement comes; endless while it was never sent. */
  dueUs: Micros = Number.POSITIVE_INFINITY;
  /** Of `BusMachinery.holdUntil`, while it waits to be sent for the first time. */
  hold = -1;

  constructor(
    readonly channel: Outgoing<Message>,
    readonly sequence: number,
    readonly message: Message,
    /** The last instant at which it may be handed over. */
    readonly deadlineUs: Micros,
  ) {}
}

export class Outgoing<Message> {
  /** Unsettled, by ascending sequence; those that were never sent come last. */
  readonly letters: Letter<Message>[] = [];
  /** How many of them were sent. */
  awaited = 0;
  /** When the channel's one timer goes off; endless while none is set. */
  wakesAtUs: Micros = Number.POSITIVE_INFINITY;
  private nextSequence = 0;

  constructor(
    readonly from: Address,
    readonly to: Address,
  ) {}

  add(message: Message, deadlineUs: Micros): Letter<Message> {
    const letter = new Letter(this, this.nextSequence++, message, deadlineUs);
    this.letters.push(letter);
    return letter;
  }

  /** The unsettled letter of that sequence, if there is one. */
  find(sequence: number): Letter<Message> | undefined {
    let low = 0;
    let high = this.letters.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.letters[middle]!.sequence < sequence) low = middle + 1;
      else high = middle;
    }
    const letter = this.letters[low];
    return letter?.sequence === sequence ? letter : undefined;
  }

  remove(letter: Letter<Message>): void {
    this.letters.splice(this.letters.indexOf(letter), 1);
    if (letter.deliveries > 0) this.awaited--;
  }

  /** The first letter that was never sent. */
  firstWaiting(): Letter<Message> | undefined {
    return this.letters[this.awaited];
  }

  /** The least sequence that is unsettled. */
  get floor(): number {
    return this.letters[0]?.sequence ?? this.nextSequence;
  }

  /** The instant after which no unsettled letter before this one may be handed over any more; -1 if there is none. */
  deadlineBefore(letter: Letter<Message>): Micros {
    let latestUs = -1;
    for (const other of this.letters) {
      if (other === letter) break;
      if (other.deadlineUs > latestUs) latestUs = other.deadlineUs;
    }
    return latestUs;
  }

  /** When the first of its letters is due. */
  nextDueUs(): Micros {
    let dueUs = Number.POSITIVE_INFINITY;
    for (let i = 0; i < this.awaited; i++) dueUs = Math.min(dueUs, this.letters[i]!.dueUs);
    return dueUs;
  }
}
