/** `rehearse run`: what it prints, what it leaves behind, how it ends. */
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { KPIS } from "../../scenarios/kpis.js";
import { resultsSchema } from "../../scenarios/results.js";
import { build, COMMAND, FILES, freshFolder, inShell, rehearse, SHORT, SMALL } from "./command.js";

beforeAll(build);

const resultsIn = (folder: string) =>
  resultsSchema.parse(JSON.parse(readFileSync(join(folder, "results.json"), "utf8")));

describe("a run", () => {
  it("prints every KPI, hit rates by class and where the report is, and leaves a whole run behind", () => {
    const cwd = freshFolder();
    const { code, out, err } = rehearse(cwd, "run", SMALL, ...SHORT);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    for (const { title } of Object.values(KPIS)) expect(out).toContain(title);
    for (const name of ["A edge", "B serverless", "C persistent", "D GPU", "E local", "F human"]) {
      expect(out).toContain(name);
    }
    expect(out).toMatch(/^ {2}report +runs\/mesh-100-1\/report\.html$/m);
    expect(readdirSync(cwd)).toEqual(["runs"]);
    expect(readdirSync(join(cwd, "runs"))).toEqual(["mesh-100-1"]);
    expect(readdirSync(join(cwd, "runs/mesh-100-1")).sort()).toEqual(FILES);
  });

  it("leaves tables with a row for each agent and each second, and a timing of its own", () => {
    const cwd = freshFolder();
    rehearse(cwd, "run", SMALL, ...SHORT, "--out", "r");
    const rows = (file: string) =>
      readFileSync(join(cwd, "r", file), "utf8")
        .trimEnd()
        .split("\n")
        .slice(1);
    expect(rows("agents.csv")).toHaveLength(100);
    expect(rows("series.csv")).toHaveLength(80);
    const timing = JSON.parse(readFileSync(join(cwd, "r/timing.json"), "utf8"));
    expect(timing).toMatchObject({ node: process.version });
    expect(timing.wallS).toBeGreaterThan(0);
    expect(timing.eventsPerSecond * timing.wallS).toBeCloseTo(resultsIn(join(cwd, "r")).events, 0);
  });

  it("names the line that runs it again: read by a shell, it gives the same fingerprint", () => {
    const cwd = freshFolder();
    const name = "it's a mesh.yaml";
    copyFileSync(SMALL, join(cwd, name));
    const sets = ["--set", "network.loss=1 %", "--set", "workload.cascades[0].window=400 ms"];
    const { out } = rehearse(cwd, "run", name, ...SHORT, ...sets, "--seed", "5", "--out", "first");
    const [, fingerprint, line] = /\(fingerprint ([0-9a-f]{16})\)\n {2}rehearse (.*)\n$/.exec(out)!;
    const again = inShell(cwd, "sh", "-c", `"$0" "$1" ${line} --out again`, process.execPath, COMMAND);
    expect(again.err).toBe("");
    const [first, second] = [resultsIn(join(cwd, "first")), resultsIn(join(cwd, "again"))];
    expect(first.fingerprint.run).toBe(fingerprint);
    expect(second).toEqual(first);
  });

  it("replaces the run of before in its folder, whole", () => {
    const cwd = freshFolder();
    rehearse(cwd, "run", SMALL, ...SHORT, "--out", "r");
    rehearse(cwd, "run", SMALL, ...SHORT, "--out", "r", "--seed", "2");
    expect(resultsIn(join(cwd, "r")).scenario.seed).toBe(2);
    expect(readdirSync(cwd)).toEqual(["r"]);
    expect(readdirSync(join(cwd, "r")).sort()).toEqual(FILES);
  });
});

describe("options of a run", () => {
  it("--json prints results.json to the byte and nothing else", () => {
    const cwd = freshFolder();
    const { code, out, err } = rehearse(cwd, "run", SMALL, ...SHORT, "--json", "--out", "here");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toBe(readFileSync(join(cwd, "here/results.json"), "utf8"));
    expect(resultsSchema.parse(JSON.parse(out)).fingerprint.run).toMatch(/^[0-9a-f]{16}$/);
  });

  it("--seed and --set change what they name; --out takes the run to a folder in folders that it makes", () => {
    const cwd = freshFolder();
    const settings = ["--set", "network.loss=2 %", "--set", "thresholds.arrivalWindowHitRate=>= 10 %"];
    rehearse(cwd, "run", SMALL, ...SHORT, ...settings, "--seed", "9007199254740991", "--out", "a/b/c");
    const { scenario, messages, kpis } = resultsIn(join(cwd, "a/b/c"));
    expect(scenario).toMatchObject({ seed: 9007199254740991, durationS: 20 });
    expect(messages.lost / messages.sent).toBeCloseTo(0.02, 2);
    expect(kpis.find((each) => each.id === "arrivalWindowHitRate")!.target.value).toBe(0.1);
  });

  it("without --out, the folder is named by scenario and seed", () => {
    const cwd = freshFolder();
    rehearse(cwd, "run", SMALL, ...SHORT, "--seed", "12", "--set", "name=mine");
    expect(readdirSync(join(cwd, "runs"))).toEqual(["mine-12"]);
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
    expect(times.findIndex((time, i) => !Number.isInteger(time) || time < (times[i - 1] ?? 0))).toBe(-1);
    const delivered = lines.filter((line) => line.split(",")[1] === "deliver");
    expect(delivered).toHaveLength(JSON.parse(plain).messages.delivered);
    expect(delivered.every((line) => /^\d+,deliver,\d+,\d+,[A-Z_]+$/.test(line))).toBe(true);
  });
});

describe.skipIf(!existsSync("/dev/full"))("onto a full disk", () => {
  it("a trace ends with one line that names it, and no bug of the command's own; the run is written", () => {
    const cwd = freshFolder();
    const { code, err } = rehearse(cwd, "run", SMALL, ...SHORT, "--trace", "/dev/full");
    expect(code).toBe(2);
    expect(err).toMatch(/^\/dev\/full: cannot be written \(ENOSPC: .*\); choose another place for --trace\n$/);
    expect(readdirSync(join(cwd, "runs/mesh-100-1")).sort()).toEqual(FILES);
  });

  it("standard output does the same, and the run is written", () => {
    const cwd = freshFolder();
    const line = `"$0" "$1" run "$2" ${SHORT.map((word) => `'${word}'`).join(" ")} --json >/dev/full`;
    const { code, err } = inShell(cwd, "sh", "-c", line, process.execPath, COMMAND, SMALL);
    expect(err).toMatch(/^standard output cannot be written \(ENOSPC: .*\); .*\n$/);
    expect(code).toBe(2);
    expect(readdirSync(join(cwd, "runs/mesh-100-1")).sort()).toEqual(FILES);
  });
});

it("a reader that goes away, as in --json | head -1, is no error", () => {
  const cwd = freshFolder();
  const line = '"$0" "$1" run "$2" --set "$3" --json | true';
  const { err } = inShell(cwd, "sh", "-c", line, process.execPath, COMMAND, SMALL, SHORT[1]!);
  expect(err).toBe("");
  expect(readdirSync(join(cwd, "runs/mesh-100-1")).sort()).toEqual(FILES);
});

describe("a threshold that is missed", () => {
  // No cascade goes round the mesh in a millisecond.
  const latency = (value: string) => ["--set", `thresholds.cascadeLatencyP95=${value}`];

  it.each([
    ["ends the run with 1", "<= 1 ms", 1],
    ["ends it with 0 where the scenario ignores it", "ignore", 0],
    ["is none where it is wide enough", "<= 1 min", 0],
  ])("%s, and the run is written all the same", (_, threshold, code) => {
    const cwd = freshFolder();
    // As written, the protocol misses the document's own target, too.
    const others = ["coordinationSuccess", "predictionWithin50Ms", "conflictRate", "arrivalWindowHitRate"];
    const ignored = others.flatMap((id) => ["--set", `thresholds.${id}=ignore`]);
    // With people among the targets no wave would arrive at all.
    const asWritten = ["--set", "protocol.preset=as-written", "--set", "protocol.humanTargets=repaired"];
    const outcome = rehearse(cwd, "run", SMALL, ...SHORT, ...asWritten, ...ignored, ...latency(threshold));
    expect(outcome).toMatchObject({ code, err: "" });
    expect(readdirSync(join(cwd, "runs/mesh-100-1")).sort()).toEqual(FILES);
  });
});

it("tried as a new user would: change the loss in the YAML, run again, see the difference", () => {
  const cwd = freshFolder();
  const yaml = readFileSync(SMALL, "utf8").replace(/^duration:.*$/m, "duration: 20 s");
  const run = (text: string, out: string) => {
    writeFileSync(join(cwd, "mine.yaml"), text);
    rehearse(cwd, "run", "mine.yaml", "--out", out);
    return resultsIn(join(cwd, out));
  };
  const [before, after] = [run(yaml, "before"), run(`${yaml}\nnetwork:\n  loss: 30 %\n`, "after")];
  expect(after.messages.lost).toBeGreaterThan(100 * (1 + before.messages.lost));
  expect(after.scenario.sha256).not.toBe(before.scenario.sha256);
  const missed = (run: typeof before) => run.kpis.filter((each) => each.verdict === "missed").length;
  expect(missed(after)).toBeGreaterThan(missed(before));
});
