/** Reads the data files and turns them into a flat list of parameters. What the parameters form is the business of world.ts. */
import assert from "node:assert";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { z } from "zod";
import { expectation, leafSchema, tableSchema, type WorldParameter } from "./parameter.js";

/** The first part of a parameter's path, and the file that holds it. */
const FILES = {
  regions: "regions.yaml",
  agents: "agents.yaml",
  network: "network.yaml",
  coldStarts: "cold-starts.yaml",
  people: "people.yaml",
  hosts: "hosts.yaml",
  clocks: "clocks.yaml",
  platforms: "platforms.yaml",
  faults: "faults.yaml",
} as const;

/** A place where agents and coordinators stand. */
export interface Region {
  /** Such as `eastus`. */
  readonly id: string;
  /** Such as `East US`. */
  readonly name: string;
}

/** Sections of regions.yaml that hold no parameters. */
const regionList = z.array(z.strictObject({ id: z.string().regex(/^[a-z][a-z0-9]*$/), name: z.string() }));

export interface WorldData {
  readonly regions: readonly Region[];
  readonly parameters: readonly WorldParameter[];
}

/** @throws Error naming the file and the parameter where a data file is malformed */
export function readWorldData(): WorldData {
  const parameters: WorldParameter[] = [];
  let regions: readonly Region[] = [];
  for (const [root, file] of Object.entries(FILES)) {
    const tree = parse(readFileSync(dataPath(file), "utf8"), { schema: "core" }) as Record<string, unknown>;
    for (const [key, branch] of Object.entries(tree)) {
      if (root === "regions" && key === "list") regions = regionList.parse(branch);
      else if (root === "regions" && key === "evidence") continue;
      else collect(`${root}.${key}`, branch, parameters);
    }
  }
  return { regions, parameters };
}

/** The data stay in the package's `models/data`, seen from this file as a source or, compiled, from `dist/models`. */
function dataPath(file: string): string {
  const beside = fileURLToPath(new URL(`./data/${file}`, import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL(`../../models/data/${file}`, import.meta.url));
}

/** Adds the parameters at and below a branch of a data file to `found`. */
function collect(path: string, branch: unknown, found: WorldParameter[]): void {
  assert(typeof branch === "object" && branch !== null, `${path} is ${branch}; expected parameters`);
  if ("value" in branch) {
    const { value, ...origin } = checked(leafSchema, path, branch);
    found.push(parameter(path, value, origin));
  } else if ("table" in branch) {
    const { table, ...origin } = checked(tableSchema, path, branch);
    for (const [row, cells] of Object.entries(table)) {
      for (const [column, value] of Object.entries(cells)) {
        found.push({ ...parameter(`${path}.${row}.${column}`, value, origin), table: path });
      }
    }
  } else {
    for (const [key, child] of Object.entries(branch)) collect(`${path}.${key}`, child, found);
  }
}

type Origin = Omit<z.infer<typeof leafSchema>, "value">;

/** Where a file gives no range, a ratio lies from 0 to 1 and everything else is not negative. */
function parameter(path: string, value: number, origin: Origin): WorldParameter {
  const {
    min = 0,
    max = origin.unit === "ratio" ? 1 : Number.POSITIVE_INFINITY,
    integer = false,
    note,
    ...rest
  } = origin;
  const result = { path, value, ...rest, min, max, integer, ...(note === undefined ? {} : { note }) };
  const expected = expectation(result, value);
  assert(expected === undefined, `${path} is ${value} in its data file; expected ${expected}`);
  return result;
}

function checked<T>(schema: z.ZodType<T>, path: string, branch: unknown): T {
  const outcome = schema.safeParse(branch);
  assert(outcome.success, `${path} is malformed in its data file: ${outcome.error?.message}`);
  return outcome.data;
}
