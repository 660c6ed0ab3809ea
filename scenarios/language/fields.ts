/** The kinds of value that a scenario is made of, each as a zod type that checks, converts and knows its JSON Schema. */
import { z } from "zod";
import { alternatives, Mismatch, tell } from "./mismatch.js";
import { nearest } from "./nearest.js";
import { readDuration, readRate, readRatio } from "./units.js";

/** What an editor is told about a field; the reader alone decides. */
type EditorHint = Readonly<Record<string, unknown>>;

/**
 * A value that `read` takes or refuses. Refusals are issues whose message completes a sentence that begins with the path
 * of the value.
 */
export function field<Value>(read: (found: unknown) => Value | Mismatch, hint: EditorHint) {
  return z
    .unknown()
    .meta(hint)
    .transform((found, context): Value => {
      const value = read(found);
      if (!(value instanceof Mismatch)) return value;
      context.addIssue({ code: "custom", message: tell(found, value) });
      return z.NEVER;
    });
}

export const DECIMAL = "(\\d+(\\.\\d+)?|\\.\\d+)";

/** What quantities look like, for editors. */
export const DURATION_PATTERN = `${DECIMAL} *(us|ms|s|min|h)`;
export const RATIO_PATTERN = `${DECIMAL} *%?`;
const RATE_PATTERN = `${DECIMAL} */ *(s|min|h)`;

const durationHint = {
  type: "string",
  pattern: `^${DURATION_PATTERN}$`,
  examples: ["50 ms", "1.5 s", "5 min"],
};

/** Milliseconds. */
export const duration = () => field((found) => readDuration(found), durationHint);

/** Milliseconds, more than none. */
export const positiveDuration = () => field((found) => readDuration(found, "positive"), durationHint);

/** From 0 to 1. */
export const ratio = () =>
  field(readRatio, {
    anyOf: [
      { type: "number", minimum: 0, maximum: 1 },
      { type: "string", pattern: `^${RATIO_PATTERN}$` },
    ],
    examples: ["1.5 %", 0.015],
  });

/** Events per second. */
export const rate = () =>
  field(readRate, { type: "string", pattern: `^${RATE_PATTERN}$`, examples: ["10 / s", "6 / min"] });

export const wholeNumber = (least: number, most: number) =>
  field(
    (found) =>
      Number.isInteger(found) && Number(found) >= least && Number(found) <= most
        ? Number(found)
        : new Mismatch(`a whole number from ${least} to ${most}`),
    { type: "integer", minimum: least, maximum: most },
  );

/** Any finite number, `least` or more. */
export const number = (least = Number.NEGATIVE_INFINITY, expected = "a number") =>
  field(
    (found) => (typeof found === "number" && Number.isFinite(found) && found >= least ? found : new Mismatch(expected)),
    Number.isFinite(least) ? { type: "number", minimum: least } : { type: "number" },
  );

export const choice = <const Value extends string>(values: readonly Value[]) =>
  field(
    (found): Value | Mismatch =>
      values.find((value) => value === found) ??
      new Mismatch(alternatives(values), typeof found === "string" ? nearest(found, values) : undefined),
    { type: "string", enum: values },
  );

export const text = (pattern: RegExp, expected: string) =>
  field((found) => (typeof found === "string" && pattern.test(found) ? found : new Mismatch(expected)), {
    type: "string",
    pattern: pattern.source,
  });
