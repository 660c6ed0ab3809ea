/** What charts show that stands nowhere else in the results. */
import { z } from "zod";
import { MODES } from "../../protocol/mesh-30k/resilience/operational-mode.js";
import { classId, ratio } from "./figures.js";

export const charts = z.object({
  /** A sample of single predictions, drawn by hash: at most 400 for each class. */
  arrivalError: z.array(z.object({ class: classId, predictedMs: z.number(), errorMs: z.number() })),
  /** Quantiles of the error by predicted time. */
  arrivalErrorBands: z.array(
    z.object({
      class: classId,
      predictedMs: z.number(),
      p5: z.number(),
      p50: z.number(),
      p95: z.number(),
      count: z.int(),
    }),
  ),
  /** By cascade that counts, in order of time. */
  hitRate: z.array(z.object({ atS: z.number(), class: z.union([classId, z.literal("all")]), hitRate: ratio })),
  /** By simulated second and kind of message, warm-up included; the last second may be a part of one. */
  messageRate: z.array(z.object({ second: z.int(), kind: z.string(), sent: z.int() })),
  /** Agents of whom the KPIs speak that are active, of all of them, at the end of each second: mean and least of each span. */
  activeAgents: z.object({
    spanS: z.int().positive(),
    points: z.array(z.object({ atS: z.number(), mean: ratio, least: ratio })),
  }),
  /** Since when which mode was set: the first thousand changes; it begins with FULL. */
  modes: z.array(z.object({ fromS: z.number(), mode: z.enum(MODES) })),
});
