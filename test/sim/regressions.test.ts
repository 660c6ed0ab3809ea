/** What the engine once got wrong: each test holds the repair of one defect that its tests found. */
import { describe, expect, it } from "vitest";
import { noMessages } from "../../sim/network.js";
import { US_PER_S } from "../../sim/time.js";
import { CHATTER_US, chatter } from "./chatter.js";
import { idle, startedSimulationOf } from "./plain-world.js";

describe("running", () => {
  it("to an instant that is past is refused: time never goes back", () => {
    const simulation = startedSimulationOf([idle]);
    simulation.run(2 * US_PER_S);
    expect(() => simulation.run(US_PER_S)).toThrow();
    expect(simulation.nowUs).toBe(2 * US_PER_S);
  });

  it("with leave for no event at all lets none happen", () => {
    const simulation = startedSimulationOf([idle]);
    simulation.command(10, 0, () => {});
    simulation.run(US_PER_S, 0);
    expect(simulation.eventCount).toBe(0);
  });
});

describe("the judge of conservation", () => {
  it("is asked at the end of a run, too: a message swallowed after the last event, or at the start, is found", () => {
    const counts = noMessages();
    const simulation = startedSimulationOf([(host) => ({ start: () => host.send(1, "hello") }), idle], {
      makeTransport: () => ({ counts, transmit: () => {} }),
    });
    simulation.run(US_PER_S);
    expect(simulation.conservation.violations).toBeGreaterThan(0);
  });
});

describe("the fingerprint", () => {
  it("of the seconds before a command is the same as without it: it tells when two runs first differ", () => {
    const without = chatter();
    const withCommand = chatter();
    withCommand.command(4_500_000, 3, () => {}); // given before the run, as a scenario's workload is
    without.run(CHATTER_US);
    withCommand.run(CHATTER_US);
    expect(withCommand.fingerprint.seconds.slice(0, 4)).toEqual(without.fingerprint.seconds.slice(0, 4));
  });
});
