/** When a fault strikes, and how long each time: once, again and again, or at random. */
import { z } from "zod";
import { flag } from "./fault-fields.js";
import { choice, duration, number, positiveDuration, rate, wholeNumber } from "./fields.js";

/** Distributions of durations that the models know by name; see docs/models.md. */
const MODELLED = ["partitions", "repairs"] as const;

export const lasting = () =>
  z
    .strictObject({
      as: choice(MODELLED)
        .optional()
        .describe(
          "As the models have it: partitions (a mixture of two lognormals), or repairs of machines (lognormal).",
        ),
      median: positiveDuration().optional().describe("Median of a lognormal."),
      sigma: number(0, "a spread of 0 or more").optional().describe("Spread of the lognormal, of its logarithm."),
      mean: positiveDuration().optional().describe("Mean of an exponential."),
    })
    .superRefine(({ as, median, sigma, mean }, context) => {
      const ways = [as, median, mean].filter((way) => way !== undefined).length;
      const complain = (message: string) => context.addIssue({ code: "custom", message });
      if (ways !== 1) complain("names no single distribution; expected one of as, median (with sigma) or mean");
      else if ((median === undefined) !== (sigma === undefined)) {
        complain("has half of a lognormal; expected median and sigma together");
      }
    })
    .transform(({ as, median, sigma, mean }): Lasting => {
      if (as !== undefined) return { as };
      return mean === undefined ? { medianMs: median!, sigma: sigma! } : { meanMs: mean };
    });

/** How long something lasts where that is random. */
export type Lasting =
  | { readonly as: (typeof MODELLED)[number] }
  | { readonly medianMs: number; readonly sigma: number }
  | { readonly meanMs: number };

export const TIMING_KEYS = {
  at: duration()
    .optional()
    .describe(
      "Start of the first time, from the start of warm-up; or where a random process begins. Left out: when measuring begins.",
    ),
  for: positiveDuration().optional().describe("How long each time. Left out: to the end of the run."),
  lasting: lasting().optional().describe("How long each time, at random, in place of `for`."),
  every: positiveDuration().optional().describe("From one start to the next."),
  count: wholeNumber(1, 1_000_000)
    .optional()
    .describe("How often, with `every`. Left out: as often as the run has time for."),
  rate: rate().optional().describe("Starts at random: a Poisson process of so many starts, in place of `every`."),
  flapping: z
    .strictObject({
      on: positiveDuration().describe("How long it is broken."),
      off: positiveDuration().describe("How long it is whole in between."),
    })
    .optional()
    .describe("Within each time, broken and whole by turns, broken first."),
  anew: flag().optional().describe("true: whom it concerns is drawn anew each time. Left out: drawn once."),
};

const timing = z.strictObject(TIMING_KEYS);
type Timing = z.output<typeof timing>;

/** Durations in ms. */
export interface When {
  readonly atMs?: number;
  readonly forMs?: number;
  readonly lasting?: Lasting;
  readonly everyMs?: number;
  readonly count?: number;
  readonly ratePerSecond?: number;
  readonly flapping?: { readonly onMs: number; readonly offMs: number };
  readonly anew: boolean;
}

export function whenOf({ at, for: forMs, lasting, every, count, rate, flapping, anew }: Timing): When {
  return {
    ...(at !== undefined && { atMs: at }),
    ...(forMs !== undefined && { forMs }),
    ...(lasting !== undefined && { lasting }),
    ...(every !== undefined && { everyMs: every }),
    ...(count !== undefined && { count }),
    ...(rate !== undefined && { ratePerSecond: rate }),
    ...(flapping !== undefined && { flapping: { onMs: flapping.on, offMs: flapping.off } }),
    anew: anew === true,
  };
}

type Complain = (key: keyof Timing, message: string) => void;

/** What does not go together, whatever the kind of fault. */
export function checkTiming(given: Timing, complain: Complain): void {
  const { for: forMs, lasting, every, rate, count, flapping, anew } = given;
  const seconds = (ms: number) => `${ms / 1000} s`;
  if (forMs !== undefined && lasting !== undefined) {
    complain("lasting", "stands beside for; expected one of the two");
  }
  if (every !== undefined && rate !== undefined) complain("rate", "stands beside every; expected one of the two");
  if (count !== undefined && every === undefined) complain("count", "counts repetitions; expected every beside it");
  if (rate === 0) complain("rate", "is 0, so that it never strikes; expected a rate greater than 0");
  const repeats = every !== undefined || (rate !== undefined && rate > 0);
  if (repeats && forMs === undefined && lasting === undefined) {
    complain(every === undefined ? "rate" : "every", "repeats what never ends; expected for or lasting beside it");
  }
  if (anew === true && !repeats) complain("anew", "draws for each time anew, and there is one; expected every or rate");
  if (every !== undefined && forMs !== undefined && every < forMs) {
    complain("every", `is ${seconds(every)}, shorter than each time lasts; expected for, ${seconds(forMs)}, or longer`);
  }
  if (every !== undefined && lasting !== undefined) {
    complain("lasting", "may be longer than every allows; expected for, or rate in place of every");
  }
  if (flapping !== undefined) {
    if (forMs === undefined && lasting === undefined) {
      complain("flapping", "goes on without end; expected for or lasting beside it");
    } else if (forMs !== undefined && flapping.on + flapping.off > forMs) {
      const turn = seconds(flapping.on + flapping.off);
      complain(
        "flapping",
        `takes ${turn} a turn, longer than the spell of ${seconds(forMs)}; expected a turn that fits`,
      );
    }
  }
}
