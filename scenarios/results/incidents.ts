/** What went wrong, kind by kind and one by one. */
import { z } from "zod";
import { scope } from "./figures.js";

const incidentKind = z.enum(["split-brain", "outage", "breaker", "mode"]);

/** What went wrong and for how long; times are in true seconds of the calendar from the start of the run. */
export const incidents = z.object({
  /** Of all, each kind at each scope at which it happened. */
  byKind: z.array(
    z.object({
      kind: incidentKind,
      scope,
      count: z.int(),
      /** Added up, and the longest; those that last count until the end of the run. */
      totalS: z.number(),
      longestS: z.number(),
    }),
  ),
  /** In order of beginning: the first thousand of each kind at each scope. */
  list: z.array(
    z.object({
      kind: incidentKind,
      scope,
      where: z.string(),
      fromS: z.number(),
      /** Null where it lasted until the end of the run. */
      untilS: z.number().nullable(),
      /** The severity of a split brain, the mode; empty where there is no more to say. */
      detail: z.string(),
    }),
  ),
});
