/** Which faults are under way at an instant: a pure function of the plan and of time. */
import type { Micros } from "../time.js";
import type { Spell } from "./fault-plan.js";

const NOTHING: readonly never[] = [];

export class FaultSchedule<Fault extends Spell> {
  /** Instants at which something begins or ends, ascending; what is under way from each until the next. */
  private readonly changesUs: Micros[] = [];
  private readonly underWay: (readonly Fault[])[] = [];
  /** The stretch that was last asked about: from one change, including it, until the next. */
  private sinceUs: Micros = Number.NEGATIVE_INFINITY;
  private untilUs: Micros = Number.NEGATIVE_INFINITY;
  private current: readonly Fault[] = NOTHING;

  /** @param faults in the order of their declaration, which `at` keeps; a spell holds from `fromUs` until before `untilUs` */
  constructor(faults: readonly Fault[]) {
    const begins = faults.map((_, index) => index).sort((a, b) => faults[a]!.fromUs - faults[b]!.fromUs || a - b);
    const instants = faults.flatMap(({ fromUs, untilUs }) => [fromUs, untilUs]).filter(Number.isFinite);
    instants.sort((a, b) => a - b);
    let next = 0;
    let active: number[] = [];
    for (const [i, atUs] of instants.entries()) {
      if (atUs === instants[i - 1]) continue;
      active = active.filter((index) => faults[index]!.untilUs > atUs);
      while (next < begins.length && faults[begins[next]!]!.fromUs <= atUs) active.push(begins[next++]!);
      active.sort((a, b) => a - b);
      this.changesUs.push(atUs);
      this.underWay.push(active.length === 0 ? NOTHING : active.map((index) => faults[index]!));
    }
  }

  /** The faults under way at an instant, in the order of their declaration. It may be any instant, not only later ones. */
  at(us: Micros): readonly Fault[] {
    return us >= this.sinceUs && us < this.untilUs ? this.current : this.seek(us);
  }

  private seek(us: Micros): readonly Fault[] {
    const { changesUs } = this;
    let low = 0;
    let high = changesUs.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (changesUs[middle]! <= us) low = middle + 1;
      else high = middle;
    }
    this.sinceUs = changesUs[low - 1] ?? Number.NEGATIVE_INFINITY;
    this.untilUs = changesUs[low] ?? Number.POSITIVE_INFINITY;
    this.current = this.underWay[low - 1] ?? NOTHING;
    return this.current;
  }
}
