import fc from "fast-check";
import { expect, test } from "vitest";
import { StateRuns } from "../../../scenarios/measure/service/state-runs.js";
import { US_PER_S } from "../../../sim/time.js";

/** A change of the state of one thing, in ms. */
interface Change {
  readonly atMs: number;
  readonly thing: number;
  readonly state: number;
}

const THINGS = 3;

/** The highest state of a thing in [fromMs, untilMs), worked out from all changes. */
function highest(changes: readonly Change[], thing: number, fromMs: number, untilMs: number): number {
  let before = 0;
  let most = 0;
  for (const { atMs, state, thing: which } of changes) {
    if (which !== thing || atMs >= untilMs) continue;
    if (atMs <= fromMs) before = state;
    else most = Math.max(most, state);
  }
  // What was set and replaced at one instant did not last, but a step may show it.
  return Math.max(most, before);
}

function stateAt(runs: readonly number[], step: number): number {
  let state = 0;
  for (let at = 0; at < runs.length && runs[at]! <= step; at += 2) state = runs[at + 1]!;
  return state;
}

const changesOf = fc
  .array(
    fc.record({
      atMs: fc.integer({ min: 0, max: 60_000 }),
      thing: fc.integer({ min: 0, max: THINGS - 1 }),
      state: fc.integer({ min: 0, max: 5 }),
    }),
    { maxLength: 80 },
  )
  // One change of a thing at each instant, as the map makes them.
  .map((changes) => {
    const distinct = new Map(changes.map((change) => [`${change.atMs} ${change.thing}`, change]));
    return [...distinct.values()].sort((a, b) => a.atMs - b.atMs);
  });

function played(changes: readonly Change[], mostChanges: number): StateRuns {
  const runs = new StateRuns(THINGS, mostChanges);
  for (const { atMs, thing, state } of changes) runs.set(atMs * 1_000, thing, state);
  runs.advance(61 * US_PER_S);
  return runs;
}

test.each([1_000, 20, 5])("each step shows the highest state in it, with %d changes at most", (mostChanges) => {
  fc.assert(
    fc.property(changesOf, (changes) => {
      const runs = played(changes, mostChanges);
      const stepMs = runs.stepS * 1_000;
      for (let thing = 0; thing < THINGS; thing++) {
        const list = runs.of(thing);
        for (let step = 0; step * stepMs <= 60_000; step++) {
          expect(stateAt(list, step)).toBe(highest(changes, thing, step * stepMs, (step + 1) * stepMs));
        }
      }
    }),
  );
});

test("keeps changes alone, and no more than it is told to", () => {
  fc.assert(
    fc.property(changesOf, (changes) => {
      const runs = played(changes, 10);
      let count = 0;
      for (let thing = 0; thing < THINGS; thing++) {
        const list = runs.of(thing);
        for (let at = 0; at < list.length; at += 2) {
          expect(list[at + 1]).not.toBe(list[at - 1] ?? 0);
          if (at > 0) expect(list[at]!).toBeGreaterThan(list[at - 2]!);
        }
        count += list.length / 2;
      }
      // Each thing may have one more for the step that lasts.
      expect(count).toBeLessThanOrEqual(10 + THINGS);
    }),
  );
});

test("steps stay short while there is room", () => {
  expect(played([{ atMs: 10, thing: 0, state: 2 }], 10).stepS).toBe(1);
  const flapping = Array.from({ length: 50 }, (_, at) => ({ atMs: at * 1_000, thing: 0, state: at % 2 }));
  expect(played(flapping, 1_000).stepS).toBe(1);
  expect(played(flapping, 10).stepS).toBeGreaterThan(1);
});
