/** How cascades went, each and all together, and the gathers that they were made of. */
import { z } from "zod";
import { histogram, quantiles, ratio } from "./figures.js";

export const cascade = z.object({
  id: z.int(),
  strategy: z.enum(["wave", "parallel", "priority_first"]),
  /** The initiator's decision, in true seconds from the start of the run. */
  startedAtS: z.number(),
  status: z.string(),
  /**
   * Whether it counts in the KPIs and in all sums over cascades: the initiator had ended it and every window that was
   * aimed at had closed before the run ended.
   */
  counted: z.boolean(),
  /** Machine agents: all of the mesh, whether the operation reached them or not. */
  targeted: z.int(),
  sent: z.int(),
  ready: z.int(),
  hits: z.int(),
  hitRate: ratio,
  /** From the decision until 95 % of the targeted machine agents were READY; null if they never were. */
  latencyMs: z.number().nullable(),
  /** From the decision until the initiator knew; null if it never did. */
  knownMs: z.number().nullable(),
  /**
   * From the decision until 95 % of all coordinators and of all leads had taken the operation in, and 95 % of the
   * targeted machine agents were READY; null if they never did. Coordinators and leads take in waves alone.
   */
  levelMs: z.object({ sectors: z.number().nullable(), leads: z.number().nullable(), agents: z.number().nullable() }),
});

export const cascadeSummary = z.object({
  /** How many there are. */
  count: z.int(),
  latencyMs: quantiles,
  knownMs: quantiles,
  /** Over agents rather than over cascades: from the decision until each agent was READY. */
  agentLatencyMs: quantiles,
  levels: z.array(
    z.object({
      level: z.enum(["sectors", "leads", "agents"]),
      /** The document's latency budget (8.3) for the way from the decision to this level, cumulative. */
      budgetLowMs: z.number(),
      budgetHighMs: z.number(),
      /** Of the nodes of the level that took the operation in: from the decision until each did. */
      latencyMs: quantiles,
      histogram,
    }),
  ),
});

export const gathers = z.array(
  z.object({
    tier: z.enum(["orchestrator", "sector", "lead"]),
    /** Those that ended and had somebody to ask; the other figures are of these. */
    ended: z.int(),
    reachedQuorum: z.int(),
    /** Those that ended and had nobody to ask. */
    empty: z.int(),
    /** Under both definitions of the response rate, the mean over gathers. */
    meanReadyOfSent: ratio.nullable(),
    meanReadyOfTargeted: ratio.nullable(),
    decisions: z.record(z.string(), z.int()),
  }),
);
