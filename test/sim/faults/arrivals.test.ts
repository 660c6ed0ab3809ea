/** Nodes whose first process comes later: they are not there before, and nothing has happened to them. */
import { describe, expect, it } from "vitest";
import type { NodeTrouble } from "../../../sim/faults/fault-plan.js";
import { Faults } from "../../../sim/faults/faults.js";
import { US_PER_MS } from "../../../sim/time.js";
import { SEED, simulationOf } from "../plain-world.js";
import { nodeFault, planOf, type Span } from "./plans.js";

/** Node 0 says hello to node 1 every 10 ms, which is there from 100 ms on and keeps what it hears. */
function ran(untilMs: number, troubles: readonly (readonly [Span, NodeTrouble])[] = [], provisionsAtMs = Number.NaN) {
  const heard: number[] = [];
  const lives: string[] = [];
  const faults = new Faults(
    planOf({ nodes: troubles.map(([span, trouble], fault) => nodeFault(fault, span, [1], trouble)) }),
    SEED,
    2,
  );
  const simulation = simulationOf<string>(
    [
      (host) => ({
        start: () => host.setTimer(10, 1),
        wake: () => {
          host.send(1, "hello");
          if (host.now() === provisionsAtMs) host.provision(1);
          host.setTimer(10, 1);
        },
      }),
      (host) => ({ receive: () => heard.push(host.now()) }),
    ],
    {
      arrivals: [{ address: 1, atUs: 100 * US_PER_MS }],
      faults,
      platform: { orderUs: () => US_PER_MS, startUpUs: () => 5 * US_PER_MS },
      observer: { onLife: (nowUs, address, life) => lives.push(`${nowUs / US_PER_MS} ${address} ${life}`) },
    },
  );
  simulation.start();
  simulation.run(untilMs * US_PER_MS);
  return { heard, lives, simulation, books: simulation.books(), effects: faults.effects };
}

describe("a node that arrives", () => {
  it("takes nothing in before, and everything after; it neither ended nor was started again", () => {
    const { heard, lives, books } = ran(155);
    // Sent at 10, 20, ...; ten milliseconds on the way. What comes at 100 ms has the lower rank, and finds nobody yet.
    expect(heard).toEqual([110, 120, 130, 140, 150]);
    expect(lives).toEqual(["100 1 joined"]);
    expect(books.lives).toMatchObject({ joined: 1, ended: 0, started: 0, provisioned: 0, provisionsRefused: 0 });
    expect(books.messages.undelivered).toBe(9);
    expect(books.violations).toBe(0);
  });

  it("has no process before", () => {
    const { simulation } = ran(50);
    expect(simulation.lives.isRunning(1)).toBe(false);
    expect(simulation.nodes[1]).toBeUndefined();
  });

  it("is not struck by crashes and pauses before it is there, nor brought up by their end or by an order", () => {
    const before = ran(
      95,
      [
        [[20, 40], { kind: "crash" }],
        [[30, 60], { kind: "pause" }],
      ],
      50,
    );
    expect(before.lives).toEqual([]);
    expect(before.effects).toEqual([0, 0]);
    expect(before.books.lives.provisioned).toBe(0);
    expect(ran(155, [[[80, 120], { kind: "crash" }]]).lives).toEqual(["100 1 joined"]);
  });

  it("waits for the power, which then took effect", () => {
    const { lives, effects } = ran(200, [[[80, 130], { kind: "power-off" }]]);
    expect(lives).toEqual(["130 1 joined"]);
    expect(effects).toEqual([1]);
    expect(ran(200, [[[20, 60], { kind: "power-off" }]])).toMatchObject({ lives: ["100 1 joined"], effects: [0] });
  });

  it("waits for longer where the power goes elsewhere meanwhile, which took effect, too", () => {
    const { lives, effects } = ran(200, [
      [[80, 130], { kind: "power-off" }],
      [[110, 160], { kind: "power-off" }],
    ]);
    expect(lives).toEqual(["160 1 joined"]);
    expect(effects).toEqual([1, 1]);
  });

  it("crashes and comes back like everybody else once it is there", () => {
    const { lives, books } = ran(200, [[[120, 140], { kind: "crash" }]]);
    expect(lives).toEqual(["100 1 joined", "120 1 down", "140 1 up"]);
    expect(books.lives).toMatchObject({ joined: 1, ended: 1, started: 1 });
  });
});
