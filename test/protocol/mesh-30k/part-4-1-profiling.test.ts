import fc from "fast-check";
import { median, quantile, sampleStandardDeviation } from "simple-statistics";
import { describe, expect, it } from "vitest";
import { impedanceScore } from "../../../protocol/mesh-30k/impedance-score.js";
import { SampleWindow } from "../../../protocol/mesh-30k/sample-window.js";
import { agentOn, coordinate, optionsWith, VARIANTS } from "./fixtures.js";

/** The q-quantile by nearest rank, the slow way. */
function nearestRank(samples: readonly number[], q: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))]!;
}

describe("MESH-30K 4.1: the ring of samples", () => {
  const quantiles = fc.constantFrom(0, 0.1, 0.5, 0.9, 0.95, 1);
  const samples = fc.oneof(
    fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 250 }),
    fc.array(fc.double({ min: -1e4, max: 1e4, noNaN: true }), { minLength: 1, maxLength: 250 }),
  );

  it("gives at every moment the quantile of its last samples, whatever fell out of it", () => {
    fc.assert(
      fc.property(samples, fc.integer({ min: 1, max: 100 }), quantiles, (values, capacity, q) => {
        const window = new SampleWindow(capacity, q);
        for (const [index, value] of values.entries()) {
          window.add(value);
          const last = values.slice(Math.max(0, index + 1 - capacity), index + 1);
          expect(window.count).toBe(last.length);
          expect(window.quantile()).toBe(nearestRank(last, q));
        }
      }),
    );
  });

  it("gives it too when it is asked only now and then", () => {
    fc.assert(
      fc.property(samples, fc.integer({ min: 1, max: 100 }), quantiles, fc.nat(250), (values, capacity, q, ask) => {
        const window = new SampleWindow(capacity, q);
        for (const [index, value] of values.entries()) {
          window.add(value);
          if (index === ask) window.quantile();
        }
        expect(window.quantile()).toBe(nearestRank(values.slice(-capacity), q));
      }),
    );
  });

  it("gives the standard deviation and mean of its last samples", () => {
    fc.assert(
      fc.property(samples, fc.integer({ min: 2, max: 100 }), (values, capacity) => {
        const window = new SampleWindow(capacity);
        for (const value of values) window.add(value);
        const last = values.slice(-capacity);
        expect(window.mean()).toBeCloseTo(last.reduce((sum, value) => sum + value, 0) / last.length, 6);
        const deviation = last.length < 2 ? 0 : sampleStandardDeviation(last);
        expect(Math.abs(window.deviation() - deviation)).toBeLessThan(0.01);
      }),
    );
  });

  it("knows nothing while it is empty", () => {
    const window = new SampleWindow(100);
    expect([window.count, window.quantile(), window.mean(), window.deviation()]).toEqual([
      0,
      Number.NaN,
      Number.NaN,
      0,
    ]);
  });
});

/** An agent that has received one message for each of these one-way latencies, and worked each off in `workMs`. */
function profiled(
  options: ReturnType<typeof optionsWith>,
  latenciesMs: readonly number[],
  workMs: (index: number) => number = () => 1,
  payloadWeight = 0,
) {
  const { host, report } = agentOn(options);
  for (const [index, latencyMs] of latenciesMs.entries()) {
    const sentAtMs = host.now() - latencyMs;
    host.deliver(
      1,
      coordinate({ messageId: index, createdAtMs: sentAtMs, echoSentAtMs: sentAtMs, echoHeldMs: 0, payloadWeight }),
    );
    host.advance(workMs(index));
    host.finish();
  }
  return report();
}

describe.each(VARIANTS)("MESH-30K 4.1, %s: the profiler", (variant) => {
  const options = optionsWith(variant);

  it("reports the median and the standard deviation of the latency", () => {
    const latencies = [12, 40, 11, 13, 19];
    const impedance = profiled(options, latencies);
    expect(impedance.latencyMs).toBeCloseTo(median(latencies), 9);
    expect(impedance.latencyDeviationMs).toBeCloseTo(sampleStandardDeviation(latencies), 9);
  });

  it("knows the last 100 messages only", () => {
    const latencies = Array.from({ length: 250 }, (_, index) => (index * 37) % 251);
    const impedance = profiled(options, latencies);
    expect(impedance.latencyMs).toBeCloseTo(nearestRank(latencies.slice(-100), 0.5), 9);
    expect(impedance.processingSamples).toBe(100);
  });

  it("reports the median processing time of a standard payload: weight 2 takes twice as long", () => {
    const works = [30, 90, 60, 50, 70];
    expect(profiled(options, works, (i) => works[i]!).processingMs).toBeCloseTo(60, 9);
    expect(profiled(options, works, (i) => works[i]!, 2).processingMs).toBeCloseTo(30, 9);
  });

  it("counts as processing what the agent worked on a message, not what the message waited", () => {
    const { host, report } = agentOn(options);
    for (let id = 0; id < 5; id++) host.deliver(1, coordinate({ messageId: id }));
    for (let id = 0; id < 5; id++) {
      host.advance(40);
      host.finish();
    }
    expect(report().processingMs).toBeCloseTo(40, 9);
  });

  it("reports its queue: what it took and has not finished", () => {
    const { host, report } = agentOn(options);
    for (let id = 0; id < 4; id++) host.deliver(1, coordinate({ messageId: id }));
    host.finish();
    host.finish("expired");
    expect(report().queueDepth).toBe(2);
  });

  it("reports its success rate of the last hour", () => {
    const { host, report } = agentOn(options);
    expect(report().reliabilityScore).toBe(1);
    let id = 0;
    const work = (outcome: "finished" | "expired" | "rejected" | "ignored") => {
      host.deliver(1, coordinate({ messageId: id++ }));
      host.finish(outcome);
    };
    for (const outcome of ["finished", "expired", "rejected", "ignored"] as const) work(outcome);
    expect(report().reliabilityScore).toBe(0.25);
    host.advance(54 * 60_000);
    work("finished");
    expect(report().reliabilityScore).toBe(0.4);
    host.advance(11 * 60_000);
    work("finished");
    expect(report().reliabilityScore).toBe(1);
  });

  it("knows nothing of its latency before the first message", () => {
    const impedance = agentOn(options).report();
    expect(impedance).toMatchObject({ latencyMs: Number.NaN, processingMs: Number.NaN, processingSamples: 0 });
  });
});

describe("MESH-30K 4.1: drift_coefficient (option driftCoefficient)", () => {
  const latencies = [90, 100, 110];

  it("as-written: is the standard deviation, in ms", () => {
    expect(profiled(optionsWith("as-written"), latencies).driftCoefficient).toBeCloseTo(10, 9);
  });

  it("repaired: is the standard deviation over the mean", () => {
    expect(profiled(optionsWith("repaired"), latencies).driftCoefficient).toBeCloseTo(0.1, 9);
  });

  it.each(VARIANTS)("%s: is 0 for a single sample", (variant) => {
    expect(profiled(optionsWith(variant), [100]).driftCoefficient).toBe(0);
  });
});

describe("MESH-30K 2.3: impedance_score, 0 to 1000, read in ms", () => {
  it.each([
    ["way and work", 20, 50, 0, 70],
    ["and work for each message before", 20, 50, 3, 220],
    ["no more than 1000", 20, 50, 30, 1_000],
    ["no less than 0, even where the clocks make the latency negative", -500, 50, 0, 0],
  ])("%s", (_, oneWayMs, processingMs, queueDepth, score) => {
    expect(impedanceScore(oneWayMs, processingMs, queueDepth)).toBe(score);
  });

  it.each(VARIANTS)("%s: stands on half the reported latency and the median processing", (variant) => {
    expect(profiled(optionsWith(variant), [60, 60, 60], () => 25).impedanceScore).toBeCloseTo(30 + 25, 9);
  });
});

describe.each(VARIANTS)("MESH-30K 4.1, %s: heartbeats", (variant) => {
  it("go to the cluster lead every 5 s, from a moment within the first 5 s that chance picks", () => {
    const { host } = agentOn(optionsWith(variant));
    host.advance(22_000);
    expect(host.sentOf("HEARTBEAT").map(({ to, atMs }) => [to, atMs])).toEqual([
      [1, 2_500],
      [1, 7_500],
      [1, 12_500],
      [1, 17_500],
    ]);
  });

  it("are numbered, stamped with the agent's clock, and carry its class, capabilities and context", () => {
    const { host, report } = agentOn(optionsWith(variant), "D", 100_000);
    report();
    expect(report()).toMatchObject({
      agentId: 9,
      agentClass: "D",
      heartbeatNumber: 2,
      capabilities: ["embedding", "inference", "vision"],
      contextHash: 0,
    });
    expect(host.sentOf("HEARTBEAT").map(({ message }) => message.timestampMs)).toEqual([102_500, 107_500]);
  });

  it("keep their pace when the wall clock is stepped", () => {
    const { host } = agentOn(optionsWith(variant));
    host.advance(3_000);
    host.stepClock(-3_600_000);
    host.advance(5_000);
    host.stepClock(7_200_000);
    host.advance(5_000);
    expect(host.sentOf("HEARTBEAT").map(({ atMs }) => atMs)).toEqual([2_500, 7_500, 12_500]);
  });
});

describe("the quantile that the tests compare with", () => {
  it("is the one of simple-statistics, for an odd count", () => {
    const odd = [5, 3, 9, 1, 7];
    expect(nearestRank(odd, 0.5)).toBe(quantile(odd, 0.5));
  });
});
