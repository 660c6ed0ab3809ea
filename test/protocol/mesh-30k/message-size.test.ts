import { describe, expect, it } from "vitest";
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

  it("of a type that is not spelt out follows its fields", () => {
    const freeze: MeshMessage = { type: "FREEZE", thaw: true, scope: "global", targetId: 0 };
    expect(sizeBytes(freeze)).toBe(194 + 4 * 32);
  });
});
