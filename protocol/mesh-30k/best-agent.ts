/** What makes an agent the best of several capable ones (documents 4.2 and 4.3): the option `routing`. */
import type { Millis } from "../contract.js";
import { oneWayMs } from "./latency-estimate.js";
import type { AgentImpedance } from "./messages.js";
import type { Variant } from "./options.js";

export interface RoutingPolicy {
  /** What sending to an idle agent costs. */
  fixedMs(impedance: AgentImpedance): Millis;
  /** What each message costs that it was given before and has not answered. */
  perMessageMs(impedance: AgentImpedance): Millis;
  /**
   * Messages that an agent has to work off before a new one.
   * @param reported how many it last reported
   * @param outstanding messages that it was given and has not answered
   */
  queueDepth(reported: number, outstanding: number): number;
}

/** The last heartbeat and nothing since: for 5 s, everything goes to one agent. */
const byLastHeartbeat: RoutingPolicy = {
  fixedMs: (impedance) => impedance.impedanceScore,
  perMessageMs: () => 0,
  queueDepth: (reported) => reported,
};

/** The last heartbeat's times, and the work that was given to the agent and is not answered. */
const byOwnBacklog: RoutingPolicy = {
  fixedMs: (impedance) =>
    isMeasured(impedance) ? oneWayMs(impedance.latencyMs) + impedance.processingMs : impedance.impedanceScore,
  perMessageMs: (impedance) => (isMeasured(impedance) ? impedance.processingMs : impedance.impedanceScore),
  queueDepth: (_reported, outstanding) => outstanding,
};

function isMeasured(impedance: AgentImpedance): boolean {
  return impedance.processingSamples > 0 && !Number.isNaN(impedance.latencyMs);
}

export const ROUTING_POLICIES: Readonly<Record<Variant, RoutingPolicy>> = {
  "as-written": byLastHeartbeat,
  repaired: byOwnBacklog,
};
