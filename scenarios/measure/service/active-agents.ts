/** The share of agents that are active over time, as results keep it: second by second, or of longer spans where a run is long. */
import type { Results } from "../../results.js";

/** More than a chart shows; a run of an hour is kept second by second. */
const MOST_POINTS = 3_600;

/**
 * @param bySecond active agents at the end of each second; where it has none, as many as before
 * @param agents how many there are
 */
export function activeAgents(bySecond: readonly number[], agents: number): Results["charts"]["activeAgents"] {
  const spanS = Math.max(1, Math.ceil(bySecond.length / MOST_POINTS));
  const points: Results["charts"]["activeAgents"]["points"] = [];
  if (agents === 0) return { spanS, points };
  let active = agents;
  for (let from = 0; from < bySecond.length; from += spanS) {
    const until = Math.min(from + spanS, bySecond.length);
    let sum = 0;
    let least = agents;
    for (let second = from; second < until; second++) {
      active = bySecond[second] ?? active;
      sum += active;
      least = Math.min(least, active);
    }
    points.push({ atS: from, mean: digits(sum / (until - from) / agents), least: digits(least / agents) });
  }
  return { spanS, points };
}

function digits(ratio: number): number {
  return Math.round(ratio * 1e6) / 1e6;
}
