/**
 * Failures at random. Each unit fails by itself, with exponential times between a repair and the next failure; and neighbours
 * fail together, in bursts that strike as a Poisson process. A share `s` of the failures is to come in bursts of `m` on
 * average, and each unit is to fail once in `mtbf` of the time that it is up: then it fails by itself at a rate of
 * (1 - s) / mtbf, and among `n` units bursts strike at a rate of n s / (m mtbf). What a burst would fail that is down
 * already is not struck anew, but for a repair that takes longer, so that the shares hold as long as most units are up.
 */
import type { World } from "../../models/world.js";
import { type Micros, microsFromMs, US_PER_S } from "../../sim/time.js";
import type { Lasting } from "../language/fault-timing.js";
import { drawnUs } from "./durations.js";
import { KeyedDraw } from "./keyed-draw.js";
import { joined, type Span, TooManySpans } from "./spans.js";

export interface FailureProcess {
  /** How many units can fail; neighbours have neighbouring numbers. */
  readonly units: number;
  readonly mtbfMs: number;
  readonly repair: Lasting;
  readonly burstShare: number;
  /** Mean of the geometric distribution of a burst's size, 1 or more; no burst is larger than there are units. */
  readonly burstSize: number;
  readonly world: World;
  readonly seed: number;
  /** The fault's name. */
  readonly name: string;
}

/**
 * For each unit, when it is down: in order, and never twice at once.
 * @throws TooManySpans
 */
export function failuresOf(process: FailureProcess, { fromUs, untilUs }: Span, most: number): Span[][] {
  const { units, mtbfMs, burstShare, repair, world, seed, name } = process;
  const mtbfUs = microsFromMs(mtbfMs);
  let count = 0;
  const noteOne = () => {
    if (++count > most) throw new TooManySpans(most);
  };
  const down: Span[][] = Array.from({ length: units }, () => []);
  const draws = burstShare < 1 ? KeyedDraw.each(seed, `${name}/failures`, units) : [];
  for (const [unit, draw] of draws.entries()) {
    let atUs = fromUs;
    for (;;) {
      atUs += Math.max(1, Math.round(draw.exponential(mtbfUs / (1 - burstShare))));
      if (atUs >= untilUs) break;
      noteOne();
      const mendedUs = atUs + drawnUs(repair, world, draw);
      down[unit]!.push({ fromUs: atUs, untilUs: mendedUs });
      atUs = mendedUs;
    }
  }
  for (const { unit, span } of bursts(process, mtbfUs, fromUs, untilUs)) {
    noteOne();
    down[unit]!.push(span);
  }
  return down.map((spans) => joined(spans.sort((a, b) => a.fromUs - b.fromUs || a.untilUs - b.untilUs)));
}

function* bursts(
  { units, burstShare, burstSize, repair, world, seed, name }: FailureProcess,
  mtbfUs: number,
  fromUs: Micros,
  untilUs: Micros,
): Generator<{ unit: number; span: Span }> {
  if (burstShare === 0) return;
  const draw = KeyedDraw.of(seed, `${name}/bursts`);
  const windowUs = world.faults.burst.windowS * US_PER_S;
  const meanGapUs = (mtbfUs * burstSize) / (units * burstShare);
  let atUs = fromUs;
  for (;;) {
    atUs += Math.max(1, Math.round(draw.exponential(meanGapUs)));
    if (atUs >= untilUs) return;
    const first = draw.index(units);
    const size = Math.min(units, geometric(burstSize, draw));
    for (let next = 0; next < size; next++) {
      const failsUs = atUs + Math.floor(draw.open() * windowUs);
      const lengthUs = drawnUs(repair, world, draw);
      if (failsUs < untilUs)
        yield { unit: (first + next) % units, span: { fromUs: failsUs, untilUs: failsUs + lengthUs } };
    }
  }
}

/** 1 or more, with the given mean, by inversion. */
function geometric(mean: number, draw: KeyedDraw): number {
  const p = draw.open();
  return mean === 1 ? 1 : 1 + Math.floor(Math.log(p) / Math.log1p(-1 / mean));
}
