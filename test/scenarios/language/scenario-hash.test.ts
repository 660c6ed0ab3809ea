import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse, SOUND } from "./scenario-text.js";

const WRITTEN_OUT = `# The same, with everything turned round.
mesh:
  classes: { F: 0, A: 10 }
  agentsPerCluster: 5
  clustersPerSector: 2
  sectors: 1
warmUp: 1 min
duration: 10000 ms
protocol: { preset: repaired, buffer: repaired, parameters: { bufferQuantile: 0.9 } }
workload: { meshWide: 6 / min, intraCluster: 10/s }
description: the least that a scenario needs
name: sound
`;

describe("the hash of a scenario", () => {
  it("is a SHA-256 in hex", () => {
    expect(parse(SOUND).sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it("does not depend on the order of keys, on comments, on units or on whether a default is written out", () => {
    expect(parse(WRITTEN_OUT).sha256).toBe(parse(SOUND).sha256);
  });

  it("does not depend on the order of lines", () => {
    const blocks = SOUND.match(/^\S.*\n(?: .*\n)*/gm)!;
    expect(blocks).toHaveLength(4);
    fc.assert(
      fc.property(fc.shuffledSubarray(blocks, { minLength: 4 }), (order) => {
        expect(parse(order.join("")).sha256).toBe(parse(SOUND).sha256);
      }),
    );
  });

  it("does not depend on the order of parameters in an open map", () => {
    const hashOf = (world: string) => parse(`${SOUND}world: ${world}\n`).sha256;
    expect(hashOf("{ b.c: 1, a: 2 }")).toBe(hashOf("{ a: 2, b.c: 1 }"));
  });

  it.each<[name: string, more: string]>([
    ["the seed", "seed: 2"],
    ["a duration by a microsecond", "warmUp: 60000001 us"],
    ["an option", "protocol: { delivery: as-written }"],
    ["a parameter of the world", "world: { a: 1 }"],
    ["a threshold", "thresholds: { recoveryTime: ignore }"],
    ["a cascade", "workload: { cascades: [{ strategy: wave, every: 5 s }] }"],
    ["the loss, even where it is none", "network: { loss: 0 }"],
  ])("changes with %s", (_, more) => {
    expect(parse(`${SOUND}${more}\n`).sha256).not.toBe(parse(SOUND).sha256);
  });

  it("changes with the order of a list, which has a meaning", () => {
    const hashOf = (cascades: string) => parse(`${SOUND}workload: { cascades: [${cascades}] }\n`).sha256;
    const wave = "{ strategy: wave, every: 5 s }";
    const parallel = "{ strategy: parallel, every: 5 s }";
    expect(hashOf(`${wave}, ${parallel}`)).not.toBe(hashOf(`${parallel}, ${wave}`));
  });
});
