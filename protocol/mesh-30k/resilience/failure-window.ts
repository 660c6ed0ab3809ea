/** How many failures a circuit breaker has before it: the option `failureWindow`. Time is an argument. */
import type { Millis } from "../../contract.js";
import type { Variant } from "../options.js";

export interface FailureWindow {
  add(count: number, nowMs: Millis): void;
  /** How many failures count at `nowMs`. */
  count(nowMs: Millis): number;
  /** Forgets what may be forgotten when a breaker has been closed again. */
  clear(): void;
}

/** Document 6.2: counts never decay, and nothing ever resets them. */
class EverCount implements FailureWindow {
  private total = 0;

  add(count: number): void {
    this.total += count;
  }

  count(): number {
    return this.total;
  }

  clear(): void {
    // The document keeps counting.
  }
}

/** How far back failures count. */
export const FAILURE_WINDOW_MS = 60_000;
/** Failures are counted in stretches of 5 s, so that one is forgotten 60 to 65 s after it happened. */
const BIN_MS = 5_000;
const BINS = FAILURE_WINDOW_MS / BIN_MS;

/** The failures of the last 60 s. Time must not go back. */
class SlidingCount implements FailureWindow {
  /** By number of the stretch modulo their count; the one in progress is one more than the window holds. */
  private readonly bins = new Array<number>(BINS + 1).fill(0);
  private current = 0;

  add(count: number, nowMs: Millis): void {
    this.turnTo(nowMs);
    this.bins[this.current % this.bins.length]! += count;
  }

  count(nowMs: Millis): number {
    this.turnTo(nowMs);
    return this.bins.reduce((sum, count) => sum + count, 0);
  }

  clear(): void {
    this.bins.fill(0);
  }

  private turnTo(nowMs: Millis): void {
    const bin = Math.floor(nowMs / BIN_MS);
    const first = Math.max(this.current + 1, bin - this.bins.length + 1);
    for (let next = first; next <= bin; next++) this.bins[next % this.bins.length] = 0;
    this.current = Math.max(this.current, bin);
  }
}

export const FAILURE_WINDOWS: Readonly<Record<Variant, () => FailureWindow>> = {
  "as-written": () => new EverCount(),
  repaired: () => new SlidingCount(),
};
