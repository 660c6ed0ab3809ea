import { describe, expect, it } from "vitest";
import { NodeRows } from "../../sim/node-rows.js";
import { mix32, RandomStreams } from "../../sim/random.js";
import { chiSquareBounds, chiSquareOfCounts } from "./chi-square.js";
import { SEED } from "./plain-world.js";

const DRAWS = 200_000;

/** Sets the state of stream 0, as the reference implementation's `s[4]`. */
function streamInState(words: readonly number[]): RandomStreams {
  const streams = new RandomStreams(SEED, "test", 1);
  (streams as unknown as { words: Int32Array }).words.set(words);
  return streams;
}

/** xoshiro128** 1.1 as its authors publish it (prng.di.unimi.it/xoshiro128starstar.c), in unbounded integers. */
function* reference(words: readonly number[]): Generator<number> {
  const mask = 0xffffffffn;
  const rotate = (x: bigint, by: bigint) => ((x << by) | (x >> (32n - by))) & mask;
  let [s0, s1, s2, s3] = words.map((word) => BigInt(word >>> 0)) as [bigint, bigint, bigint, bigint];
  for (;;) {
    yield Number((rotate((s1 * 5n) & mask, 7n) * 9n) & mask);
    const t = (s1 << 9n) & mask;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= t;
    s3 = rotate(s3, 11n);
  }
}

/** Counts pairs of draws in a 16 x 16 grid: uniform if either is uniform and neither knows of the other. */
function pairCounts(first: () => number, second: () => number, pairs = DRAWS): Float64Array {
  const counts = new Float64Array(256);
  for (let i = 0; i < pairs; i++) counts[Math.floor(first() * 16) * 16 + Math.floor(second() * 16)]!++;
  return counts;
}

function expectUniform(counts: Float64Array): void {
  const { low, high } = chiSquareBounds(counts.length - 1);
  const statistic = chiSquareOfCounts(counts);
  expect(statistic).toBeGreaterThan(low);
  expect(statistic).toBeLessThan(high);
}

describe("a random stream", () => {
  it("is xoshiro128**: the ten numbers that rand_xoshiro took from the reference implementation for state 1, 2, 3, 4", () => {
    const stream = streamInState([1, 2, 3, 4]);
    // rust-random/rngs, rand_xoshiro/src/xoshiro128starstar.rs, test `reference`
    expect(Array.from({ length: 10 }, () => stream.int32(0) >>> 0)).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ]);
  });

  it("stays xoshiro128** for 10,000 draws from states with every bit in use", () => {
    const words = [0x9e3779b9, -1, 0x80000000, 0x7fffffff];
    const stream = streamInState(words);
    const expected = reference(words);
    for (let i = 0; i < 10_000; i++) expect(stream.int32(0) >>> 0).toBe(expected.next().value);
  });

  it("makes numbers from 0 to less than 1 of 53 bits, the upper 27 from one draw and the lower 26 from the next", () => {
    const words = [5, 6, 7, 8];
    const stream = streamInState(words);
    const expected = reference(words);
    const draw = () => expected.next().value as number;
    for (let i = 0; i < 1_000; i++) {
      const uniform = ((BigInt(draw()) >> 5n) << 26n) | (BigInt(draw()) >> 6n);
      expect(stream.uniform(0)).toBe(Number(uniform) / 2 ** 53);
    }
  });

  it("is uniform in its high bits and its low bits (chi-square, 0.1 % level)", () => {
    const streams = new RandomStreams(SEED, "test", 1);
    const high = new Float64Array(256);
    const low = new Float64Array(256);
    for (let i = 0; i < DRAWS; i++) {
      const word = streams.int32(0);
      high[word >>> 24]!++;
      low[word & 255]!++;
    }
    expectUniform(high);
    expectUniform(low);
  });

  it("does not say with one number what the next will be (chi-square of successive pairs, 0.1 % level)", () => {
    const streams = new RandomStreams(SEED, "test", 1);
    expectUniform(
      pairCounts(
        () => streams.uniform(0),
        () => streams.uniform(0),
      ),
    );
  });
});

describe("the first numbers of many streams", () => {
  it.each([0, 1, 2, 3])("are uniform across streams, at draw %i (chi-square, 0.1 %% level)", (skipped) => {
    const streams = new RandomStreams(SEED, "test", DRAWS);
    const counts = new Float64Array(256);
    for (let stream = 0; stream < DRAWS; stream++) {
      for (let i = 0; i < skipped; i++) streams.int32(stream);
      counts[streams.int32(stream) >>> 24]!++;
    }
    expectUniform(counts);
  });

  it("are uniform across the seeds 0 to 9,999, which users count up", () => {
    const counts = new Float64Array(64);
    for (let seed = 0; seed < 10_000; seed++) counts[new RandomStreams(seed, "test", 1).int32(0) >>> 26]!++;
    expectUniform(counts);
  });
});

describe("two random streams know nothing of each other (chi-square of pairs, 0.1 % level)", () => {
  const draws = (seed: number, purpose: string, stream: number) => {
    const streams = new RandomStreams(seed, purpose, 1_000);
    return () => streams.uniform(stream);
  };

  it.each([
    ["of neighbouring addresses", draws(1, "link", 0), draws(1, "link", 1)],
    ["of addresses far apart", draws(1, "link", 7), draws(1, "link", 999)],
    ["of neighbouring seeds", draws(1, "link", 3), draws(2, "link", 3)],
    ["of a seed and its negative", draws(1, "link", 3), draws(-1, "link", 3)],
    ["of two purposes", draws(1, "link", 3), draws(1, "service", 3)],
    ["of purposes that look alike", draws(1, "link1", 3), draws(1, "link2", 3)],
  ])("%s", (_, first, second) => {
    expectUniform(pairCounts(first, second));
  });

  it("across 200,000 neighbours, at their first draw", () => {
    const streams = new RandomStreams(SEED, "test", DRAWS + 1);
    const firsts = Float64Array.from({ length: DRAWS + 1 }, (_, stream) => streams.uniform(stream));
    let i = 0;
    let j = 1;
    expectUniform(
      pairCounts(
        () => firsts[i++]!,
        () => firsts[j++]!,
      ),
    );
  });

  it("and the statistic finds it where they do: a stream against itself, and against its complement", () => {
    const { high } = chiSquareBounds(255);
    const mirrored = draws(1, "link", 3);
    expect(chiSquareOfCounts(pairCounts(draws(1, "link", 3), draws(1, "link", 3)))).toBeGreaterThan(high);
    expect(chiSquareOfCounts(pairCounts(draws(1, "link", 3), () => 1 - mirrored() - 2 ** -53))).toBeGreaterThan(high);
  });
});

describe("the key of a stream", () => {
  const first = (seed: number, purpose: string, count: number, stream: number) =>
    Array.from(
      { length: 4 },
      (
        (streams) => () =>
          streams.int32(stream)
      )(new RandomStreams(seed, purpose, count)),
    );

  it("is its seed, purpose and address: more streams shift none", () => {
    for (const stream of [0, 1, 41]) {
      expect(first(SEED, "link", 30_000, stream)).toEqual(first(SEED, "link", 42, stream));
    }
  });

  it("does not depend on what other streams have drawn", () => {
    const quiet = new RandomStreams(SEED, "link", 3);
    const busy = new RandomStreams(SEED, "link", 3);
    for (let i = 0; i < 1_000; i++) busy.uniform(i % 2);
    expect(busy.int32(2)).toBe(quiet.int32(2));
  });

  it("draws the same from streams that lie among other numbers of their nodes", () => {
    const rows = new NodeRows(3, 7);
    const neighbour = rows.reserve(1);
    const among = new RandomStreams(SEED, "link", 3, rows);
    const service = new RandomStreams(SEED, "service", 3, rows);
    const alone = new RandomStreams(SEED, "link", 3);
    for (let i = 0; i < 300; i++) {
      const stream = i % 3;
      expect(among.int32(stream)).toBe(alone.int32(stream));
      service.int32(stream);
    }
    const cells = [0, 1, 2].map((row) => neighbour.doubles[row * neighbour.stride + neighbour.first]);
    expect(cells).toEqual([0, 0, 0]);
  });

  it("gives 100,000 different streams", () => {
    const streams = new RandomStreams(SEED, "link", 100_000);
    const seen = new Set<string>();
    for (let stream = 0; stream < 100_000; stream++) seen.add(`${streams.int32(stream)}/${streams.int32(stream)}`);
    expect(seen.size).toBe(100_000);
  });

  it("has more than 32 bits: 300,000 seeds give 300,000 streams, where of 2^32 keys ten would be drawn twice", () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 300_000; seed++) {
      const streams = new RandomStreams(seed, "link", 1);
      seen.add(`${streams.int32(0)}/${streams.int32(0)}`);
    }
    expect(seen.size).toBe(300_000);
  });

  it("must be a whole number", () => {
    for (const seed of [0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60]) {
      expect(() => new RandomStreams(seed, "link", 1)).toThrow("a seed is an integer");
    }
  });
});

describe("mix32", () => {
  it("is the finaliser of MurmurHash3 (fmix32): 0, and 1 as smhasher gives it", () => {
    expect(mix32(0)).toBe(0);
    expect(mix32(1) >>> 0).toBe(0x514e28b7);
  });

  it("lets each bit of its input turn each bit of its output half of the time (within 5 standard errors)", () => {
    const inputs = 4_000;
    const slack = 5 * Math.sqrt(0.25 / inputs);
    for (let bit = 0; bit < 32; bit++) {
      const turned = new Float64Array(32);
      for (let i = 0; i < inputs; i++) {
        const input = Math.imul(i + 1, 0x9e3779b1);
        const difference = mix32(input) ^ mix32(input ^ (1 << bit));
        for (let out = 0; out < 32; out++) turned[out]! += (difference >>> out) & 1;
      }
      for (const count of turned) expect(Math.abs(count / inputs - 0.5)).toBeLessThan(slack);
    }
  });
});
