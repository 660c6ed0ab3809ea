/**
 * Failures travel as running totals: a copy of a report adds nothing, and what a lost one said, the next one or the next
 * summary says again. This is the receiving end: from a sender's total to what is new in it.
 */
import type { Address } from "../../contract.js";

export class FailureTotals {
  private readonly known = new Map<Address, number>();

  /** How many failures a total tells of that its sender had not told of; 0 for an old or repeated report. */
  news(from: Address, total: number): number {
    const known = this.known.get(from) ?? 0;
    if (total <= known) return 0;
    this.known.set(from, total);
    return total - known;
  }

  /** As data, for saving. */
  entries(): readonly (readonly [Address, number])[] {
    return [...this.known];
  }

  restore(entries: readonly (readonly [Address, number])[]): void {
    for (const [from, total] of entries) this.known.set(from, total);
  }
}
