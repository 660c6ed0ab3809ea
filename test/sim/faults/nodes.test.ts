/** Nodes that work slowly, and nodes whose messages are tampered with. */
import { describe, expect, it } from "vitest";
import { Faults } from "../../../sim/faults/faults.js";
import { FaultyServiceTimes } from "../../../sim/faults/faulty-service-times.js";
import type { Tampering } from "../../../sim/faults/tampering.js";
import { IGNORED } from "../../../sim/service-times.js";
import { US_PER_MS } from "../../../sim/time.js";
import { fixedService, SEED, startedSimulationOf } from "../plain-world.js";
import { nodeFault, planOf } from "./plans.js";

const JOB = { priority: 1, payloadWeight: 0, ttlMs: 1e9 } as const;

describe("a node that is slowed down", () => {
  const faults = new Faults(
    planOf({
      nodes: [
        nodeFault(0, [100, 300], [1, 3], { kind: "slow", factor: 4 }),
        nodeFault(1, [200, 400], [3], { kind: "slow", factor: 1.5 }),
      ],
    }),
    SEED,
    5,
  );
  const times = new FaultyServiceTimes(fixedService(1_001), faults);
  const of = (address: number, ms: number) => times.serviceUs(address, JOB, ms * US_PER_MS, 0);

  it("takes as many times as long as all slow-downs under way say together, for jobs that it begins in them", () => {
    expect([99, 100, 299, 300].map((ms) => of(1, ms))).toEqual([1_001, 4_004, 4_004, 1_001]);
    expect([100, 200, 300, 400].map((ms) => of(3, ms))).toEqual([4_004, 6_006, 1_502, 1_001]);
    expect([0, 2, 4].map((address) => of(address, 250))).toEqual([1_001, 1_001, 1_001]);
    expect(faults.effects).toEqual([4, 2]);
  });

  it("ignores what it would ignore", () => {
    const ignoring = new FaultyServiceTimes({ serviceUs: () => IGNORED }, faults);
    expect(ignoring.serviceUs(3, JOB, 250 * US_PER_MS, 0)).toBe(IGNORED);
  });
});

describe("a node whose messages are tampered with", () => {
  /** Ways: to drop, to repeat, to change, and to toss a coin on dropping. */
  const tampering: Tampering<string> = {
    tamper: (way, _from, _to, message, random) => {
      if (way === "drop") return [];
      if (way === "repeat") return [message, message];
      if (way === "coin") return random() < 0.5 ? [] : [message];
      return way === "spare" ? [message] : [`${message}!`];
    },
  };
  const heardWith = (ways: readonly string[], setUp: { sends?: number; sender?: number } = {}) => {
    const { sends = 1, sender = 0 } = setUp;
    const heard: string[] = [];
    const nodes = ways.map((way, fault) => nodeFault(fault, [0, 50], [0], { kind: "tamper", way }));
    const faults = new Faults(planOf({ nodes }), SEED, 3);
    const simulation = startedSimulationOf<string>(
      [() => ({}), () => ({}), () => ({ receive: (_, message) => heard.push(message) })],
      { faults, tampering },
    );
    for (let i = 0; i < sends; i++) {
      simulation.command(i * US_PER_MS, 0, () => simulation.send(sender, 2, `m${i}`));
    }
    simulation.run(1_000 * US_PER_MS);
    expect(simulation.conservation.violations).toBe(0);
    expect(simulation.transport.counts.sent).toBe(heard.length);
    return { heard, effects: simulation.books().effects };
  };

  it.each<[string[], string[], number[]]>([
    [["drop"], [], [1]],
    [["repeat"], ["m0", "m0"], [1]],
    [["change"], ["m0!"], [1]],
    [["spare"], ["m0"], [0]],
    [
      ["repeat", "change"],
      ["m0!", "m0!"],
      [1, 2],
    ],
    [["drop", "change"], [], [1, 0]],
  ])("by %j sends %j instead", (ways, heard, effects) => {
    expect(heardWith(ways)).toEqual({ heard, effects });
  });

  it("sends what it says when the spell is over, and others always do", () => {
    expect(heardWith(["change"], { sends: 60 }).heard.filter((message) => message.endsWith("!"))).toHaveLength(50);
    expect(heardWith(["change"], { sender: 1 })).toEqual({ heard: ["m0"], effects: [0] });
  });

  it("may do so at random, by a stream that other faults do not shift", () => {
    const alone = heardWith(["coin"], { sends: 50 }).heard;
    expect(alone.length).toBeGreaterThan(10);
    expect(alone.length).toBeLessThan(40);
    expect(heardWith(["coin", "spare"], { sends: 50 }).heard).toEqual(alone);
  });
});

describe("a plan that makes no sense", () => {
  it.each([
    ["a spell that ends as it begins", nodeFault(0, [5, 5], [0], { kind: "crash" }), "ends after it has begun"],
    ["a spell before the run", nodeFault(0, [-5, 5], [0], { kind: "crash" }), "whole microsecond of the run"],
    ["half a microsecond", { ...nodeFault(0, [5, 9], [0], { kind: "crash" }), fromUs: 0.5 }, "whole microsecond"],
  ])("is refused: %s", (_, fault, message) => {
    expect(() => new Faults(planOf({ nodes: [fault] }), SEED, 1)).toThrow(message);
  });

  it("is refused: a fault that is not declared", () => {
    const nodes = [nodeFault(1, [0, 5], [0], { kind: "crash" })];
    expect(() => new Faults({ ...planOf({ nodes }), declared: 1 }, SEED, 1)).toThrow("one of the declared");
  });
});
