/** What agents that do not keep to the protocol make of their messages. */
import { describe, expect, it } from "vitest";
import type { Acknowledge, AgentImpedance, Heartbeat } from "../../../protocol/mesh-30k/messages.js";
import { Sabotage } from "../../../scenarios/faults/sabotage.js";

const AGENT = 20;
const LEAD = 3;
const never = () => {
  throw new Error("no random number is needed");
};

const ack = (messageId: number, trinaryState: 1 | -1 = 1): Acknowledge => ({
  type: "ACK",
  messageId,
  correlationId: 1,
  agentId: AGENT,
  trinaryState,
  actualArrivalMs: 5,
  processingTimeMs: 3,
  heldMs: 4,
  conflict: trinaryState === 1 ? undefined : { type: "CONTEXT_DIVERGENCE", expected: "1", received: "2" },
  tally: undefined,
  leadTimes: undefined,
  lamport: 1,
  resultHash: 7,
});

const impedance: AgentImpedance = {
  agentId: AGENT,
  agentClass: "C",
  latencyMs: 90,
  latencyDeviationMs: 8,
  processingMs: 120,
  processingSamples: 40,
  queueDepth: 7,
  assumedProcessingMs: 100,
  heartbeatNumber: 12,
  impedanceScore: 930,
  reliabilityScore: 0.7,
  driftCoefficient: 0.4,
  contextHash: 99,
  capabilities: ["run"],
};
const heartbeat: Heartbeat = { type: "HEARTBEAT", agentId: AGENT, timestampMs: 1, impedance, grant: 0 };

describe("contradict", () => {
  const sabotage = new Sabotage();

  it("answers READY with a wrong result, also where it found a conflict", () => {
    const [wrong] = sabotage.tamper("contradict", AGENT, LEAD, ack(7), never);
    expect(wrong).toMatchObject({ messageId: 7, trinaryState: 1, resultHash: ~7 });
    const [ready] = sabotage.tamper("contradict", AGENT, LEAD, ack(8, -1), never);
    expect(ready).toMatchObject({ messageId: 8, trinaryState: 1, conflict: undefined });
  });

  it("leaves everything else as it is, the very message", () => {
    expect(sabotage.tamper("contradict", AGENT, LEAD, heartbeat, never)[0]).toBe(heartbeat);
  });
});

describe("lie", () => {
  it("reports an impedance that is far better, and is itself in all else", () => {
    const [told] = new Sabotage().tamper("lie", AGENT, LEAD, heartbeat, never) as [Heartbeat];
    const { agentId, agentClass, heartbeatNumber, contextHash, capabilities } = impedance;
    expect(told.impedance).toMatchObject({ agentId, agentClass, heartbeatNumber, contextHash, capabilities });
    expect(told.impedance.impedanceScore).toBeLessThan(5);
    expect(told.impedance).toMatchObject({ queueDepth: 0, reliabilityScore: 1, driftCoefficient: 0 });
    expect(heartbeat.impedance.impedanceScore).toBe(930);
    const answer = ack(1);
    expect(new Sabotage().tamper("lie", AGENT, LEAD, answer, never)[0]).toBe(answer);
  });
});

describe("replay", () => {
  /** Says the messages 0, 1, 2 ... and returns the ids that went out each time. */
  function said(count: number, whether: number, which: number, to = (_: number) => LEAD): number[][] {
    const sabotage = new Sabotage();
    return Array.from({ length: count }, (_, id) => {
      const draws = [whether, which];
      const out = sabotage.tamper("replay", AGENT, to(id), ack(id), () => draws.shift()!) as Acknowledge[];
      expect(draws).toEqual([]); // as many draws whatever comes of it
      return out.map(({ messageId }) => messageId);
    });
  }

  it("says an older message again after the new one", () => {
    expect(said(3, 0, 0)).toEqual([[0], [1, 0], [2, 0]]);
    expect(said(3, 0, 0.99)).toEqual([[0], [1, 0], [2, 1]]);
  });

  it("now and then only", () => {
    expect(said(3, 0.99, 0)).toEqual([[0], [1], [2]]);
  });

  it("to those that it told before, and of the last 16 messages", () => {
    expect(said(4, 0, 0, (id) => id % 2)).toEqual([[0], [1], [2, 0], [3, 1]]);
    expect(said(20, 0, 0).at(-1)).toEqual([19, 3]);
  });

  it("keeps what agents said apart", () => {
    const sabotage = new Sabotage();
    sabotage.tamper("replay", AGENT, LEAD, ack(1), () => 0);
    expect(sabotage.tamper("replay", AGENT + 1, LEAD, ack(2), () => 0)).toHaveLength(1);
  });
});

describe("another way", () => {
  it("is a bug, and not taken for honesty", () => {
    expect(() => new Sabotage().tamper("flatter", AGENT, LEAD, heartbeat, never)).toThrow(/flatter/);
  });
});
