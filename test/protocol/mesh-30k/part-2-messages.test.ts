import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CapabilityIndex } from "../../../protocol/mesh-30k/capability-index.js";
import { payloadHash } from "../../../protocol/mesh-30k/integrity.js";
import {
  type Coordinate,
  MESSAGE_SEQUENCES,
  type MeshMessage,
  messageIdText,
} from "../../../protocol/mesh-30k/messages.js";
import { ttlMs } from "../../../protocol/mesh-30k/wire.js";
import { FakeMesh } from "./fake-mesh.js";
import {
  acknowledge,
  agentOn,
  clusterSummary,
  coordinate,
  impedanceOf,
  leadOn,
  optionsWith,
  sectorSummary,
  shapeOf,
  TASK,
  VARIANTS,
} from "./fixtures.js";

describe.each(VARIANTS)("MESH-30K 2.4, %s: the metadata of a message", (variant) => {
  /** What a lead sends for a task, to an agent that is 100 ms away and needs 50 ms for weight 0. */
  function sentFor(task = TASK): Coordinate {
    const { host, lead, agents, hear } = leadOn(optionsWith(variant), 1);
    host.advance(1_234);
    hear(agents[0]!, { latencyDeviationMs: 8 });
    lead.submit(task);
    return host.sentOf("COORDINATE").at(-1)!.message;
  }

  it("tells who it is from, for whom, and how it was routed", () => {
    const message = sentFor();
    expect(message).toMatchObject({ sourceId: 2, targetIds: [3], routingStrategy: "direct", depth: 0 });
    expect(Math.floor(message.messageId / MESSAGE_SEQUENCES)).toBe(2);
  });

  it("tells when it was made, when the target should be READY, and how long it lives", () => {
    const message = sentFor();
    expect(message.createdAtMs).toBe(1_234);
    expect(message.targetArrivalMs).toBe(1_234 + 50 + 50 + 8);
    expect(message.remainingMs).toBeCloseTo(108, 9);
    expect(message.ttlMs).toBe(5_000);
  });

  it("tells how the sender compensated for the target's impedance", () => {
    const message = sentFor({ ...TASK, payloadWeight: 2 });
    expect(message.payloadWeight).toBe(2);
    expect(message.requiresCapabilities).toEqual(["api"]);
    expect(message.compensation).toEqual({
      networkMs: 50,
      processingMs: 100,
      bufferMs: 8,
      totalMs: 158,
      confidence: 0.7,
      expectedReadyMs: variant === "repaired" ? 150 : 158,
    });
  });

  it("carries the payload, its hash, its verb and priority, and expects READY", () => {
    expect(sentFor({ ...TASK, verb: "decide", priority: 3, payload: "left or right" })).toMatchObject({
      verb: "decide",
      priority: 3,
      payload: "left or right",
      payloadHash: payloadHash("left or right"),
      trinaryExpectation: 1,
    });
  });
});

describe("MESH-30K 2.4: message ids", () => {
  it("are unique over the mesh, whatever is sent by whom", () => {
    const mesh = new FakeMesh(shapeOf(2, 2, { B: 12 }), optionsWith("repaired"), { delayMs: 10, serviceMs: 10 });
    mesh.run(20_000);
    for (const lead of mesh.leads) for (let i = 0; i < 5; i++) lead.submit(TASK);
    for (const coordinator of mesh.coordinators) for (let i = 0; i < 5; i++) coordinator.submit(TASK);
    mesh.orchestrator.broadcast(TASK);
    mesh.run(2_000);
    const ids = mesh.deliveredOf("COORDINATE").map(({ message }) => message.messageId);
    expect(ids.length).toBe(4 * 5 + 2 * 5 + 2 + 4 + 12);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("read as time, sender and sequence number", () => {
    expect(messageIdText(17 * MESSAGE_SEQUENCES + 4, 1_295.9)).toBe(`${(1_295).toString(36)}-17-4`);
  });
});

describe.each(VARIANTS)("MESH-30K 2.4, %s: the routing strategies", (variant) => {
  function meshOf(agents: number): FakeMesh {
    const mesh = new FakeMesh(shapeOf(1, 1, { B: agents }), optionsWith(variant), { delayMs: 10, serviceMs: 20 });
    mesh.run(6_000);
    mesh.delivered.length = 0;
    return mesh;
  }
  const readyAgents = (mesh: FakeMesh) =>
    mesh.hosts.flatMap((host) => host.factsOf("ready").map((fact) => [host.self, fact.trinaryState]));

  it("direct: one agent works and answers its sender", () => {
    const mesh = meshOf(3);
    mesh.leads[0]!.submit(TASK);
    mesh.run(1_000);
    const [sent, ...others] = mesh.deliveredOf("COORDINATE");
    expect(others).toEqual([]);
    expect(mesh.deliveredOf("ACK")).toMatchObject([
      { from: sent!.to, to: 2, message: { messageId: sent!.message.messageId, trinaryState: 1, agentId: sent!.to } },
    ]);
  });

  it("broadcast: every agent works, through the hierarchy, and nobody acknowledges", () => {
    const mesh = meshOf(4);
    mesh.orchestrator.broadcast(TASK);
    mesh.run(1_000);
    expect(mesh.deliveredOf("COORDINATE").map(({ from, to }) => [from, to])).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
      [2, 4],
      [2, 5],
      [2, 6],
    ]);
    expect(readyAgents(mesh)).toEqual([3, 4, 5, 6].map((agent) => [agent, 1]));
    expect(mesh.deliveredOf("ACK")).toEqual([]);
  });

  it("scatter-gather: every agent works and answers the lead that scattered", () => {
    const mesh = meshOf(4);
    mesh.hosts[2]!.deliver(1, coordinate({ depth: 1, remainingMs: 500 }));
    mesh.run(3_000);
    const acks = mesh.deliveredOf("ACK").filter(({ to }) => to === 2);
    expect(acks.map(({ from }) => from)).toEqual([3, 4, 5, 6]);
    const work = mesh.deliveredOf("COORDINATE");
    expect(work.map(({ message }) => message.routingStrategy)).toEqual(Array(4).fill("scatter-gather"));
    expect(new Set(work.map(({ message }) => message.correlationId)).size).toBe(1);
  });

  it("pipeline: each stage works and hands on to the next; the last one answers the source", () => {
    const mesh = meshOf(4);
    mesh.leads[0]!.submit({ ...TASK, stages: 3 });
    mesh.run(1_000);
    const hops = mesh.deliveredOf("COORDINATE");
    const stages = hops[0]!.message.targetIds;
    expect(new Set(stages).size).toBe(3);
    expect(hops.map(({ from, to }) => [from, to])).toEqual([
      [2, stages[0]],
      [stages[0], stages[1]],
      [stages[1], stages[2]],
    ]);
    expect(mesh.deliveredOf("ACK").map(({ from, to }) => [from, to])).toEqual([[stages[2], 2]]);
    expect(readyAgents(mesh)).toHaveLength(3);
  });

  it("pipeline: what is handed on is the message itself, without its echo", () => {
    const { host } = agentOn(optionsWith(variant));
    const message = coordinate({ routingStrategy: "pipeline", targetIds: [9, 10], echoSentAtMs: 3, echoHeldMs: 4 });
    host.deliver(1, message);
    host.finish();
    // Lamport time: 2 when it came, 3 when it goes.
    const handedOn = { ...message, echoSentAtMs: Number.NaN, echoHeldMs: Number.NaN, lamport: 3 };
    expect(host.sentOf("COORDINATE")).toMatchObject([{ to: 10, message: handedOn }]);
  });

  it("pipeline: a stage that cannot take the message in answers the source, and hands nothing on", () => {
    const { host } = agentOn(optionsWith(variant));
    const message = coordinate({ routingStrategy: "pipeline", targetIds: [9, 10], requiresCapabilities: ["vision"] });
    host.deliver(1, message);
    host.finish();
    expect(host.sentOf("COORDINATE")).toEqual([]);
    expect(host.sentOf("ACK")).toMatchObject([{ to: 1, message: { trinaryState: -1 } }]);
  });
});

describe("MESH-30K 2.4: payload_hash", () => {
  it.each([
    ["", 0x811c9dc5],
    ["a", 0xe40c292c],
    ["foobar", 0xbf9cf968],
  ])("of %j is the published FNV-1a figure", (text, hash) => {
    expect(payloadHash(text) >>> 0).toBe(hash);
  });

  it("changes with any one character", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.nat(), fc.integer({ min: 1, max: 255 }), (text, at, flip) => {
        const index = at % text.length;
        const damaged =
          text.slice(0, index) + String.fromCharCode(text.charCodeAt(index) ^ flip) + text.slice(index + 1);
        expect(payloadHash(damaged)).not.toBe(payloadHash(text));
      }),
    );
  });
});

describe("MESH-30K 2.4: ttl_ms", () => {
  const coordination = coordinate({ ttlMs: 1_234 });
  const rows: [string, MeshMessage, number][] = [
    ["a coordination message lives as long as it says", coordination, 1_234],
    ["an acknowledgement as long as it is waited for", acknowledge(coordination, 9), 5_000],
    [
      "a heartbeat until it is stale",
      { type: "HEARTBEAT", agentId: 9, timestampMs: 0, impedance: impedanceOf(9), grant: 0 },
      10_000,
    ],
    ["a cluster summary until it is stale", clusterSummary(0), 10_000],
    ["a sector summary until it is stale", sectorSummary(0), 10_000],
    [
      "the map until it is stale",
      { type: "MAP", clusterCount: 0, index: new CapabilityIndex([]), circuits: [] },
      10_000,
    ],
    ["an order an hour", { type: "FREEZE", thaw: true, scope: "global", targetId: 0 }, 3_600_000],
    [
      "a circuit order an hour",
      { type: "CIRCUIT", action: "OPEN", scope: "global", targetId: 0, byHand: true, reason: "" },
      3_600_000,
    ],
  ];

  it.each(rows)("%s", (_, message, livesMs) => {
    expect(ttlMs(message)).toBe(livesMs);
  });

  it.each(VARIANTS)(
    "%s: bounds the wait for the processor; a message that expired there is not answered",
    (variant) => {
      const { host } = agentOn(optionsWith(variant));
      host.deliver(1, coordination);
      expect(host.jobs).toMatchObject([{ ttlMs: 1_234, priority: 2, payloadWeight: 0 }]);
      host.finish("expired");
      expect(host.sentOf("ACK")).toEqual([]);
      expect(host.factsOf("unfinished")).toMatchObject([{ outcome: "expired", message: coordination }]);
    },
  );
});
