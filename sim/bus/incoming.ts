/**
 * The receiver's end of an at-least-once channel: which messages have been handed over, whose turn it is, and what waits
 * for its turn. It decides and keeps account; handing over is left to `AtLeastOnce`.
 */

/** What travels: one copy of a message, with what its receiver's end has to know. Plain data. */
export interface Parcel<Message> {
  readonly message: Message;
  /** Counts the messages of the channel, from 0. */
  readonly sequence: number;
  /** All messages of the channel before this one were acknowledged or given up when the copy was sent. */
  readonly floor: number;
  /** The last instant at which it may be handed over, in µs. */
  readonly deadlineUs: number;
  /** After this instant no earlier message that was unsettled then may be handed over any more; -1 if there was none. */
  readonly freeAfterUs: number;
}

/** Whether a copy of what a bus sent is a parcel. */
export function isParcel<Message>(datum: unknown): datum is Parcel<Message> {
  return typeof datum === "object" && datum !== null && "freeAfterUs" in datum;
}

/** A copy that waits for its turn. */
export interface Held<Message> {
  readonly channel: Incoming<Message>;
  readonly rank: number;
  readonly parcel: Parcel<Message>;
  /** Of `BusMachinery.holdUntil`. */
  readonly hold: number;
}

/** What is to be done with a copy: hand it over for the first time or again, let it wait, or drop it. */
export type Turn = "first" | "again" | "early" | "never";

export class Incoming<Message> {
  /** Everything before it was handed over or passed by. */
  next = 0;
  /** Ordered channels: what waits, by sequence. */
  readonly held = new Map<number, Held<Message>>();
  /** Other channels: what was handed over beyond `next`. */
  private readonly beyond = new Set<number>();
  /** What was passed by without having been handed over: as many as messages were given up. */
  private readonly passedBy = new Set<number>();

  constructor(
    readonly from: number,
    readonly to: number,
    readonly isOrdered: boolean,
  ) {}

  turnOf(sequence: number): Turn {
    if (this.passedBy.has(sequence)) return this.isOrdered ? "never" : "first";
    if (sequence < this.next || this.beyond.has(sequence)) return "again";
    if (sequence === this.next || !this.isOrdered) return "first";
    return this.held.has(sequence) ? "never" : "early";
  }

  /** It was handed over for the first time. */
  note(sequence: number): void {
    if (this.passedBy.delete(sequence)) return;
    if (sequence !== this.next) {
      this.beyond.add(sequence);
      return;
    }
    this.next++;
    while (this.beyond.delete(this.next)) this.next++;
  }

  /** Passes the next one by, whose turn it is and which does not come. */
  passBy(): void {
    this.passedBy.add(this.next);
    this.next++;
    while (this.beyond.delete(this.next)) this.next++;
  }
}
