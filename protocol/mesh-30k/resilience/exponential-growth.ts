/**
 * Whether failures spread (document 6.1, CASCADE_FAILURE: "failure rate increasing exponentially"): they at least double
 * from one window to the next, three times in a row, from a number on that chance does not give.
 */

/** How long one window is: two heartbeats, since silence is noticed by whole heartbeats. */
export const GROWTH_WINDOW_S = 10;
/** Failures in the first of the windows; two then make sixteen in the last. */
const FLOOR = 2;
const FACTOR = 2;
const DOUBLINGS = 3;

export class ExponentialGrowth {
  private failures = 0;
  private before = 0;
  private doublings = 0;

  add(count: number): void {
    this.failures += count;
  }

  /** Ends a window; true if the rate has now doubled three times in a row. */
  closeWindow(): boolean {
    const grew = this.before >= FLOOR && this.failures >= this.before * FACTOR;
    this.doublings = grew ? this.doublings + 1 : 0;
    this.before = this.failures;
    this.failures = 0;
    if (this.doublings < DOUBLINGS) return false;
    this.doublings = 0;
    return true;
  }
}
