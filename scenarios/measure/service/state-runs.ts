/**
 * What state each of many things was in, step by step of time, kept as changes alone. A step shows the highest state that held in
 * it, however shortly. When there are too many changes to keep, steps become twice as long, as often as it takes.
 */
import { US_PER_S } from "../../../sim/time.js";

/** The shortest step, in s. */
const LEAST_STEP_S = 1;

export class StateRuns {
  /** Length of a step, in s; a power of two. */
  stepS = LEAST_STEP_S;
  /** Of each thing: step, state, step, state, …, each pair a change; everything begins in state 0. */
  private runs: number[][];
  /** The highest state of each thing in the step that lasts. */
  private readonly highest: Uint8Array;
  /** The state that each is in. */
  private readonly current: Uint8Array;
  /** Those whose state in this step may differ from what was last written. */
  private touched = new Set<number>();
  /** The step that lasts. */
  private step = 0;
  private changes = 0;

  /**
   * @param count how many things
   * @param mostChanges how many changes to keep of all together
   */
  constructor(
    count: number,
    private readonly mostChanges: number,
  ) {
    this.runs = Array.from({ length: count }, () => []);
    this.highest = new Uint8Array(count);
    this.current = new Uint8Array(count);
  }

  /** A thing is in a state from `nowUs` on; instants never go back. */
  set(nowUs: number, thing: number, state: number): void {
    this.advance(nowUs);
    if (this.current[thing] === state) return;
    this.current[thing] = state;
    // What ends as the step begins did not last into it.
    const isAtStart = nowUs === this.step * this.stepS * US_PER_S;
    this.highest[thing] = isAtStart ? state : Math.max(this.highest[thing]!, state);
    this.touched.add(thing);
  }

  /** Writes down the steps that are over at `nowUs`. */
  advance(nowUs: number): void {
    const step = Math.floor(nowUs / (this.stepS * US_PER_S));
    if (step > this.step) this.moveTo(step);
  }

  /** The changes of a thing, the step that lasts included. */
  of(thing: number): readonly number[] {
    const runs = this.runs[thing]!;
    if (lastOf(runs) === this.highest[thing]) return runs;
    return [...runs, this.step, this.highest[thing]!];
  }

  private moveTo(step: number): void {
    this.close();
    // What ended within the step is shown for all of it, and ends with it.
    if (step > this.step && this.touched.size > 0) this.close();
    this.step = step;
    while (this.changes > this.mostChanges) this.coarsen();
  }

  /** Ends the step that lasts. */
  private close(): void {
    const touched = this.touched;
    this.touched = new Set();
    for (const thing of touched) {
      this.write(thing, this.step, this.highest[thing]!);
      this.highest[thing] = this.current[thing]!;
      if (lastOf(this.runs[thing]!) !== this.current[thing]) this.touched.add(thing);
    }
    this.step++;
  }

  private write(thing: number, step: number, state: number): void {
    const runs = this.runs[thing]!;
    if (lastOf(runs) === state) return;
    runs.push(step, state);
    this.changes++;
  }

  /** Makes one step of two. */
  private coarsen(): void {
    this.stepS *= 2;
    // The longer step that lasts shows what its first half did, too.
    const isSecondHalf = this.step % 2 === 1;
    const half = this.step - 1;
    this.step = Math.floor(this.step / 2);
    this.changes = 0;
    this.runs = this.runs.map((runs, thing) => {
      if (isSecondHalf) this.highest[thing] = Math.max(this.highest[thing]!, stateAt(runs, half));
      const coarse = coarser(runs, this.step);
      if (lastOf(coarse) !== this.highest[thing] || lastOf(coarse) !== this.current[thing]) this.touched.add(thing);
      this.changes += coarse.length / 2;
      return coarse;
    });
  }
}

function lastOf(runs: readonly number[]): number {
  return runs.at(-1) ?? 0;
}

function stateAt(runs: readonly number[], step: number): number {
  let state = 0;
  for (let at = 0; at < runs.length && runs[at]! <= step; at += 2) state = runs[at + 1]!;
  return state;
}

/** The same in steps twice as long, those before `end` (counted in the longer ones). */
function coarser(runs: readonly number[], end: number): number[] {
  const coarse: number[] = [];
  const write = (step: number, state: number) => {
    if (lastOf(coarse) !== state) coarse.push(step, state);
  };
  let before = 0;
  for (let at = 0; at < runs.length; ) {
    const step = Math.floor(runs[at]! / 2);
    if (step >= end) break;
    // The state that lasted into the step counts where it was there for its first half.
    let highest = runs[at]! % 2 === 0 ? 0 : before;
    while (at < runs.length && Math.floor(runs[at]! / 2) === step) {
      before = runs[at + 1]!;
      highest = Math.max(highest, before);
      at += 2;
    }
    write(step, highest);
    if (step + 1 < end && (at >= runs.length || Math.floor(runs[at]! / 2) > step + 1)) write(step + 1, before);
  }
  return coarse;
}
