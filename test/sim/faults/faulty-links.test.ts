import { describe, expect, it } from "vitest";
import type { FaultPlan, LinkFault, LinkTrouble } from "../../../sim/faults/fault-plan.js";
import { Faults } from "../../../sim/faults/faults.js";
import { FaultyLinks } from "../../../sim/faults/faulty-links.js";
import { CUT, DROPPED, type Links, LOST } from "../../../sim/network.js";
import { MoodyLinks } from "../chatter.js";
import { fixedLinks, SEED } from "../plain-world.js";
import { ALWAYS, everybody, linkFault, oneWay, planOf, type Span } from "./plans.js";

const NODES = 6;
const ALL = everybody(NODES);
const MS = 1_000;
const LOSE_ALL: LinkTrouble = { kind: "loss", ratio: 1 };

function faulty(links: readonly LinkFault[], inner: Links = fixedLinks(10 * MS)) {
  return withPlan(planOf({ links }), inner);
}

function withPlan(plan: FaultPlan, inner: Links = fixedLinks(10 * MS)) {
  const faults = new Faults(plan, SEED, NODES);
  return { links: new FaultyLinks(inner, faults, NODES), effects: faults.effects };
}

/** Delay of one message, that of its copy, and whether it is damaged. */
function fateOf(links: FaultyLinks, nowMs = 100, from = 0, to = 1) {
  const delayUs = links.delayUs(from, to, nowMs * MS);
  return [delayUs, links.duplicateDelayUs(), links.isDamaged()] as const;
}

describe("a fault of links", () => {
  it("concerns those messages that its reach names, during its spell, the end excluded", () => {
    const { links, effects } = faulty([linkFault(0, [50, 150], oneWay(NODES, [0, 2], [1, 2]), { kind: "cut" })]);
    const cut = (nowMs: number, from: number, to: number) => fateOf(links, nowMs, from, to)[0] === CUT;
    expect([cut(49.999, 0, 1), cut(50, 0, 1), cut(149.999, 0, 1), cut(150, 0, 1)]).toEqual([false, true, true, false]);
    expect([cut(100, 1, 0), cut(100, 0, 2), cut(100, 2, 1), cut(100, 1, 2), cut(100, 0, 3)]).toEqual([
      false,
      true,
      true,
      false,
      false,
    ]);
    expect(effects).toEqual([4]);
  });

  it.each<[string, LinkTrouble, readonly unknown[]]>([
    ["a cut", { kind: "cut" }, [CUT, 0, false]],
    ["loss", LOSE_ALL, [LOST, 0, false]],
    ["a burst that never ends", burst(1, 0, 1, 0), [LOST, 0, false]],
    ["delay", { kind: "delay", delayUs: 7 * MS, jitterUs: 0 }, [17 * MS, 0, false]],
    ["duplication within a microsecond", { kind: "duplicate", ratio: 1, lagUs: 1 }, [10 * MS, 10 * MS + 1, false]],
    ["corruption", { kind: "corrupt", ratio: 1 }, [10 * MS, 0, true]],
    ["a hold until 400 ms, sent at 100 ms", { kind: "hold" }, [310 * MS, 0, false]],
    ["reordering of none", { kind: "reorder", ratio: 0, delayUs: 50 * MS }, [10 * MS, 0, false]],
    ["a rate that is not reached", { kind: "rate-limit", perSecond: 1, queue: 0 }, [10 * MS, 0, false]],
  ])("of kind %s does to a message what it says", (_, trouble, fate) => {
    const { links, effects } = faulty([linkFault(0, [0, 400], ALL, trouble)]);
    expect(fateOf(links)).toEqual(fate);
    expect(effects).toEqual([fate[0] === 10 * MS && fate[1] === 0 && fate[2] === false ? 0 : 1]);
  });

  it("that holds for ever is a cut", () => {
    expect(fateOf(faulty([linkFault(0, ALWAYS, ALL, { kind: "hold" })]).links)[0]).toBe(CUT);
  });

  it("delays by jitter, copies and reorders within its bounds, and by all of them", () => {
    const troubles: LinkTrouble[] = [
      { kind: "delay", delayUs: 5 * MS, jitterUs: 20 * MS },
      { kind: "reorder", ratio: 1, delayUs: 20 * MS },
      { kind: "duplicate", ratio: 1, lagUs: 20 * MS },
    ];
    const bounds = [
      [15, 35],
      [10, 30],
      [10, 30],
    ] as const;
    for (const [i, trouble] of troubles.entries()) {
      const { links } = faulty([linkFault(0, ALWAYS, ALL, trouble)]);
      const seen = Array.from({ length: 2_000 }, () => fateOf(links)).map(([delayUs, copyUs]) =>
        trouble.kind === "duplicate" ? copyUs / MS : delayUs / MS,
      );
      const [low, high] = bounds[i]!;
      // Uniform: the extremes of 2,000 come within 1 % of the bounds, but for one chance in 500 million.
      expect(Math.min(...seen)).toBeGreaterThanOrEqual(low);
      expect(Math.min(...seen)).toBeLessThan(low + 0.2);
      expect(Math.max(...seen)).toBeLessThanOrEqual(high);
      expect(Math.max(...seen)).toBeGreaterThan(high - 0.2);
    }
  });

  it("that limits the rate lets 10 a second pass, 2 wait and drops the others, for each sender apart", () => {
    const { links, effects } = faulty([linkFault(0, ALWAYS, ALL, { kind: "rate-limit", perSecond: 10, queue: 2 })]);
    const at = (nowMs: number, from = 0) => fateOf(links, nowMs, from)[0];
    const delays = [at(0), at(0), at(0), at(0), at(0)];
    // The first sets out at once, two at 100 and 200 ms.
    expect(delays).toEqual([10 * MS, 110 * MS, 210 * MS, DROPPED, DROPPED]);
    expect(at(0, 3)).toBe(10 * MS);
    // At 100 ms the second has set out, so that one waits and there is room for one more, which sets out at 300 ms.
    expect([at(100), at(100)]).toEqual([210 * MS, DROPPED]);
    expect(at(1_000)).toBe(10 * MS);
    expect(effects).toEqual([6]);
  });
});

function burst(toBad: number, toGood: number, lossInBad: number, lossInGood: number): LinkTrouble {
  return { kind: "burst-loss", toBad, toGood, lossInBad, lossInGood };
}

describe("two spells of one declared fault", () => {
  it("share what it remembers of the sender: a way that was bad is bad when the next one begins", () => {
    const wentBad = linkFault(0, [0, 100], ALL, burst(1, 0, 1, 0));
    const stays = linkFault(0, [200, 300], ALL, burst(0, 0, 1, 0));
    const { links } = faulty([wentBad, stays]);
    expect([50, 150, 250].map((ms) => fateOf(links, ms)[0])).toEqual([LOST, 10 * MS, LOST]);
    expect(fateOf(faulty([stays]).links, 250)[0]).toBe(10 * MS); // it begins good, where nothing made it bad
  });
});

describe("faults of links that strike one message", () => {
  const inOrder = (...troubles: LinkTrouble[]) =>
    faulty(troubles.map((trouble, fault) => linkFault(fault, [0, 400], ALL, trouble)));
  const delay = (ms: number): LinkTrouble => ({ kind: "delay", delayUs: ms * MS, jitterUs: 0 });
  const copy: LinkTrouble = { kind: "duplicate", ratio: 1, lagUs: 1 };

  it.each<[string, LinkTrouble[], readonly unknown[], number[]]>([
    [
      "a cut wins over loss, delay and copies",
      [LOSE_ALL, delay(1), copy, { kind: "cut" }],
      [CUT, 0, false],
      [0, 0, 0, 1],
    ],
    ["two losses have both taken effect", [LOSE_ALL, delay(1), LOSE_ALL], [LOST, 0, false], [1, 0, 1]],
    ["delays add up", [delay(1), delay(2), { kind: "hold" }], [313 * MS, 0, false], [1, 1, 1]],
    ["a copy is delayed as its original", [copy, delay(3)], [13 * MS, 13 * MS + 1, false], [1, 1]],
    ["damage strikes the copy, too", [{ kind: "corrupt", ratio: 1 }, copy], [10 * MS, 10 * MS + 1, true], [1, 1]],
    ["nothing is damaged that is lost", [{ kind: "corrupt", ratio: 1 }, LOSE_ALL], [LOST, 0, false], [0, 1]],
  ])("do it together: %s", (_, troubles, fate, effects) => {
    const all = inOrder(...troubles);
    expect(fateOf(all.links)).toEqual(fate);
    expect(all.effects).toEqual(effects);
  });

  it("leave what the world lost lost, what it dropped dropped, and delay the copy that it made", () => {
    for (const verdict of [LOST, DROPPED]) {
      const inner: Links = { delayUs: () => verdict, duplicateDelayUs: () => 30 * MS };
      const { links, effects } = faulty([linkFault(0, ALWAYS, ALL, delay(5))], inner);
      expect(fateOf(links)).toEqual([verdict, 35 * MS, false]);
      expect(effects).toEqual([1]);
    }
  });

  it("never make a message faster, whatever they are", () => {
    const kinds: LinkTrouble[] = [
      { kind: "delay", delayUs: 0, jitterUs: 3 },
      { kind: "reorder", ratio: 0.5, delayUs: 9 * MS },
      { kind: "duplicate", ratio: 0.5, lagUs: 5 },
      { kind: "rate-limit", perSecond: 100_000, queue: 1_000 },
    ];
    const plain = new MoodyLinks(SEED, NODES);
    const { links } = faulty(
      kinds.map((kind, fault) => linkFault(fault, ALWAYS, ALL, kind)),
      new MoodyLinks(SEED, NODES),
    );
    for (let i = 0; i < 5_000; i++) {
      const wanted = plain.delayUs(i % NODES);
      const wantedCopy = plain.duplicateDelayUs(i % NODES);
      const [delayUs, copyUs] = fateOf(links, i, i % NODES);
      if (wanted < 0) expect(delayUs).toBe(wanted);
      else expect(delayUs).toBeGreaterThanOrEqual(wanted);
      if (wantedCopy > 0) expect(copyUs).toBeGreaterThanOrEqual(wantedCopy);
      expect(copyUs === 0 || Number.isInteger(copyUs)).toBe(true);
    }
  });
});

describe("the randomness of a fault of links", () => {
  const lossy: LinkTrouble = { kind: "loss", ratio: 0.5 };
  const bursty = burst(0.1, 0.3, 0.9, 0.1);
  const span: Span = [0, 10_000];
  const lostBy = (plan: FaultPlan, senders = 2) => {
    const { links } = withPlan(plan);
    return Array.from({ length: 400 }, (_, i) => fateOf(links, i, i % senders)[0] === LOST);
  };

  it("is its own: other faults, added before or after it under other keys, shift nothing", () => {
    for (const trouble of [lossy, bursty]) {
      const alone = lostBy({ ...planOf({ links: [linkFault(0, span, ALL, trouble)] }), keys: ["ours"] });
      const others: LinkTrouble[] = [
        { kind: "corrupt", ratio: 0.5 },
        { kind: "delay", delayUs: 1, jitterUs: 99 },
      ];
      const links = [others[0]!, trouble, others[1]!].map((each, fault) => linkFault(fault, span, ALL, each));
      expect(lostBy({ ...planOf({ links }), keys: ["first", "ours", "last"] })).toEqual(alone);
      expect(alone).toContain(true);
    }
  });

  it("goes on the same through a cut, which takes messages from a loss but no draws", () => {
    const cut = linkFault(1, [50, 150], ALL, { kind: "cut" });
    for (const trouble of [lossy, bursty]) {
      const alone = lostBy(planOf({ links: [linkFault(0, span, ALL, trouble)] }));
      const both = lostBy(planOf({ links: [linkFault(0, span, ALL, trouble), cut] }));
      expect(both.slice(150)).toEqual(alone.slice(150));
      expect(both.slice(50, 150)).not.toContain(true);
    }
  });

  it("belongs to the sender: what others send changes nothing", () => {
    const plan = planOf({ links: [linkFault(0, span, ALL, bursty)] });
    const two = lostBy(plan).filter((_, i) => i % 2 === 0);
    expect(lostBy(plan, 1).slice(0, 200)).toEqual(two);
  });

  it("leaves the world's own draws alone", () => {
    const plain = new MoodyLinks(SEED, NODES);
    const inner = new MoodyLinks(SEED, NODES);
    const { links } = faulty([linkFault(0, [50, 150], ALL, { kind: "cut" }), linkFault(1, span, ALL, bursty)], inner);
    for (let i = 0; i < 300; i++) fateOf(links, i, 0);
    for (let i = 0; i < 300; i++) {
      plain.delayUs(0);
      plain.duplicateDelayUs(0);
    }
    expect(inner.delayUs(0)).toBe(plain.delayUs(0));
  });
});
