/** How long what broke took to be noticed and to be whole again, and whether all of it was in the end. */
import { z } from "zod";
import { quantiles } from "./figures.js";

/** How long it took until what broke was noticed, and until it was whole again (docs/protocols.md, "Recovery"). */
export const recoveries = z.object({
  byClass: z.array(
    z.object({
      /** A failure class of the document's (6.1), `outage`, or `nobody in office`. */
      class: z.string(),
      scope: z.enum(["agent", "cluster", "sector", "global"]),
      count: z.int(),
      /** Whole again before anybody noticed, or not noticed until the run ended. */
      undetected: z.int(),
      unrepaired: z.int(),
      /** From the true start until somebody noticed; from then, or from the start, until it was whole again. */
      detectionS: quantiles,
      repairS: quantiles,
      /** From the true start until it was whole again. */
      slowestS: z.number().nullable(),
      /** Part 11's for clusters and sectors, ours for agents (as a cluster) and the orchestrator's office (as a sector). */
      targetS: z.number(),
    }),
  ),
  /** The first thousand. */
  list: z.array(
    z.object({
      class: z.string(),
      where: z.string(),
      startedS: z.number(),
      detectedS: z.number().nullable(),
      restoredS: z.number().nullable(),
    }),
  ),
});

/** Whether the mesh was whole again after the last fault. */
export const liveness = z.object({
  /** Null where nothing broke, or not everything was over when the run ended. */
  lastFaultEndsS: z.number().nullable(),
  agreedAfterS: z.number().nullable(),
  withinS: z.number(),
  /** `undecided`: the mesh was not whole when the run ended, and had some of `withinS` left. */
  verdict: z.enum(["holds", "missed", "undecided", "not-exercised"]),
  /** What was not as it should be when the run ended. */
  stuck: z.array(z.string()),
});
