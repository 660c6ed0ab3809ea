import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Host, Node } from "../../protocol/contract.js";
import { EventKind } from "../../sim/event-store.js";
import { US_PER_MS, US_PER_S } from "../../sim/time.js";
import { CHATTER_US, chatter } from "./chatter.js";
import { fixedLinks, idle, type NodePlan, nodeOf, simulationOf, startedSimulationOf } from "./plain-world.js";

describe("the order of events", () => {
  it("is time first, whatever the order in which they were scheduled", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 5_000_000 }), { minLength: 1, maxLength: 60 }), (instantsUs) => {
        const happened: number[] = [];
        const simulation = startedSimulationOf([idle]);
        for (const atUs of instantsUs) simulation.command(atUs, 0, () => happened.push(atUs));
        simulation.run(5_000_000);
        expect(happened).toEqual([...instantsUs].sort((a, b) => a - b));
      }),
    );
  });

  it("is origin address, then the origin's own sequence, at one instant, however origins took turns scheduling", () => {
    const turns = fc.array(fc.nat({ max: 5 }), { minLength: 2, maxLength: 60 });
    fc.assert(
      fc.property(turns, (origins) => {
        const happened: [origin: number, turn: number][] = [];
        const simulation = startedSimulationOf([idle, idle, idle, idle, idle, idle]);
        origins.forEach((origin, turn) => {
          simulation.command(7, origin, () => happened.push([origin, turn]));
        });
        simulation.run(7);
        const expected = origins.map((origin, turn) => [origin, turn]);
        expect(happened).toEqual(expected.sort((a, b) => a[0]! - b[0]! || a[1]! - b[1]!));
      }),
    );
  });

  it("goes by who sent a message, not by who receives it", () => {
    const received: string[] = [];
    const node: NodePlan<string> = (host) => ({
      start: () => host.send(3 - host.self, `from ${host.self}`),
      receive: (from, message) => received.push(`${host.self} hears ${message} (${from})`),
    });
    startedSimulationOf([node, node, node, node]).run(US_PER_S);
    expect(received).toEqual(["3 hears from 0 (0)", "2 hears from 1 (1)", "1 hears from 2 (2)", "0 hears from 3 (3)"]);
  });
});

describe("a handler", () => {
  it("runs to its end before the next begins, whatever it asks for", () => {
    let running = 0;
    let calls = 0;
    const once =
      <Arguments extends unknown[]>(handler: (...given: Arguments) => void) =>
      (...given: Arguments) => {
        expect(running).toBe(0);
        running++;
        calls++;
        handler(...given);
        running--;
      };
    const node = (host: Host<number, unknown>): Node<number> => {
      const askForEverything = () => {
        if (calls > 2_000) return;
        host.work({ priority: 1, payloadWeight: 0, ttlMs: 0 });
        host.work({ priority: 3, payloadWeight: 0, ttlMs: 100 });
        host.setTimer(0, 0);
        host.send(host.self, 1);
      };
      return {
        start: once(askForEverything),
        receive: once(askForEverything),
        wake: once(() => {}),
        done: once(askForEverything),
      };
    };
    const simulation = startedSimulationOf([node], {
      links: fixedLinks(1),
      queueCapacity: 1,
      serviceTimes: { serviceUs: () => 0 },
    });
    simulation.run(US_PER_S);
    expect(calls).toBeGreaterThan(2_000);
  });

  it("sees one time from its beginning to its end", () => {
    const times: number[] = [];
    const node: NodePlan = (host) => ({
      wake: () => {
        times.push(host.now());
        host.setTimer(5, 1);
        host.work({ priority: 1, payloadWeight: 0, ttlMs: 0 });
        times.push(host.now());
      },
      start: () => host.setTimer(1.5, 1),
    });
    startedSimulationOf([node]).run(7 * US_PER_MS);
    expect(times).toEqual([1.5, 1.5, 6.5, 6.5]);
  });
});

describe("starting", () => {
  it("starts every node once, in the order of their addresses, at time 0", () => {
    const started: number[][] = [];
    const node: NodePlan = (host) => ({ start: () => started.push([host.self, host.now()]) });
    const simulation = simulationOf([node, node, node]);
    expect(started).toEqual([]);
    simulation.start();
    simulation.run(US_PER_S);
    expect(started).toEqual([
      [0, 0],
      [1, 0],
      [2, 0],
    ]);
  });

  it("needs as many nodes as the simulation was set up for", () => {
    expect(() => simulationOf([idle], { nodeCount: 2 }).start()).toThrow("fewer nodes");
    expect(() => simulationOf([idle, idle], { nodeCount: 1 })).toThrow("more nodes");
  });

  it("hands out addresses from 0", () => {
    const simulation = simulationOf([], { nodeCount: 2 });
    expect([simulation.attach(() => nodeOf({})), simulation.attach(() => nodeOf({}))]).toEqual([0, 1]);
  });
});

describe("a command", () => {
  it("happens at its node at its instant, and an instant that is just now is not past", () => {
    const happened: [atUs: number, kind: number, target: number][] = [];
    const simulation = startedSimulationOf([idle, idle], {
      observer: { onEvent: (atUs, kind, _, target) => happened.push([atUs, kind, target]) },
    });
    simulation.run(1_000);
    simulation.command(2_500, 1, () => {});
    simulation.command(1_000, 0, () => {});
    simulation.run(3_000);
    expect(happened).toEqual([
      [1_000, EventKind.command, 0],
      [2_500, EventKind.command, 1],
    ]);
  });

  it("comes after what its node itself has scheduled for the same instant, whichever was scheduled first", () => {
    const happened: string[] = [];
    const node: NodePlan = (host) => ({ start: () => host.setTimer(1, 1), wake: () => happened.push("timer") });
    const simulation = simulationOf([node]);
    simulation.command(US_PER_MS, 0, () => happened.push("command"));
    simulation.start();
    simulation.run(US_PER_S);
    expect(happened).toEqual(["timer", "command"]);
  });

  it("in the past is refused", () => {
    const simulation = startedSimulationOf([idle]);
    simulation.run(1_000);
    expect(() => simulation.command(999, 0, () => {})).toThrow("a command cannot happen in the past");
  });
});

describe("running", () => {
  const at = (instantsUs: readonly number[]) => {
    const happened: number[] = [];
    const simulation = startedSimulationOf([idle]);
    for (const atUs of instantsUs) simulation.command(atUs, 0, () => happened.push(atUs));
    return { simulation, happened };
  };

  it("lets everything happen up to and including an instant, and then that is the time", () => {
    const { simulation, happened } = at([999, 1_000, 1_000, 1_001]);
    expect(simulation.run(1_000)).toBe(true);
    expect(happened).toEqual([999, 1_000, 1_000]);
    expect(simulation.nowUs).toBe(1_000);
    simulation.run(5_000);
    expect(happened).toEqual([999, 1_000, 1_000, 1_001]);
    expect(simulation.nowUs).toBe(5_000);
  });

  it("stops after as many events as it may, at the time of the last, and says that it is not through", () => {
    const { simulation, happened } = at([10, 20, 30]);
    expect(simulation.run(1_000, 2)).toBe(false);
    expect([happened, simulation.nowUs, simulation.eventCount]).toEqual([[10, 20], 20, 2]);
    expect(simulation.run(1_000, 2)).toBe(true);
    expect([happened, simulation.nowUs, simulation.eventCount]).toEqual([[10, 20, 30], 1_000, 3]);
  });

  it("closes each second once, when everything before its end has happened and nothing after it", () => {
    const log: string[] = [];
    const simulation = startedSimulationOf([idle], {
      observer: { onSecond: (second) => log.push(`second ${second}`) },
    });
    for (const atUs of [999_999, 1_000_000, 3_500_000]) simulation.command(atUs, 0, () => log.push(`at ${atUs}`));
    simulation.run(5_000_000);
    expect(log).toEqual([
      "at 999999",
      "second 0",
      "at 1000000",
      "second 1",
      "second 2",
      "at 3500000",
      "second 3",
      "second 4",
    ]);
    expect(simulation.fingerprint.seconds).toHaveLength(5);
  });
});

describe("an observer", () => {
  it("is told of every message handed over and every event, with its origin, and of every fact", () => {
    const log: unknown[] = [];
    const node: NodePlan<string, string> = (host) => ({
      start: () => host.self === 0 && host.send(1, "hello"),
      receive: (_, message) => host.observe(`heard ${message}`),
    });
    const simulation = startedSimulationOf([node, node], {
      observer: {
        onSend: (nowUs, from, to, message) => log.push(["send", nowUs, from, to, message]),
        onEvent: (atUs, kind, origin, target, datum) => log.push([kind, atUs, origin, target, datum]),
        onFact: (nowUs, who, fact) => log.push(["fact", nowUs, who, fact]),
      },
    });
    simulation.run(US_PER_S);
    expect(log).toEqual([
      ["send", 0, 0, 1, "hello"],
      [EventKind.deliver, 10_000, 0, 1, "hello"],
      ["fact", 10_000, 1, "heard hello"],
    ]);
  });

  it("sees as many events as are counted, in time order", () => {
    let last = 0;
    let seen = 0;
    const simulation = chatter({
      observer: {
        onEvent: (atUs) => {
          expect(atUs).toBeGreaterThanOrEqual(last);
          last = atUs;
          seen++;
        },
      },
    });
    simulation.run(CHATTER_US);
    expect(seen).toBe(simulation.eventCount);
    expect(seen).toBeGreaterThan(10_000);
  });
});
