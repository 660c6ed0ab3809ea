/**
 * Which split brains come together: one partition cuts through many offices at once. Those that overlap in time are taken for one
 * occasion; occasions for independent of each other.
 */
import type { SplitBrain } from "./split-brain-judge.js";

/** How many there were on each occasion, in order of time. */
export function occasionsOf(incidents: readonly Pick<SplitBrain, "fromUs" | "untilUs">[]): number[] {
  const sizes: number[] = [];
  let untilUs = Number.NEGATIVE_INFINITY;
  for (const incident of [...incidents].sort((a, b) => a.fromUs - b.fromUs)) {
    if (incident.fromUs > untilUs) sizes.push(0);
    sizes[sizes.length - 1]!++;
    untilUs = Math.max(untilUs, incident.untilUs ?? Number.POSITIVE_INFINITY);
  }
  return sizes;
}
