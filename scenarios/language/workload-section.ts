/** What a mesh is given to do: baseline traffic and cascades. */
import { z } from "zod";
import { CASCADE_STRATEGIES, WINDOW_MS } from "../../protocol/mesh-30k/cascade-plan.js";
import type { Verb } from "../../protocol/mesh-30k/messages.js";
import { choice, duration, number, positiveDuration, rate, ratio, wholeNumber } from "./fields.js";

const VERBS = ["observe", "orient", "decide", "act", "record", "sync"] as const satisfies readonly Verb[];
const PRIORITIES = [0, 1, 2, 3] as const;

/** Complexity of a payload; 0, the default everywhere, is the document's standard payload (3.1). */
const payloadWeight = () =>
  number(0, "a weight of 0 or more")
    .prefault(0)
    .describe("Complexity of the payload: 0 is standard, each 1 adds half the time.");

const cascade = z
  .strictObject({
    strategy: choice(CASCADE_STRATEGIES).describe(
      "wave: level by level; parallel: the orchestrator addresses everyone; priority_first: class by class.",
    ),
    every: positiveDuration().describe("From the start of one cascade to the start of the next."),
    first: duration()
      .optional()
      .describe(
        "Start of the first cascade, from the start of warm-up. Those that start during warm-up are practice and not measured. Left out: half of `every`.",
      ),
    count: wholeNumber(1, 1_000_000).optional().describe("How many in all. Left out: as many as the run has time for."),
    window: positiveDuration()
      .optional()
      .describe(
        "Half width of the arrival window around the target time. Left out: the document's, 500 ms, or 1 s of a parallel cascade.",
      ),
    payloadWeight: payloadWeight(),
    // A mesh-wide operation brings everybody to one state; the verb costs nothing, it is carried and reported.
    verb: choice(VERBS).prefault("sync").describe("What the operation asks of the agents."),
    // Above routine work, or a cascade would wait for it.
    priority: wholeNumber(0, 3)
      .transform((priority) => PRIORITIES[priority]!)
      .prefault(3)
      .describe("From 0 (background) to 3 (critical)."),
  })
  .transform(({ every, first, window, ...order }) => ({
    ...order,
    windowMs: window ?? WINDOW_MS[order.strategy],
    everyMs: every,
    // Away from the instants at which a run begins and, where it is a multiple of `every`, at which measuring begins.
    firstMs: first ?? every / 2,
  }));

/** The rates are the moderate activity of document 8.2. */
export const workloadSection = z
  .strictObject({
    intraCluster: rate().prefault("10 / s").describe("Messages inside each cluster, from its lead to its best agent."),
    interCluster: rate()
      .prefault("1 / s")
      .describe("Messages from each sector coordinator to the best agent of the whole mesh."),
    meshWide: rate().prefault("0.1 / s").describe("Broadcasts from the orchestrator to every agent."),
    pipelineShare: ratio()
      // Most work is one agent's; a few messages keep the pipeline strategy in use.
      .prefault("5 %")
      .describe("Share of the messages inside clusters that three agents work on, one after the other."),
    payloadWeight: payloadWeight(),
    cascades: z.array(cascade).prefault([]).describe("Operations that go through the whole mesh, each repeated."),
  })
  .transform(({ intraCluster, interCluster, meshWide, ...rest }) => ({
    ...rest,
    intraClusterPerSecond: intraCluster,
    interClusterPerSecond: interCluster,
    meshWidePerSecond: meshWide,
  }));
