import { describe, expect, it } from "vitest";
import { WorldServiceTimes } from "../../models/service-times.js";
import { IGNORED } from "../../sim/service-times.js";
import { US_PER_S } from "../../sim/time.js";
import { clusterOf, SEED, standardJob } from "./fixtures.js";
import { normalCdf } from "./normal-cdf.js";
import { binomialSlack, ksCritical, ksDistance, quantileOf } from "./samples.js";

const HOUR_US = 3_600 * US_PER_S;

describe("a machine's job", () => {
  it("takes 1 + 0.5 x weight times the standard processing (MESH-30K 3.1)", () => {
    const { world, sites } = clusterOf("D", 1, { "agents.signing.signAndVerifyMs": 0 });
    const standard = new WorldServiceTimes(world, sites, SEED);
    const heavy = new WorldServiceTimes(world, sites, SEED);
    for (let i = 0; i < 100; i++) {
      const standardUs = standard.serviceUs(1, standardJob, 0, 0);
      const heavyUs = heavy.serviceUs(1, { ...standardJob, payloadWeight: 3 }, 0, 0);
      expect(Math.abs(heavyUs - 2.5 * standardUs)).toBeLessThanOrEqual(2);
    }
  });

  it("pays for its signatures at the rate of its hardware", () => {
    const { world, sites } = clusterOf("E", 1, {
      "agents.E.processingMedianMs": 0,
      "agents.E.signingScale": 8,
      "agents.signing.signAndVerifyMs": 0.077,
    });
    expect(new WorldServiceTimes(world, sites, SEED).serviceUs(1, standardJob, 0, 0)).toBe(616);
  });

  it("at a coordinator takes 10 ms in the median (MESH-30K 8.3)", () => {
    const { world, sites } = clusterOf("lead", 1, { "agents.signing.signAndVerifyMs": 0 });
    const times = new WorldServiceTimes(world, sites, SEED);
    const samplesMs = Array.from({ length: 20_000 }, () => times.serviceUs(0, standardJob, 0, 0) / 1_000);
    const ks = ksDistance(samplesMs, (x) => normalCdf(Math.log(x / 10) / 0.2));
    expect(ks).toBeLessThan(ksCritical(20_000));
  });

  it("does not depend on the jobs of other agents, nor on sites added at the end", () => {
    const small = clusterOf("B", 5);
    const large = clusterOf("B", 9);
    const alone = new WorldServiceTimes(small.world, small.sites, SEED);
    const among = new WorldServiceTimes(large.world, large.sites, SEED);
    for (let i = 0; i < 500; i++) {
      const atUs = i * 60 * US_PER_S;
      among.serviceUs(8, standardJob, atUs, 0);
      among.serviceUs(4, standardJob, atUs, 0);
      expect(among.serviceUs(3, standardJob, atUs, atUs / 2)).toBe(alone.serviceUs(3, standardJob, atUs, atUs / 2));
    }
  });
});

describe("a cold start", () => {
  it("comes with probability 1 - exp(-idle / lifetime) while the platform keeps the instance", () => {
    const { world, sites } = clusterOf("B", 1, { "coldStarts.B.meanLifetimeMs": 600_000 });
    const times = new WorldServiceTimes(world, sites, SEED);
    const jobs = 100_000;
    for (let i = 0; i < jobs; i++) times.serviceUs(1, standardJob, 60 * US_PER_S, 0);
    const expected = 1 - Math.exp(-60 / 600);
    expect(Math.abs(times.coldStarts / jobs - expected)).toBeLessThan(binomialSlack(expected, jobs));
  });

  it("is certain once the platform has dropped the instance, after 5 to 7 min by agent", () => {
    const agents = 2_000;
    const { world, sites } = clusterOf("B", agents, { "coldStarts.B.meanLifetimeMs": 1e15 });
    const coldAfter = (idleS: number) => {
      const times = new WorldServiceTimes(world, sites, SEED);
      for (let agent = 1; agent <= agents; agent++) times.serviceUs(agent, standardJob, idleS * US_PER_S, 0);
      return times.coldStarts;
    };
    expect(coldAfter(299)).toBe(0);
    expect(coldAfter(421)).toBe(agents);
    expect(Math.abs(coldAfter(360) / agents - 0.5)).toBeLessThan(binomialSlack(0.5, agents));
  });

  it("adds LN(4.77, 0.115) of init and 50 to 500 ms of allocation, and shifts no other draw of the agent", () => {
    const { world, sites } = clusterOf("B", 1);
    const warm = new WorldServiceTimes(world, sites, SEED);
    const cold = new WorldServiceTimes(world, sites, SEED);
    const addedMs = Array.from({ length: 20_000 }, () => {
      const warmUs = warm.serviceUs(1, standardJob, 0, 0);
      return (cold.serviceUs(1, standardJob, HOUR_US, 0) - warmUs) / 1_000;
    });
    expect(warm.coldStarts).toBe(0);
    expect(cold.coldStarts).toBe(20_000);
    // Means of the two parts: maxday/lambda-perf 2025-12-21 for Node 22, and the guessed uniform.
    const meanMs = Math.exp(4.77 + (0.115 * 0.115) / 2) + 275;
    const measuredMs = addedMs.reduce((sum, x) => sum + x) / addedMs.length;
    expect(Math.abs(measuredMs - meanMs)).toBeLessThan((3.29 * 131) / Math.sqrt(20_000));
    expect(quantileOf(addedMs, 0)).toBeGreaterThan(50 + Math.exp(4.77 - 5 * 0.115));
    expect(quantileOf(addedMs, 1)).toBeLessThan(500 + Math.exp(4.77 + 5 * 0.115));
  });

  it("of an edge isolate takes less than 5 ms", () => {
    const { world, sites } = clusterOf("A", 1, { "agents.A.withinShare": 0 });
    const times = new WorldServiceTimes(world, sites, SEED);
    const warmUs = times.serviceUs(1, standardJob, 0, 0);
    for (let i = 0; i < 100; i++) {
      const addedUs = times.serviceUs(1, standardJob, 2 * HOUR_US, 0) - warmUs;
      expect(addedUs).toBeGreaterThanOrEqual(0);
      expect(addedUs).toBeLessThanOrEqual(5_001);
    }
    expect(times.coldStarts).toBe(100);
  });

  it.each(["C", "D", "E", "F", "lead"] as const)("never comes to %s", (hardware) => {
    const { world, sites } = clusterOf(hardware, 1);
    const times = new WorldServiceTimes(world, sites, SEED);
    for (let i = 0; i < 100; i++) times.serviceUs(1, standardJob, 100 * HOUR_US, 0);
    expect(times.coldStarts).toBe(0);
  });
});

describe("a person", () => {
  const asked = 50_000;
  const { world, sites } = clusterOf("F", 1, { "people.acknowledgement.noAnswerRatio": 0.25 });
  const times = new WorldServiceTimes(world, sites, SEED);
  const answers = Array.from({ length: asked }, () => times.serviceUs(1, standardJob, 0, 0));

  it("ignores the configured share of requests", () => {
    const ignored = answers.filter((us) => us === IGNORED).length;
    expect(Math.abs(ignored / asked - 0.25)).toBeLessThan(binomialSlack(0.25, asked));
  });

  it("acknowledges after the mixture 0.8 LN(5 min, 1.0) + 0.2 LN(60 min, 1.3)", () => {
    const minutes = answers.filter((us) => us !== IGNORED).map((us) => us / (60 * US_PER_S));
    const mixture = (x: number) => 0.8 * normalCdf(Math.log(x / 5)) + 0.2 * normalCdf(Math.log(x / 60) / 1.3);
    expect(ksDistance(minutes, mixture)).toBeLessThan(ksCritical(minutes.length));
  });
});
