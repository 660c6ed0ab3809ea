/** Scatter and gather on the whole engine: one node asks n others at once, and each answers at once. */
import { type Links, LOST } from "../../../sim/network.js";
import { US_PER_MS } from "../../../sim/time.js";
import { type NodePlan, startedSimulationOf } from "../plain-world.js";

/** Rounds are independent of each other: each begins when the one before has long ended. */
const ROUND_MS = 2_000;
/** Answers take this long and are never lost: all that is random happens on the way out. */
const ANSWER_MS = 1;

/** What happens to a question on its way: its delay in ms, or `undefined` where it is lost. */
export type Fate = (target: number, atUs: number) => number | undefined;

/** For each round, in ascending order, how many ms each question took that was answered. */
export function scatter(size: number, rounds: number, fate: Fate): number[][] {
  const arrivalsMs: number[][] = [];
  const asker: NodePlan<number> = (host) => ({
    start: () => host.setTimer(0, 1),
    wake: () => {
      arrivalsMs.push([]);
      for (let target = 1; target <= size; target++) host.send(target, arrivalsMs.length - 1);
      if (arrivalsMs.length < rounds) host.setTimer(ROUND_MS, 1);
    },
    receive: (_, round) => arrivalsMs[round]!.push(host.now() - round * ROUND_MS - ANSWER_MS),
  });
  const answerer: NodePlan<number> = (host) => ({ receive: (from, round) => host.send(from, round) });
  const links: Links = {
    delayUs: (from, to, nowUs) => {
      if (from !== 0) return ANSWER_MS * US_PER_MS;
      const delayMs = fate(to, nowUs);
      return delayMs === undefined ? LOST : Math.max(1, Math.round(delayMs * US_PER_MS));
    },
    duplicateDelayUs: () => 0,
  };
  const nodes = [asker, ...Array.from({ length: size }, () => answerer)];
  startedSimulationOf<number>(nodes, { links }).run(rounds * ROUND_MS * US_PER_MS);
  return arrivalsMs;
}
