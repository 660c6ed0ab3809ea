/** Charts over time of a run that leaves the quiet between faults out: what is dated by the calendar lies where it was simulated. */
import { expect, test } from "vitest";
import { timeAxis } from "../../reports/html/charts/time-axis.js";
import { exampleResults } from "./fixture.js";

const results = exampleResults();

test("an instant lies where it is when nothing was left out", () => {
  const { at } = timeAxis(results);
  expect([0, 12.5, 1e6].map(at)).toEqual([0, 12.5, 1e6]);
});

test("stretches lie end to end, and what was left out lies at the cut", () => {
  const calendar = {
    simulatedS: 300,
    skippedS: 99_700,
    cuts: 2,
    unsettledCuts: 0,
    unsettled: [],
    stretches: [
      { fromS: 0, untilS: 100, simulatedFromS: 0 },
      { fromS: 5_000, untilS: 5_200, simulatedFromS: 100 },
    ],
  };
  const scenario = { ...results.scenario, warmUpS: 10, durationS: 99_990 };
  const charts = { ...results.charts, messageRate: [], hitRate: [] };
  const { at, endS } = timeAxis({ ...results, calendar, scenario, charts });
  expect(endS).toBe(300);
  expect([0, 40, 100, 3_000, 5_000, 5_060, 5_200, 100_000].map(at)).toEqual([0, 40, 100, 100, 100, 160, 300, 300]);
});
