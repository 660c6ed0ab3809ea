import { describe, expect, it } from "vitest";
import { WorldClocks } from "../../models/clocks.js";
import { US_PER_S } from "../../sim/time.js";
import { clusterOf, SEED } from "./fixtures.js";
import { rootMeanSquare } from "./samples.js";

/** 2026-01-01T00:00:00Z. */
const EPOCH_MS = 1_767_225_600_000;

/** Oscillators that are exact, settings that are exact. */
const perfect = {
  "clocks.rate.crystalSigmaPpm": 0,
  "clocks.rate.vmSigmaPpm": 0,
  "clocks.rate.dailyCrystalPpm": 0,
  "clocks.rate.dailyServerPpm": 0,
  "clocks.residual.internetMs": 0,
  "clocks.residual.dataCentreMs": 0,
};

function clocksOf(hardware: "A" | "E" | "D", count: number, overrides: Readonly<Record<string, number>> = {}) {
  const { world, sites } = clusterOf(hardware, count, { "hosts.board.agents": 1, ...overrides });
  return new WorldClocks(world, sites, SEED);
}

/** What a clock shows beyond true time, in ms. */
function offsetMs(clocks: WorldClocks, address: number, trueUs: number): number {
  return clocks.wallMs(address, trueUs) - EPOCH_MS - trueUs / 1_000;
}

/** The rate error at an instant, from how long the oscillator takes for 10^9 ms. */
function rateError(clocks: WorldClocks, address: number, trueUs: number): number {
  return 1e12 / clocks.trueDurationUs(address, 1e9, trueUs) - 1;
}

describe("a clock", () => {
  it("without any error shows the epoch plus true time", () => {
    const clocks = clocksOf("E", 3, perfect);
    for (const trueUs of [0, 1, 999_999, 86_400 * US_PER_S + 7]) {
      expect(Math.abs(offsetMs(clocks, 1, trueUs))).toBeLessThan(5e-4); // the grain of a double at this epoch
      expect(clocks.trueDurationUs(1, 1_234.567, trueUs)).toBe(1_234_567);
    }
  });

  it("reads rate x time since it was last set, where settings are exact: a sawtooth", () => {
    const pollS = 500;
    const clocks = clocksOf("E", 20, {
      ...perfect,
      "clocks.rate.crystalSigmaPpm": 15,
      "clocks.poll.shortestS": pollS,
      "clocks.poll.longestS": pollS,
    });
    for (let agent = 1; agent <= 20; agent++) {
      const rate = rateError(clocks, agent, 0);
      const sinceSetS = (trueS: number) => offsetMs(clocks, agent, trueS * US_PER_S) / 1_000 / rate;
      const atStartS = sinceSetS(0);
      const slackS = 1e-6 / Math.abs(rate);
      expect(atStartS).toBeGreaterThanOrEqual(-slackS);
      expect(atStartS).toBeLessThan(pollS + slackS);
      for (let trueS = 0; trueS < 4 * pollS; trueS += 37) {
        const expectedS = (atStartS + trueS) % pollS;
        const apart = Math.abs(sinceSetS(trueS) - expectedS);
        expect(Math.min(apart, pollS - apart)).toBeLessThan(2 * slackS);
      }
    }
  });

  it("is stepped at its poll interval and at no other time", () => {
    const clocks = clocksOf("A", 1, { ...perfect, "clocks.residual.dataCentreMs": 50, "clocks.poll.longestS": 64 });
    const stepsAtS: number[] = [];
    for (let s = 1; s <= 6_400; s++) {
      const change = offsetMs(clocks, 1, s * US_PER_S) - offsetMs(clocks, 1, (s - 1) * US_PER_S);
      if (Math.abs(change) > 0.01) stepsAtS.push(s);
    }
    expect(stepsAtS).toHaveLength(100);
    expect(new Set(stepsAtS.slice(1).map((s, i) => s - stepsAtS[i]!))).toEqual(new Set([64]));
  });

  it("has timers of the oscillator's length: 50 ppm fast, and an hour is 180 ms short", () => {
    const clocks = clocksOf("E", 200, { ...perfect, "clocks.rate.crystalSigmaPpm": 10_000, "clocks.rate.clipPpm": 50 });
    const hours = Array.from({ length: 200 }, (_, i) => clocks.trueDurationUs(i + 1, 3_600_000, 0));
    const shortest = 3_600_000_000 / (1 + 50e-6);
    expect(Math.min(...hours)).toBe(Math.round(shortest));
    expect(Math.max(...hours)).toBe(Math.round(3_600_000_000 / (1 - 50e-6)));
  });

  it("is the same whatever was asked before: a function of seed and time", () => {
    const inOrder = clocksOf("E", 2);
    const backwards = clocksOf("E", 2);
    const instants = Array.from({ length: 50 }, (_, i) => i * 333 * US_PER_S);
    const forward = instants.map((us) => inOrder.wallMs(1, us));
    const reverse = [...instants].reverse().map((us) => backwards.wallMs(1, us));
    expect(reverse.reverse()).toEqual(forward);
  });

  it("does not depend on sites added at the end", () => {
    const few = clocksOf("E", 3);
    const many = clocksOf("E", 9);
    for (let s = 0; s < 20_000; s += 500) expect(many.wallMs(2, s * US_PER_S)).toBe(few.wallMs(2, s * US_PER_S));
  });
});

describe("the population of clocks", () => {
  const machines = 4_000;
  /** 3.29 standard errors of a standard deviation, relative. */
  const slack = 3.29 / Math.sqrt(2 * machines);

  it.each([
    ["E", 15],
    ["A", 30],
  ] as const)("of class %s has rates of %d ppm", (hardware, ppm) => {
    const clocks = clocksOf(hardware, machines, {
      ...perfect,
      "clocks.rate.crystalSigmaPpm": 15,
      "clocks.rate.vmSigmaPpm": 30,
    });
    const rates = Array.from({ length: machines }, (_, i) => rateError(clocks, i + 1, 0) * 1e6);
    expect(Math.abs(rootMeanSquare(rates) / ppm - 1)).toBeLessThan(slack + 0.005);
    expect(rates.every((rate) => Math.abs(rate) <= 100.001)).toBe(true);
  });

  it.each([
    ["E", 3],
    ["A", 0.3],
  ] as const)("of class %s is off by %d ms after a setting", (hardware, ms) => {
    const clocks = clocksOf(hardware, machines, {
      ...perfect,
      "clocks.residual.internetMs": 3,
      "clocks.residual.dataCentreMs": 0.3,
    });
    for (const atS of [5_000, 50_000]) {
      const offsets = Array.from({ length: machines }, (_, i) => offsetMs(clocks, i + 1, atS * US_PER_S));
      expect(Math.abs(rootMeanSquare(offsets) / ms - 1)).toBeLessThan(slack);
    }
  });

  it("swings daily around its constant rate by the given amplitude", () => {
    const clocks = clocksOf("E", 50, { ...perfect, "clocks.rate.dailyCrystalPpm": 3 });
    for (let agent = 1; agent <= 50; agent++) {
      const rates: number[] = [];
      for (let s = 0; s < 86_400; s += 300) rates.push(rateError(clocks, agent, s * US_PER_S) * 1e6);
      expect(Math.max(...rates)).toBeCloseTo(3, 1);
      expect(Math.min(...rates)).toBeCloseTo(-3, 1);
    }
  });

  it("runs truer by the share of the rate error that is corrected", () => {
    const free = clocksOf("D", 20);
    const corrected = clocksOf("D", 20, { "clocks.rate.correctedShare": 0.9 });
    for (let agent = 1; agent <= 20; agent++) {
      expect(rateError(corrected, agent, 0) * 1e6).toBeCloseTo(rateError(free, agent, 0) * 1e5, 4);
    }
  });
});

describe("boards", () => {
  it("share one clock among their agents, and only among theirs", () => {
    const { world, sites } = clusterOf("E", 20, { "hosts.board.agents": 10 });
    const clocks = new WorldClocks(world, sites, SEED);
    const readings = Array.from({ length: 20 }, (_, i) => clocks.wallMs(i + 1, 77 * US_PER_S));
    expect(new Set(readings.slice(0, 10)).size).toBe(1);
    expect(new Set(readings.slice(10)).size).toBe(1);
    expect(readings[0]).not.toBe(readings[10]);
  });

  it("that lost power are behind until their first synchronisation, within one poll interval", () => {
    const boards = 500;
    const clocks = clocksOf("E", boards, {
      "clocks.unsynchronised.boardShare": 0.4,
      "clocks.unsynchronised.behindS": 3_600,
    });
    let behind = 0;
    for (let board = 1; board <= boards; board++) {
      const atStartMs = offsetMs(clocks, board, 0);
      expect(atStartMs).toBeGreaterThan(-3_600_200);
      if (atStartMs < -1_000) behind++;
      expect(Math.abs(offsetMs(clocks, board, 1_024 * US_PER_S))).toBeLessThan(200);
    }
    expect(Math.abs(behind / boards - 0.4)).toBeLessThan(3.29 * Math.sqrt((0.4 * 0.6) / boards));
  });
});
