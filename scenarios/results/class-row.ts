/** How the agents of one class fared. */
import { z } from "zod";
import { classId, histogram, quantiles, ratio } from "./figures.js";

export const classRow = z.object({
  class: classId,
  name: z.string(),
  /** Whether the class counts in the KPIs; people stand beside them. */
  machine: z.boolean(),
  agents: z.int(),
  clusters: z.int(),
  /**
   * Over all cascades that count: agents targeted, messages sent to them, and how they fared. All machine agents of the
   * mesh are targeted by every cascade, and people with humanTargets as written.
   */
  targeted: z.int(),
  sent: z.int(),
  hits: z.int(),
  early: z.int(),
  late: z.int(),
  never: z.int(),
  skipped: z.int(),
  /** Of the skipped: the lead time that they would have needed less what there was (insufficient_lead_time), in ms. */
  shortfallMs: quantiles,
  hitRate: ratio.nullable(),
  hitRateOfSent: ratio.nullable(),
  /** Share of the targeted whose acknowledgement reached the node that aimed at them by T + W. */
  gatheredRate: ratio.nullable(),
  /** READY minus predicted READY, over cascades and single messages, in ms. */
  predictionErrorMs: quantiles,
  within50MsRate: ratio.nullable(),
  /** READY minus target time T, over cascades, in ms. */
  arrivalErrorMs: quantiles,
  /** Impedance scores in the last heartbeats of the run, in ms. */
  impedanceMs: quantiles,
  impedanceHistogram: histogram,
});
