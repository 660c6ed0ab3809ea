import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SEQUENCES } from "../../sim/event-store.js";
import { Fingerprint, type SecondPrint } from "../../sim/fingerprint.js";
import { US_PER_S } from "../../sim/time.js";

interface PrintedEvent {
  readonly atUs: number;
  readonly kind: number;
  readonly target: number;
  readonly origin: number;
  readonly sequence: number;
  readonly digest: number;
}

const event: fc.Arbitrary<PrintedEvent> = fc.record({
  atUs: fc.integer({ min: 0, max: US_PER_S - 1 }),
  kind: fc.integer({ min: 1, max: 8 }),
  target: fc.nat({ max: 31_100 }),
  origin: fc.nat({ max: 31_100 }),
  sequence: fc.nat({ max: 2 ** 32 - 1 }),
  digest: fc.integer().filter((digest) => digest !== 0),
});

function add(fingerprint: Fingerprint, { atUs, kind, target, origin, sequence, digest }: PrintedEvent): void {
  fingerprint.add(atUs, kind, target, origin * SEQUENCES + sequence, digest);
}

/** The print of second 0 with these events in it. */
function printOf(events: readonly PrintedEvent[]): SecondPrint {
  const fingerprint = new Fingerprint();
  for (const each of events) add(fingerprint, each);
  fingerprint.closeSecondsUntil(US_PER_S);
  return fingerprint.seconds[0]!;
}

describe("the fingerprint of a second", () => {
  it("does not depend on the order in which its events are added", () => {
    const events = fc.array(event, { minLength: 2, maxLength: 30 });
    const shuffled = events.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    );
    fc.assert(
      fc.property(shuffled, ([list, other]) => {
        expect(printOf(other)).toEqual(printOf(list));
      }),
    );
  });

  const changes: readonly [string, (of: PrintedEvent) => Partial<PrintedEvent>][] = [
    ["time", ({ atUs }) => ({ atUs: atUs ^ 1 })],
    ["kind", ({ kind }) => ({ kind: (kind % 8) + 1 })],
    ["target", ({ target }) => ({ target: target + 1 })],
    ["origin", ({ origin }) => ({ origin: origin + 1 })],
    ["sequence number", ({ sequence }) => ({ sequence: sequence ^ 1 })],
    ["sequence number's highest bit", ({ sequence }) => ({ sequence: (sequence + 2 ** 31) % 2 ** 32 })],
  ];
  it.each(changes)("changes with the %s of one event", (_, change) => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 5 }), event, (others, one) => {
        const before = printOf([...others, one]);
        const after = printOf([...others, { ...one, ...change(one) }]);
        expect(after.order).not.toBe(before.order);
      }),
    );
  });

  it("changes with what a message says, in its payload layer and only there", () => {
    fc.assert(
      fc.property(event, fc.integer(), (one, digest) => {
        fc.pre(digest !== one.digest);
        const before = printOf([one]);
        const after = printOf([{ ...one, digest }]);
        expect(after.payload).not.toBe(before.payload);
        expect(after.order).toBe(before.order);
      }),
    );
  });

  it("tells two messages that swapped what they say", () => {
    fc.assert(
      fc.property(event, event, (a, b) => {
        fc.pre(a.digest !== b.digest && (a.origin !== b.origin || a.sequence !== b.sequence));
        const swapped = [
          { ...a, digest: b.digest },
          { ...b, digest: a.digest },
        ];
        expect(printOf(swapped).payload).not.toBe(printOf([a, b]).payload);
      }),
    );
  });

  it("tells an event that happened twice, and one that happened not at all", () => {
    fc.assert(
      fc.property(event, (one) => {
        const orders = [[], [one], [one, one], [one, one, one]].map((events) => printOf(events).order);
        expect(new Set(orders).size).toBe(4);
      }),
    );
  });

  it("does not change when a sum overflows 32 bits: 100,000 events in two orders", () => {
    const events = fc.sample(event, { numRuns: 1_000, seed: 1 });
    const many = Array.from({ length: 100 }, () => events).flat();
    expect(printOf(many)).toEqual(printOf(many.toReversed()));
  });
});

describe("the fingerprint of a run", () => {
  const closed = (seconds: readonly (readonly PrintedEvent[])[]) => {
    const fingerprint = new Fingerprint();
    seconds.forEach((events, second) => {
      fingerprint.closeSecondsUntil(second * US_PER_S);
      for (const each of events) add(fingerprint, each);
    });
    fingerprint.closeSecondsUntil(seconds.length * US_PER_S);
    return fingerprint;
  };
  const [a, b, c, d] = fc.sample(event, { numRuns: 4, seed: 2 }) as [
    PrintedEvent,
    PrintedEvent,
    PrintedEvent,
    PrintedEvent,
  ];

  it("says in which second two runs first differ, whatever comes after", () => {
    const one = closed([[a], [b], [c], [d]]).seconds;
    const other = closed([[a], [b], [d], [d]]).seconds;
    expect(one.findIndex((print, second) => print.order !== other[second]!.order)).toBe(2);
    expect(other[3]).toEqual(one[3]);
  });

  it("has a print for every second, those in which nothing happened included", () => {
    const { seconds } = closed([[a], [], [], [b]]);
    expect(seconds).toHaveLength(4);
    expect(seconds[1]).toEqual({ order: "0".repeat(16), payload: "0".repeat(16) });
  });

  it("as a whole tells in which second an event was", () => {
    const wholes = [closed([[a, b], []]), closed([[a], [b]]), closed([[b], [a]]), closed([[], [a, b]])];
    expect(new Set(wholes.map((fingerprint) => fingerprint.whole().order)).size).toBe(4);
  });

  it("as a whole includes the second that is still open", () => {
    const fingerprint = closed([[a]]);
    const before = fingerprint.whole();
    add(fingerprint, b);
    expect(fingerprint.whole().order).not.toBe(before.order);
    expect(fingerprint.whole().payload).not.toBe(before.payload);
  });
});
