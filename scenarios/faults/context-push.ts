/**
 * Bad pushes: agents are handed a context that nobody else holds, by two `sync` operations in a row, because an agent accepts
 * the context before its own as well. They come from nowhere on the network: somebody pushed them at the machine, in the name
 * of the cluster's lead. The next true `sync` heals them.
 */
import type { Address } from "../../protocol/contract.js";
import { ComposedMessage, Sending } from "../../protocol/mesh-30k/composed-message.js";
import { UNSTAMPED } from "../../protocol/mesh-30k/conflicts/lamport.js";
import type { Fact } from "../../protocol/mesh-30k/facts.js";
import { type LeadTime, MESSAGE_SEQUENCES, type MeshMessage } from "../../protocol/mesh-30k/messages.js";
import { taskOperation } from "../../protocol/mesh-30k/operation.js";
import type { Topology } from "../../protocol/mesh-30k/topology.js";
import type { Simulation } from "../../sim/simulation.js";
import type { ContextPush } from "./resolve.js";

/** How many syncs it takes until the true context is not accepted any more. */
const SYNCS = 2;

/** Long enough to wait behind whatever the agent has to do. */
const TTL_MS = 3_600_000;

/** Nobody predicted anything about it. */
const NO_LEAD_TIME: LeadTime = {
  networkMs: Number.NaN,
  processingMs: Number.NaN,
  bufferMs: Number.NaN,
  totalMs: Number.NaN,
  expectedReadyMs: Number.NaN,
  confidence: 0,
};

/**
 * Schedules the pushes at the nodes that are attached, on a simulation that has not run yet.
 * @param effects by fault; counts each agent that was handed a wrong context
 */
export function schedulePushes(
  simulation: Simulation<MeshMessage, Fact>,
  topology: Topology,
  pushes: readonly ContextPush[],
  effects: number[],
): void {
  pushes.forEach(({ fault, atUs, nodes }, push) => {
    for (const address of nodes) {
      if (simulation.nodes[address] === undefined) continue;
      const { lead } = topology.clusterOf(address);
      simulation.command(atUs, address, () => {
        for (let sync = 0; sync < SYNCS; sync++) {
          simulation.nodes[address]!.receive(lead, forgedSync(push * SYNCS + sync, lead, address));
        }
        effects[fault]!++;
      });
    }
  });
}

/** @param number of all forged syncs, so that each has a context and a message id of its own, far from those that a lead gives out */
function forgedSync(number: number, lead: Address, receiver: Address): ComposedMessage {
  const work = {
    capability: "",
    payload: `wrong-context-${number}`,
    payloadWeight: 0,
    verb: "sync",
    priority: 3,
    stages: 1,
  } as const;
  const sending = new Sending(taskOperation(work, TTL_MS), "broadcast", Number.NaN, Number.NaN);
  const messageId = lead * MESSAGE_SEQUENCES + MESSAGE_SEQUENCES - 1 - number;
  return new ComposedMessage(
    sending,
    messageId,
    lead,
    NO_LEAD_TIME,
    Number.NaN,
    0,
    Number.NaN,
    Number.NaN,
    UNSTAMPED,
    receiver,
    undefined,
  );
}
