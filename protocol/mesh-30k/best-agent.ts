/** How the best of several capable agents is chosen (documents 4.2 and 4.3): the option `routing`. */
import type { Millis } from "../contract.js";
import type { Child } from "./children.js";
import { impedanceScore } from "./impedance-score.js";
import { oneWayMs } from "./latency-estimate.js";
import type { Variant } from "./options.js";

export interface RoutingPolicy {
  /** Messages that a child has to work off before a new one. */
  queueDepth(child: Child): number;
  /** What sending to the child costs; the lowest is the best. */
  cost(child: Child): Millis;
}

/** The last heartbeat and nothing since: for 5 s, everything goes to one agent. */
const byLastHeartbeat: RoutingPolicy = {
  queueDepth: (child) => child.impedance.queueDepth,
  cost: (child) => child.impedance.impedanceScore,
};

/** The last heartbeat's times, and the work that was given to the agent and is not answered. */
const byOwnBacklog: RoutingPolicy = {
  queueDepth: (child) => child.outstanding,
  cost: (child) => {
    const { latencyMs, processingMs, processingSamples, impedanceScore: reported } = child.impedance;
    if (Number.isNaN(latencyMs) || processingSamples === 0) return reported * (1 + child.outstanding);
    return impedanceScore(oneWayMs(latencyMs), processingMs, child.outstanding);
  },
};

export const ROUTING_POLICIES: Readonly<Record<Variant, RoutingPolicy>> = {
  "as-written": byLastHeartbeat,
  repaired: byOwnBacklog,
};

/** The cheapest of the candidates that are active and were heard of; the first of equals; undefined if there is none. */
export function bestAgent(candidates: readonly Child[], policy: RoutingPolicy): Child | undefined {
  let best: Child | undefined;
  let lowest = Number.POSITIVE_INFINITY;
  for (const child of candidates) {
    if (child.state !== "active" || !child.wasHeard) continue;
    const cost = policy.cost(child);
    if (cost < lowest) {
      lowest = cost;
      best = child;
    }
  }
  return best;
}
