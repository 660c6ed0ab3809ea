/** Which stretches of a run are simulated when its quiet is left out: the warm-up, and what lies around each fault. */
import { type Micros, US_PER_S } from "../../sim/time.js";
import type { Span } from "../faults/spans.js";
import { joined } from "../faults/spans.js";
import type { Stretch } from "./calendar.js";

/**
 * Whole multiples of it are left out, so that whatever recurs within a minute (heartbeats, summaries, maps) meets the next
 * fault in the phase in which it would have without. Less than one is not worth a cut.
 */
export const GRAIN_US: Micros = 60 * US_PER_S;

export interface Quiet {
  /** How long before a fault simulating begins, and how long after the end of one it goes on, at least. */
  readonly beforeUs: Micros;
  readonly afterUs: Micros;
  readonly warmUpUs: Micros;
  readonly endUs: Micros;
}

/** @param spells when faults are under way, in any order; an instant is a spell without length */
export function busyStretches(spells: Iterable<Span>, { beforeUs, afterUs, warmUpUs, endUs }: Quiet): Stretch[] {
  const wanted = [{ fromUs: 0, untilUs: warmUpUs + beforeUs }];
  for (const { fromUs, untilUs } of spells) {
    if (fromUs < endUs) wanted.push({ fromUs: Math.max(0, fromUs - beforeUs), untilUs: untilUs + afterUs });
  }
  wanted.sort((a, b) => a.fromUs - b.fromUs);
  const stretches: Stretch[] = [];
  for (const span of joined(wanted)) {
    const untilUs = Math.min(endUs, Math.ceil(span.untilUs / US_PER_S) * US_PER_S);
    const last = stretches.at(-1);
    const skipped = last === undefined ? 0 : Math.floor((span.fromUs - last.untilUs) / GRAIN_US);
    if (last === undefined) stretches.push({ fromUs: 0, untilUs });
    else if (skipped > 0) stretches.push({ fromUs: last.untilUs + skipped * GRAIN_US, untilUs });
    else stretches[stretches.length - 1] = { fromUs: last.fromUs, untilUs: Math.max(last.untilUs, untilUs) };
  }
  return stretches.filter(({ fromUs, untilUs }) => fromUs < untilUs);
}
