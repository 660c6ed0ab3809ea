import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { leastDelayUs, WorldLinks } from "../../models/links.js";
import { type HardwareId, placeSites } from "../../models/site.js";
import { loadWorld } from "../../models/world.js";
import { LOST } from "../../sim/network.js";
import { clusterOf, SEED } from "./fixtures.js";
import { binomialSlack, ksCritical, ksDistance, quantileOf } from "./samples.js";

type Table = Record<string, Record<string, number>>;
const regionsFile = parse(readFileSync(new URL("../../models/data/regions.yaml", import.meta.url), "utf8")) as {
  rttP50Ms: { table: Table };
  jitterSigma: { table: Table };
  evidence: { rttP95Ms: { table: Table } };
};

describe("routes between regions", () => {
  const world = loadWorld({ "agents.orchestrator.accessMs": 0, "network.backbone.lossRatio": 0 });
  const sites = world.regions.map((_, region) => ({ hardware: "orchestrator" as const, region, machine: region }));
  const links = new WorldLinks(world, sites, SEED);
  const pairs = world.regions.flatMap((a, i) =>
    world.regions.slice(i + 1).map((b, k) => [a.id, b.id, i, i + 1 + k] as const),
  );

  it("are 66, for 12 regions", () => {
    expect(pairs).toHaveLength(66);
  });

  it("take no less than the least delay that is stated of them, which is most of the median", () => {
    for (const [, , from, to] of pairs) {
      const leastUs = leastDelayUs(world, from, to);
      const medianUs = world.routes.rttP50Ms[from]![to]! * 500;
      expect(leastUs).toBeGreaterThan(medianUs / 4);
      for (let i = 0; i < 2_000; i++) expect(links.delayUs(from, to, 0)).toBeGreaterThanOrEqual(leastUs);
    }
    expect(leastDelayUs(world, 0, 0)).toBe(125);
    for (let i = 0; i < 2_000; i++) expect(links.delayUs(0, 0, 0)).toBeGreaterThanOrEqual(125);
  });

  it.each(pairs)("%s to %s have the published median and 95th percentile, there and back", (a, b, from, to) => {
    const samples = 4_001;
    const rttsMs = Array.from(
      { length: samples },
      (_, i) => (2 * (i % 2 === 0 ? links.delayUs(from, to, 0) : links.delayUs(to, from, 0))) / 1_000,
    );
    const p50Ms = regionsFile.rttP50Ms.table[a]![b]!;
    const p95Ms = regionsFile.evidence.rttP95Ms.table[a]![b]!;
    expect(Math.abs(quantileOf(rttsMs, 0.5) / p50Ms - 1)).toBeLessThan(0.01);
    expect(Math.abs(quantileOf(rttsMs, 0.95) / p95Ms - 1)).toBeLessThan(0.02);
  });

  it("have a jitter that follows from the published percentiles", () => {
    for (const [a, b] of pairs) {
      const ratio = regionsFile.evidence.rttP95Ms.table[a]![b]! / regionsFile.rttP50Ms.table[a]![b]!;
      expect(regionsFile.jitterSigma.table[a]![b]).toBeCloseTo(Math.log(ratio) / 1.6448536269514722, 4);
    }
  });
});

describe("a message inside a region", () => {
  it("takes half of a round trip that is uniform from 0.25 to 3.4 ms, beside the access", () => {
    const { world, sites } = clusterOf("lead", 1, { "agents.lead.accessMs": 0, "network.zone.lossRatio": 0 });
    const links = new WorldLinks(world, sites, SEED);
    const delaysMs = Array.from({ length: 20_000 }, () => links.delayUs(0, 1, 0) / 1_000);
    // Whole microseconds blur the distribution function by 1 part in 1,575.
    const distance = ksDistance(delaysMs, (x) => Math.min(1, Math.max(0, (2 * x - 0.25) / 3.15)));
    expect(distance).toBeLessThan(ksCritical(20_000) + 1 / 1_575);
  });

  it("takes a positive whole number of microseconds even where nothing takes time", () => {
    const { world, sites } = clusterOf("lead", 1, {
      "agents.lead.accessMs": 0,
      "regions.zoneRttLowMs": 0,
      "regions.zoneRttHighMs": 0,
      "network.zone.lossRatio": 0,
    });
    const links = new WorldLinks(world, sites, SEED);
    for (let i = 0; i < 10; i++) expect(links.delayUs(0, 1, 0)).toBe(1);
  });
});

describe("loss", () => {
  const count = 200_000;
  it.each([
    ["C", 1 - 0.98 * 0.95],
    ["F", 1 - 0.98 * 0.9],
    ["E", 1 - 0.98 * 0.9 * 0.8],
  ] as const)("to class %s is what zone, line and Wi-Fi lose together", (hardware, lossRatio) => {
    const { world, sites } = clusterOf(hardware, 1, {
      "network.zone.lossRatio": 0.02,
      "network.hosted.lossRatio": 0.05,
      "network.residential.lossRatio": 0.1,
      "network.wifi.lossRatio": 0.2,
      "hosts.board.wifiShare": 1,
    });
    const links = new WorldLinks(world, sites, SEED);
    for (const [from, to] of [
      [0, 1],
      [1, 0],
    ] as const) {
      let lost = 0;
      for (let i = 0; i < count; i++) if (links.delayUs(from, to, 0) === LOST) lost++;
      expect(Math.abs(lost / count - lossRatio)).toBeLessThan(binomialSlack(lossRatio, count));
    }
  });

  it("between regions is the backbone's", () => {
    const world = loadWorld({ "network.backbone.lossRatio": 0.3, "network.zone.lossRatio": 1 });
    const links = new WorldLinks(world, placeSites(world, ["lead", "lead"], [0, 5]), SEED);
    let lost = 0;
    for (let i = 0; i < count; i++) if (links.delayUs(0, 1, 0) === LOST) lost++;
    expect(Math.abs(lost / count - 0.3)).toBeLessThan(binomialSlack(0.3, count));
  });
});

describe("duplication", () => {
  it("happens at the configured ratio, with a copy that follows uniformly within the lag", () => {
    const { world, sites } = clusterOf("C", 1, {
      "network.zone.duplicationRatio": 0.1,
      "network.hosted.duplicationRatio": 0.2,
      "network.duplicate.lagMs": 50,
    });
    const links = new WorldLinks(world, sites, SEED);
    const count = 100_000;
    const ratio = 1 - 0.9 * 0.8;
    const lagsMs: number[] = [];
    for (let i = 0; i < count; i++) {
      const delayUs = links.delayUs(0, 1, 0);
      const copyUs = links.duplicateDelayUs(0, 1, 0);
      if (copyUs > 0) lagsMs.push((copyUs - delayUs) / 1_000);
    }
    expect(Math.abs(lagsMs.length / count - ratio)).toBeLessThan(binomialSlack(ratio, count));
    expect(ksDistance(lagsMs, (x) => x / 50)).toBeLessThan(ksCritical(lagsMs.length) + 1 / 50_000);
  });

  it("makes no copy of a lost message", () => {
    const { world, sites } = clusterOf("C", 1, { "network.zone.lossRatio": 0.5, "network.zone.duplicationRatio": 1 });
    const links = new WorldLinks(world, sites, SEED);
    for (let i = 0; i < 1_000; i++) {
      const lost = links.delayUs(0, 1, 0) === LOST;
      expect(links.duplicateDelayUs(0, 1, 0) === 0).toBe(lost);
    }
  });
});

/** Delays of 2,000 messages from the lead of a cluster to one agent. */
function delaysTo(hardware: HardwareId, overrides: Readonly<Record<string, number>>): number[] {
  const { world, sites } = clusterOf(hardware, 1, overrides);
  const links = new WorldLinks(world, sites, SEED);
  return Array.from({ length: 2_000 }, () => links.delayUs(0, 1, 0));
}

describe("two variants of a world", () => {
  it.each(["A", "E", "F", "lead"] as const)(
    "that differ in loss give the messages to %s that both deliver the same delays",
    (hardware) => {
      const lossless = delaysTo(hardware, { "network.zone.lossRatio": 0 });
      const lossy = delaysTo(hardware, { "network.zone.lossRatio": 0.5 });
      const both = lossless.filter((delayUs, i) => delayUs !== LOST && lossy[i] !== LOST);
      const same = lossless.filter((delayUs, i) => delayUs !== LOST && lossy[i] === delayUs);
      expect(both.length).toBeGreaterThan(900);
      expect(same).toEqual(both);
    },
  );

  it("that differ in duplication give the same delays", () => {
    expect(delaysTo("E", { "network.zone.duplicationRatio": 0.7 })).toEqual(delaysTo("E", {}));
  });

  it("that differ in Wi-Fi differ by the hop alone", () => {
    const wifi = delaysTo("E", {
      "hosts.board.wifiShare": 1,
      "network.wifi.lossRatio": 0,
      "network.wifi.capMs": 0.001,
    });
    const wired = delaysTo("E", { "hosts.board.wifiShare": 0 });
    for (const [i, delayUs] of wifi.entries()) if (delayUs !== LOST) expect(delayUs - wired[i]!).toBeLessThanOrEqual(2);
    expect(wifi.filter((delayUs, i) => delayUs > wired[i]!).length).toBeGreaterThan(1_000);
  });

  it("of different seeds differ", () => {
    const { world, sites } = clusterOf("A", 1);
    const first = new WorldLinks(world, sites, 1);
    const second = new WorldLinks(world, sites, 2);
    expect(first.delayUs(0, 1, 0)).not.toBe(second.delayUs(0, 1, 0));
  });
});

describe("a sender's messages", () => {
  it("do not depend on what others send", () => {
    const { world, sites } = clusterOf("E", 2);
    const alone = new WorldLinks(world, sites, SEED);
    const busy = new WorldLinks(world, sites, SEED);
    for (let i = 0; i < 500; i++) {
      busy.delayUs(0, 1, 0);
      busy.delayUs(2, 1, 0);
      expect(busy.delayUs(1, 0, 0)).toBe(alone.delayUs(1, 0, 0));
    }
  });

  it("do not depend on sites added at the end", () => {
    const small = clusterOf("E", 150);
    const large = clusterOf("E", 300);
    const before = new WorldLinks(small.world, small.sites, SEED);
    const after = new WorldLinks(large.world, large.sites, SEED);
    for (let i = 0; i < 3_000; i++) {
      const from = i % 151;
      const to = (i * 7 + 1) % 151;
      expect(after.delayUs(from, to, 0)).toBe(before.delayUs(from, to, 0));
    }
  });
});
