import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AgentImpedance } from "../../../protocol/mesh-30k/messages.js";
import type { ProtocolOptions } from "../../../protocol/mesh-30k/options.js";
import { FakeMesh } from "./fake-mesh.js";
import { agentOn, coordinate, optionsWith, shapeOf, TASK, VARIANTS } from "./fixtures.js";

const LEAD = 2;
const AGENT = 3;

interface Circumstances {
  readonly oneWayMs: number;
  readonly serviceMs: number;
  readonly leadOffsetMs: number;
  readonly agentOffsetMs: number;
}

/** What the only agent of a mesh reports after its lead has given it some work. */
function reported(options: ProtocolOptions, circumstances: Circumstances): AgentImpedance {
  const { oneWayMs, serviceMs, leadOffsetMs, agentOffsetMs } = circumstances;
  const mesh = new FakeMesh(shapeOf(1, 1, { B: 1 }), options, {
    delayMs: oneWayMs,
    serviceMs,
    clockOffsetMs: (address) => (address === LEAD ? leadOffsetMs : address === AGENT ? agentOffsetMs : 0),
  });
  mesh.run(6_000);
  for (let i = 0; i < 8; i++) {
    mesh.leads[0]!.submit(TASK);
    // Longer or shorter than a heartbeat's wait: what is echoed has been held for anything up to some seconds.
    mesh.run(700 * (i + 1));
  }
  mesh.run(5_000);
  return mesh.deliveredOf("HEARTBEAT").at(-1)!.message.impedance;
}

const circumstances: fc.Arbitrary<Circumstances> = fc.record({
  oneWayMs: fc.integer({ min: 1, max: 200 }),
  serviceMs: fc.integer({ min: 0, max: 300 }),
  leadOffsetMs: fc.integer({ min: -3_600_000, max: 3_600_000 }),
  agentOffsetMs: fc.integer({ min: -3_600_000, max: 3_600_000 }),
});

describe("MESH-30K 4.1: current_latency_ms (option latencyEstimate)", () => {
  it("repaired: is the round trip, whatever the two clocks say and however long the peer held the message", () => {
    fc.assert(
      fc.property(circumstances, (world) => {
        const impedance = reported(optionsWith("repaired"), world);
        expect(impedance.latencyMs).toBeCloseTo(2 * world.oneWayMs, 3);
        expect(impedance.latencyDeviationMs).toBeLessThan(0.1);
      }),
      { numRuns: 40 },
    );
  });

  it("as-written: is one way, plus by how much the receiver's clock is ahead of the sender's", () => {
    fc.assert(
      fc.property(circumstances, (world) => {
        const { oneWayMs, agentOffsetMs, leadOffsetMs } = world;
        const options = optionsWith("as-written");
        expect(reported(options, world).latencyMs).toBeCloseTo(oneWayMs + agentOffsetMs - leadOffsetMs, 3);
      }),
      { numRuns: 40 },
    );
  });

  it.each([
    // Made at 10,000 on the sender's clock; echoes what the agent sent at 500 on its own, held for 8,000.
    ["as-written", "what the agent's clock says less what the sender's said", 12_345, 2_345],
    ["repaired", "the time since the echoed message less the time that the sender held it", 8_620, 120],
  ] as const)("%s: a message is a sample, %s", (variant, _, receivedAtMs, sample) => {
    const { host, report } = agentOn(optionsWith(variant));
    host.advance(receivedAtMs);
    host.deliver(1, coordinate({ createdAtMs: 10_000, echoSentAtMs: 500, echoHeldMs: 8_000 }));
    expect(report().latencyMs).toBe(sample);
  });

  it("as-written: the hold-back of a lead goes straight into the estimate", () => {
    const mesh = new FakeMesh(shapeOf(1, 1, { B: 1 }), optionsWith("as-written"), { delayMs: 20, serviceMs: 10 });
    mesh.run(6_000);
    mesh.hosts[LEAD]!.deliver(1, coordinate({ depth: 1, windowMs: 500 }));
    mesh.run(6_000);
    const { impedance } = mesh.deliveredOf("HEARTBEAT").at(-1)!.message;
    // Sent 400 ms after it was made (500 less 50 ms unmeasured way and 50 ms of work), 20 ms on the way.
    expect(impedance.latencyMs).toBeCloseTo(420, 1);
  });

  it.each([
    // Report and message live for 10 s and 5 s on their way: more than 15 s are a standstill, and no way.
    ["just possible", 23_500, 15_000],
    ["longer than any way", 23_501, Number.NaN],
    ["less than nothing", 8_499, Number.NaN],
  ])("repaired: a round trip that seems to have been %s", (_, receivedAtMs, sample) => {
    const { host, report } = agentOn(optionsWith("repaired"));
    host.advance(receivedAtMs);
    host.deliver(1, coordinate({ createdAtMs: 10_000, echoSentAtMs: 500, echoHeldMs: 8_000, ttlMs: 5_000 }));
    expect(report().latencyMs).toBe(sample);
  });

  it("repaired: a message that echoes nothing is no sample", () => {
    const { host, report } = agentOn(optionsWith("repaired"));
    host.deliver(1, coordinate());
    expect(report().latencyMs).toBeNaN();
  });

  it.each(VARIANTS)("%s: half of what the agent reports is taken for one way (3.1)", (variant) => {
    const mesh = new FakeMesh(shapeOf(1, 1, { B: 1 }), optionsWith(variant), { delayMs: 30, serviceMs: 40 });
    mesh.run(6_000);
    mesh.leads[0]!.submit(TASK);
    mesh.run(6_000);
    mesh.leads[0]!.submit(TASK);
    mesh.run(100);
    const { compensation } = mesh.deliveredOf("COORDINATE").at(-1)!.message;
    // The document halves what was measured one way only.
    expect(compensation.networkMs).toBeCloseTo(variant === "repaired" ? 30 : 15, 3);
  });
});

describe("an agent that is held for degraded, since for a while its", () => {
  const BAD = { way: { delayMs: 2_000, serviceMs: 10 }, work: { delayMs: 10, serviceMs: 2_000 } };

  /** One agent to which nobody gives work any more, when all is well again. */
  function afterABadStretch(options: ProtocolOptions, what: keyof typeof BAD) {
    const times = { ...BAD[what] };
    const mesh = new FakeMesh(shapeOf(1, 1, { B: 1 }), options, times);
    mesh.run(6_000);
    for (let i = 0; i < 4; i++) {
      mesh.leads[0]!.submit(TASK);
      mesh.run(3_000);
    }
    mesh.run(10_000);
    const score = () => mesh.deliveredOf("HEARTBEAT").at(-1)!.message.impedance.impedanceScore;
    expect(score()).toBeGreaterThan(800);
    Object.assign(times, { delayMs: 10, serviceMs: 10 });
    mesh.run(90_000);
    return { score: score(), probes: mesh.deliveredOf("PROBE").filter(({ to }) => to === AGENT).length };
  }

  it.each([
    ["way was long, shows by echoes", "way"],
    ["work took long, shows by work that it is given on trial", "work"],
  ] as const)("%s that it is not any more, and is probed no longer (repaired)", (_, what) => {
    const { score, probes } = afterABadStretch(optionsWith("repaired"), what);
    expect(score).toBeLessThan(800);
    expect(probes).toBeGreaterThan(3);
    expect(probes).toBeLessThan(30); // of 45, if it went on
  });

  it.each(["way", "work"] as const)(
    "%s took long, is not probed, which by two clocks would teach it nothing (as-written)",
    (what) => {
      expect(afterABadStretch(optionsWith("as-written"), what)).toEqual({ score: 1_000, probes: 0 });
    },
  );
});

describe("an agent on trial", () => {
  /** How many samples an agent has that is probed every 2 s, when it was as often as `probes`. */
  function samples(serviceMs: number, probes: number): number {
    const { host, report } = agentOn(optionsWith("repaired"));
    let endsAtMs = Number.NaN;
    for (let challenge = 0; challenge < probes; challenge++) {
      host.deliver(1, { type: "PROBE", challenge, isTrial: true });
      for (let ms = 0; ms < 2_000; ms += 100) {
        if (host.jobs.length > 0 && Number.isNaN(endsAtMs)) endsAtMs = host.elapsedMs + serviceMs;
        host.advance(100);
        if (!(host.elapsedMs >= endsAtMs)) continue;
        host.finish();
        endsAtMs = Number.NaN;
      }
    }
    return report().processingSamples;
  }

  it("measures how long its work takes, and answers nobody", () => {
    const { host, report } = agentOn(optionsWith("repaired"));
    const { reliabilityScore } = report();
    host.deliver(1, { type: "PROBE", challenge: 1, isTrial: true });
    host.advance(700);
    host.finish();
    expect(report()).toMatchObject({ processingMs: 700, processingSamples: 1, queueDepth: 0, reliabilityScore });
    expect(host.sentOf("ACK")).toEqual([]);
    expect(host.factsOf("ready")).toEqual([]);
  });

  it("begins no second trial, nor one while it has work", () => {
    const { host } = agentOn(optionsWith("repaired"));
    for (let probe = 0; probe < 3; probe++) host.deliver(1, { type: "PROBE", challenge: probe, isTrial: true });
    expect(host.jobs).toHaveLength(1);
    host.finish();
    host.deliver(1, coordinate());
    host.deliver(1, { type: "PROBE", challenge: 4, isTrial: true });
    expect(host.jobs).toHaveLength(1);
    expect(host.sentOf("PROBE_ACK")).toHaveLength(4);
  });

  it("is tried every 2 s where its work is short, and rests as long as it worked where that is long", () => {
    expect(samples(200, 32)).toBe(32);
    expect(samples(3_900, 32)).toBe(8); // in four turns of 2 s two of work and two of rest
  });

  it("does nothing on trial while it is halted (7.1)", () => {
    const { host } = agentOn(optionsWith("repaired"));
    host.deliver(1, { type: "FREEZE", scope: "global", targetId: 0, thaw: false });
    host.deliver(1, { type: "PROBE", challenge: 1, isTrial: true });
    expect(host.jobs).toEqual([]);
  });
});
