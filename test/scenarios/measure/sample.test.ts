import { describe, expect, it } from "vitest";
import { BottomSample } from "../../../scenarios/measure/sample.js";

const KEYS = Array.from({ length: 3000 }, (_, i) => (i % 7) * 2 ** 32 + i);

function sampleOf(keys: readonly number[], size = 100): number[] {
  const sample = new BottomSample<number>(size);
  for (const key of keys) sample.offer(key, () => key);
  return sample.values();
}

describe("a sample of fixed size", () => {
  const sample = sampleOf(KEYS);

  it("is of that size, of what was offered, nothing twice", () => {
    expect(new Set(sample).size).toBe(100);
    expect(sample.every((key) => KEYS.includes(key))).toBe(true);
  });

  it.each<[name: string, keys: number[]]>([
    ["backwards", [...KEYS].reverse()],
    ["the odd before the even", [...KEYS.filter((key) => key % 2 === 1), ...KEYS.filter((key) => key % 2 === 0)]],
  ])("does not depend on the order of what is offered: %s", (_, keys) => {
    expect(sampleOf(keys)).toEqual(sample);
  });

  it("of everything is the sample of the parts' samples, so that parts can be merged", () => {
    const parts = [KEYS.slice(0, 1000), KEYS.slice(1000, 1300), KEYS.slice(1300)];
    expect(sampleOf(parts.flatMap((part) => sampleOf(part)))).toEqual(sample);
  });

  it("keeps everything while it is not full", () => {
    expect(sampleOf(KEYS.slice(0, 80)).sort((a, b) => a - b)).toEqual(KEYS.slice(0, 80).sort((a, b) => a - b));
  });

  it("favours no part of the keys", () => {
    // 400 of 3,000: of each third about 133, with a deviation of 9.
    const counts = [0, 0, 0];
    for (const key of sampleOf(KEYS, 400)) counts[Math.floor((key % 2 ** 32) / 1000)]!++;
    for (const count of counts) expect(Math.abs(count - 400 / 3)).toBeLessThan(36);
  });

  it("can be looked at and go on", () => {
    const looked = new BottomSample<number>(100);
    for (const key of KEYS) {
      looked.offer(key, () => key);
      if (key % 500 === 0) looked.values();
    }
    expect(looked.values()).toEqual(sample);
  });
});
