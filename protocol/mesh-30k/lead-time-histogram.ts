/**
 * How much lead time the agents below a node need: counts in bins of 10 ms (the batch of document 3.2). A coordinator
 * adds up what its children report and shifts it by the way to them, so that the initiator learns the distribution over
 * 30,000 agents from 100 short answers.
 */
import type { Millis } from "../contract.js";

const BIN_MS = 10;
/** Lead times above this are counted in the last bin. */
const LARGEST_MS = 20_000;

export class LeadTimeHistogram {
  private readonly counts: number[] = [];
  total = 0;

  /** Makes a copy of a histogram, that has its data but no methods, one again. */
  static revive(copy: object): LeadTimeHistogram {
    return Object.setPrototypeOf(copy, LeadTimeHistogram.prototype);
  }

  add(leadTimeMs: Millis, count = 1): void {
    const bin = Math.min(LARGEST_MS / BIN_MS, Math.max(0, Math.ceil(leadTimeMs / BIN_MS)));
    while (this.counts.length <= bin) this.counts.push(0);
    this.counts[bin]! += count;
    this.total += count;
  }

  /** Adds another node's agents, each `delayMs` further away. */
  addShifted(other: LeadTimeHistogram, delayMs: Millis): void {
    for (let bin = 0; bin < other.counts.length; bin++) {
      if (other.counts[bin]! > 0) this.add(bin * BIN_MS + delayMs, other.counts[bin]!);
    }
  }

  /** How many bins there are, empty ones included. */
  get bins(): number {
    return this.counts.length;
  }

  /** The lead time that is enough for the share `q` of the agents, rounded up to a bin; 0 while empty. */
  quantile(q: number): Millis {
    let below = 0;
    for (let bin = 0; bin < this.counts.length; bin++) {
      below += this.counts[bin]!;
      if (below >= q * this.total) return bin * BIN_MS;
    }
    return 0;
  }
}
