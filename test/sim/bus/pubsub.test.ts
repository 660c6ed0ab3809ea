/** ZeroMQ's PUB and SUB, on worked examples. The drops of a full pipe are held against M/M/1/K in `validation/`. */
import { describe, expect, it } from "vitest";
import { PubSub } from "../../../sim/bus/pubsub.js";
import { LOST } from "../../../sim/network.js";
import { US_PER_MS, US_PER_S } from "../../../sim/time.js";
import { post, type Sending, scripted } from "./post.js";

function ran(sendings: readonly Sending[], highWaterMark: number, handlingMs: readonly number[], delays = {}) {
  const links = scripted(delays);
  const left = [...handlingMs];
  const { simulation, delivered } = post(sendings, {
    links,
    makeTransport: (machinery) =>
      new PubSub(links, () => 1000, machinery, {
        highWaterMark,
        handlingUs: () => left.shift()! * US_PER_MS,
      }),
  });
  simulation.run(10 * US_PER_S);
  const { conservation, transport } = simulation;
  expect([conservation.violations, conservation.inFlight]).toEqual([0, 0]);
  return {
    deliveries: delivered.map(({ atMs, note }) => `${note.name}@${atMs}`),
    overflowed: transport.busCounts!.overflowed,
    counts: transport.counts,
  };
}

describe("a subscriber", () => {
  it("takes one message after the other, each when it has handled the one before", () => {
    const { deliveries } = ran(
      [
        [0, 0, 1],
        [1, 2, 1],
        [30, 0, 1],
      ],
      10,
      [10, 5, 1],
    );
    expect(deliveries).toEqual(["a@11", "b@16", "c@32"]); // all arrive after 1 ms
  });

  it("whose pipe is full loses the newest, and nobody waits", () => {
    const sendings: Sending[] = [
      [0, 0, 1],
      [1, 0, 1],
      [2, 0, 1],
      [3, 0, 1],
      [13, 0, 1],
    ];
    // Two in the pipe, the one in handling included: c and d find it full; at 14 a has left.
    const { deliveries, overflowed, counts } = ran(sendings, 2, [10, 10, 1, 1, 10]);
    expect(deliveries).toEqual(["a@11", "b@21", "e@31"]);
    expect([overflowed, counts.dropped, counts.delivered]).toEqual([2, 2, 3]);
  });

  it("that has just handled one has room for the next", () => {
    const { deliveries } = ran(
      [
        [0, 0, 1],
        [10, 0, 1],
      ],
      1,
      [10, 10],
    );
    expect(deliveries).toEqual(["a@11", "b@21"]); // b arrives at 11
  });

  it("does not slow others down", () => {
    const { deliveries } = ran(
      [
        [0, 0, 1],
        [0, 0, 2],
        [1, 0, 1],
      ],
      10,
      [100, 1, 1],
    );
    expect(deliveries).toEqual(["b@2", "a@101", "c@102"]);
  });

  it("does not get what its link loses, and nothing is sent again", () => {
    const { deliveries, counts } = ran(
      [
        [0, 0, 1],
        [1, 0, 1],
      ],
      10,
      [1, 1],
      { "0-1": [LOST] },
    );
    expect(deliveries).toEqual(["b@3"]);
    expect(counts).toMatchObject({ sent: 2, lost: 1, delivered: 1, duplicated: 0 });
  });
});
