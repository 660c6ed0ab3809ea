/**
 * Whether failures spread (document 6.1, CASCADE_FAILURE: "failure rate increasing exponentially"): from window to window they
 * double, as far as counts can tell, three times in a row, from a number on that chance does not give.
 *
 * Counts scatter by their square root, and the windows cut what belongs together: of 5, 12, 28 and 66 agents that died 10 s
 * after each other, a coordinator was told of 3, 8, 16 and 30. Exact doublings would not have seen it.
 */

/** How long one window is: two heartbeats, since silence is noticed by whole heartbeats. */
export const GROWTH_WINDOW_S = 10;
/** Failures in the first of the windows; two then make twelve and more in the last. */
const FLOOR = 2;
/** Three doublings, less what scatter may take: each by half at least, and sixfold in all. */
const LEAST_STEP = 1.5;
const IN_ALL = 6;
const WINDOWS = 4;

export class ExponentialGrowth {
  private failures = 0;
  /** Of the last windows that grew from one to the next, the oldest first. */
  private growing: number[] = [];

  add(count: number): void {
    this.failures += count;
  }

  /** Ends a window; true if the rate has now grown exponentially over four windows. */
  closeWindow(): boolean {
    const { failures } = this;
    this.failures = 0;
    const before = this.growing.at(-1);
    if (before !== undefined && failures < before * LEAST_STEP) this.growing = [];
    if (failures >= FLOOR) this.growing.push(failures);
    if (this.growing.length > WINDOWS) this.growing.shift();
    if (this.growing.length < WINDOWS || failures < this.growing[0]! * IN_ALL) return false;
    this.growing = [failures];
    return true;
  }
}
