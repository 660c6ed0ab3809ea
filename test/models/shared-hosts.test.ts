import { describe, expect, it } from "vitest";
import { sharedHosts } from "../../models/shared-hosts.js";
import { type HardwareId, placeSites } from "../../models/site.js";
import { loadWorld } from "../../models/world.js";
import { clusterOf, SEED } from "./fixtures.js";

const GIB = 2 ** 30;

function hostsOf(hardware: HardwareId, count: number, overrides: Readonly<Record<string, number>> = {}) {
  const { world, sites } = clusterOf(hardware, count, overrides);
  return sharedHosts(world, sites, SEED);
}

describe("boards", () => {
  it("share four cores, a card, memory, a disk and a line among their agents, whose addresses ascend", () => {
    const hosts = hostsOf("E", 200);
    expect(hosts.map(({ nodes }) => nodes.length)).toEqual([136, 64]);
    expect(hosts[0]!.nodes).toEqual(Array.from({ length: 136 }, (_, i) => i + 1));
    expect(hosts[0]!.sharing).toMatchObject({ cores: 4, cardWritesPerS: 500 });
  });

  it("begin with what the field report saw: 3.6 of 7.9 GiB and 25 of 29 GB", () => {
    const { storage } = hostsOf("E", 136)[0]!;
    expect(storage!.memoryUsedBytes / GIB).toBeCloseTo(3.6, 1);
    expect(storage).toMatchObject({ memoryBytes: 7.9 * GIB, diskBytes: 29e9, diskUsedBytes: 25e9 });
  });

  it("that carry fewer containers use less memory, by 15 MB and what an agent takes for each", () => {
    const [full, half] = [hostsOf("E", 136)[0]!, hostsOf("E", 68)[0]!];
    expect(full.storage!.memoryUsedBytes - half.storage!.memoryUsedBytes).toBeCloseTo(68 * (15 + 12.6) * 1e6, 3);
  });

  it("step down as the vendor says: 1500, 1000, 750 and 600 MHz from 80 to 85 degrees", () => {
    const { heat } = hostsOf("E", 2)[0]!.sharing!;
    expect(heat!.steps.map(({ fromC, speed }) => [fromC, speed * 1500])).toEqual([
      [80, 1000],
      [82.5, 750],
      [85, 600],
    ]);
  });

  it("are on Wi-Fi, half duplex, or on Ethernet, as their access links are", () => {
    const lines = (wifiShare: number) =>
      hostsOf("E", 10, { "hosts.board.agents": 1, "hosts.board.wifiShare": wifiShare }).map(({ line }) => line);
    expect(lines(1)).toEqual(lines(1).map(() => ({ bitsPerS: 50e6, room: 1000, halfDuplex: true })));
    expect(lines(0)).toEqual(lines(0).map(() => ({ bitsPerS: 941e6, room: 1000, halfDuplex: false })));
    expect(new Set(lines(0.5).map((line) => line!.halfDuplex)).size).toBe(2);
  });
});

describe("machines in a data centre", () => {
  const world = loadWorld({});

  it("hold agents of one cluster: 16 containers or 8 GPUs each", () => {
    for (const [hardware, sizes] of [
      ["C", [14, 14, 16, 16]],
      ["D", [6, 6, 8, 8, 8, 8, 8, 8]],
    ] as const) {
      const sites = placeSites(
        world,
        Array<HardwareId>(60).fill(hardware),
        Array(60).fill(0),
        Array.from({ length: 60 }, (_, i) => (i < 30 ? 7 : 8)),
      );
      const bySize = new Map<number, number>();
      for (const { machine } of sites) bySize.set(machine, (bySize.get(machine) ?? 0) + 1);
      expect([...bySize.values()].sort((a, b) => a - b)).toEqual(sizes);
      const of = (from: number) => new Set(sites.slice(from, from + 30).map(({ machine }) => machine));
      for (const machine of of(0)) expect(of(30).has(machine)).toBe(false);
    }
  });

  it("let 16 containers run at full speed at once, so that the document's range of class C stands", () => {
    const [vm] = hostsOf("C", 16);
    const { cores, coreShare } = vm!.sharing!;
    expect(vm!.nodes).toHaveLength(16);
    expect(16 * coreShare).toBeLessThanOrEqual(cores);
  });

  it("have nothing for GPU agents to wait for, nor for a container alone", () => {
    expect(hostsOf("D", 16)).toEqual([]);
    expect(hostsOf("C", 1)).toEqual([]);
  });
});
