/** Bad input ends with 2 and one clear error that names the place and the remedy; nothing is printed, nothing written. */
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { SOUND } from "../scenarios/language/scenario-text.js";
import { build, freshFolder, type Outcome, rehearse, SMALL } from "./command.js";

beforeAll(build);

/** What the folder holds before, and must hold after. */
function prepared(text: string): string {
  const cwd = freshFolder();
  writeFileSync(join(cwd, "s.yaml"), text);
  mkdirSync(join(cwd, "notes"));
  writeFileSync(join(cwd, "notes/thesis.txt"), "years of work");
  symlinkSync("nowhere", join(cwd, "dangling"));
  return cwd;
}

function expectRefusal(cwd: string, before: readonly string[], { code, out, err }: Outcome, says: RegExp): void {
  expect(err).toMatch(says);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  const lines = err.trimEnd().split("\n");
  expect(lines.filter((line) => !line.startsWith("("))).toHaveLength(1);
  expect(readdirSync(cwd, { recursive: true })).toEqual(before);
  expect(readFileSync(join(cwd, "notes/thesis.txt"), "utf8")).toBe("years of work");
}

describe("in the scenario", () => {
  it.each<[what: string, text: string, says: RegExp]>([
    ["broken YAML", "name: [\n", /^s\.yaml:2:1: this is not YAML: /],
    ["an empty file", "", /^s\.yaml:1:1: the scenario is empty; expected a map with name/],
    ["an unknown key", `${SOUND}netwrk: {}\n`, /^s\.yaml:9:1: netwrk is an unknown key \(did you mean network\?\)/],
    [
      "a wrong unit",
      SOUND.replace("10 s", "10 kg"),
      /^s\.yaml:3:11: duration is 10 kg; expected a duration with a unit/,
    ],
    ["a zero duration", SOUND.replace("10 s", "0 s"), /^s\.yaml:3:11: duration is 0 s; expected/],
    ["a negative duration", SOUND.replace("10 s", "-5 s"), /^s\.yaml:3:11: duration is -5 s; expected/],
    [
      "class counts that do not add up to the mesh",
      SOUND.replace("A: 10", "A: 11"),
      /^s\.yaml:8:12: mesh\.classes add up to 11 agents; expected .* = 1 x 2 x 5 = 10 \(remove 1\)/,
    ],
    [
      "an unknown region",
      `${SOUND}placement:\n  orchestrator: eastuss\n`,
      /^s\.yaml:10:17: placement\.orchestrator is eastuss, which is no region of the models; did you mean eastus\?/,
    ],
    [
      "an unknown region among the weights",
      `${SOUND}placement:\n  sectors: { uksouht: 1 }\n`,
      /^s\.yaml:10:14: .*uksouht is no region of the models; did you mean uksouth\?/,
    ],
    [
      "an unknown parameter of the world",
      `${SOUND}world:\n  network.backbone.lossRatioo: 0\n`,
      /^s\.yaml:10:3: .* is no parameter of the models \(did you mean network\.backbone\.lossRatio\?\)/,
    ],
    [
      "a parameter out of its range",
      `${SOUND}world:\n  network.backbone.lossRatio: 2\n`,
      /^s\.yaml:10:31: .* is 2; expected a ratio from 0 to 1/,
    ],
    [
      "a mesh that needs more memory than the machine has",
      SOUND.replace("sectors: 1", "sectors: 1000000")
        .replace("clustersPerSector: 2", "clustersPerSector: 6")
        .replace("agentsPerCluster: 5", "agentsPerCluster: 1")
        .replace("{ A: 10 }", `{ ${[..."ABCDEF"].map((name) => `${name}: 1000000`).join(", ")} }`),
      /^s\.yaml:\d+:\d+: mesh needs about \d+\.\d GB of memory; this machine has .* \(a smaller mesh, a shorter run or lower rates\)/,
    ],
  ])("%s", (_, text, says) => {
    const cwd = prepared(text);
    const before = readdirSync(cwd, { recursive: true }) as string[];
    expectRefusal(cwd, before, rehearse(cwd, "run", "s.yaml"), says);
    expectRefusal(cwd, before, rehearse(cwd, "validate", "s.yaml"), says);
  });

  it("several things at once are all told, a line each", () => {
    const cwd = prepared(`${SOUND.replace("10 s", "10")}netwrk: {}\n`);
    const { code, out, err } = rehearse(cwd, "run", "s.yaml");
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err.match(/^s\.yaml:\d+:\d+: /gm)).toEqual(["s.yaml:3:11: ", "s.yaml:9:1: "]);
  });
});

describe("on the command line", () => {
  const HELP = /\(rehearse --help shows how\)\n$/;

  it.each<[what: string, args: readonly string[], says: RegExp]>([
    ["an unknown command", ["rehears"], /unknown command 'rehears'/],
    ["run without a scenario", ["run"], HELP],
    ["two scenarios to run", ["run", "s.yaml", SMALL], HELP],
    [
      "an unknown option",
      ["run", "s.yaml", "--sede", "1"],
      /^error: unknown option '--sede'\n\(Did you mean --seed\?\)/,
    ],
    [
      "a missing file",
      ["run", "t.yaml"],
      /^t\.yaml: there is no such file; expected a scenario \(did you mean s\.yaml\?\)/,
    ],
    ["an empty path to the scenario", ["run", ""], /^'': there is no such file; expected a scenario/],
    ["a folder in place of a file", ["run", "notes"], /^notes: this is a directory; expected a scenario file/],
    ["a seed that is no number", ["run", "s.yaml", "--seed", "x"], /'x' is invalid.* whole number from 0 to/],
    ["a seed below zero", ["run", "s.yaml", "--seed", "-1"], /'-1' is invalid.* whole number from 0 to/],
    ["a seed that a double cannot hold", ["run", "s.yaml", "--seed", "9007199254740993"], /whole number from 0 to/],
    ["a --set without a value", ["run", "s.yaml", "--set", "seed"], /^--set seed: .*expected path=value/],
    ["a --set of an unknown key", ["run", "s.yaml", "--set", "sed=1"], /^--set sed=1: .*did you mean seed\?/],
    [
      "a --set of a wrong value",
      ["run", "s.yaml", "--set", "duration=5 kg"],
      /^--set duration=5 kg: duration is 5 kg; expected/,
    ],
    [
      "an --out in /proc, where nothing can be made",
      ["run", "s.yaml", "--out", "/proc/x"],
      /^\/proc\/x cannot be made: .*choose/,
    ],
    [
      "an --out that is a file",
      ["run", "s.yaml", "--out", "s.yaml"],
      /^s\.yaml is a file; expected a folder for the run/,
    ],
    [
      "an --out that holds something else",
      ["run", "s.yaml", "--out", "notes"],
      /it also holds thesis\.txt; choose another folder/,
    ],
    ["an empty --out, as of an unset shell variable", ["run", "s.yaml", "--out", ""], /has an empty name; choose/],
    ["an --out that is here", ["run", "s.yaml", "--out", "."], /^\. is the folder that you are in.*; choose/],
    ["an --out above", ["run", "s.yaml", "--out", ".."], /^\.\. is the folder that you are in.*; choose/],
    [
      "an --out that goes into a folder that is not there and out again",
      ["run", "s.yaml", "--out", "x/.."],
      /^x\/\.\. is the folder that you are in.*; choose/,
    ],
    ["an --out below a file", ["run", "s.yaml", "--out", "s.yaml/x"], /^s\.yaml\/x cannot be made: ENOTDIR: .*choose/],
    [
      "an --out with too long a name",
      ["run", "s.yaml", "--out", `a/${"x".repeat(300)}/b`],
      /^a\/x+\/b cannot be made: ENAMETOOLONG: .*choose/,
    ],
    ["an --out that is a link to nothing", ["run", "s.yaml", "--out", "dangling"], /^dangling is a link to nothing/],
    ["an --out below a link to nothing", ["run", "s.yaml", "--out", "dangling/x"], /dangling is a link to nothing/],
    [
      "a --trace into the run's folder",
      ["run", "s.yaml", "--out", "r", "--trace", "r/trace.csv"],
      /^r\/trace\.csv cannot take the trace: .*choose a place beside it/,
    ],
    [
      "a --trace where the run's folder is to be",
      ["run", "s.yaml", "--out", "t/r", "--trace", "t"],
      /^t cannot take the trace: .*choose a place beside it/,
    ],
    [
      "a --trace of a scenario that the models refuse",
      ["run", "s.yaml", "--trace", "t.csv", "--set", "placement.orchestrator=mars"],
      /placement\.orchestrator is mars, which is no region/,
    ],
    [
      "a --trace in a folder that is not there",
      ["run", "s.yaml", "--trace", "x/t.csv"],
      /^x\/t\.csv: cannot be written .*choose/,
    ],
    [
      "a --trace that is the scenario itself",
      ["run", "s.yaml", "--trace", "s.yaml"],
      /^s\.yaml: cannot be written \(it is a file that is no trace\)/,
    ],
    ["a --trace that is a folder", ["run", "s.yaml", "--trace", "notes"], /^notes: cannot be written .*choose/],
  ])("%s", (_, args, says) => {
    const cwd = prepared(SOUND);
    const before = readdirSync(cwd, { recursive: true }) as string[];
    expectRefusal(cwd, before, rehearse(cwd, ...args), says);
  });

  it("no command at all: the help, on standard error, and 2", () => {
    const cwd = freshFolder();
    const { code, out, err } = rehearse(cwd);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain("Usage: rehearse");
    expect(err).toContain("Examples:");
    expect(readdirSync(cwd)).toEqual([]);
  });
});
