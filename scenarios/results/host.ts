/** How busy, hot and full a machine was that several agents share. */
import { z } from "zod";
import { ratio } from "./figures.js";

/** A figure is null where such a machine has nothing of the kind. */
export const host = z.object({
  kind: z.string(),
  /** The first of its agents. */
  firstAgent: z.string(),
  agents: z.int(),
  region: z.string(),
  /** Share of the time of all cores that they were at work. */
  busyRatio: ratio.nullable(),
  /** By how much longer its jobs took than each would have alone on an idle machine, in s, added up. */
  heldUpS: z.number().nullable(),
  hottestC: z.number().nullable(),
  /** Share of the time that it was slower because it was hot. */
  throttledRatio: ratio.nullable(),
  /** The most that was in use at once, of what there is; above 1 where memory was overdrawn. */
  memoryRatio: z.number().nullable(),
  diskRatio: z.number().nullable(),
  /** Share of the time that its line was busy, in the busier direction. */
  lineRatio: z.number().nullable(),
  /** Messages for which its line had no room. */
  dropped: z.int(),
  /** Agents killed for want of memory, and jobs rejected for want of disk. */
  killed: z.int(),
  refused: z.int(),
});
