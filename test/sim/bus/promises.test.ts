/** The promises of an at-least-once bus under random loss, copies, delays and limits, whatever the traffic. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AtLeastOnce } from "../../../sim/bus/at-least-once.js";
import { ReferenceQueue } from "../../../sim/event-queue.js";
import { OrderJudge } from "../../../sim/judges/order.js";
import { US_PER_MS, US_PER_S } from "../../../sim/time.js";
import { FULL } from "../../effort.js";
import { type Note, PATIENT, type Post, type PostOptions, post, randomLinks, type Sending } from "./post.js";

const NODES = 4;

const world = fc.record({
  seed: fc.nat(1_000_000),
  loss: fc.constantFrom(0, 0.05, 0.3, 0.7),
  copies: fc.constantFrom(0, 0.2),
  jitterMs: fc.constantFrom(1, 20, 150),
  ttlMs: fc.constantFrom(40, 300, 1500),
  maxDeliveries: fc.constantFrom(1, 3, Number.POSITIVE_INFINITY),
  maxAckPending: fc.constantFrom(1, 3, 1000),
  sendings: fc.array(
    fc.tuple(fc.integer({ min: 0, max: 400 }), fc.nat(NODES - 1), fc.nat(NODES - 1)).filter(([, a, b]) => a !== b),
    { minLength: 1, maxLength: 80 },
  ),
});

interface World {
  readonly seed: number;
  readonly loss: number;
  readonly copies: number;
  readonly jitterMs: number;
  readonly ttlMs: number;
  readonly maxDeliveries: number;
  readonly maxAckPending: number;
  readonly sendings: readonly Sending[];
}

function options({ seed, loss, copies, jitterMs, ttlMs, maxDeliveries, maxAckPending }: World): PostOptions {
  const links = randomLinks(seed, NODES, { loss, copies, jitterMs });
  return { links, ttlMs, settings: { ackWaitUs: 60 * US_PER_MS, maxDeliveries, maxAckPending } };
}

/** By instant, so that the name of a message says its place among those of its channel. */
function inOrder(sendings: World["sendings"]): Sending[] {
  return [...sendings].sort(([a], [b]) => a - b);
}

function ran(world: World, more: Partial<PostOptions> = {}): Post {
  const made = post(inOrder(world.sendings), { ...options(world), ...more });
  made.simulation.run(30 * US_PER_S);
  return made;
}

const RUNS = { numRuns: FULL ? 2_000 : 150 };

describe("an at-least-once bus", () => {
  it("delivers every message or makes it a dead letter, in order, never after its time, with balanced books", () => {
    fc.assert(
      fc.property(world, (world) => {
        const { simulation, delivered, judge } = ran(world);
        const { conservation, transport } = simulation;
        const bus = transport.busCounts!;
        const sent = world.sendings.length;
        const different = new Set(delivered.map(({ note }) => note));

        expect([conservation.violations, conservation.inFlight, bus.outstanding]).toEqual([0, 0, 0]);
        expect(bus.acknowledged + bus.deadLetters).toBe(sent);
        expect(bus.first).toBe(different.size);
        expect(bus.first + bus.repeated).toBe(delivered.length);
        // What was not delivered is a dead letter; what was acknowledged was delivered.
        expect(sent - different.size).toBeLessThanOrEqual(bus.deadLetters);
        for (const { atMs, note } of delivered)
          expect(atMs * US_PER_MS - note.sentUs).toBeLessThanOrEqual(world.ttlMs * US_PER_MS);
        expect(judge.counts).toMatchObject({ sent, delivered: different.size, outOfOrder: 0, late: 0, unsent: 0 });
        expect(firstsOutOfOrder(delivered.map(({ note }) => note))).toBe(0);
      }),
      RUNS,
    );
  });

  it("loses nothing where there is time enough", () => {
    fc.assert(
      fc.property(world, (world) => {
        const patient = {
          ...world,
          loss: Math.min(world.loss, 0.3),
          ttlMs: 20_000,
          maxDeliveries: Number.POSITIVE_INFINITY,
        };
        const { simulation, delivered } = ran(patient);
        expect(new Set(delivered.map(({ note }) => note)).size).toBe(world.sendings.length);
        expect(simulation.transport.busCounts!.deadLetters).toBe(0);
      }),
      RUNS,
    );
  });

  it("does the same twice, with the reference queue, and a few events at a time", () => {
    fc.assert(
      fc.property(world, (world) => {
        const expected = ran(world).simulation.fingerprint.whole();
        expect(ran(world).simulation.fingerprint.whole()).toEqual(expected);
        const makeQueue: PostOptions["makeQueue"] = (store) => new ReferenceQueue(store);
        expect(ran(world, { makeQueue }).simulation.fingerprint.whole()).toEqual(expected);
        const sliced = post(inOrder(world.sendings), options(world)).simulation;
        while (!sliced.run(30 * US_PER_S, 3));
        expect(sliced.fingerprint.whole()).toEqual(expected);
      }),
      { numRuns: FULL ? 200 : 30 },
    );
  });
});

/** By the nodes' own record: first deliveries of messages that were sent before one that came earlier on their way. */
function firstsOutOfOrder(notes: readonly Note[]): number {
  const seen = new Set<Note>();
  const latestUs = new Map<string, number>();
  let found = 0;
  for (const note of notes) {
    if (seen.has(note)) continue;
    seen.add(note);
    const way = `${note.from}-${note.to}`;
    if (note.sentUs < (latestUs.get(way) ?? 0)) found++;
    latestUs.set(way, Math.max(note.sentUs, latestUs.get(way) ?? 0));
  }
  return found;
}

describe("the judge of order", () => {
  const links = () => randomLinks(7, 2, { loss: 0.2, copies: 0.1, jitterMs: 80 });
  const sendings = Array.from({ length: 200 }, (_, i): Sending => [i, 0, 1]);
  const judged = (more: Partial<PostOptions>) => {
    const { simulation, judge } = post(sendings, { links: links(), ttlMs: 300, ...more });
    simulation.run(10 * US_PER_S);
    return judge.counts;
  };

  it("has nothing against a right bus", () => {
    const counts = judged({});
    expect(counts).toMatchObject({ sent: 200, outOfOrder: 0, late: 0, unsent: 0 });
    expect([counts.delivered > 150, counts.repeated > 10]).toEqual([true, true]);
  });

  it("catches a bus that does not wait for its turn", () => {
    const { outOfOrder, late, unsent } = judged({ settings: { isOrdered: () => false } });
    expect(outOfOrder).toBeGreaterThan(20);
    expect([late, unsent]).toEqual([0, 0]);
  });

  it("catches a bus that takes its time", () => {
    const { late, outOfOrder } = judged({
      makeTransport: (machinery) => new AtLeastOnce<Note>(links(), () => 5_000, machinery, PATIENT),
    });
    expect(late).toBeGreaterThan(5);
    expect(outOfOrder).toBe(0);
  });

  it("catches a bus that makes things up", () => {
    const { unsent } = judged({
      through: (machinery) =>
        Object.assign(Object.create(machinery) as typeof machinery, {
          arriveAt: (...[atUs, from, to, parcel]: Parameters<typeof machinery.arriveAt>) =>
            machinery.arriveAt(atUs, from, to, { ...(parcel as object), message: { from, to, sentUs: 0, name: "?" } }),
        }),
    });
    expect(unsent).toBeGreaterThan(150);
  });
});

describe("a message that is sent again as it is", () => {
  const TTL_MS = 5_000;
  const again = () => {
    const judge = new OrderJudge<object>(
      () => true,
      () => TTL_MS,
    );
    const message = {};
    judge.onSend(0, 0, 1, message);
    judge.onSend(60_000_000, 0, 1, message);
    return { judge, message };
  };

  it("lives anew", () => {
    const { judge, message } = again();
    judge.onDelivered(64_000_000, 0, 1, message);
    expect(judge.counts).toMatchObject({ sent: 1, delivered: 1, late: 0 });
  });

  it("is late when that is over, too", () => {
    const { judge, message } = again();
    judge.onDelivered(65_000_001, 0, 1, message);
    expect(judge.counts).toMatchObject({ delivered: 1, late: 1 });
  });

  it("has its turn by the second sending where the first was lost, and by none before that", () => {
    const judged = (...delivered: ("a" | "b" | "c")[]) => {
      const judge = new OrderJudge<object>(
        () => true,
        () => TTL_MS,
      );
      const messages = { a: {}, b: {}, c: {} };
      for (const name of ["a", "b", "a", "c"] as const) judge.onSend(0, 0, 1, messages[name]);
      for (const name of delivered) judge.onDelivered(1, 0, 1, messages[name]);
      return judge.counts.outOfOrder;
    };
    expect(judged("b", "a", "c")).toBe(0);
    expect(judged("a", "b", "c")).toBe(0);
    expect(judged("c", "a")).toBe(1);
    expect(judged("b", "a", "c", "a")).toBe(0);
  });
});
