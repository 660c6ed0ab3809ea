/** Nothing is noted here. */
const EMPTY = -1;
/** A power of two: more than a lead awaits at once. */
const SLOTS = 64;

/**
 * When the messages of one source were first sent, until their READY is seen. A source numbers its messages in the order
 * of their first sending, so that a message with a number below the highest has been sent before, whatever became of
 * it. A slot for each of the last ones serves as well as a map and costs one look-up in one array; what is still awaited
 * when a later message needs its slot moves to a map, which holds nothing but what is awaited and not forgotten.
 */
export class SendTimes {
  private highest = -1;
  /** For each slot: sequence number (EMPTY if none), send time in us. */
  private readonly slots = new Float64Array(2 * SLOTS).fill(EMPTY);
  /** Awaited messages whose slot was needed, in the order in which it was; send time in us. */
  private readonly displaced = new Map<number, number>();

  /** @param forgetAfterUs how long a message can take to be READY: its time to live, and the longest job */
  constructor(private readonly forgetAfterUs: number) {}

  /** Messages that are awaited, and those that are to be forgotten when there is an occasion. */
  get held(): number {
    let inSlots = 0;
    for (let at = 0; at < this.slots.length; at += 2) if (this.slots[at] !== EMPTY) inSlots++;
    return inSlots + this.displaced.size;
  }

  /**
   * Notes the first sending of a message; false if it was sent before, even if it has been READY since.
   * @param sequence a whole number from 0 to 2^53 - 1
   */
  note(sequence: number, nowUs: number): boolean {
    if (sequence <= this.highest) return false;
    this.highest = sequence;
    const at = slotOf(sequence);
    if (this.slots[at] !== EMPTY) this.displace(this.slots[at]!, this.slots[at + 1]!, nowUs);
    this.slots[at] = sequence;
    this.slots[at + 1] = nowUs;
    return true;
  }

  /** The send time of a message that is READY now; undefined if it was not noted or was READY before. */
  take(sequence: number): number | undefined {
    const at = slotOf(sequence);
    if (this.slots[at] === sequence) {
      this.slots[at] = EMPTY;
      return this.slots[at + 1];
    }
    if (this.displaced.size === 0) return undefined;
    const sentUs = this.displaced.get(sequence);
    if (sentUs !== undefined) this.displaced.delete(sequence);
    return sentUs;
  }

  private displace(sequence: number, sentUs: number, nowUs: number): void {
    for (const [oldest, oldestUs] of this.displaced) {
      if (nowUs - oldestUs <= this.forgetAfterUs) break;
      this.displaced.delete(oldest);
    }
    if (nowUs - sentUs <= this.forgetAfterUs) this.displaced.set(sequence, sentUs);
  }
}

function slotOf(sequence: number): number {
  // The low bits of a double of any size up to 2^53.
  return 2 * (sequence & (SLOTS - 1));
}
