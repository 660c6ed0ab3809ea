/** Chatter under plans of faults of every kind at once. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FreeRunningClocks } from "../../../sim/clock.js";
import { ReferenceQueue } from "../../../sim/event-queue.js";
import { EventKind } from "../../../sim/event-store.js";
import type { ClockTrouble, FaultPlan, LinkTrouble, NodeTrouble } from "../../../sim/faults/fault-plan.js";
import { Faults } from "../../../sim/faults/faults.js";
import { FaultyClocks } from "../../../sim/faults/faulty-clocks.js";
import { FaultyLinks } from "../../../sim/faults/faulty-links.js";
import { FaultyServiceTimes } from "../../../sim/faults/faulty-service-times.js";
import type { Tampering } from "../../../sim/faults/tampering.js";
import type { Platform } from "../../../sim/platform.js";
import { mix32 } from "../../../sim/random.js";
import { US_PER_MS } from "../../../sim/time.js";
import { FULL } from "../../effort.js";
import {
  CHATTER_US,
  type ChatterOptions,
  chatter,
  MoodyLinks,
  MoodyServiceTimes,
  printsOf,
  type Rumour,
} from "../chatter.js";
import { SEED } from "../plain-world.js";
import { clockFault, everybody, linkFault, nodeFault, oneWay, planOf } from "./plans.js";

const TALKERS = 12;

const clocks: FreeRunningClocks = {
  wallMs: (address, us) => us / US_PER_MS + address,
  trueDurationUs: (_, ms) => Math.round(ms * US_PER_MS),
  freeWallMs: (address, sinceUs, us) => us / US_PER_MS + address + (us - sinceUs) / 1e6,
  freeTrueDurationUs: (_, ms) => Math.round(ms * US_PER_MS),
};

/** One rumour in two is changed, one in four withheld, one in four sent twice. */
const tampering: Tampering<Rumour> = {
  tamper: (_way, _from, _to, rumour, random) => {
    const chance = random();
    if (chance < 0.5) return [{ ...rumour, id: -rumour.id }];
    return chance < 0.75 ? [] : [rumour, rumour];
  },
};

const platform: Platform = { orderUs: () => US_PER_MS, startUpUs: (address) => (address + 1) * 10 * US_PER_MS };

/** Node 0 has the platform replace a node every half a second. */
function chatterUnder(plan: FaultPlan, options: ChatterOptions = {}) {
  const nodeCount = TALKERS + (options.idleNodes ?? 0);
  const faults = new Faults(plan, SEED, nodeCount);
  const simulation = chatter({
    links: new FaultyLinks(new MoodyLinks(SEED, nodeCount), faults, nodeCount),
    serviceTimes: new FaultyServiceTimes(new MoodyServiceTimes(SEED, nodeCount), faults),
    clocks: new FaultyClocks(
      clocks,
      faults,
      Int32Array.from({ length: nodeCount }, (_, address) => address >> 1),
    ),
    wire: {
      ttlMs: () => 4_500,
      digest: (rumour) => mix32(rumour.id * 4 + rumour.hops),
      damaged: (rumour) => (rumour.id % 2 === 0 ? { ...rumour, hops: 0 } : undefined),
    },
    faults,
    tampering,
    platform,
    ...options,
  });
  for (let i = 1; i < 20; i++) {
    simulation.command(i * 500 * US_PER_MS, 0, () => simulation.provision(0, i % TALKERS));
  }
  return simulation;
}

const ratio = fc.double({ min: 0, max: 1, noNaN: true });
const us = (most: number) => fc.nat(most);
const linkTrouble: fc.Arbitrary<LinkTrouble> = fc.oneof(
  fc.constant<LinkTrouble>({ kind: "cut" }),
  fc.constant<LinkTrouble>({ kind: "hold" }),
  ratio.map((each): LinkTrouble => ({ kind: "loss", ratio: each })),
  ratio.map((each): LinkTrouble => ({ kind: "corrupt", ratio: each })),
  fc.record({
    kind: fc.constant("burst-loss" as const),
    toBad: ratio,
    toGood: ratio,
    lossInBad: ratio,
    lossInGood: ratio,
  }),
  fc.record({ kind: fc.constant("delay" as const), delayUs: us(1e6), jitterUs: us(1e6) }),
  fc.record({ kind: fc.constant("duplicate" as const), ratio, lagUs: us(1e5) }),
  fc.record({ kind: fc.constant("reorder" as const), ratio, delayUs: us(1e6) }),
  fc.record({
    kind: fc.constant("rate-limit" as const),
    perSecond: fc.integer({ min: 1, max: 100 }),
    queue: fc.nat(5),
  }),
);
const nodeTrouble: fc.Arbitrary<NodeTrouble> = fc.oneof(
  fc.constantFrom<NodeTrouble>(
    { kind: "crash" },
    { kind: "power-off" },
    { kind: "pause" },
    { kind: "tamper", way: "" },
  ),
  fc.integer({ min: 1, max: 9 }).map((factor): NodeTrouble => ({ kind: "slow", factor })),
);
const clockTrouble: fc.Arbitrary<ClockTrouble> = fc.oneof(
  fc.integer({ min: -500, max: 500 }).map((offsetMs): ClockTrouble => ({ kind: "step", offsetMs })),
  fc.integer({ min: -500, max: 500 }).map((ppm): ClockTrouble => ({ kind: "drift", ppm })),
  fc.constantFrom<ClockTrouble>({ kind: "unsynchronised" }, { kind: "strobe", offsetMs: 9, periodUs: 1e5 }),
);
const span = fc
  .tuple(fc.nat(9_000), fc.oneof(fc.integer({ min: 1, max: 4_000 }), fc.constant(Number.POSITIVE_INFINITY)))
  .map(([fromMs, forMs]) => [fromMs, fromMs + forMs] as const);
const nodes = fc.uniqueArray(fc.nat(TALKERS - 1), { maxLength: 5 }).map((some) => some.sort((a, b) => a - b));
const FAULT = fc.nat(5);
const anyPlan: fc.Arbitrary<FaultPlan> = fc.record({
  declared: fc.constant(6),
  links: fc.array(
    fc
      .tuple(FAULT, span, nodes, linkTrouble)
      .map(([fault, when, who, trouble]) =>
        linkFault(
          fault,
          when,
          who.length === 0 ? everybody(TALKERS) : oneWay(TALKERS, who, [0, 1, 2, 3, 4, 5]),
          trouble,
        ),
      ),
    { maxLength: 8 },
  ),
  nodes: fc.array(
    fc
      .tuple(FAULT, span, nodes, nodeTrouble)
      .map(([fault, when, who, trouble]) => nodeFault(fault, when, who, trouble)),
    { maxLength: 8 },
  ),
  clocks: fc.array(
    fc
      .tuple(FAULT, span, nodes, clockTrouble)
      .map(([fault, when, who, trouble]) => clockFault(fault, when, who, trouble)),
    { maxLength: 4 },
  ),
});

describe("under any plan of faults", () => {
  it("every message and every job is accounted for after every event, and another queue or slices change nothing", () => {
    fc.assert(
      fc.property(anyPlan, fc.integer({ min: 1, max: 200 }), (plan, slice) => {
        const simulation = chatterUnder(plan);
        simulation.run(CHATTER_US);
        const { conservation, eventCount, processors } = simulation;
        expect(conservation.violations).toBe(0);
        expect(conservation.checks).toBeGreaterThan(eventCount / 2); // what was put off happens with what ends that
        const { accepted, rejected, ...fates } = processors.counts;
        expect(Object.values(fates).reduce((sum, count) => sum + count, 0)).toBe(accepted);
        for (const count of Object.values({ rejected, ...fates })) expect(count).toBeGreaterThanOrEqual(0);

        const other = chatterUnder(plan, { makeQueue: (store) => new ReferenceQueue(store) });
        while (!other.run(CHATTER_US, slice));
        expect(printsOf(other)).toEqual(printsOf(simulation));
        expect({ ...other.books(), checks: 0 }).toEqual({ ...simulation.books(), checks: 0 });
      }),
      { numRuns: FULL ? 300 : 25 },
    );
  });
});

describe("every kind of fault at once", () => {
  const all = everybody(TALKERS);
  const trouble: LinkTrouble[] = [
    { kind: "loss", ratio: 0.1 },
    { kind: "burst-loss", toBad: 0.05, toGood: 0.3, lossInBad: 0.8, lossInGood: 0.01 },
    { kind: "delay", delayUs: 5_000, jitterUs: 9_000 },
    { kind: "duplicate", ratio: 0.2, lagUs: 4_000 },
    { kind: "reorder", ratio: 0.2, delayUs: 40_000 },
    { kind: "corrupt", ratio: 0.2 },
    { kind: "rate-limit", perSecond: 50, queue: 5 },
  ];
  const plan = planOf({
    links: [
      ...trouble.map((each, fault) => linkFault(fault, [1_000, 9_000], all, each)),
      linkFault(7, [3_000, 4_000], oneWay(TALKERS, [0, 1, 2], [3, 4, 5, 6]), { kind: "cut" }),
      linkFault(8, [5_000, 6_000], oneWay(TALKERS, [6, 7], [0, 1, 2, 3]), { kind: "hold" }),
    ],
    nodes: [
      nodeFault(9, [2_000, 3_000], [1, 4], { kind: "crash" }),
      nodeFault(10, [4_000, 4_600], [5], { kind: "power-off" }),
      nodeFault(11, [3_500, 5_000], [2, 7], { kind: "pause" }),
      nodeFault(12, [1_000, 9_000], [3], { kind: "slow", factor: 3 }),
      nodeFault(13, [1_000, 9_000], [8], { kind: "tamper", way: "any" }),
    ],
    clocks: [
      clockFault(14, [1_000, 9_000], [9], { kind: "step", offsetMs: 300 }),
      clockFault(15, [1_000, 9_000], [10], { kind: "drift", ppm: 5_000 }),
      clockFault(16, [1_000, 9_000], [0], { kind: "strobe", offsetMs: 50, periodUs: 300_000 }),
      clockFault(17, [1_000, 9_000], [4], { kind: "unsynchronised" }),
    ],
  });

  it("leaves none without effect, and every message accounted for", () => {
    const simulation = chatterUnder(plan);
    simulation.run(CHATTER_US);
    const books = simulation.books();
    for (const effect of books.effects) expect(effect).toBeGreaterThan(0);
    expect(books.effects.slice(9, 12)).toEqual([2, 1, 2]);
    for (const count of Object.values(books.messages)) expect(count).toBeGreaterThan(10);
    for (const count of Object.values(books.lives)) expect(count).toBeGreaterThanOrEqual(0);
    expect(books.lives.provisioned).toBeGreaterThan(10);
    expect(books.violations).toBe(0);
  });

  it("is the same twice, observed or not, and with an idle node more", () => {
    const first = chatterUnder(plan);
    first.run(CHATTER_US);
    let seen = 0;
    const count = () => {
      seen++;
    };
    const observer = { onEvent: count, onSend: count, onFact: count, onSecond: count, onLife: count };
    for (const again of [chatterUnder(plan), chatterUnder(plan, { observer })]) {
      again.run(CHATTER_US);
      expect(printsOf(again)).toEqual(printsOf(first));
    }
    expect(seen).toBeGreaterThan(10_000);
  });

  it("changes nothing before the first of them, nor what nodes hand over that none of them reaches", () => {
    const without = chatterUnder(planOf({}));
    const under = chatterUnder(plan);
    without.run(CHATTER_US);
    under.run(CHATTER_US);
    expect(under.fingerprint.seconds.slice(0, 1)).toEqual(without.fingerprint.seconds.slice(0, 1));
    expect(under.fingerprint.seconds[1]).not.toEqual(without.fingerprint.seconds[1]);
  });

  it("of a node that crashes, shifts no event and no draw of others", () => {
    // Nobody hears node 11, and it hears nobody: all its messages are cut off, in either run.
    const silent = [
      linkFault(0, [0, 60_000], oneWay(TALKERS, [11], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]), {
        kind: "cut",
      } as const),
    ];
    const eventsOfOthers = (plan_: FaultPlan) => {
      const seen: string[] = [];
      const simulation = chatterUnder(plan_, {
        observer: {
          onEvent: (atUs, kind, origin, target) => {
            if (target !== 11 && origin !== 11) seen.push(`${atUs} ${kind} ${origin} ${target}`);
          },
        },
      });
      simulation.run(CHATTER_US);
      return { seen, simulation };
    };
    const alone = eventsOfOthers(planOf({ links: silent }));
    const crashes = [nodeFault(1, [2_000, 3_000], [11], { kind: "crash" })];
    const pauses = [nodeFault(2, [4_000, 5_000], [11], { kind: "pause" })];
    const struck = eventsOfOthers(planOf({ links: silent, nodes: [...crashes, ...pauses] }));
    expect(struck.seen).toEqual(alone.seen);
    expect(struck.simulation.books().effects).toEqual([expect.any(Number), 1, 1]);
    expect(struck.seen.length).toBeGreaterThan(5_000);
    expect(struck.seen.some((event) => event.includes(` ${EventKind.deliver} `))).toBe(true);
  });
});
