/**
 * The shapes of partitions as rules on sides, which are numbered from 0: who is cut off from whom. Bridge and ring are
 * Jepsen's (jepsen.nemesis: `bridge` and `majorities-ring`).
 */

/** Whether messages from one side to another are lost; -1 is whom no side names. */
export type Cut = (from: number, to: number) => boolean;

const NOBODY = -1;

/** One side against everybody else. */
export const isolated: Cut = (from, to) => from !== to;

/** Sides that do not reach each other; whom none names reaches all. */
export const split: Cut = (from, to) => from !== NOBODY && to !== NOBODY && from !== to;

/**
 * Keeps one direction of a cut: `out` is from an isolated side, or from an earlier side to a later; `in` the other. Whom no side
 * names comes last.
 */
export function oneWay(cut: Cut, direction: "out" | "in"): Cut {
  const rank = (side: number) => (side === NOBODY ? Number.POSITIVE_INFINITY : side);
  return (from, to) => cut(from, to) && rank(from) < rank(to) === (direction === "out");
}

/** Which side each of `count` units is on: the first half, the one in the middle, and the rest. At least three. */
export function bridgeSide(unit: number, count: number): 0 | 1 | 2 {
  const half = Math.floor(count / 2);
  if (unit < half) return 0;
  return unit === half ? 1 : 2;
}

/** Everybody reaches the one in the middle, and the two halves do not reach each other. */
export const bridge: Cut = (from, to) => (from === 0 && to === 2) || (from === 2 && to === 0);

/**
 * A ring of `count` units, at least three: each hears the majority that stands around it, so that no two hear the same. With an
 * even majority it hears one more of those before it than of those after it.
 */
export function ring(count: number): Cut {
  const majority = Math.floor(count / 2) + 1;
  const before = Math.floor(majority / 2);
  return (from, to) => {
    if (from === NOBODY || to === NOBODY) return false;
    const place = (from - to + before + count) % count;
    return place >= majority;
  };
}
