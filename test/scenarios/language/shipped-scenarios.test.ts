import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { preset } from "../../../protocol/mesh-30k/options.js";
import { Topology } from "../../../protocol/mesh-30k/topology.js";
import { KPI_IDS, KPIS } from "../../../scenarios/kpis.js";
import { loadScenario } from "../../../scenarios/language/load.js";

const FOLDER = fileURLToPath(new URL("../../../scenarios/", import.meta.url));
const yamlIn = (folder: string) => readdirSync(FOLDER + folder).filter((name) => name.endsWith(".yaml"));
const FILES = [...yamlIn(""), ...yamlIn("faults").map((name) => `faults/${name}`)];
const load = (file: string) => loadScenario(FOLDER + file).scenario;

it("the scenarios that the documentation names are there", () => {
  expect(FILES).toEqual(
    expect.arrayContaining(["as-written.yaml", "cascade-strategies.yaml", "mesh-100.yaml", "mesh-30k.yaml"]),
  );
});

describe.each(FILES)("%s", (file) => {
  it("is valid and carries the name of its file", () => {
    expect(`${load(file).name}.yaml`).toBe(basename(file));
  });

  it("tells editors its schema on its first line", () => {
    const [first] = readFileSync(FOLDER + file, "utf8").split("\n");
    const up = file.includes("/") ? ".." : ".";
    expect(first).toBe(`# yaml-language-server: $schema=${up}/scenario.schema.json`);
  });

  it("lays out a mesh in which no cluster is empty", () => {
    const { sectors, clustersPerSector, classes } = load(file).mesh;
    const topology = new Topology({ sectors, clustersPerSector, agents: classes });
    expect(Math.min(...topology.clusters.map((cluster) => cluster.size))).toBeGreaterThan(0);
  });

  it("starts cascades at least 5 s apart, so that none meets the one before", () => {
    const { cascades } = load(file).workload;
    const startsMs = cascades.flatMap(({ firstMs, everyMs }) =>
      Array.from({ length: 100 }, (_, index) => firstMs + index * everyMs).filter((ms) => ms < 200_000),
    );
    startsMs.sort((a, b) => a - b);
    const gapsMs = startsMs.slice(1).map((ms, index) => ms - startsMs[index]!);
    expect(Math.min(...gapsMs)).toBeGreaterThanOrEqual(5000);
  });
});

describe("mesh-30k.yaml", () => {
  it("has the document's mesh, time and targets, but for the p95 of 30 cascades, which 5 ms miss (docs/findings.md)", () => {
    const { mesh, warmUpMs, durationMs, thresholds } = load("mesh-30k.yaml");
    expect(mesh.classes).toEqual({ A: 10_000, B: 8000, C: 5000, D: 2000, E: 3000, F: 2000 });
    expect([warmUpMs, durationMs]).toEqual([60_000, 300_000]);
    const targets = Object.fromEntries(KPI_IDS.map((id) => [id, KPIS[id].target]));
    expect(thresholds).toEqual({ ...targets, cascadeLatencyP95: { comparison: "<=", value: 1050 } });
  });
});

it("as-written.yaml differs from mesh-30k.yaml in nothing but the protocol", () => {
  const { name, description, protocol, ...nominal } = load("mesh-30k.yaml");
  expect(load("as-written.yaml")).toMatchObject({
    ...nominal,
    protocol: { ...protocol, options: preset("as-written") },
  });
});

it("cascade-strategies.yaml gives each strategy as many measured turns as the others", () => {
  const { workload, warmUpMs, durationMs } = load("cascade-strategies.yaml");
  const turns = workload.cascades.map(({ strategy, firstMs, everyMs }) => {
    const startsMs = Array.from({ length: 100 }, (_, index) => firstMs + index * everyMs);
    return [strategy, startsMs.filter((ms) => ms >= warmUpMs && ms < warmUpMs + durationMs).length];
  });
  expect(turns).toEqual([
    ["wave", 6],
    ["parallel", 6],
    ["priority_first", 6],
  ]);
});
