/** What became of the agents that joined the running mesh. */
import { z } from "zod";
import { quantiles, ratio } from "./figures.js";

/** Agents that joined the running mesh (document 10.2); null where the scenario has none. */
export const joining = z
  .object({
    agents: z.int(),
    /** Whose process has started. */
    started: z.int(),
    /** How many have come so far, and how long each took, from the start of its process, in s. */
    steps: z.array(
      z.object({ step: z.enum(["announced", "admitted", "pooled", "whole"]), agents: z.int(), afterS: quantiles }),
    ),
    /** By cascades that count and started when the newcomer was admitted; hit rate as for everybody. */
    targeted: z.int(),
    hits: z.int(),
    hitRate: ratio.nullable(),
    /** CONFLICT answers of newcomers before they were whole, and how often one had to begin its way into the pool anew. */
    conflicts: z.int(),
    setBacks: z.int(),
    /** Failures beyond lost messages that were noticed of newcomers not started, or running ever since. */
    falseFailures: z.int(),
  })
  .nullable();
