import { describe, expect, it } from "vitest";
import { leastDelayUs } from "../../models/links.js";
import { WorldPlatform } from "../../models/platform.js";
import { type HardwareId, placeSites } from "../../models/site.js";
import { loadWorld } from "../../models/world.js";
import { NEVER_STARTS } from "../../sim/platform.js";
import { US_PER_MS } from "../../sim/time.js";
import { clusterOf, SEED } from "./fixtures.js";
import { normalCdf } from "./normal-cdf.js";
import { ksCritical, ksDistance } from "./samples.js";

const COUNT = 5_000;

/** Start-up times in ms of so many nodes of one hardware. */
function startUps(hardware: HardwareId): number[] {
  const { world, sites } = clusterOf(hardware, COUNT);
  const platform = new WorldPlatform(world, sites, SEED);
  return Array.from({ length: COUNT }, (_, i) => platform.startUpUs(i + 1) / US_PER_MS);
}

describe("a fresh process", () => {
  // Parameters of models/data/platforms.yaml and cold-starts.yaml.
  it.each<[HardwareId, number, number]>([
    ["C", 2_000, 0.394],
    ["lead", 2_000, 0.394],
    ["sector", 2_000, 0.394],
    ["orchestrator", 2_000, 0.394],
    ["D", 60_000, 0.5],
    ["E", 6_000, 0.5],
  ])("of %s takes LN with a median of %d ms and sigma %d", (hardware, medianMs, sigma) => {
    const cdf = (ms: number) => normalCdf(Math.log(ms / medianMs) / sigma);
    expect(ksDistance(startUps(hardware), cdf)).toBeLessThan(ksCritical(COUNT));
  });

  it("of a container is there within 5 s in 99 % of cases, which is Kubernetes' objective", () => {
    const late = startUps("C").filter((ms) => ms > 5_000).length / COUNT;
    expect(late).toBeGreaterThan(0.005);
    expect(late).toBeLessThan(0.015);
  });

  it("of class A takes U(0, 5) ms, of class B a cold start, and nobody starts a person", () => {
    expect(ksDistance(startUps("A"), (ms) => Math.min(1, Math.max(0, ms / 5)))).toBeLessThan(ksCritical(COUNT));
    const cold = startUps("B");
    // LN(4.77, 0.115) + U(50, 500): mean exp(4.77 + 0.115^2 / 2) + 275, standard deviation about 131.
    const mean = cold.reduce((sum, ms) => sum + ms, 0) / COUNT;
    expect(Math.abs(mean - (Math.exp(4.77 + 0.115 ** 2 / 2) + 275))).toBeLessThan(3.29 * (131 / Math.sqrt(COUNT)));
    expect(new Set(startUps("F"))).toEqual(new Set([NEVER_STARTS / US_PER_MS]));
  });

  it("of one node does not depend on whether others are started", () => {
    const { world, sites } = clusterOf("C", 3);
    const alone = new WorldPlatform(world, sites, SEED).startUpUs(2);
    const after = new WorldPlatform(world, sites, SEED);
    after.startUpUs(1);
    expect(after.startUpUs(2)).toBe(alone);
  });
});

describe("an order for a fresh process", () => {
  it("is on its way for no less than a message between the regions may be, so that shards can wait for it", () => {
    const world = loadWorld({});
    const regions = world.regions.map((_, index) => index);
    const sites = placeSites(
      world,
      regions.map(() => "lead"),
      regions,
    );
    const platform = new WorldPlatform(world, sites, SEED);
    for (const from of regions) {
      for (const to of regions) {
        const orderUs = platform.orderUs(from, to);
        expect(Number.isInteger(orderUs)).toBe(true);
        expect(orderUs).toBeGreaterThanOrEqual(leastDelayUs(world, from, to));
        expect(orderUs).toBeLessThan(500 * US_PER_MS);
      }
    }
  });
});
