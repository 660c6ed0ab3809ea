/** The message bus that a scenario puts between the nodes of a mesh and their links. */
import type { Address } from "../protocol/contract.js";
import type { MeshMessage } from "../protocol/mesh-30k/messages.js";
import type { Topology } from "../protocol/mesh-30k/topology.js";
import { ttlMs } from "../protocol/mesh-30k/wire.js";
import { AtLeastOnce } from "../sim/bus/at-least-once.js";
import { PubSub } from "../sim/bus/pubsub.js";
import type { Links } from "../sim/network.js";
import { RandomStreams } from "../sim/random.js";
import type { SimulationSetup } from "../sim/setup.js";
import { type Micros, microsFromMs, US_PER_MS } from "../sim/time.js";
import type { Scenario } from "./language/schema.js";

type MakeTransport = NonNullable<SimulationSetup<MeshMessage, unknown>["makeTransport"]>;

/** Makes the scenario's bus; undefined where messages are datagrams. */
export function busOf({ network, seed }: Scenario, topology: Topology, links: Links): MakeTransport | undefined {
  const { bus } = network;
  switch (bus?.kind) {
    case undefined:
      return undefined;
    case "pubsub": {
      const { highWaterMark, handlingMs } = bus;
      const handlingUs = exponential(seed, topology.nodeCount, handlingMs);
      return (machinery) => new PubSub(links, ttlMs, machinery, { highWaterMark, handlingUs });
    }
    case "at-least-once": {
      const { ackWaitMs, maxAckPending, maxDeliveries = Number.POSITIVE_INFINITY } = bus;
      const ackWaitUs = microsFromMs(ackWaitMs);
      const isOrdered = (from: Address, to: Address) => isWithinCluster(topology, from, to);
      return (machinery) =>
        new AtLeastOnce(links, ttlMs, machinery, { ackWaitUs, maxAckPending, maxDeliveries, isOrdered });
    }
  }
}

/** Whether a message goes from a lead to one of its agents or back: what a bus has to keep in order (document 8.1). */
export function isWithinCluster(topology: Topology, from: Address, to: Address): boolean {
  return isLeadOf(topology, from, to) || isLeadOf(topology, to, from);
}

function isLeadOf({ clusters, firstLead }: Topology, lead: Address, agent: Address): boolean {
  const cluster = clusters[lead - firstLead];
  return cluster !== undefined && agent >= cluster.firstAgent && agent < cluster.firstAgent + cluster.size;
}

/** Handling times of every node, from a stream of its own, in whole µs, at least 1. */
function exponential(seed: number, nodeCount: number, meanMs: number): (address: Address) => Micros {
  const streams = new RandomStreams(seed, "handling", nodeCount);
  const meanUs = meanMs * US_PER_MS;
  return (address) => Math.max(1, Math.round(-Math.log1p(-streams.uniform(address)) * meanUs));
}
