import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Mismatch, tell } from "../../../scenarios/language/mismatch.js";
import { readDuration, readRate, readRatio } from "../../../scenarios/language/units.js";

/** The number that was read, or the complaint. */
function outcome(found: unknown, read: (found: unknown) => number | Mismatch): number | string {
  const value = read(found);
  return value instanceof Mismatch ? tell(found, value) : value;
}

const DURATION = "expected a duration with a unit: us, ms, s, min or h";
const RATIO = "expected a ratio from 0 to 1";
const RATE = "expected a rate with a unit: / s, / min or / h";

describe("durations, in ms", () => {
  it.each<[name: string, found: unknown, expected: number | string]>([
    ["microseconds", "10 us", 0.01],
    ["milliseconds", "50 ms", 50],
    ["seconds with a fraction", "1.5 s", 1500],
    ["no leading zero", ".5 s", 500],
    ["minutes", "5 min", 300_000],
    ["hours", "2 h", 7_200_000],
    ["no space", "5min", 300_000],
    ["spaces around", "  5   min  ", 300_000],
    ["zero", "0 s", 0],
    ["minus zero, which is zero", "-0 s", 0],
    ["less than a microsecond rounds to the grain of time", "1.4 us", 0.001],
    ["fractions that binary cannot hold", "1.1 s", 1100],
    ["the longest", "2501999 h", 9_007_196_400_000],
    ["a number without a unit", 5, `is 5; ${DURATION} (did you mean 5 s?)`],
    ["a number in text without a unit", "5", `is 5; ${DURATION} (did you mean 5 s?)`],
    ["another spelling of seconds", "5 sec", `is 5 sec; ${DURATION} (did you mean 5 s?)`],
    ["minutes as m", "5 m", `is 5 m; ${DURATION} (did you mean 5 min?)`],
    ["a unit in capitals", "5 MS", `is 5 MS; ${DURATION} (did you mean 5 ms?)`],
    ["the letter mu", "5 µs", `is 5 µs; ${DURATION} (did you mean 5 us?)`],
    ["an unknown unit", "5 fortnights", `is 5 fortnights; ${DURATION}`],
    ["a name that every object has", "5 constructor", `is 5 constructor; ${DURATION}`],
    ["a ratio", "5 %", `is 5 %; ${DURATION}`],
    ["a rate", "5 / s", `is 5 / s; ${DURATION}`],
    ["two numbers", "1 min 30 s", `is 1 min 30 s; ${DURATION}`],
    ["an exponent", "1e3 s", `is 1e3 s; ${DURATION}, its number without an exponent (did you mean 1000 s?)`],
    [
      "a negative exponent",
      "2.5E-3 s",
      `is 2.5E-3 s; ${DURATION}, its number without an exponent (did you mean 0.0025 s?)`,
    ],
    ["an exponent beyond reason", "1e300 s", `is 1e300 s; ${DURATION}, its number without an exponent`],
    ["an exponent without a unit", "1e3", `is 1e3; ${DURATION}, its number without an exponent (did you mean 1000 s?)`],
    ["words", "soon", `is soon; ${DURATION}`],
    ["nothing", null, `is empty; ${DURATION}`],
    ["a list", ["5 s"], `is a list; ${DURATION}`],
    ["a map", { s: 5 }, `is a map; ${DURATION}`],
    ["infinity", Number.POSITIVE_INFINITY, `is Infinity; ${DURATION}`],
    ["less than nothing", "-5 s", "is -5 s; expected a duration of 0 s or more"],
    ["longer than virtual time", "2501999 h 1", `is 2501999 h 1; ${DURATION}`],
    ["beyond virtual time", "2502000 h", "is 2502000 h; expected a duration of at most 285 years (2^53 us)"],
  ])("%s", (_, found, expected) => {
    expect(outcome(found, readDuration)).toBe(expected);
  });

  it.each([["0 s"], ["-5 s"], ["0.4 us"]])("%s is refused where time must pass", (found) => {
    expect(outcome(found, (value) => readDuration(value, "positive"))).toBe(
      `is ${found}; expected a duration greater than 0 (1 us at least)`,
    );
  });

  it("is the same however it is spelt", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000_000 }), (us) => {
        const spellings = [`${us} us`, `${us / 1e3} ms`, `${(us / 1e6).toFixed(6)} s`];
        const read = spellings.map((spelling) => readDuration(spelling));
        expect(read).toEqual(spellings.map(() => us / 1e3));
      }),
    );
  });
});

describe("ratios, from 0 to 1", () => {
  it.each<[name: string, found: unknown, expected: number | string]>([
    ["percent", "1.5 %", 0.015],
    ["percent without a space", "1.5%", 0.015],
    ["a number", 0.015, 0.015],
    ["a number in text", "0.015", 0.015],
    ["none", 0, 0],
    ["all", "100 %", 1],
    ["a percentage that dividing by 100 would miss", "0.07 %", 0.0007],
    ["a very small number", 1e-9, 1e-9],
    ["percent forgotten", 1.5, `is 1.5; ${RATIO} (did you mean 1.5 %?)`],
    ["percent in words", "1.5 percent", `is 1.5 percent; ${RATIO} (did you mean 1.5 %?)`],
    ["more than all", "150 %", `is 150 %; ${RATIO}`],
    ["far more than all", 150, `is 150; ${RATIO}`],
    ["less than nothing", -0.1, `is -0.1; ${RATIO}`],
    ["not a number", Number.NaN, `is NaN; ${RATIO}`],
    ["words", "a lot", `is a lot; ${RATIO}, such as 0.015 or 1.5 %`],
    ["nothing", null, `is empty; ${RATIO}, such as 0.015 or 1.5 %`],
    ["a truth", true, `is true; ${RATIO}, such as 0.015 or 1.5 %`],
  ])("%s", (_, found, expected) => {
    expect(outcome(found, readRatio)).toBe(expected);
  });

  it("is the same in percent, to the last bit", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000 }), (basisPoints) => {
        const percent = `${Math.floor(basisPoints / 100)}.${String(basisPoints % 100).padStart(2, "0")} %`;
        expect(readRatio(percent)).toBe(basisPoints / 10_000);
      }),
    );
  });

  it("takes exactly the numbers from 0 to 1", () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        const read = readRatio(value);
        if (value >= 0 && value <= 1) expect(read).toBe(Math.abs(value));
        else expect(read).toBeInstanceOf(Mismatch);
      }),
    );
  });
});

describe("rates, per second", () => {
  it.each<[name: string, found: unknown, expected: number | string]>([
    ["per second", "10 / s", 10],
    ["without spaces", "0.1/s", 0.1],
    ["per minute", "6 / min", 0.1],
    ["per hour", "36 /h", 0.01],
    ["never", "0 / s", 0],
    ["a number without a unit", 10, `is 10; ${RATE} (did you mean 10 / s?)`],
    ["hertz", "10 Hz", `is 10 Hz; ${RATE} (did you mean 10 / s?)`],
    ["in words", "10 per minute", `is 10 per minute; ${RATE} (did you mean 10 / min?)`],
    ["a period without its slash", "10 s", `is 10 s; ${RATE} (did you mean 10 / s?)`],
    ["a period that is too short to name", "10 / ms", `is 10 / ms; ${RATE}`],
    ["words", "often", `is often; ${RATE}`],
    ["nothing", null, `is empty; ${RATE}`],
    ["less than never", "-1 / s", "is -1 / s; expected a rate from 0 to 1000000 / s"],
    [
      "more often than virtual time has instants",
      "1000001 / s",
      "is 1000001 / s; expected a rate from 0 to 1000000 / s",
    ],
  ])("%s", (_, found, expected) => {
    expect(outcome(found, readRate)).toBe(expected);
  });
});

describe("every reader", () => {
  it.each([
    ["durations", readDuration],
    ["ratios", readRatio],
    ["rates", readRate],
  ] as const)("of %s answers whatever it is given with a finite number or a complaint of one line", (_, read) => {
    const anything = fc.oneof(
      fc.anything(),
      fc.string(),
      fc.stringMatching(/^-?[0-9.]{1,6} ?(us|ms|s|min|h|%|\/ ?s)$/),
    );
    fc.assert(
      fc.property(anything, (found) => {
        const value = outcome(found, (text) => read(text));
        if (typeof value === "number") expect(Number.isFinite(value) && value >= 0).toBe(true);
        else expect(value).toMatch(/^is .+; expected .+$/);
      }),
    );
  });
});
