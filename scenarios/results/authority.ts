/** Who held which office, as far as two did at once. */
import { z } from "zod";
import { quantiles, scope } from "./figures.js";

/** A count as a rate, with its interval. */
const yearly = z.object({ value: z.number(), low: z.number(), high: z.number() });

/** Who held which office, judged in true time (docs/protocols.md, "Split brain"). */
export const authority = z.object({
  /** Time that the counts are of. */
  measuredS: z.number(),
  /** Overlaps of two holders of one office of whom one reached nobody. */
  staleBeliefs: z.int(),
  byScope: z.array(
    z.object({
      scope,
      incidents: z.int(),
      /** On how many occasions they came: those that overlap in time are of one. */
      occasions: z.int(),
      /** Of the incidents, in how many two different decisions were taken in under one number. */
      conflictingCommits: z.int(),
      /** Of occasions, with the exact 95 % interval of a Poisson count; null where no time was measured. */
      occasionsPerYear: yearly.nullable(),
      /** Of incidents, with the 95 % interval of a count that comes on occasions; null where no time was measured. */
      perYear: yearly.nullable(),
      /** Of those that had ended. */
      durationS: quantiles,
      /** Time for which offices had no live holder, summed up over offices. */
      vacantS: z.number(),
      /** Members that ran and obeyed the lesser of two holders, summed up over measured time. */
      memberSeconds: z.number(),
    }),
  ),
  /** The first thousand. */
  incidents: z.array(
    z.object({
      scope,
      where: z.string(),
      fromS: z.number(),
      /** Null where it lasted until the end of the run. */
      untilS: z.number().nullable(),
      severity: z.enum(["dual-authority", "conflicting-commit"]),
      /** With the most members that obeyed each at once. */
      holders: z.array(z.object({ node: z.string(), term: z.int(), members: z.int() })),
      memberSeconds: z.number(),
    }),
  ),
});
