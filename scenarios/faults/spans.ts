/** When a fault strikes: from what a scenario says of its timing to stretches of time. */
import type { World } from "../../models/world.js";
import { type Micros, microsFromMs, US_PER_S } from "../../sim/time.js";
import type { When } from "../language/fault-timing.js";
import { drawnUs } from "./durations.js";
import { KeyedDraw } from "./keyed-draw.js";

/** A stretch of time; `untilUs` is the first instant after it, infinite where it never ends. */
export interface Span {
  readonly fromUs: Micros;
  readonly untilUs: Micros;
}

/** More stretches than a run may have. */
export class TooManySpans extends Error {
  constructor(readonly most: number) {
    super(`more than ${most} spells`);
    this.name = "TooManySpans";
  }
}

export interface SpanSetup {
  /** The fault's name, which its random numbers hang on. */
  readonly name: string;
  readonly seed: number;
  readonly world: World;
  /** Where a fault begins that does not say when. */
  readonly defaultAtUs: Micros;
  /** No spell begins at or after it. */
  readonly endUs: Micros;
  /** How many stretches there may be, flapping counted one by one. */
  readonly most: number;
}

/** One time that a fault strikes: with flapping, several stretches. */
export type Strike = readonly Span[];

/**
 * In order of time. Where whom it concerns is drawn once, strikes at random that overlap are one longer strike; where it
 * is drawn anew each time, they stay apart.
 * @throws TooManySpans
 */
export function strikesOf(when: When, setup: SpanSetup): Strike[] {
  const whole =
    when.ratePerSecond !== undefined && !when.anew ? joined(wholeSpans(when, setup)) : [...wholeSpans(when, setup)];
  const { flapping } = when;
  if (flapping === undefined) return whole.map((span) => [span]);
  const onUs = microsFromMs(flapping.onMs);
  const turnUs = onUs + microsFromMs(flapping.offMs);
  let count = 0;
  return whole.map(({ fromUs, untilUs }) => {
    const lastUs = Math.min(untilUs, setup.endUs);
    const spans: Span[] = [];
    for (let turnFromUs = fromUs; turnFromUs < lastUs; turnFromUs += turnUs) {
      if (++count > setup.most) throw new TooManySpans(setup.most);
      spans.push({ fromUs: turnFromUs, untilUs: Math.min(turnFromUs + onUs, untilUs) });
    }
    return spans;
  });
}

function* wholeSpans(when: When, setup: SpanSetup): Generator<Span> {
  const { name, seed, world, defaultAtUs, endUs, most } = setup;
  const lengths = KeyedDraw.of(seed, `${name}/lengths`);
  const lengthUs = () => {
    if (when.lasting !== undefined) return drawnUs(when.lasting, world, lengths);
    return when.forMs === undefined ? Number.POSITIVE_INFINITY : microsFromMs(when.forMs);
  };
  let count = 0;
  for (const fromUs of startsOf(when, KeyedDraw.of(seed, `${name}/starts`), defaultAtUs, endUs)) {
    if (++count > most) throw new TooManySpans(most);
    yield { fromUs, untilUs: fromUs + lengthUs() };
  }
}

function* startsOf(when: When, gaps: KeyedDraw, defaultAtUs: Micros, endUs: Micros): Generator<Micros> {
  const { atMs, everyMs, count = Number.POSITIVE_INFINITY, ratePerSecond } = when;
  const atUs = atMs === undefined ? defaultAtUs : microsFromMs(atMs);
  if (ratePerSecond !== undefined) {
    const usPerStart = US_PER_S / ratePerSecond;
    let fromUs = atUs;
    for (;;) {
      fromUs += Math.max(1, Math.round(gaps.exponential(usPerStart)));
      if (fromUs >= endUs) return;
      yield fromUs;
    }
  }
  const stepUs = everyMs === undefined ? Number.POSITIVE_INFINITY : microsFromMs(everyMs);
  let fromUs = atUs;
  for (let number = 0; number < count && fromUs < endUs; number++, fromUs += stepUs) yield fromUs;
}

/**
 * Stretches in order of their beginning, as such that are more than a gap apart.
 * @param gapUs 0 for such that do not touch
 */
export function joined(spans: Iterable<Span>, gapUs: Micros = 0): Span[] {
  const result: Span[] = [];
  for (const { fromUs, untilUs } of spans) {
    const last = result.at(-1);
    if (last === undefined || fromUs > last.untilUs + gapUs) result.push({ fromUs, untilUs });
    else result[result.length - 1] = { fromUs: last.fromUs, untilUs: Math.max(last.untilUs, untilUs) };
  }
  return result;
}
