import { describe, expect, it } from "vitest";
import { SendTimes } from "../../../scenarios/measure/send-times.js";

const FORGET_US = 1_000_000;
const fresh = () => new SendTimes(FORGET_US);

describe("the send time of a message", () => {
  it("is that of its first sending, and is taken once", () => {
    const times = fresh();
    expect(times.note(0, 5)).toBe(true);
    expect(times.note(0, 9)).toBe(false);
    expect(times.take(0)).toBe(5);
    expect(times.take(0)).toBeUndefined();
    expect(times.note(0, 12)).toBe(false);
    expect(times.take(0)).toBeUndefined();
  });

  it("may be the very beginning", () => {
    const times = fresh();
    times.note(3, 0);
    expect(times.take(3)).toBe(0);
  });

  it("of one that was never sent is none", () => {
    const times = fresh();
    times.note(1, 1);
    expect(times.take(2)).toBeUndefined();
    expect(times.take(65)).toBeUndefined();
  });

  it("of each of a thousand that are awaited at once is kept", () => {
    const times = fresh();
    for (let i = 0; i < 1000; i++) expect(times.note(i, 10 + i)).toBe(true);
    for (let i = 999; i >= 0; i--) expect(times.take(i), `message ${i}`).toBe(10 + i);
  });

  it("survives that room is made while others have been taken", () => {
    const times = fresh();
    for (let i = 0; i < 64; i++) times.note(i, i);
    for (let i = 0; i < 64; i += 2) times.take(i);
    for (let i = 64; i < 128; i++) times.note(i, i);
    for (let i = 1; i < 64; i += 2) expect(times.take(i), `message ${i}`).toBe(i);
    for (let i = 64; i < 128; i++) expect(times.take(i), `message ${i}`).toBe(i);
  });

  it.each([
    ["is kept for as long as it may take", FORGET_US, 0],
    ["is forgotten when a later message needs its place after that", FORGET_US + 1, undefined],
  ])("%s", (_, laterUs, expected) => {
    const times = fresh();
    times.note(0, 0);
    times.note(64, laterUs); // the same slot of the 64 that there are at first
    expect(times.take(0)).toBe(expected);
    expect(times.take(64)).toBe(laterUs);
  });

  it("is not noted a second time for a resend that comes after 64 later messages", () => {
    const times = fresh();
    times.note(0, 1);
    times.take(0);
    for (let sequence = 1; sequence <= 64; sequence++) {
      times.note(sequence, 2);
      times.take(sequence);
    }
    expect(times.note(0, 3)).toBe(false);
    expect(times.take(0)).toBeUndefined();
  });

  it.each([0, 2 ** 31 - 2, 2 ** 32 - 2, 2 ** 52, Number.MAX_SAFE_INTEGER - 200])(
    "is kept for numbers from %d on, and none is noted twice",
    (first) => {
      const times = fresh();
      for (let i = 0; i <= 200; i++) expect(times.note(first + i, i)).toBe(true);
      for (let i = 0; i <= 200; i++) expect(times.note(first + i, 500)).toBe(false);
      for (let i = 0; i <= 200; i++) expect(times.take(first + i), `message ${first + i}`).toBe(i);
      expect(times.held).toBe(0);
    },
  );

  it("does not mind numbers that lie 2^32 apart, all awaited at once", () => {
    const times = fresh();
    for (let i = 0; i < 100; i++) expect(times.note(i * 2 ** 32, i)).toBe(true);
    for (let i = 0; i < 100; i++) expect(times.take(i * 2 ** 32)).toBe(i);
  });

  it("of what is never READY takes no more room than was sent until it is forgotten", () => {
    const times = fresh();
    const everyUs = FORGET_US / 200;
    for (let sequence = 0; sequence < 20_000; sequence++) times.note(sequence, sequence * everyUs);
    expect(times.held).toBeLessThanOrEqual(200 + 64);
  });
});
