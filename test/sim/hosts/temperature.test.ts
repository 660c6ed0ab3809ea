import { describe, expect, it } from "vitest";
import type { Heat } from "../../../sim/hosts/host-plan.js";
import { Temperature } from "../../../sim/hosts/temperature.js";
import { US_PER_MS, US_PER_S } from "../../../sim/time.js";
import { type NodePlan, startedSimulationOf } from "../plain-world.js";

const HEAT: Heat = {
  ambientC: 25,
  idleRiseC: 25,
  fullRiseC: 65,
  timeConstantS: 180,
  steps: [
    { fromC: 80, speed: 1000 / 1500 },
    { fromC: 82.5, speed: 750 / 1500 },
    { fromC: 85, speed: 600 / 1500 },
  ],
  hysteresisC: 2,
};

/** Without steps. */
const SMOOTH: Heat = { ...HEAT, steps: [] };

describe("temperature", () => {
  it("goes to where a constant load drives it as exp(-t / tau)", () => {
    const machine = new Temperature(SMOOTH);
    machine.setLoad(0.5);
    for (const s of [1, 60, 180, 1_000]) {
      machine.advance(s * US_PER_S);
      expect(machine.celsiusAt(s * US_PER_S)).toBeCloseTo(70 - 20 * Math.exp(-s / 180), 9); // from 50 to 25 + 45
    }
  });

  it("is the same in one stretch as in many", () => {
    const [whole, pieces] = [new Temperature(SMOOTH), new Temperature(SMOOTH)];
    whole.setLoad(1);
    pieces.setLoad(1);
    whole.advance(300 * US_PER_S);
    for (let s = 1; s <= 300; s++) pieces.advance(s * US_PER_S);
    expect(pieces.celsiusAt(300 * US_PER_S)).toBeCloseTo(whole.celsiusAt(300 * US_PER_S), 9);
  });

  it("comes to the first step at tau ln((target - start) / (target - step)), to the next whole us", () => {
    const machine = new Temperature(HEAT);
    machine.setLoad(1);
    const exactUs = 180e6 * Math.log((90 - 50) / (90 - 80));
    expect(machine.nextStepUs()).toBe(Math.ceil(exactUs));
    expect(machine.advance(machine.nextStepUs() - 1_000)).toBe(false);
    expect(machine.speed).toBe(1);
    expect(machine.advance(machine.nextStepUs())).toBe(true);
    expect(machine.speed).toBeCloseTo(2 / 3, 12);
    expect(machine.celsiusAt(Math.ceil(exactUs))).toBeCloseTo(80, 6);
  });

  it("never comes to a step that the load does not reach", () => {
    const machine = new Temperature(HEAT);
    machine.setLoad(0.7); // 25 + 25 + 28
    expect(machine.nextStepUs()).toBe(Number.POSITIVE_INFINITY);
  });

  it("takes back a step when it has cooled by the hysteresis, and counts the time until then", () => {
    const machine = new Temperature(HEAT);
    machine.setLoad(1);
    const hotUs = machine.nextStepUs();
    machine.advance(hotUs);
    machine.setLoad(0);
    const coolUs = machine.nextStepUs();
    expect((coolUs - hotUs) / 1e6).toBeCloseTo(180 * Math.log((80 - 50) / (78 - 50)), 5);
    expect(machine.advance(coolUs)).toBe(true);
    expect(machine.speed).toBe(1);
    expect(machine.throttledTotalUs(coolUs)).toBe(coolUs - hotUs);
    expect(machine.hottestUntilC(coolUs)).toBeCloseTo(80, 6);
  });
});

describe("a hot machine", () => {
  /** One job of `serviceS` on one core that runs hot: nothing happens meanwhile but what the machine does itself. */
  function endOfJobS(heat: Heat, serviceS: number): { endS: number; throttledShare: number | null } {
    let endS = 0;
    const node: NodePlan = (host) => ({
      start: () => host.work({ priority: 1, payloadWeight: 0, ttlMs: Number.POSITIVE_INFINITY }),
      done: () => {
        endS = host.now() / 1_000;
      },
    });
    const simulation = startedSimulationOf([node], {
      serviceTimes: { serviceUs: () => serviceS * US_PER_S },
      hosts: [
        {
          kind: "board",
          nodes: [0],
          sharing: { cores: 1, coreShare: 1, jobWritesPerS: 0, cardWritesPerS: Number.POSITIVE_INFINITY, heat },
        },
      ],
    });
    simulation.run(10_000 * US_PER_S);
    return { endS, throttledShare: simulation.books().hosts[0]!.throttledShare };
  }

  it("slows a job down at the very instant of the step, though nothing else happens then", () => {
    // At two thirds of its speed it heats to 25 + 25 + 40 x 2/3 = 76.7 and would cool: it swings between 78 and 80 degrees.
    const firstS = 180 * Math.log((90 - 50) / (90 - 80));
    const coolingS = 180 * Math.log((80 - 230 / 3) / (78 - 230 / 3));
    const heatingS = 180 * Math.log((90 - 78) / (90 - 80));
    // Until the first step; one stretch of cooling; one of heating; and 10 s of service in the next stretch of cooling.
    const serviceS = firstS + (coolingS * 2) / 3 + heatingS + 10;
    expect(endOfJobS(HEAT, Math.round(serviceS * 1e6) / 1e6).endS).toBeCloseTo(
      firstS + coolingS + heatingS + (10 * 3) / 2,
      4,
    );
    expect(endOfJobS(SMOOTH, 500).endS).toBe(500);
  });

  it("that runs into every step and stays there runs at the last speed", () => {
    // So hot a place that it stays above 85 degrees even at 600 MHz: all steps are passed on the way there.
    const hot: Heat = { ...HEAT, ambientC: 65, idleRiseC: 14 };
    const { throttledShare } = endOfJobS(hot, 4_000);
    expect(throttledShare).toBeGreaterThan(0.9);
    expect(endOfJobS(hot, 4_000).endS).toBeGreaterThan(9_900);
    expect(endOfJobS(hot, 4_000).endS).toBeLessThan(4_000 * 2.5);
  });

  it("leaves what happens to millisecond jobs as it was while it is cool", () => {
    expect(endOfJobS(HEAT, 10 / 1_000).endS).toBe((10 * US_PER_MS) / US_PER_S);
  });
});
