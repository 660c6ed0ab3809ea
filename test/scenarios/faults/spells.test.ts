/** When faults strike: as declared, and at random with the rates and lengths of their closed forms. */
import { describe, expect, it } from "vitest";
import { loadWorld } from "../../../models/world.js";
import { failuresOf } from "../../../scenarios/faults/failure-process.js";
import { faultRows } from "../../../scenarios/faults/fault-rows.js";
import { KeyedDraw } from "../../../scenarios/faults/keyed-draw.js";
import { killsOf } from "../../../scenarios/faults/memory-pressure.js";
import { joined, type Span, strikesOf } from "../../../scenarios/faults/spans.js";
import type { When } from "../../../scenarios/language/fault-timing.js";
import { staged } from "./staged.js";

const US_PER_H = 3_600e6;
const YEAR_US = 8_766 * US_PER_H;
const world = loadWorld({});

const spellsOf = (timing: string) =>
  staged(`- crash: { sector: 1 }\n  ${timing}`).stagedFaults.plan.nodes.map(({ fromUs, untilUs }) => [
    fromUs / 1e6,
    untilUs / 1e6,
  ]);

describe("a fault strikes", () => {
  // The run is of 10 s of warm-up and 90 s after it.
  it.each<[timing: string, expected: number[][]]>([
    ["at: 20 s\n  for: 5 s", [[20, 25]]],
    ["for: 5 s", [[10, 15]]],
    ["at: 20 s", [[20, Number.POSITIVE_INFINITY]]],
    [
      "at: 20 s\n  every: 40 s\n  for: 5 s",
      [
        [20, 25],
        [60, 65],
      ],
    ],
    [
      "at: 20 s\n  every: 10 s\n  count: 2\n  for: 10 s",
      [
        [20, 30],
        [30, 40],
      ],
    ],
    [
      "at: 20 s\n  for: 10 s\n  flapping: { on: 2 s, off: 3 s }",
      [
        [20, 22],
        [25, 27],
      ],
    ],
    [
      "at: 20 s\n  for: 8 s\n  flapping: { on: 4 s, off: 2 s }",
      [
        [20, 24],
        [26, 28],
      ],
    ],
  ])("%s", (timing, expected) => {
    expect(spellsOf(timing)).toEqual(expected);
  });

  it("at the same times whatever other faults there are", () => {
    const mine = "- name: mine\n  crash: { sector: 1 }\n  rate: 6 / min\n  lasting: { mean: 1 s }";
    const alone = staged(mine).stagedFaults.plan.nodes.map(({ fromUs, untilUs }) => [fromUs, untilUs]);
    const after = staged(`- crash: { sector: 2 }\n  rate: 1 / min\n  lasting: { mean: 3 s }\n${mine}`).stagedFaults.plan
      .nodes;
    expect(after.filter(({ fault }) => fault === 1).map(({ fromUs, untilUs }) => [fromUs, untilUs])).toEqual(alone);
    expect(alone.length).toBeGreaterThan(3);
  });
});

function random(when: Omit<When, "anew">, seed = 1): Span[] {
  const setup = { name: "f", seed, world, defaultAtUs: 0, endUs: YEAR_US, most: 100_000 };
  return strikesOf({ ...when, anew: true }, setup).flat();
}

const mean = (numbers: readonly number[]) => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
const lengthsMs = (spans: readonly Span[]) => spans.map(({ fromUs, untilUs }) => (untilUs - fromUs) / 1e3);

describe("a Poisson process", () => {
  it("has as many starts as its rate says, within 4 standard deviations, and gaps that vary as much as their mean", () => {
    const starts = random({ ratePerSecond: 1 / 3600, forMs: 1 }).map(({ fromUs }) => fromUs);
    expect(Math.abs(starts.length - 8766)).toBeLessThan(4 * Math.sqrt(8766));
    const gaps = starts.slice(1).map((at, index) => (at - starts[index]!) / US_PER_H);
    const variance = mean(gaps.map((gap) => gap * gap)) - mean(gaps) * mean(gaps);
    // An exponential has a coefficient of variation of 1; its estimate from n gaps has a standard deviation of 1 / sqrt(n).
    expect(Math.abs(Math.sqrt(variance) / mean(gaps) - 1)).toBeLessThan(4 / Math.sqrt(gaps.length));
  });

  it("whose strikes overlap is one longer strike, where it strikes the same each time", () => {
    const setup = { name: "f", seed: 1, world, defaultAtUs: 0, endUs: YEAR_US, most: 100_000 };
    const spans = strikesOf({ ratePerSecond: 1 / 3600, forMs: 3_600_000, anew: false }, setup).flat();
    for (const [index, { fromUs }] of spans.slice(1).entries()) expect(fromUs).toBeGreaterThan(spans[index]!.untilUs);
    // The share of time in which nobody is served in M/G/infinity is exp(-rate x mean) = 1 / e; so is what is whole here.
    const broken = spans.reduce((sum, { fromUs, untilUs }) => sum + Math.min(YEAR_US, untilUs) - fromUs, 0) / YEAR_US;
    expect(Math.abs(1 - broken - Math.exp(-1))).toBeLessThan(0.02);
  });
});

describe("lengths", () => {
  const rate = { ratePerSecond: 1 / 3600 };

  it("exponential: mean within 4 standard errors", () => {
    const lengths = lengthsMs(random({ ...rate, lasting: { meanMs: 5000 } }));
    expect(Math.abs(mean(lengths) / 5000 - 1)).toBeLessThan(4 / Math.sqrt(lengths.length));
  });

  it("lognormal: mean and spread of the logarithm within 4 standard errors", () => {
    const logs = lengthsMs(random({ ...rate, lasting: { medianMs: 60_000, sigma: 1.2 } })).map(Math.log);
    const error = 1.2 / Math.sqrt(logs.length);
    expect(Math.abs(mean(logs) - Math.log(60_000))).toBeLessThan(4 * error);
    const sigma = Math.sqrt(mean(logs.map((log) => (log - mean(logs)) * (log - mean(logs)))));
    expect(Math.abs(sigma - 1.2)).toBeLessThan(4 * error);
  });

  it("of partitions: the mixture's own mean, 0.7 LN(5 min, 1.2) + 0.3 LN(32 min, 0.9)", () => {
    const lengths = lengthsMs(random({ ...rate, lasting: { as: "partitions" } }));
    // Mean of a lognormal: median x exp(sigma^2 / 2); of its square: median^2 x exp(2 sigma^2).
    const expected = 0.7 * 5 * Math.exp(0.72) + 0.3 * 32 * Math.exp(0.405);
    const square = 0.7 * 25 * Math.exp(2.88) + 0.3 * 1024 * Math.exp(1.62);
    const error = Math.sqrt((square - expected * expected) / lengths.length);
    expect(Math.abs(mean(lengths) / 60_000 - expected)).toBeLessThan(4 * error);
  });
});

describe("random failures", () => {
  const process = (burstShare: number) => ({
    units: 400,
    mtbfMs: 1000 * 3_600_000,
    repair: { meanMs: 3_600_000 } as const,
    burstShare,
    burstSize: 5,
    world,
    seed: 3,
    name: "f",
  });

  it("strike each unit once in its MTBF, and take MTTR to mend: down for MTTR / (MTBF + MTTR) of the time", () => {
    const down = failuresOf(process(0), { fromUs: 0, untilUs: YEAR_US }, 100_000).flat();
    const expected = (400 * 8766) / 1001;
    expect(Math.abs(down.length - expected)).toBeLessThan(4 * Math.sqrt(expected));
    const share = down.reduce((sum, { fromUs, untilUs }) => sum + untilUs - fromUs, 0) / (400 * YEAR_US);
    expect(Math.abs(share * 1001 - 1)).toBeLessThan((4 * Math.SQRT2) / Math.sqrt(expected));
  });

  it("come in bursts by the share and the size that are asked for, together as often as without", () => {
    const down = failuresOf(process(0.37), { fromUs: 0, untilUs: YEAR_US }, 100_000);
    const starts = down.flatMap((spans, unit) => spans.map(({ fromUs }) => ({ fromUs, unit })));
    const expected = (400 * 8766) / 1000;
    // A burst's size is geometric with mean 5, so that the number of failures varies sqrt(9) times as much as Poisson's at most.
    expect(Math.abs(starts.length - expected)).toBeLessThan(4 * 3 * Math.sqrt(expected));
    // Failures with a neighbour's within the window of two minutes are bursts': all but those of size 1, which are 1/25 of them.
    const near = (one: (typeof starts)[number], other: (typeof starts)[number]) =>
      one !== other &&
      Math.abs(one.fromUs - other.fromUs) < 120e6 &&
      Math.min((one.unit - other.unit + 400) % 400, (other.unit - one.unit + 400) % 400) <= 20;
    const together = starts.filter((one) => starts.some((other) => near(one, other))).length / starts.length;
    expect(Math.abs(together - 0.37 * (1 - 1 / 25))).toBeLessThan(0.06);
  });

  it("never strike a unit that is down", () => {
    for (const spans of failuresOf(
      { ...process(0.5), mtbfMs: 3_600_000 },
      { fromUs: 0, untilUs: 100 * US_PER_H },
      100_000,
    )) {
      expect(joined(spans)).toEqual(spans);
    }
  });
});

describe("memory pressure", () => {
  it("kills as a Poisson process while the process runs, and waits twice as long each time, from 10 s to 300 s", () => {
    const draw = KeyedDraw.of(1, "kills");
    const down = killsOf(1 / 600, { fromUs: 0, untilUs: 1000 * US_PER_H }, YEAR_US, world, draw, 100_000);
    expect(lengthsMs(down).slice(0, 7)).toEqual([10, 20, 40, 80, 160, 300, 300].map((s) => s * 1000));
    const downUs = lengthsMs(down).reduce((sum, ms) => sum + ms * 1e3, 0);
    const expected = (1000 * US_PER_H - downUs) / 600e6;
    expect(Math.abs(down.length - expected)).toBeLessThan(4 * Math.sqrt(expected));
  });
});

describe("the spells that results tell of", () => {
  const rowOf = (spells: readonly Span[]) => {
    const fault = { name: "f", kind: "crash", description: "", spells };
    const outcome = { stage: { stagedFaults: { faults: [fault] } }, books: { effects: [1] }, pushed: [] };
    return faultRows(outcome as unknown as Parameters<typeof faultRows>[0])[0]!;
  };

  it("are all of a few", () => {
    const row = rowOf([
      { fromUs: 1e6, untilUs: 2e6 },
      { fromUs: 2e6, untilUs: Number.POSITIVE_INFINITY },
    ]);
    expect(row.spells).toEqual([
      { fromS: 1, untilS: 2 },
      { fromS: 2, untilS: null },
    ]);
  });

  it("are the first and stretches that cover the others, to the last, where there are too many for a chart", () => {
    const spells = Array.from({ length: 20_000 }, (_, i) => ({ fromUs: i * 3e6, untilUs: i * 3e6 + 1e6 }));
    const { spells: shown, spellCount } = rowOf([...spells, { fromUs: 80_000e6, untilUs: 80_001e6 }]);
    expect(spellCount).toBe(20_001);
    expect(shown).toEqual([
      { fromS: 0, untilS: 1 },
      { fromS: 3, untilS: 59_998 },
      { fromS: 80_000, untilS: 80_001 },
    ]);
  });
});
