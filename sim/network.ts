/** What the engine asks of the world's links, and the ledger of what became of every message. */
import type { Address } from "../protocol/contract.js";
import type { Micros } from "./time.js";

/** `Links.delayUs` of a message that never arrives. */
export const LOST = -1;

/**
 * What the world does to a message between two nodes. Its random state belongs to the sender, and every call takes the
 * same number of draws whatever comes out, so that two variants of a world can be compared message by message.
 */
export interface Links {
  /** One-way delay of the message that `from` now hands over, a positive integer, or `LOST`. */
  delayUs(from: Address, to: Address, nowUs: Micros): Micros;
  /**
   * Asked right after `delayUs`: the delay of a second copy of the same message (a positive integer), or 0 where the
   * network makes none.
   */
  duplicateDelayUs(from: Address, to: Address, nowUs: Micros): Micros;
}
