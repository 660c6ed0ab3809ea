/** The command line end to end: what it prints, what it leaves behind, how it ends. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { resultsSchema } from "../../scenarios/results.js";
import { build, freshFolder, interrupted, rehearse, scenario } from "./command.js";

beforeAll(build);

const SMALL = scenario("mesh-100.yaml");
const SHORT = ["--set", "duration=20 s"];
const FILES = ["agents.csv", "incidents.json", "report.html", "results.json", "series.csv", "timing.json"];

describe("rehearse run", () => {
  it("prints the KPIs and the line that reproduces the run, and leaves a whole run behind", () => {
    const cwd = freshFolder();
    const { code, out } = rehearse(cwd, "run", SMALL, ...SHORT);
    expect(code).toBe(0);
    expect(out).toContain("Arrival-window hit rate");
    expect(out).toContain("--seed 1");
    expect(readdirSync(join(cwd, "runs/mesh-100-1")).sort()).toEqual(FILES);
  });

  it("--json prints results.json to the byte and nothing else", () => {
    const cwd = freshFolder();
    const { code, out, err } = rehearse(cwd, "run", SMALL, ...SHORT, "--json", "--out", "here");
    expect(code).toBe(0);
    expect(err).toBe("");
    expect(out).toBe(readFileSync(join(cwd, "here/results.json"), "utf8"));
    resultsSchema.parse(JSON.parse(out));
  });

  it("two processes with one seed write the same bytes; another seed writes others", () => {
    const run = (...seed: string[]) => rehearse(freshFolder(), "run", SMALL, ...SHORT, "--json", ...seed).out;
    const first = run();
    expect(run()).toBe(first);
    expect(JSON.parse(run("--seed", "2")).fingerprint.run).not.toBe(JSON.parse(first).fingerprint.run);
  });

  it("--trace writes every event, in order of time, and changes nothing", () => {
    const cwd = freshFolder();
    const plain = rehearse(cwd, "run", SMALL, ...SHORT, "--json").out;
    const traced = rehearse(cwd, "run", SMALL, ...SHORT, "--json", "--trace", "trace.csv").out;
    expect(traced).toBe(plain);
    const [head, ...lines] = readFileSync(join(cwd, "trace.csv"), "utf8").trimEnd().split("\n");
    expect(head).toBe("at_us,event,origin,target,message");
    expect(lines).toHaveLength(JSON.parse(plain).events);
    const times = lines.map((line) => Number(line.split(",")[0]));
    expect(times.every((time, i) => i === 0 || time >= times[i - 1]!)).toBe(true);
  });

  it("a missed threshold ends with 1, the same one ignored with 0", () => {
    const missed = ["--set", "thresholds.cascadeLatencyP95=<= 1 ms"];
    const ignored = ["--set", "thresholds.cascadeLatencyP95=ignore"];
    const slow = ["--set", "protocol.preset=as-written", "--set", "thresholds.coordinationSuccess=ignore"];
    const rest = ["--set", "thresholds.predictionWithin50Ms=ignore", "--set", "thresholds.conflictRate=ignore"];
    expect(rehearse(freshFolder(), "run", SMALL, ...SHORT, ...missed).code).toBe(1);
    expect(rehearse(freshFolder(), "run", SMALL, ...SHORT, ...slow, ...rest, ...ignored).code).toBe(0);
  });

  it("Ctrl-C keeps what was measured so far, marked as partial", async () => {
    const cwd = freshFolder();
    const { code, out } = await interrupted(cwd, 3_000, "run", SMALL, "--set", "duration=24 h", "--out", "cut");
    expect(code).toBe(130);
    expect(out.toLowerCase()).toContain("partial");
    expect(readdirSync(join(cwd, "cut")).sort()).toEqual(FILES);
    expect(JSON.parse(readFileSync(join(cwd, "cut/results.json"), "utf8")).partial).toBe(true);
  });
});

describe("the other commands", () => {
  it("validate, report, models, --help and --version answer and end with 0", () => {
    const cwd = freshFolder();
    rehearse(cwd, "run", SMALL, ...SHORT);
    expect(rehearse(cwd, "validate", SMALL)).toMatchObject({ code: 0, err: "" });
    expect(rehearse(cwd, "report", "runs/mesh-100-1").out).toContain("report.html");
    expect(rehearse(cwd, "models").out).toContain("network.backbone.lossRatio");
    expect(JSON.parse(rehearse(cwd, "models", "--json").out).length).toBeGreaterThan(3);
    expect(rehearse(cwd, "--help").out).toContain("rehearse run scenarios/mesh-30k.yaml");
    expect(rehearse(cwd, "--version").out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe("bad input ends with 2, one clear error, and nothing written", () => {
  const cases: readonly (readonly [what: string, args: readonly string[], says: RegExp])[] = [
    ["no command", [], /Usage|help/],
    ["an unknown command", ["rehears"], /unknown command/],
    ["a missing file", ["run", "nowhere.yaml"], /nowhere\.yaml/],
    ["broken YAML", ["run", "broken.yaml"], /broken\.yaml:2:1:/],
    ["an unknown key", ["run", SMALL, "--set", "workload.cascadez=1"], /did you mean/],
    ["a wrong unit", ["run", SMALL, "--set", "duration=5 kg"], /duration/],
    ["a zero duration", ["run", SMALL, "--set", "duration=0 s"], /duration/],
    ["a negative duration", ["run", SMALL, "--set", "duration=-5 s"], /duration/],
    ["classes that do not add up", ["run", SMALL, "--set", "mesh.classes.A=31"], /remove 1/],
    ["an unknown region", ["run", SMALL, "--set", "placement.orchestrator=eastuss"], /did you mean eastus\?/],
    ["an unknown parameter", ["run", SMALL, "--set", "world.network.backbone.lossRatioo=0"], /did you mean network/],
    ["a parameter out of range", ["run", SMALL, "--set", "world.network.backbone.lossRatio=2"], /expected/],
    ["a seed that is none", ["run", SMALL, "--seed", "x"], /whole number/],
    ["a place that cannot be written", ["run", SMALL, "--out", "/proc/x"], /cannot be made/],
    ["a folder with other things in it", ["run", SMALL, "--out", "."], /holds broken\.yaml/],
    [
      "a mesh that does not fit into memory",
      [
        "run",
        SMALL,
        "--set",
        "mesh={sectors: 1000, clustersPerSector: 10, agentsPerCluster: 100, classes: {A: 1000000}}",
      ],
      /GB/,
    ],
  ];

  it.each(cases)("%s", (_what, args, says) => {
    const cwd = freshFolder();
    writeFileSync(join(cwd, "broken.yaml"), "name: [\n");
    const { code, out, err } = rehearse(cwd, ...args);
    expect(err).toMatch(says);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(readdirSync(cwd)).toEqual(["broken.yaml"]);
  });
});
