/**
 * Lamport time (Lamport 1978): a counter at each node that goes up whenever it sends, and past whatever it receives, so
 * that an effect always bears a greater number than its cause, whatever the wall clocks say (document 5.1,
 * `CLOCK_RECONCILIATION`). Coordination messages, their answers and what is said of conflicts carry it; reports do not,
 * because no order is ever concluded from one.
 */
import type { Address } from "../../contract.js";
import { Memory } from "../memory.js";

/**
 * The Lamport time at which a node decided on an operation, and which node: Lamport's total order in one number. Ordered
 * by time, then by address. 0 for an operation that stands in no order, such as a task.
 */
export type Stamp = number;

export const UNSTAMPED: Stamp = 0;

/** Room for addresses below the time: 2,097,152 of them, and 2^32 times, in the 53 bits of an exact integer. */
const ADDRESSES = 2_097_152;

export function stampOf(time: number, author: Address): Stamp {
  return time * ADDRESSES + author;
}

/** The Lamport time of a stamp. */
export function timeOf(stamp: Stamp): number {
  return Math.floor(stamp / ADDRESSES);
}

/** The node that decided on the operation. */
export function authorOf(stamp: Stamp): Address {
  return stamp % ADDRESSES;
}

export class LamportClock {
  private readonly cells: Float64Array;
  private readonly at: number;

  constructor(memory = new Memory(1)) {
    const { cells, at } = memory.take(1);
    this.cells = cells;
    this.at = at;
  }

  get time(): number {
    return this.cells[this.at]!;
  }

  /** Counts a sending, or a decision, and returns its time: 1 or more. */
  tick(): number {
    return ++this.cells[this.at]!;
  }

  /** Takes in the time of a message that was received. */
  hear(time: number): void {
    const { cells, at } = this;
    cells[at] = Math.max(cells[at]!, time) + 1;
  }
}
