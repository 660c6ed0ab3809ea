/** Send time of a message that has been READY. */
const TAKEN = -1;

/**
 * When the messages of one source were first sent, until their READY is seen. Sequence numbers only grow, so that a
 * slot for each of the last ones serves as well as a map and costs one look-up in one array; it grows when a message
 * that is still awaited would be overwritten.
 */
export class SendTimes {
  /** For each slot: sequence number + 1 (0 if empty), send time in us. */
  private slots = new Float64Array(2 * 64);

  /** @param forgetAfterUs how long a message can take to be READY: its time to live, and the longest job */
  constructor(private readonly forgetAfterUs: number) {}

  /** Notes the first sending of a message; false if it was noted before, even if it has been READY since. */
  note(sequence: number, nowUs: number): boolean {
    for (;;) {
      const at = 2 * (sequence & (this.slots.length / 2 - 1));
      const held = this.slots[at]!;
      if (held === sequence + 1) return false;
      if (held === 0 || this.slots[at + 1] === TAKEN || nowUs - this.slots[at + 1]! > this.forgetAfterUs) {
        this.slots[at] = sequence + 1;
        this.slots[at + 1] = nowUs;
        return true;
      }
      this.grow();
    }
  }

  /** The send time of a message that is READY now; undefined if it was not noted or was READY before. */
  take(sequence: number): number | undefined {
    const at = 2 * (sequence & (this.slots.length / 2 - 1));
    const sentUs = this.slots[at + 1]!;
    if (this.slots[at] !== sequence + 1 || sentUs === TAKEN) return undefined;
    this.slots[at + 1] = TAKEN;
    return sentUs;
  }

  private grow(): void {
    const old = this.slots;
    this.slots = new Float64Array(old.length * 2);
    for (let at = 0; at < old.length; at += 2) {
      if (old[at] === 0) continue;
      const moved = 2 * ((old[at]! - 1) & (this.slots.length / 2 - 1));
      this.slots[moved] = old[at]!;
      this.slots[moved + 1] = old[at + 1]!;
    }
  }
}
