import { describe, expect, it } from "vitest";
import type { TimerId } from "../../protocol/contract.js";
import { ReferenceQueue } from "../../sim/event-queue.js";
import { EventKind, type EventStore } from "../../sim/event-store.js";
import { US_PER_MS, US_PER_S } from "../../sim/time.js";
import { idle, type NodePlan, startedSimulationOf } from "./plain-world.js";

describe("a timer", () => {
  it("wakes its own node with its own tag, after its time and once", () => {
    const woken: [node: number, tag: number, atMs: number][] = [];
    const sleeper: NodePlan = (host) => ({
      start: () => host.setTimer(30 + host.self, 7 + host.self),
      wake: (tag) => woken.push([host.self, tag, host.now()]),
    });
    startedSimulationOf([sleeper, sleeper]).run(US_PER_S);
    expect(woken).toEqual([
      [0, 7, 30],
      [1, 8, 31],
    ]);
  });

  it("with tag 0 and no delay fires at the same instant, after the handler that set it", () => {
    const log: string[] = [];
    const node: NodePlan = (host) => ({
      start: () => {
        host.setTimer(0, 0);
        log.push("start ends");
      },
      wake: (tag) => log.push(`woken by ${tag} at ${host.now()}`),
    });
    startedSimulationOf([node]).run(US_PER_S);
    expect(log).toEqual(["start ends", "woken by 0 at 0"]);
  });

  it("runs on the node's oscillator: 1,000 ms take 999.001 ms where it is 0.1 % fast", () => {
    const woken: number[] = [];
    const node: NodePlan = (host) => ({ start: () => host.setTimer(1_000, 1), wake: () => woken.push(host.now()) });
    const simulation = startedSimulationOf([node], {
      clocks: {
        wallMs: (_, trueUs) => trueUs / US_PER_MS,
        trueDurationUs: (_, durationMs) => Math.round((durationMs * US_PER_MS) / 1.001),
      },
    });
    simulation.run(2 * US_PER_S);
    expect(woken).toEqual([999.001]);
  });

  it.each([-1, -0.001, Number.NaN])("that would fire %d ms from now is refused", (afterMs) => {
    expect(() => startedSimulationOf([(host) => ({ start: () => host.setTimer(afterMs, 1) })])).toThrow(
      "a timer cannot fire in the past",
    );
  });
});

describe("cancelling a timer", () => {
  /** Wakes of a node that sets timers for 10 and 20 ms with tags 1 and 2 and has `act` called at `actMs`. */
  function wakesWith(actMs: number, act: (first: TimerId, second: TimerId, cancel: (id: TimerId) => void) => void) {
    const wakes: number[] = [];
    let eventKinds: EventKind[] = [];
    let ids: [TimerId, TimerId] = [0, 0];
    let cancel: (id: TimerId) => void = () => {};
    const node: NodePlan = (host) => ({
      start: () => {
        ids = [host.setTimer(10, 1), host.setTimer(20, 2)];
        cancel = (id) => host.cancelTimer(id);
      },
      wake: (tag) => wakes.push(tag),
    });
    const simulation = startedSimulationOf([node, idle], {
      observer: { onEvent: (_, kind) => eventKinds.push(kind) },
    });
    simulation.command(actMs * US_PER_MS, 0, () => act(ids[0], ids[1], cancel));
    simulation.run(US_PER_S);
    eventKinds = eventKinds.filter((kind) => kind === EventKind.timer);
    return { wakes, timerEvents: eventKinds.length, eventCount: simulation.eventCount };
  }

  it("before it fires keeps it from firing, and it is no event any more", () => {
    expect(wakesWith(5, (first, _, cancel) => cancel(first))).toEqual({ wakes: [2], timerEvents: 1, eventCount: 2 });
  });

  it("twice is cancelling it once", () => {
    const twice = wakesWith(5, (first, _, cancel) => {
      cancel(first);
      cancel(first);
    });
    expect(twice.wakes).toEqual([2]);
  });

  it("after it fired does nothing", () => {
    expect(wakesWith(15, (first, _, cancel) => cancel(first)).wakes).toEqual([1, 2]);
  });

  it("at the instant at which it would fire works if it has not fired yet", () => {
    // A command comes after what the node itself has scheduled for the instant: too late here, and in time below.
    expect(wakesWith(20, (_, second, cancel) => cancel(second)).wakes).toEqual([1, 2]);
    const wakes: number[] = [];
    const node: NodePlan = (host) => {
      let doomed: TimerId;
      return {
        start: () => {
          host.setTimer(10, 1);
          doomed = host.setTimer(10, 2);
        },
        wake: (tag) => {
          wakes.push(tag);
          host.cancelTimer(doomed);
        },
      };
    };
    startedSimulationOf([node]).run(US_PER_S);
    expect(wakes).toEqual([1]);
  });

  it("after its place in memory went to later timers, of the same node and of others, cancels none of them", () => {
    const wakes: string[] = [];
    const fired: TimerId[] = [];
    // Every node sets timers and cancels, at every wake, all that it ever saw fire: its own and the others'.
    const node: NodePlan = (host) => {
      let id: TimerId;
      let left = 50;
      return {
        start: () => {
          id = host.setTimer(1, 0);
        },
        wake: (tag) => {
          wakes.push(`${host.self}:${tag}`);
          fired.push(id);
          if (left-- > 0) id = host.setTimer(1, tag + 1);
          for (const old of fired) host.cancelTimer(old);
        },
      };
    };
    startedSimulationOf([node, node, node]).run(US_PER_S);
    expect(wakes).toHaveLength(3 * 51);
  });

  it("in whatever way leaves no event behind, of no kind, and counts none twice", () => {
    let store: EventStore | undefined;
    const node: NodePlan = (host) => ({
      start: () => {
        const [first, second] = [host.setTimer(10, 1), host.setTimer(20, 2)];
        host.cancelTimer(second);
        host.cancelTimer(second);
        host.setTimer(15, first);
      },
      wake: (tag) => host.cancelTimer(tag), // at 15 ms, of the timer that fired at 10 ms
    });
    const simulation = startedSimulationOf([node], {
      makeQueue: (events) => {
        store = events;
        return new ReferenceQueue(events);
      },
    });
    simulation.run(US_PER_S);
    expect([...store!.pending]).toEqual([...store!.pending].fill(0));
  });

  it("of another node does nothing", () => {
    const wakes: number[] = [];
    let id: TimerId = 0;
    const owner: NodePlan = (host) => ({
      start: () => {
        id = host.setTimer(10, 1);
      },
      wake: (tag) => wakes.push(tag),
    });
    const meddler: NodePlan = (host) => ({ start: () => host.cancelTimer(id) });
    startedSimulationOf([owner, meddler]).run(US_PER_S);
    expect(wakes).toEqual([1]);
  });

  it("does not touch another event, such as a message, that now has the timer's place", () => {
    const received: unknown[] = [];
    const node: NodePlan = (host) => {
      const id = { timer: 0 };
      return {
        start: () => {
          id.timer = host.setTimer(1, 1);
        },
        wake: () => {
          host.send(0, "hello"); // takes the place that the timer has just left
          host.cancelTimer(id.timer);
        },
        receive: (_, message) => received.push(message),
      };
    };
    startedSimulationOf([node]).run(US_PER_S);
    expect(received).toEqual(["hello"]);
  });
});
