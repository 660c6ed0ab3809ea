/** What was simulated of a run that leaves the quiet between its faults out. */
import { z } from "zod";

/** The other times of results are said to be of either, calendar or simulated time. */
export const calendar = z.object({
  simulatedS: z.number(),
  skippedS: z.number(),
  /** How often calendar time was left out so far. */
  cuts: z.int(),
  /**
   * Cuts at which the mesh was not settled: an office had not exactly one live holder whom all its live members followed. Any
   * makes the run inconclusive.
   */
  unsettledCuts: z.int(),
  /** The first twenty of them, in calendar time, with an office that was not settled. */
  unsettled: z.array(z.object({ atS: z.number(), where: z.string(), offices: z.int() })),
  /** The first ten thousand stretches that are simulated: from when until when, and where in simulated time they begin. */
  stretches: z.array(z.object({ fromS: z.number(), untilS: z.number(), simulatedFromS: z.number() })),
});
