/** Builds the world from the data files and from what a scenario overrides, and refuses what makes no sense. */
import { type Region, readWorldData } from "./data-files.js";
import { expectation, type WorldParameter } from "./parameter.js";
import { type Routes, type World, worldShape } from "./world-shape.js";

export type { WorldParameter } from "./parameter.js";
export type { World } from "./world-shape.js";

/** An override names a parameter that does not exist. `worldParameters()` lists those that do. */
export class UnknownParameterError extends Error {
  constructor(readonly path: string) {
    super(`${path} is no parameter of the world`);
    this.name = "UnknownParameterError";
  }
}

/** An override gives a parameter a value that it cannot have. */
export class ParameterRangeError extends Error {
  /** @param expected completes "expected ..." */
  constructor(
    readonly path: string,
    readonly value: number,
    readonly expected: string,
  ) {
    super(`${path} is ${value}; expected ${expected}`);
    this.name = "ParameterRangeError";
  }
}

/** Pairs of parameters that bound a range: the first must not exceed the second. */
const RANGES: readonly (readonly [low: string, high: string])[] = [
  ["regions.zoneRttLowMs", "regions.zoneRttHighMs"],
  ["coldStarts.A.startLowMs", "coldStarts.A.startHighMs"],
  ["coldStarts.A.keepAliveLowMs", "coldStarts.A.keepAliveHighMs"],
  ["coldStarts.B.startLowMs", "coldStarts.B.startHighMs"],
  ["coldStarts.B.keepAliveLowMs", "coldStarts.B.keepAliveHighMs"],
  ["clocks.poll.shortestS", "clocks.poll.longestS"],
];

/** Every parameter that an override may name, with the data files' value. */
export function worldParameters(): readonly WorldParameter[] {
  return readWorldData().parameters;
}

/**
 * The world as the data files have it, but for the overrides, which address parameters by path.
 * @throws UnknownParameterError, ParameterRangeError
 */
export function loadWorld(overrides: Readonly<Record<string, number>>): World {
  const data = readWorldData();
  const byPath = new Map(data.parameters.map((parameter) => [parameter.path, parameter]));
  const overridden: string[] = [];
  for (const [path, value] of Object.entries(overrides)) {
    const parameter = byPath.get(path);
    if (parameter === undefined) throw new UnknownParameterError(path);
    const expected = expectation(parameter, value);
    if (expected !== undefined) throw new ParameterRangeError(path, value, expected);
    if (value !== parameter.value) overridden.push(path);
    byPath.set(path, { ...parameter, value });
  }
  for (const [low, high] of RANGES) {
    const lowest = byPath.get(low)!.value;
    const highest = byPath.get(high)!.value;
    if (highest < lowest) throw new ParameterRangeError(high, highest, `at least ${low}, which is ${lowest}`);
  }
  const parameters = [...byPath.values()];
  const { regions: distances, ...figures } = worldShape.parse(treeOf(parameters));
  const routes: Routes = {
    rttP50Ms: matrix(data.regions, distances.rttP50Ms, distances.rttScale),
    jitterSigma: matrix(data.regions, distances.jitterSigma, distances.jitterScale),
    zoneRttLowMs: distances.zoneRttLowMs,
    zoneRttHighMs: distances.zoneRttHighMs,
  };
  return { ...figures, regions: data.regions, routes, parameters, overridden };
}

interface Tree {
  [key: string]: number | Tree;
}

/** `a.b.c` = value becomes { a: { b: { c: value } } }. */
function treeOf(parameters: readonly WorldParameter[]): Tree {
  const root: Tree = {};
  for (const { path, value } of parameters) {
    const keys = path.split(".");
    const last = keys.pop()!;
    let branch = root;
    for (const key of keys) {
      branch[key] ??= {};
      branch = branch[key] as Tree;
    }
    branch[last] = value;
  }
  return root;
}

/** The symmetric matrix, by region index, of a table that holds every pair of regions once, the earlier region first. */
function matrix(
  regions: readonly Region[],
  table: Readonly<Record<string, Readonly<Record<string, number>>>>,
  scale: number,
): number[][] {
  const cell = (row: number, column: number): number => {
    if (row === column) return 0;
    const first = regions[Math.min(row, column)]!.id;
    const second = regions[Math.max(row, column)]!.id;
    const value = table[first]?.[second];
    if (value === undefined) throw new Error(`regions.yaml has no figure for ${first} and ${second}`);
    return value * scale;
  };
  return regions.map((_, row) => regions.map((_, column) => cell(row, column)));
}
