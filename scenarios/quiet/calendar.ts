/**
 * Calendar time and simulated time of a run that leaves the quiet between its faults out. Both grow together within a
 * stretch that is simulated; between two of them the calendar leaps and the simulation does not, a _cut_.
 */
import assert from "node:assert/strict";
import type { Micros } from "../../sim/time.js";

/** A stretch of calendar time that is simulated; `untilUs` is the first instant after it. */
export interface Stretch {
  readonly fromUs: Micros;
  readonly untilUs: Micros;
}

export class Calendar {
  /** Of each stretch, in simulated time. */
  private readonly startsUs: readonly Micros[];
  /** Where the last stretch ends, in simulated time: the end of the simulation. */
  readonly simulatedUs: Micros;

  /**
   * @param stretches in order, the first from 0 on, none touching the next
   * @param endUs of the run, in calendar time; what lies between the last stretch and it is left out as well
   */
  constructor(
    readonly stretches: readonly Stretch[],
    readonly endUs: Micros,
  ) {
    assert(stretches[0]?.fromUs === 0, "the calendar begins with the run");
    let simulatedUs = 0;
    this.startsUs = stretches.map(({ fromUs, untilUs }, index) => {
      assert(untilUs > fromUs && untilUs <= endUs, "a stretch ends after it began, within the run");
      assert(index === 0 || fromUs > stretches[index - 1]!.untilUs, "stretches are in order and do not touch");
      const startUs = simulatedUs;
      simulatedUs += untilUs - fromUs;
      return startUs;
    });
    this.simulatedUs = simulatedUs;
  }

  /** One that leaves nothing out. */
  static whole(endUs: Micros): Calendar {
    return new Calendar([{ fromUs: 0, untilUs: endUs }], endUs);
  }

  /** One that leaves nothing out of a run of any length. */
  static endless(): Calendar {
    return Calendar.whole(Number.MAX_SAFE_INTEGER);
  }

  /** How much calendar time is left out. */
  get skippedUs(): Micros {
    return this.endUs - this.simulatedUs;
  }

  /** Simulated instants at which calendar time is left out, ascending. */
  get cutsUs(): Micros[] {
    const cuts = this.startsUs.slice(1);
    return this.stretches.at(-1)!.untilUs < this.endUs ? [...cuts, this.simulatedUs] : cuts;
  }

  /** The calendar's instant of a simulated one; at a cut, the one after it. Beyond the end, both go on together. */
  calendarUs(simulatedUs: Micros): Micros {
    if (simulatedUs >= this.simulatedUs) return this.endUs + (simulatedUs - this.simulatedUs);
    const index = Math.max(0, countUpTo(this.startsUs, simulatedUs) - 1);
    return this.stretches[index]!.fromUs + (simulatedUs - this.startsUs[index]!);
  }

  /** The simulated instant of a calendar's: of all that a cut leaves out, the cut. Endless stays endless. */
  simulatedAtUs(calendarUs: Micros): Micros {
    if (calendarUs >= this.endUs) return this.simulatedUs + (calendarUs - this.endUs);
    const index = Math.max(0, this.stretchesBegunBy(calendarUs) - 1);
    const { fromUs, untilUs } = this.stretches[index]!;
    return this.startsUs[index]! + Math.min(calendarUs, untilUs) - fromUs;
  }

  private stretchesBegunBy(calendarUs: Micros): number {
    let low = 0;
    let high = this.stretches.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.stretches[middle]!.fromUs <= calendarUs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** How many of ascending numbers are not above a limit. */
function countUpTo(ascending: readonly number[], limit: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
