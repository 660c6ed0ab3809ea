import { describe, expect, it } from "vitest";
import { confidence, trust } from "../../../protocol/mesh-30k/confidence.js";
import { BASE_PROCESSING_MS, type ImpedanceClass } from "../../../protocol/mesh-30k/impedance-class.js";
import type { AgentImpedance, LeadTime } from "../../../protocol/mesh-30k/messages.js";
import type { ProtocolOptions, Variant } from "../../../protocol/mesh-30k/options.js";
import { batchStart, SEND_POLICIES } from "../../../protocol/mesh-30k/send-schedule.js";
import { acknowledge, coordinate, impedanceOf, leadOn, optionsWith, TASK, VARIANTS } from "./fixtures.js";

const needs = (networkMs: number, processingMs: number, bufferMs: number): LeadTime => ({
  networkMs,
  processingMs,
  bufferMs,
  totalMs: networkMs + processingMs + bufferMs,
  expectedReadyMs: networkMs + processingMs,
  confidence: 1,
});

/** What a lead computes for one agent that has just reported this. */
function compensationFor(
  options: ProtocolOptions,
  agentClass: ImpedanceClass,
  report: Partial<AgentImpedance>,
  payloadWeight = 0,
): LeadTime {
  const { host, lead, agents, hear } = leadOn(options, 1, agentClass);
  hear(agents[0]!, { capabilities: ["api"], ...report });
  lead.submit({ ...TASK, payloadWeight });
  return host.sentOf("COORDINATE")[0]!.message.compensation;
}

describe("MESH-30K 3.1: calculate_send_times", () => {
  const NOW = 10_000;
  const T = 10_500;
  const WINDOW = 500;
  type Row = [name: string, variant: Variant, needs: LeadTime, decision: object];
  const scheduled = (sendAtMs: number) => ({ status: "SCHEDULED", sendAtMs });
  const skipped = (wouldNeedMs: number) => ({
    status: "SKIP",
    reason: "insufficient_lead_time",
    wouldNeedMs,
    availableMs: 500,
  });
  const rows: Row[] = [
    ["who needs less than there is waits for its turn", "as-written", needs(50, 100, 20), scheduled(10_330)],
    ["who needs all there is goes now", "as-written", needs(100, 380, 20), scheduled(10_000)],
    ["who needs 1 ms more is skipped", "as-written", needs(100, 380, 21), skipped(501)],
    ["who needs 1 ms more because of its buffer alone is skipped", "as-written", needs(100, 380, 21), skipped(501)],
    ["who needs less than there is waits for its turn", "repaired", needs(50, 100, 20), scheduled(10_330)],
    ["who cannot make T, but the window, goes now", "repaired", needs(100, 380, 21), scheduled(10_000)],
    ["who can just make the end of the window goes now", "repaired", needs(400, 600, 300), scheduled(10_000)],
    ["who cannot even make the window is skipped", "repaired", needs(400, 601, 0), skipped(1_001)],
  ];

  it.each(rows)("%s (%s)", (_, variant, leadTime, decision) => {
    expect(SEND_POLICIES[variant](leadTime, T, WINDOW, NOW)).toEqual(decision);
  });
});

describe("MESH-30K 3.1: lead time = one way + processing + buffer", () => {
  type Row = [
    name: string,
    variant: Variant,
    agentClass: ImpedanceClass,
    report: Partial<AgentImpedance>,
    payloadWeight: number,
    leadTimeMs: number,
  ];
  const measured = { processingMs: 80, processingSamples: 10 };
  const rows: Row[] = [
    // 240 / 2 + 200 x (1 + 2 x 0.5) x (1 + 3 x 0.1) + 15
    [
      "class constant, weight and queue",
      "as-written",
      "C",
      { latencyMs: 240, queueDepth: 3, latencyDeviationMs: 15 },
      2,
      655,
    ],
    ["what was measured is ignored", "as-written", "C", { latencyMs: 240, ...measured }, 0, 320],
    ["a minute for a human", "as-written", "F", { latencyMs: 1_000, impedanceScore: 700 }, 0, 60_500],
    // 240 / 2 + 80 x (1 + 2 x 0.5)
    ["the measured median, scaled by the weight", "repaired", "C", { latencyMs: 240, ...measured }, 2, 280],
    ["9 samples are not enough", "repaired", "C", { latencyMs: 240, processingMs: 80, processingSamples: 9 }, 2, 520],
    [
      "one deviation until errors are known",
      "repaired",
      "C",
      { latencyMs: 240, ...measured, latencyDeviationMs: 15 },
      0,
      215,
    ],
    ["50 ms one way before anything was measured", "as-written", "A", { latencyMs: Number.NaN }, 0, 60],
    ["50 ms one way before anything was measured", "repaired", "A", { latencyMs: Number.NaN }, 0, 60],
  ];

  it.each(rows)("%s (%s, class %s)", (_, variant, agentClass, report, payloadWeight, leadTimeMs) => {
    // As written, a slow person is degraded and gets no work: the row is about the figure, not about the choice.
    const options = optionsWith(variant, { humanTargets: "repaired" });
    expect(compensationFor(options, agentClass, report, payloadWeight).totalMs).toBeCloseTo(leadTimeMs, 9);
  });

  it.each(["A", "B", "C", "D", "E"] as const)("class %s needs its constant for a standard payload", (agentClass) => {
    for (const variant of VARIANTS) {
      const { processingMs } = compensationFor(optionsWith(variant), agentClass, {});
      expect(processingMs).toBe(BASE_PROCESSING_MS[agentClass]);
    }
  });

  it("as-written: the queue is the one that the last heartbeat told of; each item adds 10 %", () => {
    expect(compensationFor(optionsWith("as-written"), "B", { queueDepth: 5 }).processingMs).toBe(75);
  });

  it("repaired: the queue is what this sender gave the agent and has no answer to; each item is processed before", () => {
    const { host, lead, agents, hear } = leadOn(optionsWith("repaired"), 1);
    hear(agents[0]!, { processingMs: 80, processingSamples: 10, queueDepth: 5 });
    for (let i = 0; i < 3; i++) lead.submit(TASK);
    expect(host.sentOf("COORDINATE").map(({ message }) => message.compensation.processingMs)).toEqual([80, 160, 240]);
  });
});

describe("MESH-30K 3.1: calculate_buffer", () => {
  /** What the buffer is after the agent was READY this much later than predicted, for each of `errorsMs` in turn. */
  function bufferAfter(variant: Variant, errorsMs: readonly number[]): number {
    const { host, lead, agents, hear } = leadOn(optionsWith(variant), 1);
    const agent = agents[0]!;
    const oneWayMs = 50;
    for (const errorMs of [...errorsMs, 0]) {
      hear(agent, { processingMs: 200, processingSamples: 10, latencyDeviationMs: 15 });
      lead.submit(TASK);
      const { message } = host.sentOf("COORDINATE").at(-1)!;
      host.advance(2 * oneWayMs + 200 + errorMs);
      host.deliver(
        agent,
        acknowledge(message, agent, { heldMs: 200 + errorMs, actualArrivalMs: host.now() - oneWayMs }),
      );
    }
    return host.sentOf("COORDINATE").at(-1)!.message.compensation.bufferMs;
  }

  const tenErrors = [10, 9, 8, 7, 6, 5, 4, 3, 2, 1];

  it("as-written: is one standard deviation, whatever came of earlier predictions", () => {
    expect(bufferAfter("as-written", tenErrors)).toBe(15);
  });

  it("repaired: is one standard deviation until 10 errors are known", () => {
    expect(bufferAfter("repaired", tenErrors.slice(0, 9))).toBe(15);
  });

  it("repaired: is then the 90th percentile of the agent's own errors", () => {
    expect(bufferAfter("repaired", tenErrors)).toBeCloseTo(9, 6);
  });

  it("repaired: is never negative, however early the agent is", () => {
    expect(bufferAfter("repaired", Array(10).fill(-30))).toBe(0);
  });
});

describe("MESH-30K 3.1: calculate_confidence = reliability x 0.5 - drift x 0.3 + 0.2 if heard within 10 s", () => {
  it.each([
    // 0.5 - 0.06 + 0.2
    ["steady, reliable, fresh", 0.2, 1, 0, 0.64],
    ["steady, reliable, heard 9,999 ms ago", 0.2, 1, 9_999, 0.64],
    ["steady, reliable, heard 10 s ago", 0.2, 1, 10_000, 0.44],
    ["half reliable", 0, 0.5, 0, 0.45],
    ["never heard", 0, 0, Number.POSITIVE_INFINITY, 0],
    ["a drift of 12 ms, which as written stands where a ratio should", 12, 1, 0, 0],
  ])("%s", (_, driftCoefficient, reliabilityScore, silentMs, expected) => {
    const trusted = trust(impedanceOf(9, { driftCoefficient, reliabilityScore }));
    expect(confidence(trusted, silentMs)).toBeCloseTo(expected, 12);
  });
});

describe("MESH-30K 3.2, phase 3: sends of one 10 ms bucket leave together", () => {
  it.each([
    [389.99, 380],
    [390, 390],
    [0, 0],
    [-0.5, -10],
  ])("a send time of %d ms falls into the bucket from %d", (sendAtMs, start) => {
    expect(batchStart(sendAtMs, 10)).toBe(start);
  });

  it.each(VARIANTS)("%s: a lead sends at T less the lead time, rounded down to a bucket", (variant) => {
    const { host, agents, hear } = leadOn(optionsWith(variant, { targetTime: "as-written" }), 5);
    // Lead times of 150, 152, 160, 161 and 500 ms before T = 500.
    for (const [i, latencyMs] of [200, 204, 220, 222, 900].entries()) hear(agents[i]!, { latencyMs });
    host.deliver(1, coordinate({ depth: 1, windowMs: 500 }));
    host.finish();
    host.advance(600);
    const sends = host.sentOf("COORDINATE").map(({ to, atMs }) => [to, Math.floor(atMs / 10) * 10]);
    expect(sends).toEqual([
      [agents[4], 0],
      [agents[3], 330],
      [agents[1], 340],
      [agents[2], 340],
      [agents[0], 350],
    ]);
  });
});
