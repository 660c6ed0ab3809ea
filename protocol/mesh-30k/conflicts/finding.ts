/** A conflict as an agent reports it, and what the node that hears of it adds: how far apart they are, how many it concerns. */
import type { Address } from "../../contract.js";
import type { ContextMemory } from "../context-memory.js";
import type { Acknowledge, ConflictDetail, MessageId } from "../messages.js";
import type { Operation } from "../operation.js";
import type { DisputedWork } from "./conflict-messages.js";
import type { KnownSyncs } from "./known-syncs.js";

export interface Finding {
  readonly agentId: Address;
  readonly messageId: MessageId;
  readonly detail: ConflictDetail;
  readonly divergenceDepth: number;
  readonly affectedAgents: number;
  readonly work: DisputedWork | undefined;
}

/**
 * @param work what was to be done, as far as it is known
 * @param agentsBelow how many agents a mesh-wide operation that passes through the node is for
 */
export function findingOf(
  { agentId, messageId, correlationId }: Acknowledge,
  detail: ConflictDetail,
  work: DisputedWork | undefined,
  agentsBelow: number,
  known: KnownSyncs,
  context: ContextMemory,
): Finding {
  const held = { hash: detail.held?.contextHash ?? 0, stamp: detail.held?.stamp ?? 0 };
  const own = { hash: context.currentHash, stamp: context.stamp };
  const divergenceDepth = detail.type === "CONTEXT_DIVERGENCE" ? known.distance(own, held) : 0;
  const affectedAgents = correlationId < 0 ? 1 : agentsBelow;
  return { agentId, messageId, detail, divergenceDepth, affectedAgents, work };
}

export function disputedWork(operation: Operation, requires: readonly string[]): DisputedWork {
  const { verb, payload, payloadWeight, priority, payloadHash, stamp } = operation;
  return { verb, payload, payloadWeight, priority, payloadHash, stamp, requires };
}
