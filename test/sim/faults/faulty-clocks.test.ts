import { describe, expect, it } from "vitest";
import { WorldClocks } from "../../../models/clocks.js";
import { placeSites } from "../../../models/site.js";
import { loadWorld } from "../../../models/world.js";
import type { FreeRunningClocks } from "../../../sim/clock.js";
import type { ClockFault, ClockTrouble } from "../../../sim/faults/fault-plan.js";
import { Faults } from "../../../sim/faults/faults.js";
import { FaultyClocks } from "../../../sim/faults/faulty-clocks.js";
import { US_PER_MS, US_PER_S } from "../../../sim/time.js";
import { SEED, startedSimulationOf } from "../plain-world.js";
import { clockFault, planOf, type Span } from "./plans.js";

/** Nodes 0 and 1 share a machine, node 2 has one alone. */
const MACHINES = Int32Array.of(0, 0, 1);

/** Runs true, and is set 3 ms ahead at 1 s. */
const setAhead: FreeRunningClocks = {
  wallMs: (_, us) => us / US_PER_MS + (us >= US_PER_S ? 3 : 0),
  trueDurationUs: (_, ms) => Math.round(ms * US_PER_MS),
  freeWallMs: (_, sinceUs, us) => us / US_PER_MS + (sinceUs >= US_PER_S ? 3 : 0),
  freeTrueDurationUs: (_, ms) => Math.round(ms * US_PER_MS),
};

function wrong(...clocks: ClockFault[]) {
  const faults = new Faults(planOf({ clocks }), SEED, MACHINES.length);
  return { clocks: new FaultyClocks(setAhead, faults, MACHINES), effects: faults.effects };
}

describe("a fault of clocks", () => {
  const span: Span = [100, 500];

  it.each<[string, ClockTrouble, (readonly [atMs: number, shownMs: number])[]]>([
    [
      "a step",
      { kind: "step", offsetMs: -40 },
      [
        [99, 99],
        [100, 60],
        [499, 459],
        [500, 500],
      ],
    ],
    [
      "drift",
      { kind: "drift", ppm: 10_000 },
      [
        [100, 100],
        [200, 201],
        [499, 502.99],
        [500, 500],
      ],
    ],
    [
      "a strobe",
      { kind: "strobe", offsetMs: 7, periodUs: 100 * US_PER_MS },
      [
        [100, 107],
        [149, 156],
        [150, 150],
        [199, 199],
        [200, 207],
        [500, 500],
      ],
    ],
  ])("of kind %s changes what the clock shows", (_, trouble, readings) => {
    const { clocks, effects } = wrong(clockFault(0, span, [1], trouble));
    for (const [atMs, shownMs] of readings) expect(clocks.wallMs(1, atMs * US_PER_MS)).toBeCloseTo(shownMs, 9);
    expect(effects).toEqual([readings.filter(([atMs, shownMs]) => atMs !== shownMs).length]);
  });

  it("is seen by every node of the machine and by no other", () => {
    const { clocks } = wrong(clockFault(0, span, [1], { kind: "step", offsetMs: 5 }));
    expect([0, 1, 2].map((address) => clocks.wallMs(address, 200 * US_PER_MS))).toEqual([205, 205, 200]);
  });

  it("that stops synchronisation leaves the clock on the line that it was on, until it is set again", () => {
    const { clocks, effects } = wrong(clockFault(0, [500, 2_000], [2], { kind: "unsynchronised" }));
    const shown = [400, 900, 1_000, 1_999, 2_000].map((ms) => clocks.wallMs(2, ms * US_PER_MS));
    expect(shown).toEqual([400, 900, 1_000, 1_999, 2_003]);
    expect(clocks.wallMs(0, 1_500 * US_PER_MS)).toBe(1_503);
    expect(effects).toEqual([2]); // until 1 s the clock shows what it would show anyway
  });

  it("adds to others", () => {
    const { clocks } = wrong(
      clockFault(0, span, [0], { kind: "step", offsetMs: 5 }),
      clockFault(1, span, [1], { kind: "drift", ppm: 1_000 }),
    );
    expect(clocks.wallMs(0, 400 * US_PER_MS)).toBeCloseTo(405.3, 9);
  });

  it("moves timers where the oscillator drifts, and where it does not leaves them", () => {
    const fires = (trouble: ClockTrouble) => {
      const fault = clockFault(0, [0, 10_000], [0], trouble);
      let firedUs = 0;
      const simulation = startedSimulationOf(
        [(host) => ({ start: () => host.setTimer(1_000, 1), wake: () => (firedUs = simulation.nowUs) })],
        { clocks: wrong(fault).clocks },
      );
      simulation.run(5 * US_PER_S);
      return firedUs;
    };
    expect(fires({ kind: "drift", ppm: 10_000 })).toBe(Math.round(1_000_000 / 1.01));
    expect(fires({ kind: "drift", ppm: -10_000 })).toBe(Math.round(1_000_000 / 0.99));
    expect(fires({ kind: "step", offsetMs: 300 })).toBe(1_000_000);
  });
});

describe("the world's clocks, left to themselves,", () => {
  const world = loadWorld({});
  const sites = placeSites(world, ["C", "D", "E"], [0, 0, 0]);
  const clocks = new WorldClocks(world, sites, SEED);
  const others = new WorldClocks(world, sites, SEED);

  it("go on along the line of an instant, and still show what they do otherwise when asked", () => {
    for (let address = 0; address < 3; address++) {
      const sinceUs = 3_000 * US_PER_S;
      const startMs = clocks.wallMs(address, sinceUs);
      expect(clocks.freeWallMs(address, sinceUs, sinceUs)).toBe(startMs);
      for (const aheadS of [10, 5_000, 80_000]) {
        const free = clocks.freeWallMs(address, sinceUs, sinceUs + aheadS * US_PER_S);
        // A straight line, but for the last places of a time in ms since 1970.
        const half = clocks.freeWallMs(address, sinceUs, sinceUs + (aheadS / 2) * US_PER_S);
        expect(Math.abs(free - 2 * half + startMs)).toBeLessThan(0.001);
        const set = clocks.wallMs(address, sinceUs + aheadS * US_PER_S);
        expect(set).toBe(others.wallMs(address, sinceUs + aheadS * US_PER_S));
        if (aheadS > 10) expect(set).not.toBe(free);
      }
      expect(clocks.freeTrueDurationUs(address, 1e9, sinceUs)).toBe(
        new WorldClocks(world, sites, SEED).trueDurationUs(address, 1e9, sinceUs),
      );
    }
  });
});
