/** What `AtLeastOnce` promises, on worked examples: instants follow from the delays that the links are given. */
import { describe, expect, it } from "vitest";
import type { BusCounts } from "../../../sim/bus/counts.js";
import { LOST } from "../../../sim/network.js";
import { US_PER_MS, US_PER_S } from "../../../sim/time.js";
import { type PostOptions, post, type Sending, scripted } from "./post.js";

interface Ended {
  /** As `a@12`: name and instant in ms. */
  readonly deliveries: string[];
  readonly bus: BusCounts;
  readonly messages: Record<string, number>;
}

/** Lets everything happen, and holds the books to their balance after each event. */
function ended(sendings: readonly Sending[], options: PostOptions): Ended {
  const { simulation, delivered, judge } = post(sendings, options);
  simulation.run(20 * US_PER_S);
  const { conservation, transport } = simulation;
  expect(conservation.checks).toBeGreaterThan(0);
  expect([conservation.violations, conservation.inFlight]).toEqual([0, 0]);
  expect(judge.counts).toMatchObject({ outOfOrder: 0, late: 0, unsent: 0 });
  expect(transport.busCounts!.outstanding).toBe(0);
  return {
    deliveries: delivered.map(({ atMs, note }) => `${note.name}@${atMs}`),
    bus: transport.busCounts!,
    messages: { ...transport.counts },
  };
}

describe("a message", () => {
  it("is handed over once where nothing goes wrong", () => {
    const { deliveries, bus } = ended([[0, 0, 1]], { links: scripted({ "0-1": [5], "1-0": [7] }) });
    expect(deliveries).toEqual(["a@5"]);
    expect(bus).toMatchObject({ acknowledged: 1, first: 1, repeated: 0, redelivered: 0, deadLetters: 0 });
  });

  it("that is lost is sent again when its acknowledgement has not come, and only then", () => {
    const { deliveries, bus, messages } = ended([[0, 0, 1]], { links: scripted({ "0-1": [LOST, LOST, 5] }) });
    expect(deliveries).toEqual(["a@205"]);
    expect(bus).toMatchObject({ acknowledged: 1, first: 1, redelivered: 2 });
    expect(messages).toMatchObject({ sent: 1, duplicated: 2, lost: 2, delivered: 1 });
  });

  it("whose acknowledgement is lost is handed over again", () => {
    const { deliveries, bus } = ended([[0, 0, 1]], { links: scripted({ "0-1": [5, 5], "1-0": [LOST] }) });
    expect(deliveries).toEqual(["a@5", "a@105"]);
    expect(bus).toMatchObject({ acknowledged: 1, acknowledgementsLost: 1, first: 1, repeated: 1 });
  });

  it("whose acknowledgement comes late is handed over again, and acknowledged once", () => {
    const { deliveries, bus } = ended([[0, 0, 1]], { links: scripted({ "0-1": [5, 5], "1-0": [120, 1] }) });
    expect(deliveries).toEqual(["a@5", "a@105"]);
    expect(bus).toMatchObject({ acknowledged: 1, repeated: 1, redelivered: 1 });
  });

  it("is a dead letter when its time to live is over: sent at 0, 100 and 200 of 250 ms", () => {
    const always = Array<number>(9).fill(LOST);
    const { deliveries, bus } = ended([[0, 0, 1]], { links: scripted({ "0-1": always }), ttlMs: 250 });
    expect(deliveries).toEqual([]);
    expect(bus).toMatchObject({ acknowledged: 0, redelivered: 2, deadLetters: 1 });
  });

  it("is a dead letter when it was sent as often as it may be", () => {
    const links = scripted({ "0-1": [LOST, LOST, 5] });
    const { deliveries, bus } = ended([[0, 0, 1]], { links, settings: { maxDeliveries: 2 } });
    expect(deliveries).toEqual([]);
    expect(bus).toMatchObject({ redelivered: 1, deadLetters: 1 });
  });

  it("that would come after its time to live expires on the way, and one that takes exactly that long arrives", () => {
    const late = ended([[0, 0, 1]], { links: scripted({ "0-1": [51] }), ttlMs: 50 });
    expect([late.deliveries, late.messages.expired, late.bus.deadLetters]).toEqual([[], 1, 1]);
    const inTime = ended([[0, 0, 1]], { links: scripted({ "0-1": [50] }), ttlMs: 50 });
    // The acknowledgement comes when the sender's end has given it up: a dead letter that was delivered.
    expect([inTime.deliveries, inTime.bus.deadLetters, inTime.bus.first]).toEqual([["a@50"], 1, 1]);
  });

  it("is handed over again for the network's own copies, too", () => {
    const links = { ...scripted({ "0-1": [5] }), duplicateDelayUs: (from: number) => (from === 0 ? 9 * US_PER_MS : 0) };
    const { deliveries, bus } = ended([[0, 0, 1]], { links });
    expect(deliveries).toEqual(["a@5", "a@9"]);
    expect(bus).toMatchObject({ acknowledged: 1, first: 1, repeated: 1, redelivered: 0 });
  });
});

describe("on an ordered channel", () => {
  const overtaking = { "0-1": [30, 5, 6] };

  it("later messages wait for an earlier one that is slow", () => {
    const { deliveries, bus } = ended(
      [
        [0, 0, 1],
        [1, 0, 1],
        [2, 0, 1],
      ],
      { links: scripted(overtaking) },
    );
    expect(deliveries).toEqual(["a@30", "b@30", "c@30"]);
    expect(bus.heldBack).toBe(2);
  });

  it("and for one that has to be sent again", () => {
    const { deliveries } = ended(
      [
        [0, 0, 1],
        [1, 0, 1],
      ],
      { links: scripted({ "0-1": [LOST, 5, 4] }) },
    );
    expect(deliveries).toEqual(["a@104", "b@104"]);
  });

  it("which others need not", () => {
    const sendings: Sending[] = [
      [0, 0, 1],
      [1, 0, 1],
      [2, 2, 1],
    ];
    const { deliveries } = ended(sendings, { links: scripted({ "0-1": [30, 5] }) });
    expect(deliveries).toEqual(["c@3", "a@30", "b@30"]);
    const simulation = post(sendings, { links: scripted({ "0-1": [30, 5] }), settings: { isOrdered: () => false } });
    simulation.simulation.run(US_PER_S);
    expect(simulation.delivered.map(({ note }) => note.name)).toEqual(["c", "b", "a"]);
  });

  it("but not for one that is past its time to live: a until 250 ms, b from then on", () => {
    const lost = [LOST, 6, LOST, LOST, LOST];
    const { deliveries, bus } = ended(
      [
        [0, 0, 1],
        [200, 0, 1],
      ],
      {
        links: scripted({ "0-1": [LOST, LOST, LOST, 6, ...lost] }),
        ttlMs: 250,
        settings: { ackWaitUs: 100 * US_PER_MS },
      },
    );
    // a is sent at 0, 100 and 200, b at 200; b arrives at 206 and waits until a is past its time to live.
    expect(deliveries).toEqual(["b@250.001"]);
    expect(bus).toMatchObject({ deadLetters: 1, heldBack: 1, acknowledged: 1 });
  });

  it("nor for one that was given up, once the next copy says so", () => {
    const { deliveries, bus } = ended(
      [
        [0, 0, 1],
        [50, 0, 1],
      ],
      {
        links: scripted({ "0-1": [LOST, 5, 7] }),
        settings: { maxDeliveries: 1 },
      },
    );
    // a is given up at 100; b waits from 55 and is not sent again, so that it waits until a's time to live is over.
    expect(deliveries).toEqual(["b@1000.001"]);
    const twice = ended(
      [
        [0, 0, 1],
        [50, 0, 1],
      ],
      {
        links: scripted({ "0-1": [LOST, 5, LOST, 7] }),
        settings: { maxDeliveries: 2 },
      },
    );
    // a is sent at 0 and 100 and given up at 200; b is sent again at 150, when a may still come.
    expect(twice.deliveries).toEqual(["b@1000.001"]);
    expect([bus.deadLetters, twice.bus.deadLetters]).toEqual([2, 2]);
  });

  it("a message that waits has its turn as soon as another copy of it says so, and is not handed over a second time later", () => {
    const { deliveries, bus } = ended(
      [
        [0, 0, 1],
        [150, 0, 1],
      ],
      {
        links: scripted({ "0-1": [LOST, LOST, 5, 5] }),
        settings: { maxDeliveries: 2 },
      },
    );
    // a is given up at 200. b waits from 155; its second copy, sent at 250, is a repetition of what waited.
    expect(deliveries).toEqual(["b@255", "b@255"]);
    expect(bus).toMatchObject({ first: 1, repeated: 1, heldBack: 1, deadLetters: 1 });
  });

  it("a message that was passed by is never handed over", () => {
    const { deliveries, bus, messages } = ended(
      [
        [0, 0, 1],
        [150, 0, 1],
      ],
      {
        links: scripted({ "0-1": [400, 5] }),
        settings: { maxDeliveries: 1 },
      },
    );
    // a is on its way until 400 and given up at 100; b, sent at 150, says so.
    expect(deliveries).toEqual(["b@155"]);
    expect(bus).toMatchObject({ deadLetters: 1, outOfTurn: 1 });
    expect(messages.dropped).toBe(1);
  });

  it("a message that waits has its turn as soon as those before it are past their time, if it is not itself", () => {
    const { deliveries, messages } = ended(
      [
        [0, 0, 1],
        [1, 0, 1],
      ],
      {
        links: scripted({ "0-1": [LOST, 5] }),
        ttlMs: 100,
        settings: { maxDeliveries: 1 },
      },
    );
    // a until 100, b until 101.
    expect(deliveries).toEqual(["b@100.001"]);
    expect(messages.expired).toBe(0);
  });

  it("a message that waits expires with its own time to live, and does not take the turn of those before it", () => {
    const { deliveries, bus, messages } = ended(
      [
        [0, 0, 1],
        [1, 0, 1],
      ],
      {
        links: scripted({ "0-1": [LOST, 5, 5] }),
        ttlMs: ({ name }) => (name === "a" ? 1000 : 50),
      },
    );
    expect(deliveries).toEqual(["a@105"]);
    expect([bus.deadLetters, messages.expired]).toEqual([1, 1]);
  });
});

describe("at most maxAckPending messages of a channel are unacknowledged", () => {
  it("and the next goes when an acknowledgement has come", () => {
    const { deliveries } = ended(
      [
        [0, 0, 1],
        [1, 0, 1],
        [2, 0, 1],
      ],
      {
        links: scripted({ "0-1": [5, 5, 5], "1-0": [5, 5, 5] }),
        settings: { maxAckPending: 1 },
      },
    );
    expect(deliveries).toEqual(["a@5", "b@15", "c@25"]);
  });

  it("or not at all, where its time to live is over before", () => {
    const { deliveries, bus, messages } = ended(
      [
        [0, 0, 1],
        [1, 0, 1],
        [60, 0, 1],
      ],
      {
        links: scripted({ "0-1": [LOST, 5, 5, 5] }),
        ttlMs: 80,
        settings: { maxAckPending: 1, ackWaitUs: 200 * US_PER_MS },
      },
    );
    // a is given up at 80, which lets b go, who has 1 ms left of the 5 that it takes; at 81 c may go.
    expect(deliveries).toEqual(["c@86"]);
    expect([bus.deadLetters, messages.expired]).toEqual([2, 1]);
  });
});

describe("a receiver that is down when a copy comes", () => {
  it("does not acknowledge, so that it is sent another when it is up again, in order", () => {
    const { deliveries, bus } = endedWithOutage(
      [
        [0, 0, 1],
        [1, 0, 1],
      ],
      50,
    );
    // b waits at its end of the bus, which is not down, and is sent again at 101, when nothing has come back yet.
    expect(deliveries).toEqual(["a@101", "b@101", "b@102"]);
    expect(bus).toMatchObject({ first: 2, repeated: 1, heldBack: 1, redelivered: 2, deadLetters: 0 });
  });

  /** Node 1 takes nothing before `upMs`; what comes to it is counted as dropped. */
  function endedWithOutage(sendings: readonly Sending[], upMs: number): Ended {
    let dropped = 0;
    const made = post(sendings, {
      links: scripted({}),
      through: (machinery) =>
        new Proxy(machinery, {
          get: (target, key) => {
            const value = Reflect.get(target, key);
            if (key !== "handOver") return typeof value === "function" ? value.bind(target) : value;
            return (...copy: Parameters<typeof machinery.handOver>) => {
              if (made.simulation.nowUs >= upMs * US_PER_MS) return target.handOver(...copy);
              made.simulation.transport.counts.dropped++;
              dropped++;
              return false;
            };
          },
        }),
    });
    made.simulation.run(US_PER_S);
    expect(dropped).toBe(1);
    expect(made.simulation.conservation.violations).toBe(0);
    return {
      deliveries: made.delivered.map(({ atMs, note }) => `${note.name}@${atMs}`),
      bus: made.simulation.transport.busCounts!,
      messages: { ...made.simulation.transport.counts },
    };
  }
});

describe("a copy that the engine lets arrive after its time to live", () => {
  /** As of a node that was paused: what arrives at node 1 before 500 ms is put off until then. */
  const putOff: PostOptions["through"] = (machinery) =>
    Object.assign(Object.create(machinery) as typeof machinery, {
      arriveAt: (...[atUs, from, to, parcel]: Parameters<typeof machinery.arriveAt>) =>
        machinery.arriveAt(Math.max(atUs, 500 * US_PER_MS), from, to, parcel),
    });

  it("expires, and nothing is acknowledged", () => {
    const { deliveries, bus, messages } = ended([[0, 0, 1]], { links: scripted({}), ttlMs: 300, through: putOff });
    expect(deliveries).toEqual([]);
    expect([messages.expired, bus.deadLetters, bus.acknowledged]).toEqual([3, 1, 0]); // sent at 0, 100 and 200
  });

  it("and those in time are taken: the first of six for the first time, the others again", () => {
    const { deliveries, bus } = ended([[0, 0, 1]], { links: scripted({}), through: putOff });
    expect(deliveries).toEqual([...Array<string>(5).fill("a@500"), "a@501"]);
    expect(bus).toMatchObject({ first: 1, repeated: 5, acknowledged: 1, deadLetters: 0 });
  });
});
