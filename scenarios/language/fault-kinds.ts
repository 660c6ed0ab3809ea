/** The kinds of faults, each with what it says of itself and whom it concerns. */
import { z } from "zod";
import { drift, flag, offset } from "./fault-fields.js";
import { TARGET_KEYS, target, WHOLES } from "./fault-target.js";
import { lasting } from "./fault-timing.js";
import { choice, duration, number, positiveDuration, rate, ratio, wholeNumber } from "./fields.js";

const DIRECTIONS = ["out", "in"] as const;
export const WAYS = ["contradict", "replay", "lie"] as const;

const side = () =>
  z.strictObject({
    ...TARGET_KEYS,
    rest: flag().optional().describe("true, and nothing else: everybody whom no other side names."),
  });

const partition = z.strictObject({
  isolate: target().optional().describe("Cuts these off from everybody else."),
  split: z
    .array(side())
    .optional()
    .describe("Two or more sides that do not reach each other. Whom no side names reaches all of them."),
  bridge: target()
    .optional()
    .describe(
      "Two halves of these that reach each other through one in the middle alone, which both reach (Jepsen's bridge).",
    ),
  ring: target()
    .optional()
    .describe("Each of these hears a majority of them, and no two the same majority (Jepsen's majorities ring)."),
  oneWay: choice(DIRECTIONS)
    .optional()
    .describe(
      "Cuts one direction alone. out: what goes from the isolated, or from an earlier side to a later; in: the other.",
    ),
});

const packets = z.strictObject({
  loss: ratio().optional().describe("Share that is lost, each message by itself."),
  burstLoss: z
    .strictObject({
      loss: ratio().describe("Share that is lost in the long run."),
      burst: number(1, "a mean length of 1 message or more").describe(
        "Mean length of a bad stretch, in messages of one sender.",
      ),
      lossInBad: ratio().prefault("100 %").describe("Share that is lost in a bad stretch."),
      lossInGood: ratio().prefault("0 %").describe("Share that is lost outside of them."),
    })
    .superRefine(({ loss, burst, lossInBad, lossInGood }, context) => {
      const complain = (message: string) => context.addIssue({ code: "custom", path: ["loss"], message });
      const percent = (share: number) => `${Number((share * 100).toPrecision(6))} %`;
      if (loss <= lossInGood || loss >= lossInBad) {
        const between = `${percent(lossInGood)} (lossInGood) and ${percent(lossInBad)} (lossInBad)`;
        complain(`is ${percent(loss)}; expected a share between ${between}, both excluded`);
      } else if ((loss - lossInGood) / (lossInBad - loss) > burst) {
        complain(
          `is ${percent(loss)}, which bad stretches of ${burst} messages cannot add up to; expected a longer burst`,
        );
      }
    })
    .optional()
    .describe("Loss in bursts (Gilbert-Elliott): each sender's way is good or bad."),
  delay: duration().optional().describe("Takes this much longer."),
  jitter: duration().optional().describe("And up to this much more, uniformly."),
  duplicate: ratio().optional().describe("Share of which a second copy arrives."),
  reorder: ratio().optional().describe("Share that is held up, so that later ones overtake it."),
  within: positiveDuration()
    .prefault("100 ms")
    .describe("How much later a second copy arrives at most, and how long reordering holds a message up at most."),
  corrupt: ratio().optional().describe("Share that is damaged on the way."),
  rateLimit: rate().optional().describe("Messages that each sender's way carries; others wait."),
  queue: wholeNumber(0, 1_000_000)
    .prefault(1000)
    .describe("How many may wait at a rate limit; ZeroMQ's high-water mark, 1000, where left out."),
  hold: flag().optional().describe("true: held, and let go when the time is over."),
  of: target().optional().describe("Messages from or to these."),
  from: target().optional().describe("Messages from these."),
  to: target().optional().describe("Messages to these."),
  between: z.array(target()).optional().describe("Messages from one of these sides to another."),
});

const clock = z.strictObject({
  step: offset().optional().describe("The wall clock shows this much more."),
  drift: drift().optional().describe("The oscillator runs faster by this."),
  strobe: z
    .strictObject({
      by: offset().describe("How far the wall clock jumps."),
      period: positiveDuration().describe("From one jump to the next but one: half of it there, half of it back."),
    })
    .optional()
    .describe("The wall clock jumps to and fro."),
  unsynchronised: flag().optional().describe("true: nothing sets the clock any more."),
  ...TARGET_KEYS,
});

/** Of those who say themselves what fails as a whole. */
const { whole: _, ...KEYS_WITHOUT_WHOLE } = TARGET_KEYS;

const POWERED = ["machine", "board", "rack", "region"] as const;

const failures = z.strictObject({
  of: choice(WHOLES).prefault("machine").describe("What fails as a whole, with every node on it."),
  mtbf: positiveDuration()
    .optional()
    .describe("Mean time from a repair to the next failure of each. Left out: faults.machine.mtbfH of the models."),
  mttr: positiveDuration().optional().describe("Mean time to repair, exponential, in place of `repair`."),
  repair: lasting().optional().describe("How long a repair takes. Left out: repairs as the models have them."),
  burstShare: ratio()
    .optional()
    .describe("Share of failures that come in bursts. Left out: faults.burst.share of the models."),
  burstSize: number(1, "a mean size of 1 or more")
    .optional()
    .describe("How many neighbours fail in a burst, on average. Left out: faults.burst.meanSize of the models."),
  ...KEYS_WITHOUT_WHOLE,
});

export const KINDS = {
  partition: partition.describe("Nodes that do not reach each other."),
  packets: packets.describe("What happens to messages on their way."),
  crash: target().describe(
    "Processes die, and what they did not save with them; they start again when the time is over.",
  ),
  pause: target().describe("Processes stop, notice nothing, and go on where they were."),
  slow: z
    .strictObject({
      times: number(1, "a factor of 1 or more").describe("Work takes so many times as long."),
      ...TARGET_KEYS,
    })
    .describe("Processors get slower."),
  memoryPressure: z
    .strictObject({
      times: number(1, "a factor of 1 or more")
        .optional()
        .describe("Work takes so many times as long. Left out: faults.memoryPressure.slowFactor of the models."),
      kills: rate()
        .optional()
        .describe(
          "How often each process is killed for want of memory. Left out: faults.memoryPressure.killsPerH of the models.",
        ),
      ...TARGET_KEYS,
    })
    .describe("Memory runs short: slower work, and processes that are killed and started again."),
  wrongContext: target().describe("Agents are handed a wrong context (a bad push), and keep it until the next sync."),
  byzantine: z
    .strictObject({
      how: choice(WAYS).describe(
        "contradict: answers READY with a result that is not what comes of the work; replay: says old things again; lie: reports an impedance that is far too good.",
      ),
      ...TARGET_KEYS,
    })
    .describe("Agents that do not keep to the protocol."),
  clock: clock.describe("Clocks of machines that are wrong."),
  power: z
    .strictObject({ off: choice(POWERED).describe("What has no power, as a whole."), ...KEYS_WITHOUT_WHOLE })
    .describe("Machines without power. Boards come back with a clock that is behind until it is set."),
  failures: failures.describe("Failures at random for as long as the fault lasts, with repairs and in bursts."),
};

export type FaultKind = keyof typeof KINDS;

/** What is said of a fault, as it comes out of the schema: the key of its kind alone. */
export type Told = { readonly [Kind in FaultKind]?: z.output<(typeof KINDS)[Kind]> | undefined };

export const FAULT_KINDS = Object.keys(KINDS) as FaultKind[];
