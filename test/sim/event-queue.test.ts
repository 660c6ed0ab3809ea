import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { CalendarQueue } from "../../sim/calendar-queue.js";
import { US_PER_MS, US_PER_S } from "../../sim/time.js";
import { FULL } from "../effort.js";
import { type KnownEvent, QueuePair } from "./queue-pair.js";

const FOREVER = Number.POSITIVE_INFINITY;
const HOUR_US = 3_600 * US_PER_S;

/** Delays as a mesh has them: nothing, µs, links of about 5 ms on whole and broken ms, seconds, hours of silence, years. */
const delayUs = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 0, max: 300 }),
  fc.integer({ min: 4 * US_PER_MS, max: 6 * US_PER_MS }),
  fc.integer({ min: 0, max: 10 }).map((ms) => ms * US_PER_MS),
  fc.integer({ min: 0, max: 30 * US_PER_S }),
  fc.integer({ min: HOUR_US, max: 5 * HOUR_US }),
  fc.constantFrom(24 * HOUR_US, 50 * 365 * 24 * HOUR_US),
);
const origin = fc.integer({ min: 0, max: 20 });

type Step = (queues: QueuePair) => void;

const insertOne = fc.record({ delayUs, origin }).map(
  ({ delayUs, origin }): Step =>
    (queues) =>
      queues.insert(queues.nowUs + delayUs, origin),
);
const insertBurst = fc.record({ delayUs, count: fc.integer({ min: 2, max: 80 }) }).map(
  ({ delayUs, count }): Step =>
    (queues) => {
      for (let i = count; i > 0; i--) queues.insert(queues.nowUs + delayUs, i % 23);
    },
);
const takeSome = fc.integer({ min: 1, max: 60 }).map(
  (count): Step =>
    (queues) => {
      for (let i = 0; i < count; i++) queues.takeUntil(FOREVER);
    },
);
const takeUntilSoon = delayUs.map(
  (delayUs): Step =>
    (queues) => {
      queues.takeAllUntil(queues.nowUs + delayUs);
    },
);
const retune = fc
  .record({ exponent: fc.integer({ min: 0, max: 34 }), buckets: fc.constantFrom(32, 4_096, 262_144) })
  .map(
    ({ exponent, buckets }): Step =>
      (queues) =>
        queues.retune(exponent, buckets),
  );
const step = fc.oneof(
  { weight: 6, arbitrary: insertOne },
  { weight: 2, arbitrary: insertBurst },
  { weight: 3, arbitrary: takeSome },
  { weight: 3, arbitrary: takeUntilSoon },
  { weight: 1, arbitrary: retune },
);

describe("the reference queue", () => {
  it("hands out events by time, then rank, as sorting them does", () => {
    fc.assert(
      fc.property(fc.array(fc.record({ delayUs, origin }), { maxLength: 200 }), (events) => {
        const queues = new QueuePair();
        for (const { delayUs, origin } of events) queues.insert(delayUs, origin);
        const taken: KnownEvent[] = [];
        for (let event = queues.takeUntil(FOREVER); event !== undefined; event = queues.takeUntil(FOREVER)) {
          taken.push(event);
        }
        expect(taken).toHaveLength(events.length);
        expect(taken).toEqual([...taken].sort((a, b) => a.atUs - b.atUs || a.rank - b.rank));
      }),
    );
  });
});

afterEach(() => vi.restoreAllMocks());

describe("the calendar queue hands out exactly what the reference queue does", () => {
  it("whatever is inserted and taken, in whatever order, and whenever it fits its buckets anew", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
        const queues = new QueuePair();
        for (const doIt of steps) doIt(queues);
        queues.takeAllUntil(FOREVER);
        expect(queues.size).toBe(0);
      }),
      { numRuns: FULL ? 5_000 : 300 },
    );
  });

  it("when 30,000 nodes act at one instant, in an order that is not theirs, and again at the next", () => {
    const queues = new QueuePair();
    queues.insert(HOUR_US, 0);
    for (let i = 0; i < 30_000; i++) queues.insert(5 * US_PER_S, (i * 7_919) % 30_000);
    let taken = 0;
    for (let event = queues.takeUntil(5 * US_PER_S); event !== undefined; event = queues.takeUntil(5 * US_PER_S)) {
      if (taken++ < 30_000) queues.insert(5 * US_PER_S, (taken * 104_729) % 30_000); // a zero delay each
      if (taken % 3 === 0) queues.insert(10 * US_PER_S, taken % 30_000);
    }
    expect(taken).toBe(60_000);
    expect(queues.takeAllUntil(10 * US_PER_S)).toBe(20_000);
    expect(queues.takeAllUntil(FOREVER)).toBe(1);
  });

  it("up to and including the instant that it is asked about, and nothing after it", () => {
    const queues = new QueuePair();
    for (const atUs of [999, 1_000, 1_000, 1_001]) queues.insert(atUs, 1);
    expect(queues.takeAllUntil(998)).toBe(0);
    expect(queues.takeAllUntil(1_000)).toBe(3);
    expect(queues.takeUntil(1_000)).toBeUndefined();
    expect(queues.takeUntil(1_001)?.atUs).toBe(1_001);
  });

  it("when it was asked about a time without events, and events then come before the ones that wait", () => {
    const queues = new QueuePair();
    for (const atUs of [10, 200, 9_000, 12 * HOUR_US]) queues.insert(atUs, 1);
    queues.takeUntil(FOREVER);
    for (const untilUs of [150, 8_999, HOUR_US]) {
      queues.takeAllUntil(untilUs);
      queues.insert(queues.nowUs, 2);
      queues.insert(queues.nowUs + 1, 2);
    }
    expect(queues.takeAllUntil(FOREVER)).toBe(3); // the last two, and the one twelve hours out
  });

  it("at and beside the edges of its buckets and of its wheel, which are at powers of two", () => {
    for (const retuned of [undefined, 0, 3, 7, 12, 20]) {
      const queues = new QueuePair();
      if (retuned !== undefined) queues.retune(retuned, 65_536);
      for (let exponent = 0; exponent <= 40; exponent++) {
        for (const beside of [-1, 0, 1]) queues.insert(2 ** exponent + beside, exponent % 5);
      }
      expect(queues.takeAllUntil(FOREVER)).toBe(41 * 3);
    }
  });

  it("when an event at such an edge is the only one, is waited for in vain, and then another comes before it", () => {
    for (let exponent = 2; exponent <= 40; exponent++) {
      for (const beside of [-1, 0, 1]) {
        const queues = new QueuePair();
        queues.insert(2 ** exponent + beside, 0);
        expect(queues.takeAllUntil(2 ** (exponent - 2))).toBe(0);
        queues.insert(2 ** (exponent - 1), 1);
        expect(queues.takeAllUntil(FOREVER)).toBe(2);
      }
    }
  });

  it("while it fits itself, again and again, to densities of events from 1 per µs to 1 per 90 s", () => {
    const rebuild = vi.spyOn(CalendarQueue.prototype as unknown as { rebuild(): void }, "rebuild");
    const queues = new QueuePair();
    for (let i = 0; i < 100; i++) queues.insert(i * HOUR_US, i); // people, who are silent for hours
    for (const meanGapUs of [1, 90 * US_PER_S, 0, 5 * US_PER_MS, 50]) {
      for (let i = 0; i < 140_000; i++) {
        const u = (Math.imul(i, 0x9e3779b1) >>> 0) / 4294967296;
        queues.insert(queues.nowUs + Math.round(2 * u * meanGapUs * 300), i % 31);
        if (queues.size > 400) queues.takeUntil(FOREVER);
      }
    }
    queues.takeAllUntil(FOREVER);
    expect(queues.size).toBe(0);
    expect(rebuild.mock.calls.length).toBeGreaterThanOrEqual(4); // it did: this test is about that
  });

  it("while it grows because most of very many events are beyond its wheel", () => {
    const rebuild = vi.spyOn(CalendarQueue.prototype as unknown as { rebuild(): void }, "rebuild");
    const queues = new QueuePair();
    const delayUs = (i: number) => ((Math.imul(i, 0x9e3779b1) >>> 0) % (2 * US_PER_S)) * (i % 2 === 0 ? 1 : 10);
    for (let i = 0; i < 500_000; i++) queues.insert(delayUs(i), i % 31);
    for (let i = 0; i < 420_000; i++) {
      queues.takeUntil(FOREVER);
      queues.insert(queues.nowUs + delayUs(i), i % 31);
    }
    const buckets = rebuild.mock.calls.map((call) => (call as unknown as number[])[2]);
    expect(buckets).toContain(262_144); // it did: this test is about that
  });
});
