import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lognormalQuantile, splitSpread, splitSum } from "../../models/lognormal.js";
import { openUniform } from "../../models/normal.js";
import { WorldServiceTimes } from "../../models/service-times.js";
import { RandomStreams } from "../../sim/random.js";
import { clusterOf, SEED, standardJob } from "./fixtures.js";
import { normalCdf } from "./normal-cdf.js";
import { binomialSlack, ksCritical, ksDistance } from "./samples.js";

const COUNT = 50_000;

describe("lognormal samples", () => {
  it.each([
    ["class B", 4.461, 0.334],
    ["a Wi-Fi hop's slow component", 4.027, 1.166],
  ])("of %s follow their own distribution function (Kolmogorov-Smirnov, 0.1 %% level)", (_, mu, sigma) => {
    const random = new RandomStreams(SEED, "test", 1);
    const samples = Array.from({ length: COUNT }, () =>
      lognormalQuantile(Math.exp(mu), sigma, openUniform(random.int32(0))),
    );
    expect(ksDistance(samples, (x) => normalCdf((Math.log(x) - mu) / sigma))).toBeLessThan(ksCritical(COUNT));
    // The test can fail: a spread that is off by a twentieth is found.
    expect(ksDistance(samples, (x) => normalCdf((Math.log(x) - mu) / (sigma * 1.05)))).toBeGreaterThan(
      ksCritical(COUNT),
    );
  });

  it("have maxima with the closed-form quantiles exp(mu + sigma PhiInv(q^(1/n)))", () => {
    const size = 100;
    const rounds = 4_000;
    const medianMs = 200;
    const sigma = 0.3;
    const { world, sites } = clusterOf("E", size, {
      "agents.E.processingMedianMs": medianMs,
      "agents.E.processingSigma": sigma,
      "agents.E.withinShare": 1,
      "agents.signing.signAndVerifyMs": 0,
    });
    const times = new WorldServiceTimes(world, sites, SEED);
    const maxima = Array.from({ length: rounds }, () => {
      let longestUs = 0;
      for (let agent = 1; agent <= size; agent++)
        longestUs = Math.max(longestUs, times.serviceUs(agent, standardJob, 0, 0));
      return longestUs / 1_000;
    });
    // P(max <= t) = F(t)^n, held against the frequency of maxima below each closed-form quantile.
    for (const q of [0.05, 0.5, 0.95, 0.99]) {
      const quantileMs = lognormalQuantile(medianMs, sigma, Math.exp(Math.log(q) / size));
      const share = maxima.filter((maximum) => maximum <= quantileMs).length / rounds;
      expect(Math.abs(share - q)).toBeLessThan(binomialSlack(q, rounds));
    }
  });
});

describe("splitting a population", () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const sigma = fc.double({ min: 0.05, max: 1.2, noNaN: true });

  it("into two parts keeps the mean and the variance of the whole", () => {
    fc.assert(
      fc.property(share, sigma, (firstShare, wholeSigma) => {
        const parts = splitSum(5, wholeSigma, firstShare);
        const means = parts.map((part) => part.median * Math.exp((part.sigma * part.sigma) / 2));
        const variances = parts.map((part, i) => means[i]! * means[i]! * (Math.exp(part.sigma * part.sigma) - 1));
        const mean = Math.exp(5 + (wholeSigma * wholeSigma) / 2);
        const variance = mean * mean * (Math.exp(wholeSigma * wholeSigma) - 1);
        expect((means[0]! + means[1]!) / mean).toBeCloseTo(1, 9);
        expect((variances[0]! + variances[1]!) / variance).toBeCloseTo(1, 9);
        expect(means[0]! / mean).toBeCloseTo(firstShare, 9);
      }),
    );
  });

  it("between and within agents keeps the variance", () => {
    fc.assert(
      fc.property(share, sigma, (withinShare, wholeSigma) => {
        const { between, within } = splitSpread(wholeSigma, withinShare);
        expect(between * between + within * within).toBeCloseTo(wholeSigma * wholeSigma, 9);
        expect(within * within).toBeCloseTo(withinShare * wholeSigma * wholeSigma, 9);
      }),
    );
  });
});
