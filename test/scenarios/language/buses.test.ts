import { describe, expect, it } from "vitest";
import { complaintsOf, parse, SOUND } from "./scenario-text.js";

const about = (network: string) => complaintsOf(() => parse(`${SOUND}network: ${network}\n`));
const networkOf = (network: string) => parse(`${SOUND}network: ${network}\n`).scenario.network;

describe("the message bus of a scenario", () => {
  it("is left out where messages are datagrams, so that a scenario's hash is what it was", () => {
    expect(networkOf("{ bus: datagram, pubsub: { highWaterMark: 3 } }")).toEqual({});
    expect(parse(`${SOUND}network: { bus: datagram }`).sha256).toBe(parse(SOUND).sha256);
  });

  it("has the defaults of ZeroMQ and of JetStream (docs/buses.md)", () => {
    expect(networkOf("{ bus: pubsub }")).toEqual({ bus: { kind: "pubsub", highWaterMark: 1000, handlingMs: 0.1 } });
    const jetStream = { kind: "at-least-once", ackWaitMs: 30_000, maxAckPending: 1000 };
    expect(networkOf("{ bus: at-least-once }")).toEqual({ bus: jetStream });
  });

  it("takes its numbers from its own section", () => {
    const given = "{ bus: at-least-once, atLeastOnce: { ackWait: 250 ms, maxDeliveries: 4, maxAckPending: 8 } }";
    const bus = { kind: "at-least-once", ackWaitMs: 250, maxDeliveries: 4, maxAckPending: 8 };
    expect(networkOf(given)).toEqual({ bus });
  });

  it.each([
    [
      "{ bus: pubsubs }",
      "s.yaml:9:17: network.bus is pubsubs; expected datagram, pubsub or at-least-once (did you mean pubsub?)",
    ],
    [
      "{ pubsub: { highWaterMark: 0 } }",
      "s.yaml:9:37: network.pubsub.highWaterMark is 0; expected a whole number from 1 to 1000000000",
    ],
    [
      "{ atLeastOnce: { ackWait: 0 s } }",
      "s.yaml:9:36: network.atLeastOnce.ackWait is 0 s; expected a duration greater than 0 (1 us at least)",
    ],
  ])("%s is refused, with its place", (network, expected) => {
    expect(about(network)).toEqual([expected]);
  });
});
