/** What was logged, resolved and left open of conflicts (document 5.1). */
import { z } from "zod";
import { quantiles } from "./figures.js";

export const conflicts = z.object({
  /** At the node that logged them first: logged = resolved + open. */
  byType: z.array(
    z.object({
      type: z.string(),
      /** 0 background to 4 critical. */
      priority: z.int(),
      logged: z.int(),
      resolved: z.int(),
      open: z.int(),
      /** Resolved after the deadline of the priority, or open when the run ended and past it. */
      late: z.int(),
      /** From logging until the node held it for resolved, in ms. */
      resolvedAfterMs: quantiles,
    }),
  ),
  byOutcome: z.array(z.object({ method: z.string(), outcome: z.string(), conflicts: z.int() })),
  byTier: z.array(
    z.object({
      tier: z.enum(["lead", "sector", "orchestrator"]),
      /** Logged here first. */
      own: z.int(),
      /** Logged here because a node below told of them. */
      told: z.int(),
      /** Of both, what was open when the run ended: what nobody here had settled, or had been told the end of. */
      open: z.int(),
      /** Cases that a process coming into an office took over from the other one. */
      inherited: z.int(),
      /** Cases that the level above was told of, or asked to settle; and how often it said that it has one. */
      escalated: z.int(),
      asked: z.int(),
      accepted: z.int(),
    }),
  ),
  putToPeople: z.int(),
  /** Whose wall clocks were found to be off, by address, and how often. */
  driftingClocks: z.array(z.object({ node: z.int(), times: z.int() })),
});
