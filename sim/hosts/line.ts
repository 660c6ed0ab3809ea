/**
 * The line of one machine: messages leave it one after the other, first come, first served, each for as long as its bits
 * take. One that finds the line's room full is dropped. Since nobody overtakes, it is known when a message comes when it
 * will be through, and nothing has to happen in between.
 */
import type { Micros } from "../time.js";
import { US_PER_S } from "../time.js";

/** `Line.pass` of a message for which there is no room. */
export const NO_ROOM = -1;

export class Line {
  /** When each message on the line is through, in a ring; a fraction of a us counts. */
  private readonly throughUs: Float64Array;
  private oldest = 0;
  private count = 0;
  private freeUs = 0;
  private busyUs = 0;
  private dropped = 0;

  /** @param room messages on the line at once, the one being sent included */
  constructor(
    private readonly bitsPerS: number,
    private readonly room: number,
  ) {
    this.throughUs = new Float64Array(room);
  }

  /** Time that the line has been or will be busy with what it took, in us. */
  get busyTotalUs(): number {
    return this.busyUs;
  }

  /** Messages for which there was no room. */
  get droppedTotal(): number {
    return this.dropped;
  }

  /**
   * Puts a message on the line.
   * @param nowUs not before that of any earlier call
   * @returns when it is through, at the next whole us that is not before it and is not now; or `NO_ROOM`
   */
  pass(sizeBytes: number, nowUs: Micros): Micros {
    const { throughUs, room } = this;
    while (this.count > 0 && throughUs[this.oldest]! <= nowUs) {
      this.oldest = this.oldest + 1 === room ? 0 : this.oldest + 1;
      this.count--;
    }
    if (this.count === room) {
      this.dropped++;
      return NO_ROOM;
    }
    const takesUs = (sizeBytes * 8 * US_PER_S) / this.bitsPerS;
    this.busyUs += takesUs;
    this.freeUs = Math.max(this.freeUs, nowUs) + takesUs;
    const last = this.oldest + this.count;
    throughUs[last >= room ? last - room : last] = this.freeUs;
    this.count++;
    return Math.max(nowUs + 1, Math.ceil(this.freeUs));
  }
}
