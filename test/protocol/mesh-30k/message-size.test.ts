import { describe, expect, it } from "vitest";
import type { Durable } from "../../../protocol/contract.js";
import type { ConflictReport } from "../../../protocol/mesh-30k/conflicts/conflict-messages.js";
import type { DurableCase } from "../../../protocol/mesh-30k/conflicts/durable-conflicts.js";
import type { HandedConflicts } from "../../../protocol/mesh-30k/conflicts/handover.js";
import { sizeBytes } from "../../../protocol/mesh-30k/message-size.js";
import type { AgentImpedance, Heartbeat, MeshMessage } from "../../../protocol/mesh-30k/messages.js";

const impedance: AgentImpedance = {
  agentId: 1234,
  agentClass: "E",
  latencyMs: 20.123,
  latencyDeviationMs: 3.456,
  processingMs: 101.25,
  processingSamples: 40,
  queueDepth: 3,
  assumedProcessingMs: 150,
  heartbeatNumber: 1200,
  impedanceScore: 312.5,
  reliabilityScore: 0.999,
  driftCoefficient: 0.123,
  contextHash: 123456789,
  capabilities: ["sensor_data", "local_state"],
};

const heartbeat: Heartbeat = { type: "HEARTBEAT", agentId: 1234, timestampMs: 1767225600000, impedance, grant: 0 };

describe("the size of a message", () => {
  it("is within a third of its JSON text, beside the envelope of 194 bytes", () => {
    const text = JSON.stringify(heartbeat).length;
    expect(sizeBytes(heartbeat) - 194).toBeGreaterThan(text * 0.67);
    expect(sizeBytes(heartbeat) - 194).toBeLessThan(text * 1.5);
  });

  it("grows with what is in it", () => {
    const longer: Heartbeat = {
      ...heartbeat,
      impedance: { ...impedance, capabilities: [...impedance.capabilities, "physical_world"] },
    };
    expect(sizeBytes(longer)).toBeGreaterThan(sizeBytes(heartbeat));
  });

  const conflict: ConflictReport = {
    type: "CONFLICT",
    record: {
      conflictId: 1_234_567,
      timestampMs: 1767225600000,
      lamport: 123_456,
      agentId: 1234,
      messageId: 7_654_321,
      conflictType: "DATA_CONTRADICTION",
      conflictingValues: ["a1b2c3d4", "d4c3b2a1"],
      agentContextHash: 123456789,
      divergenceDepth: 2,
      affectedAgents: 30,
    },
    priority: 3,
    asks: false,
    work: {
      verb: "sync",
      payload: "context 17",
      payloadWeight: 0,
      priority: 2,
      payloadHash: 123456789,
      stamp: 123_456_789,
      requires: [],
    },
    lamport: 123_457,
  };

  it("of a conflict is within a third of its JSON text, too", () => {
    const text = JSON.stringify(conflict).length;
    expect(sizeBytes(conflict) - 194).toBeGreaterThan(text * 0.67);
    expect(sizeBytes(conflict) - 194).toBeLessThan(text * 1.5);
  });

  it("of an assertion, a grant and what is handed on grows with the conflicts in it", () => {
    const { record, priority, work } = conflict;
    const open: DurableCase = {
      record,
      priority: priority as DurableCase["priority"],
      members: 1,
      isOwn: true,
      wasReported: true,
      toldBy: undefined,
      askedBy: undefined,
      work,
    };
    const handed = { by: 7, open: [open], inherited: [], post: [] };
    const messages = (conflicts: HandedConflicts | undefined): MeshMessage[] => [
      { type: "ASSERT", office: 1, holder: 1, term: 1, serial: 3, state: { conflicts } as unknown as Durable },
      { type: "GRANT", office: 1, serial: 3, left: conflicts ?? { ...handed, open: [] } },
      { type: "HAND_ON", serial: 3, conflicts: conflicts ?? { ...handed, open: [] } },
    ];
    const grown = messages(handed).map((message, i) => sizeBytes(message) - sizeBytes(messages(undefined)[i]!));
    expect(grown).toEqual([480, 480, 480]);
  });

  it("of a type that is not spelt out follows its fields", () => {
    const freeze: MeshMessage = { type: "FREEZE", thaw: true, scope: "global", targetId: 0 };
    expect(sizeBytes(freeze)).toBe(194 + 4 * 32);
  });
});
