import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WorldClocks } from "../../models/clocks.js";
import { describeWorld } from "../../models/describe.js";
import { WorldLinks } from "../../models/links.js";
import { WorldPlatform } from "../../models/platform.js";
import { WorldServiceTimes } from "../../models/service-times.js";
import { sharedHosts } from "../../models/shared-hosts.js";
import { agentsPerMachine, type HardwareId, placeSites } from "../../models/site.js";
import {
  loadWorld,
  ParameterRangeError,
  UnknownParameterError,
  type WorldParameter,
  worldParameters,
} from "../../models/world.js";
import { staged } from "../scenarios/faults/staged.js";
import { SEED, standardJob } from "./fixtures.js";

const HARDWARE_IDS: readonly HardwareId[] = ["A", "B", "C", "D", "E", "F", "orchestrator", "sector", "lead"];
const US_PER_MINUTE = 60_000_000;

describe("overrides", () => {
  it("set the parameter that they name and no other", () => {
    const base = loadWorld({});
    const world = loadWorld({ "agents.D.withinShare": 0.9, "network.backbone.lossRatio": 0.25 });
    expect(world.agents.D.withinShare).toBe(0.9);
    expect(world.network.backbone.lossRatio).toBe(0.25);
    expect(world.overridden).toEqual(["agents.D.withinShare", "network.backbone.lossRatio"]);
    const others = world.parameters.filter(({ path }) => !world.overridden.includes(path));
    expect(others).toEqual(base.parameters.filter(({ path }) => !world.overridden.includes(path)));
  });

  it("of a pair of regions reach the matrix in both directions", () => {
    const { regions, routes } = loadWorld({
      "regions.rttP50Ms.southafricanorth.australiaeast": 279,
      "regions.rttScale": 2,
    });
    const from = regions.findIndex(({ id }) => id === "southafricanorth");
    const to = regions.findIndex(({ id }) => id === "australiaeast");
    expect(routes.rttP50Ms[from]![to]).toBe(558);
    expect(routes.rttP50Ms[to]![from]).toBe(558);
  });

  it.each([
    "agents.D.withinshare",
    "agents.D",
    "agents",
    "",
    "regions.evidence",
    "agents.D.withinShare.value",
    "__proto__",
  ])("that name no parameter are refused: %j", (path) => {
    const attempt = () => loadWorld(Object.fromEntries([[path, 1]]));
    expect(attempt).toThrow(UnknownParameterError);
    expect(attempt).toThrow(expect.objectContaining({ path }));
  });

  it.each([
    ["network.backbone.lossRatio", 1.5, "a ratio from 0 to 1"],
    ["network.backbone.lossRatio", -0.1, "a ratio from 0 to 1"],
    ["agents.D.sigma", Number.NaN, "a number from 0 to 3"],
    ["network.wifi.capMs", Number.POSITIVE_INFINITY, "a number of at least 0"],
    ["hosts.board.agents", 1.5, "a whole number of at least 1"],
    ["regions.zoneRttHighMs", 0.1, "at least regions.zoneRttLowMs, which is 0.25"],
  ])("outside a parameter's range are refused: %s = %d", (path, value, expected) => {
    expect(() => loadWorld({ [path]: value })).toThrow(
      expect.objectContaining({ name: "ParameterRangeError", path, value, expected }),
    );
    expect(() => loadWorld({ [path]: value })).toThrow(ParameterRangeError);
  });

  it("within a parameter's range are always taken", () => {
    const free = worldParameters().filter(({ path }) => !/Low|High|shortest|longest|restart(First|Most)S/.test(path));
    fc.assert(
      fc.property(fc.constantFrom(...free), fc.double({ min: 0, max: 1, noNaN: true }), (parameter, share) => {
        const max = Math.min(parameter.max, 1e6);
        const value = parameter.min + Math.floor(share * 8) * ((max - parameter.min) / 8);
        fc.pre(!parameter.integer || Number.isInteger(value));
        const world = loadWorld({ [parameter.path]: value });
        expect(world.parameters.find(({ path }) => path === parameter.path)?.value).toBe(value);
      }),
      { numRuns: 40 },
    );
  });
});

/** Faults that leave to the world what they can: what fails how often, for how long and what with it. */
const LEFT_TO_THE_WORLD = `- failures: { of: machine }
- failures: { of: rack, mtbf: 30 min }
- memoryPressure: { class: E, count: one }
- pause: { class: A, count: one }
  rate: 4 / h
  lasting: { as: partitions }
  anew: true`;

/** What of them strikes a small mesh, when and for how long. */
function breakdowns(overrides: Readonly<Record<string, number>>): string {
  const ofTheWorld = Object.entries(overrides).map(([path, value]) => `world.${path}=${value}`);
  const { nodes } = staged(LEFT_TO_THE_WORLD, ["duration=10 h", ...ofTheWorld]).stagedFaults.plan;
  return nodes
    .map(
      ({ fault, fromUs, untilUs, nodes, trouble }) =>
        `${fault} ${fromUs} ${untilUs} ${nodes} ${JSON.stringify(trouble)}`,
    )
    .join();
}

/** Something of everything that the world gives out: one node of each hardware in each region. */
function behaviour(overrides: Readonly<Record<string, number>>): string {
  const world = loadWorld(overrides);
  const hardware = world.regions.flatMap(() => [...HARDWARE_IDS, "C" as const, "D" as const, "E" as const]);
  const sites = placeSites(
    world,
    hardware,
    hardware.map((_, i) => Math.floor(i / (HARDWARE_IDS.length + 3))),
  );
  const links = new WorldLinks(world, sites, SEED);
  const times = new WorldServiceTimes(world, sites, SEED);
  const clocks = new WorldClocks(world, sites, SEED);
  const platform = new WorldPlatform(world, sites, SEED);
  const seen: number[] = [];
  for (let from = 0; from < sites.length; from++) {
    for (let to = 0; to < sites.length; to++) {
      seen.push(links.delayUs(from, to, 0), links.duplicateDelayUs(from, to, 0));
    }
    for (const idleMinutes of [0.1, 4, 6, 45, 80, 200]) {
      seen.push(times.serviceUs(from, { ...standardJob, payloadWeight: 1 }, 1e12, 1e12 - idleMinutes * US_PER_MINUTE));
    }
    seen.push(platform.startUpUs(from));
    for (const minute of [0, 5, 60, 600]) {
      seen.push(clocks.wallMs(from, minute * US_PER_MINUTE), clocks.trueDurationUs(from, 1e7, minute * US_PER_MINUTE));
    }
  }
  return `${seen} ${JSON.stringify(sharedHosts(world, sites, SEED))} ${breakdowns(overrides)}`;
}

/** A value far from the one in force, such that the parameter must show if it is alive. */
function farValue({ path, value, min, max, integer }: WorldParameter): number {
  if (path.endsWith("HighMs") || path.endsWith("longestS")) return value * 2;
  if (path.endsWith("LowMs") || path.endsWith("shortestS")) return value === 0 ? 1 : value / 2;
  if (path === "network.wifi.capMs" || path === "clocks.rate.clipPpm" || path.endsWith("meanLifetimeMs") || integer)
    return min;
  if (max === 1) return value > 0.5 ? 0.05 : 0.95;
  return Math.min(max, value * 1.5 + 0.1);
}

describe("parameters", () => {
  /** A world in which what is rare or off by default happens. */
  const lively = {
    "clocks.unsynchronised.boardShare": 0.5,
    "network.wifi.duplicationRatio": 0.3,
    "faults.machine.mtbfH": 2,
  };
  const base = behaviour(lively);

  it.each(worldParameters().map((parameter) => [parameter.path, parameter] as const))(
    "%s is no dead knob",
    (path, parameter) => {
      expect(behaviour({ ...lively, [path]: farValue(parameter) }) === base).toBe(false);
    },
  );

  it("say where they come from, and a figure that was not found is tagged a guess", () => {
    for (const { path, source, tag } of worldParameters()) {
      if (source.startsWith("not found")) expect(`${path} ${tag}`).toBe(`${path} G`);
    }
  });
});

describe("the description of a world", () => {
  it("has one row for each parameter and one for each table, with the values in force", () => {
    const world = loadWorld({ "hosts.board.wifiShare": 0.125, "regions.rttP50Ms.eastus.westus2": 1_000 });
    const rows = describeWorld(world).flatMap((group) => group.rows);
    const tables = new Set(world.parameters.flatMap(({ table }) => table ?? []));
    const single = world.parameters.filter(({ table }) => table === undefined);
    expect(rows).toHaveLength(single.length + tables.size);
    expect(new Set(rows.map(({ path }) => path)).size).toBe(rows.length);
    expect(rows.find(({ path }) => path === "hosts.board.wifiShare")).toMatchObject({
      value: "0.125",
      tag: "G",
      overridden: true,
    });
    expect(rows.find(({ path }) => path.startsWith("regions.rttP50Ms"))).toMatchObject({
      value: "11 .. 1000",
      overridden: true,
    });
    expect(rows.filter(({ overridden }) => overridden)).toHaveLength(2);
  });
});

describe("placing nodes", () => {
  const world = loadWorld({});

  it("fills boards of 136 within a region, and gives edge functions a machine alone each", () => {
    const hardware: HardwareId[] = [...Array<HardwareId>(300).fill("E"), "A", "A"];
    const regions = hardware.map((_, i) => (i < 300 ? i % 2 : 0));
    const sites = placeSites(world, hardware, regions);
    const byMachine = new Map<number, number>();
    for (const { machine } of sites) byMachine.set(machine, (byMachine.get(machine) ?? 0) + 1);
    expect([...byMachine.values()].sort((a, b) => a - b)).toEqual([1, 1, 14, 14, 136, 136]);
    expect([...byMachine.keys()].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5]);
    const regionOf = new Map<number, number>();
    for (const { machine, region } of sites)
      expect(regionOf.get(machine) ?? region).toBe(regionOf.set(machine, region).get(machine));
  });

  it("counts the agents of one machine by hardware", () => {
    expect(HARDWARE_IDS.map((id) => agentsPerMachine(world, id))).toEqual([1, 1, 16, 8, 136, 1, 1, 1, 1]);
  });

  it("leaves everybody in place when nodes are added at the end", () => {
    const hardware: HardwareId[] = Array.from({ length: 400 }, (_, i) => HARDWARE_IDS[i % HARDWARE_IDS.length]!);
    const regions = hardware.map((_, i) => i % 12);
    const before = placeSites(world, hardware.slice(0, 250), regions.slice(0, 250));
    expect(placeSites(world, hardware, regions).slice(0, 250)).toEqual(before);
  });

  it("refuses a region that the world does not have", () => {
    expect(() => placeSites(world, ["A"], [12])).toThrow("region 12");
  });
});
