import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Spell } from "../../../sim/faults/fault-plan.js";
import { FaultSchedule } from "../../../sim/faults/fault-schedule.js";

const spells = fc.array(
  fc
    .record({
      fault: fc.nat(3),
      fromUs: fc.nat(50),
      lastUs: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.constant(1e9)),
    })
    .map(({ fault, fromUs, lastUs }): Spell => {
      return { fault, fromUs, untilUs: lastUs === 1e9 ? Number.POSITIVE_INFINITY : fromUs + lastUs };
    }),
  { maxLength: 12 },
);

describe("a fault schedule", () => {
  it("names what is under way at any instant, asked in any order, as a search of the whole plan does", () => {
    fc.assert(
      fc.property(spells, fc.array(fc.integer({ min: -1, max: 100 }), { maxLength: 40 }), (plan, instants) => {
        const schedule = new FaultSchedule(plan);
        for (const us of instants) {
          expect(schedule.at(us)).toEqual(plan.filter(({ fromUs, untilUs }) => fromUs <= us && us < untilUs));
        }
      }),
    );
  });

  it("is empty where nothing is planned", () => {
    expect(new FaultSchedule([]).at(5)).toEqual([]);
  });
});
