/** The share of messages that an agent worked off in the last hour (document 4.1, `success_rate_last_hour`). */
import type { Millis } from "../contract.js";

const BINS = 12;
const BIN_MS = 300_000;

/** Counts in twelve bins of five minutes, so that an hour-old outcome is forgotten within five minutes. */
export class SuccessRate {
  private readonly successes = new Array<number>(BINS).fill(0);
  private readonly failures = new Array<number>(BINS).fill(0);
  private latestBin = Number.NEGATIVE_INFINITY;

  record(nowMs: Millis, success: boolean): void {
    this.turnTo(nowMs);
    const index = this.latestBin % BINS;
    if (success) this.successes[index]!++;
    else this.failures[index]!++;
  }

  /** From 0 to 1; an agent that was never asked has failed at nothing. */
  value(): number {
    let succeeded = 0;
    let failed = 0;
    for (let i = 0; i < BINS; i++) {
      succeeded += this.successes[i]!;
      failed += this.failures[i]!;
    }
    return succeeded + failed === 0 ? 1 : succeeded / (succeeded + failed);
  }

  /** Empties the bins that have come round; a clock that was stepped back stays in the latest bin. */
  private turnTo(nowMs: Millis): void {
    const bin = Math.floor(nowMs / BIN_MS);
    if (bin <= this.latestBin) return;
    const from = Math.max(this.latestBin + 1, bin - BINS + 1);
    for (let passed = from; passed <= bin; passed++) {
      this.successes[passed % BINS] = 0;
      this.failures[passed % BINS] = 0;
    }
    this.latestBin = bin;
  }
}
