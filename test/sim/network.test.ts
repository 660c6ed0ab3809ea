import { describe, expect, it } from "vitest";
import { DROPPED, type Links, LOST, Network, noMessages } from "../../sim/network.js";
import { US_PER_S } from "../../sim/time.js";
import { startedSimulationOf } from "./plain-world.js";

type Fate = readonly [kind: "deliver" | "expire", atUs: number];

/** What one message, handed over at 1 s, comes to on a link with these delays. */
function fateOf(delayUs: number, duplicateDelayUs = 0, ttlMs = 100) {
  const fates: Fate[] = [];
  const links: Links = { delayUs: () => delayUs, duplicateDelayUs: () => duplicateDelayUs };
  const network = new Network<string>(links, () => ttlMs, {
    deliverAt: (atUs) => fates.push(["deliver", atUs - US_PER_S]),
    expireAt: (atUs) => fates.push(["expire", atUs - US_PER_S]),
  });
  network.transmit(0, 1, "hello", US_PER_S);
  return { fates, counts: network.counts };
}

const none = { ...noMessages(), sent: 1 };

describe("the network", () => {
  it("delivers a message after its link's delay", () => {
    expect(fateOf(5_000)).toEqual({ fates: [["deliver", 5_000]], counts: none });
  });

  it("owns up to what it loses and drops", () => {
    expect(fateOf(LOST)).toEqual({ fates: [], counts: { ...none, lost: 1 } });
    expect(fateOf(DROPPED)).toEqual({ fates: [], counts: { ...none, dropped: 1 } });
  });

  it("delivers both copies of a duplicated message, each after a delay of its own", () => {
    expect(fateOf(5_000, 7_000)).toEqual({
      fates: [
        ["deliver", 5_000],
        ["deliver", 7_000],
      ],
      counts: { ...none, duplicated: 1 },
    });
  });

  it("may lose a message and deliver its copy", () => {
    expect(fateOf(LOST, 7_000)).toEqual({ fates: [["deliver", 7_000]], counts: { ...none, lost: 1, duplicated: 1 } });
  });

  it("lets a message expire at the end of its time to live, and one that takes exactly that long arrive", () => {
    expect(fateOf(100_000).fates).toEqual([["deliver", 100_000]]);
    expect(fateOf(100_001).fates).toEqual([["expire", 100_000]]);
    expect(fateOf(1, 0, 0.0005).fates).toEqual([["expire", 1]]); // in whole µs, so not before its time
    expect(fateOf(1, 0, Number.POSITIVE_INFINITY).fates).toEqual([["deliver", 1]]);
  });

  it.each([0, 0.5, -4, Number.NaN])(
    "refuses a link with a delay of %d µs, which would be an effect without a cause",
    (delayUs) => {
      expect(() => fateOf(delayUs)).toThrow("a positive whole number");
    },
  );

  it("asks a link about the sender, the receiver and the time of every message", () => {
    const asked: number[][] = [];
    const links: Links = {
      delayUs: (from, to, nowUs) => {
        asked.push([from, to, nowUs]);
        return 10;
      },
      duplicateDelayUs: () => 0,
    };
    const simulation = startedSimulationOf([(host) => ({ start: () => host.send(1, "a") }), () => ({})], { links });
    simulation.command(500, 1, () => simulation.send(1, 0, "b"));
    simulation.run(1_000);
    expect(asked).toEqual([
      [0, 1, 0],
      [1, 0, 500],
    ]);
  });
});
