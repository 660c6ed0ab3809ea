/** The map between calendar and simulated time, and which stretches are simulated. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { busyStretches, GRAIN_US } from "../../../scenarios/quiet/busy-stretches.js";
import { Calendar } from "../../../scenarios/quiet/calendar.js";
import "../../property-seed.js";

const S = 1e6;
const MIN = 60 * S;

describe("a calendar", () => {
  const calendar = new Calendar(
    [
      { fromUs: 0, untilUs: 100 },
      { fromUs: 400, untilUs: 450 },
      { fromUs: 1000, untilUs: 1100 },
    ],
    2000,
  );

  it.each([
    ["the beginning", 0, 0],
    ["within the first stretch", 99, 99],
    ["a cut, which is the beginning of the next stretch", 100, 400],
    ["within the second", 149, 449],
    ["the next cut", 150, 1000],
    ["the last simulated instant", 249, 1099],
    ["the end, when the rest of the calendar has been left out", 250, 2000],
    ["beyond the end", 260, 2010],
  ])("knows the day of %s", (_, simulatedUs, calendarUs) => {
    expect(calendar.calendarUs(simulatedUs)).toBe(calendarUs);
    expect(calendar.simulatedAtUs(calendarUs)).toBe(simulatedUs);
  });

  it("puts what is left out where the cut is, and leaves endless what is", () => {
    expect([100, 250, 399, 450, 999, 1100, 1999].map((us) => calendar.simulatedAtUs(us))).toEqual([
      100, 100, 100, 150, 150, 250, 250,
    ]);
    expect(calendar.simulatedAtUs(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
  });

  it("says how much is simulated, how much is not, and where the cuts are", () => {
    expect([calendar.simulatedUs, calendar.skippedUs, calendar.cutsUs]).toEqual([250, 1750, [100, 150, 250]]);
    expect(Calendar.whole(500)).toMatchObject({ simulatedUs: 500, skippedUs: 0, cutsUs: [] });
  });
});

const YEAR_US = 365 * 24 * 60 * MIN;
const spells = fc.array(
  fc.record({ fromUs: fc.integer({ min: 0, max: YEAR_US - 1 }), lengthUs: fc.integer({ min: 0, max: 300 * MIN }) }),
  { maxLength: 60 },
);
const margins = { beforeUs: 30 * S, afterUs: 180 * S, warmUpUs: 60 * S, endUs: YEAR_US };

describe("busy stretches", () => {
  it("hold every spell with its margins, and are whole seconds apart by whole minutes", () => {
    fc.assert(
      fc.property(spells, (drawn) => {
        const all = drawn.map(({ fromUs, lengthUs }) => ({ fromUs, untilUs: fromUs + lengthUs }));
        const stretches = busyStretches(all, margins);
        for (const { fromUs, untilUs } of [{ fromUs: 0, untilUs: 60 * S }, ...all]) {
          const within = stretches.some(
            (stretch) =>
              stretch.fromUs <= Math.max(0, fromUs - margins.beforeUs) &&
              stretch.untilUs >= Math.min(YEAR_US, untilUs + margins.afterUs - (fromUs === 0 ? margins.afterUs : 0)),
          );
          expect(within).toBe(true);
        }
        stretches.slice(1).forEach(({ fromUs }, index) => {
          const skippedUs = fromUs - stretches[index]!.untilUs;
          expect(skippedUs).toBeGreaterThanOrEqual(GRAIN_US);
          expect(skippedUs % GRAIN_US).toBe(0);
          expect(stretches[index]!.untilUs % S).toBe(0);
        });
      }),
    );
  });

  it("make a calendar that never goes back and in which spells keep their length", () => {
    fc.assert(
      fc.property(spells, (drawn) => {
        const all = drawn.map(({ fromUs, lengthUs }) => ({ fromUs, untilUs: fromUs + lengthUs }));
        const calendar = new Calendar(busyStretches(all, margins), YEAR_US);
        const instants = all.flatMap(({ fromUs, untilUs }) => [fromUs, untilUs]).sort((a, b) => a - b);
        const simulated = instants.map((us) => calendar.simulatedAtUs(us));
        expect(simulated).toEqual([...simulated].sort((a, b) => a - b));
        for (const { fromUs, untilUs } of all) {
          const startUs = calendar.simulatedAtUs(fromUs);
          expect(calendar.calendarUs(startUs)).toBe(fromUs);
          expect(calendar.simulatedAtUs(untilUs) - startUs).toBe(untilUs - fromUs);
        }
        expect(calendar.simulatedUs + calendar.skippedUs).toBe(YEAR_US);
      }),
    );
  });

  it("are one where nothing is worth a cut", () => {
    const close = [
      { fromUs: 100 * S, untilUs: 200 * S },
      { fromUs: 460 * S, untilUs: 500 * S },
    ];
    expect(busyStretches(close, { ...margins, endUs: 600 * S })).toEqual([{ fromUs: 0, untilUs: 600 * S }]);
  });
});
