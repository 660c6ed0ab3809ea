/** What stands between a node and the links: a message bus, with the numbers that a deployment sets on it. */
import { z } from "zod";
import { choice, positiveDuration, wholeNumber } from "./fields.js";

const BUSES = ["datagram", "pubsub", "at-least-once"] as const;

/** More than any pipe or stream holds in memory. */
const MOST = 1_000_000_000;

export const bus = () =>
  choice(BUSES)
    // What the document's own rates and latencies are about: nothing stands between a node and the network.
    .prefault("datagram")
    .describe(
      "datagram: what the links lose is lost; pubsub: a pipe for each subscriber, which drops the newest when it is full (ZeroMQ); at-least-once: acknowledged, sent again, in order within a cluster (JetStream).",
    );

export const pubsub = z
  .strictObject({
    highWaterMark: wholeNumber(1, MOST)
      // ZeroMQ's default for ZMQ_RCVHWM (zmq_setsockopt).
      .prefault(1000)
      .describe("How many messages wait for one subscriber at most, the one that it is taking included."),
    handlingTime: positiveDuration()
      // A guess: a client in a scripting language reads, decodes and dispatches some 10,000 small messages a second.
      .prefault("100 us")
      .describe("How long a subscriber takes to take a message, on average; exponentially distributed."),
  })
  .transform(({ highWaterMark, handlingTime }) => ({ highWaterMark, handlingMs: handlingTime }));

export const atLeastOnce = z
  .strictObject({
    ackWait: positiveDuration()
      // JetStream's default AckWait. Longer than most messages live (document 3.2: 5 s): see docs/findings.md.
      .prefault("30 s")
      .describe("How long an acknowledgement is waited for before a message is sent again."),
    maxDeliveries: wholeNumber(1, MOST)
      .optional()
      .describe("How often a message is sent at most. Left out: until its time to live is over, as in JetStream."),
    maxAckPending: wholeNumber(1, MOST)
      // JetStream's default MaxAckPending.
      .prefault(1000)
      .describe("How many messages from one node to another may be unacknowledged; later ones wait."),
  })
  .transform(({ ackWait, maxDeliveries, maxAckPending }) => ({
    ackWaitMs: ackWait,
    maxAckPending,
    ...(maxDeliveries !== undefined && { maxDeliveries }),
  }));

/** The bus that was chosen, with its own numbers; nothing where messages are datagrams. */
export function chosenBus(
  kind: (typeof BUSES)[number],
  settings: { readonly pubsub: z.output<typeof pubsub>; readonly atLeastOnce: z.output<typeof atLeastOnce> },
) {
  switch (kind) {
    case "datagram":
      return {};
    case "pubsub":
      return { bus: { kind, ...settings.pubsub } };
    case "at-least-once":
      return { bus: { kind, ...settings.atLeastOnce } };
  }
}
