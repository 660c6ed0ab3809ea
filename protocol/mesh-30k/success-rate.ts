/** The share of messages that an agent worked off in the last hour (document 4.1, `success_rate_last_hour`). */
import type { Millis } from "../contract.js";

const BINS = 12;
const BIN_MS = 300_000;

/** Counts in twelve bins of five minutes, so that an hour-old outcome is forgotten within five minutes. */
export class SuccessRate {
  /** Of the bin in progress. */
  private successes = 0;
  private failures = 0;
  private bin = 0;
  /** Of the eleven bins before it. */
  private readonly past: { readonly bin: number; readonly successes: number; readonly failures: number }[] = [];

  record(nowMs: Millis, success: boolean): void {
    this.turnTo(nowMs);
    if (success) this.successes++;
    else this.failures++;
  }

  /** From 0 to 1; an agent that was never asked has failed at nothing. */
  value(nowMs: Millis): number {
    this.turnTo(nowMs);
    let { successes, failures } = this;
    for (const bin of this.past) {
      successes += bin.successes;
      failures += bin.failures;
    }
    return successes + failures === 0 ? 1 : successes / (successes + failures);
  }

  /** Closes the bin in progress and forgets what is too old; a clock that was stepped back stays in the latest bin. */
  private turnTo(nowMs: Millis): void {
    const bin = Math.floor(nowMs / BIN_MS);
    if (bin <= this.bin) return;
    const { successes, failures } = this;
    if (successes + failures > 0) this.past.push({ bin: this.bin, successes, failures });
    while (this.past.length > 0 && this.past[0]!.bin <= bin - BINS) this.past.shift();
    this.bin = bin;
    this.successes = 0;
    this.failures = 0;
  }
}
