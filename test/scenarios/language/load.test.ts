import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadScenario } from "../../../scenarios/language/load.js";
import { complaintsOf, parse, SOUND } from "./scenario-text.js";

describe("what a scenario leaves out", () => {
  it("is filled in with the document's figures, in the units that the names carry", () => {
    expect(parse(SOUND).scenario).toMatchObject({
      name: "sound",
      seed: 1,
      durationMs: 10_000,
      warmUpMs: 60_000,
      mesh: { sectors: 1, clustersPerSector: 2, agentsPerCluster: 5, classes: { A: 10, B: 0, C: 0, D: 0, E: 0, F: 0 } },
      placement: { orchestrator: "eastus" },
      protocol: {
        options: { latencyEstimate: "repaired", delivery: "repaired" },
        parameters: {
          bufferQuantile: 0.9,
          aimQuantile: 0.8,
          heartbeatMs: 5000,
          summaryMs: 5000,
          mapMs: 10_000,
          batchMs: 10,
          offlineAfterMs: 30_000,
          taskTtlMs: 5000,
          cascadeTtlMs: 5000,
          checkpointTtlMs: 3_600_000,
        },
      },
      network: {},
      world: {},
      workload: {
        intraClusterPerSecond: 10,
        interClusterPerSecond: 1,
        meshWidePerSecond: 0.1,
        payloadWeight: 0,
        cascades: [],
      },
      thresholds: {},
    });
  });

  it("of a parallel cascade is filled in with its own window (3.3)", () => {
    const { scenario } = parse(`${SOUND}workload:\n  cascades: [{ strategy: parallel, every: 5 s }]\n`);
    expect(scenario.workload.cascades[0]).toMatchObject({ strategy: "parallel", windowMs: 1000 });
  });

  it("of a cascade is filled in: half a period to the first one, the document's window, sync at the highest priority", () => {
    const { workload } = parse(`${SOUND}workload: { cascades: [{ strategy: wave, every: 10 s }] }`).scenario;
    expect(workload.cascades).toEqual([
      { strategy: "wave", everyMs: 10_000, firstMs: 5000, windowMs: 500, payloadWeight: 0, verb: "sync", priority: 3 },
    ]);
  });

  it("is not filled in where the models have the figure", () => {
    const { network, placement } = parse(SOUND).scenario;
    expect([network, placement.sectors]).toEqual([{}, undefined]);
  });
});

it("an option that is named differs from the preset, the others follow it", () => {
  const { options } = parse(`${SOUND}protocol: { preset: as-written, buffer: repaired }`).scenario.protocol;
  expect(options).toMatchObject({ buffer: "repaired", latencyEstimate: "as-written", delivery: "as-written" });
});

it("what is given is converted: loss in percent, a rate per minute, a threshold in the KPI's unit", () => {
  const text = `${SOUND}network: { loss: 1.5 % }\nworkload: { intraCluster: 6 / min }\nthresholds: { recoveryTime: <= 5 min }\n`;
  expect(parse(text).scenario).toMatchObject({
    network: { lossRatio: 0.015 },
    workload: { intraClusterPerSecond: 0.1 },
    thresholds: { recoveryTime: { comparison: "<=", value: 300 } },
  });
});

describe("a problem that is found after loading", () => {
  const text = `${SOUND}placement:\n  orchestrator: mars\n  sectors: { venus: 1 }\nworld: { a.b: 1 }\n`;

  it.each<[name: string, path: string[], mark: "key" | "value", expected: string]>([
    ["in a value", ["placement", "orchestrator"], "value", "s.yaml:10:17: placement.orchestrator is wrong"],
    ["in a key", ["placement", "sectors", "venus"], "key", "s.yaml:11:14: placement.sectors.venus is wrong"],
    ["in a key with dots", ["world", "a.b"], "key", "s.yaml:12:10: world.a.b is wrong"],
    ["in a default, at what stands above it", ["placement", "x", "y"], "value", "s.yaml:9:1: placement.x.y is wrong"],
    ["in a default of the whole", ["network", "loss"], "value", "s.yaml:1:1: network.loss is wrong"],
  ])("%s has its place", (_, path, mark, expected) => {
    expect(parse(text).errorAt(path, "is wrong", mark).message).toBe(expected);
  });

  it("points at the override that it comes from", () => {
    const loaded = parse(text, ["placement.orchestrator=moon"]);
    expect(loaded.errorAt(["placement", "orchestrator"], "is wrong").message).toBe(
      "--set placement.orchestrator=moon: placement.orchestrator is wrong",
    );
  });
});

describe("a file that cannot be read", () => {
  let folder = "";
  const file = (name: string) => join(folder, name);

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "rehearsal-"));
    writeFileSync(file("mesh-30k.yaml"), SOUND);
    writeFileSync(file("large.yaml"), " ".repeat(1024 * 1024 + 1));
    writeFileSync(file("picture.yaml"), Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff]));
    mkdirSync(file("scenarios"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each<[name: string, file: string, expected: string]>([
    ["is missing", "void.yaml", "there is no such file; expected a scenario (check the path)"],
    ["stands below a file", "mesh-30k.yaml/x.yaml", "there is no such file; expected a scenario (check the path)"],
    ["is a directory", "scenarios", "this is a directory; expected a scenario file (name one of the files in it)"],
    [
      "is too large",
      "large.yaml",
      "the file has 1048577 bytes; expected a scenario of at most 1048576 bytes (is it the right file?)",
    ],
    ["is no text", "picture.yaml", "this is no UTF-8 text; expected a scenario in YAML (is it the right file?)"],
  ])("because it %s is named", (_, name, expected) => {
    expect(complaintsOf(() => loadScenario(file(name)))).toEqual([`${file(name)}: ${expected}`]);
  });

  it("because its name is misspelt has its neighbour suggested", () => {
    expect(complaintsOf(() => loadScenario(file("mesh-3k.yaml")))).toEqual([
      `${file("mesh-3k.yaml")}: there is no such file; expected a scenario (did you mean ${file("mesh-30k.yaml")}?)`,
    ]);
  });

  it.skipIf(process.platform === "win32")("because it is a device is not read", () => {
    expect(complaintsOf(() => loadScenario("/dev/zero"))).toEqual([
      "/dev/zero: this is no regular file; expected a scenario file (save the scenario to one)",
    ]);
  });

  it("does not keep the others from being read", () => {
    expect(loadScenario(file("mesh-30k.yaml")).scenario).toEqual(parse(SOUND).scenario);
  });
});
