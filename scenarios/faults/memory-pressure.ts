/**
 * Want of memory: work takes longer, and the process is killed now and then, as a Poisson process while it runs. What starts it
 * again waits after the first kill, and twice as long after each one more, up to a most (the back-off of Kubernetes).
 */
import type { World } from "../../models/world.js";
import { US_PER_S } from "../../sim/time.js";
import type { KeyedDraw } from "./keyed-draw.js";
import { type Span, TooManySpans } from "./spans.js";

/**
 * When one process is down within a spell of memory pressure; it is up again when the spell is over, at the latest.
 * @param draw the process's own
 */
export function killsOf(
  killsPerSecond: number,
  { fromUs, untilUs }: Span,
  endUs: number,
  world: World,
  draw: KeyedDraw,
  most: number,
): Span[] {
  const { restartFirstS, restartMostS } = world.faults.memoryPressure;
  const lastUs = Math.min(untilUs, endUs);
  const down: Span[] = [];
  let waitS = restartFirstS;
  let atUs = fromUs;
  if (killsPerSecond === 0) return down;
  for (;;) {
    atUs += Math.max(1, Math.round(draw.exponential(US_PER_S / killsPerSecond)));
    if (atUs >= lastUs) return down;
    if (down.length >= most) throw new TooManySpans(most);
    const restartUs = Math.min(untilUs, atUs + Math.round(waitS * US_PER_S));
    down.push({ fromUs: atUs, untilUs: restartUs });
    waitS = Math.min(restartMostS, 2 * waitS);
    atUs = restartUs;
  }
}
