/** The commands beside `run`. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { build, FILES, freshFolder, rehearse, SHORT, SMALL } from "./command.js";

beforeAll(build);

describe("rehearse validate", () => {
  it("says of each scenario what it is, and runs nothing", () => {
    const cwd = freshFolder();
    const larger = SMALL.replace("mesh-100", "mesh-30k");
    const { code, out, err } = rehearse(cwd, "validate", SMALL, larger);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out.split("\n")).toEqual([
      `${SMALL}: mesh-100 is sound: 100 agents in 10 clusters and 2 sectors, 120 simulated seconds`,
      `${larger}: mesh-30k is sound: 30,000 agents in 1,000 clusters and 100 sectors, 360 simulated seconds`,
      "",
    ]);
    expect(readdirSync(cwd)).toEqual([]);
  });

  it("checks every scenario, also after one that is wrong", () => {
    const { code, out, err } = rehearse(freshFolder(), "validate", "a.yaml", SMALL, "b.yaml");
    expect({ code, out }).toEqual({ code: 2, out: expect.stringContaining("mesh-100 is sound") });
    expect(err).toMatch(/^a\.yaml: .*\nb\.yaml: .*\n$/);
  });

  it("takes --set, and refuses what run would refuse", () => {
    const cwd = freshFolder();
    expect(rehearse(cwd, "validate", SMALL, "--set", "duration=10 s").out).toContain("70 simulated seconds");
    const refused = rehearse(cwd, "validate", SMALL, "--set", "placement.orchestrator=eastuss");
    expect(refused).toMatchObject({ code: 2, out: "" });
    expect(refused.err).toContain("did you mean eastus?");
  });
});

describe("rehearse report", () => {
  it("prints what the run printed, writes the page again, and ends as the run did", () => {
    const cwd = freshFolder();
    const missed = ["--set", "thresholds.cascadeLatencyP95=<= 1 ms"];
    const run = rehearse(cwd, "run", SMALL, ...SHORT, ...missed, "--out", "r");
    const page = readFileSync(join(cwd, "r/report.html"), "utf8");
    rmSync(join(cwd, "r/report.html"));
    expect(rehearse(cwd, "report", "r")).toEqual({ ...run, code: 1 });
    expect(readFileSync(join(cwd, "r/report.html"), "utf8")).toBe(page);
    expect(readdirSync(join(cwd, "r")).sort()).toEqual(FILES);
  });

  it.each<[name: string, prepare: (cwd: string) => void, says: RegExp]>([
    ["there is no run", () => {}, /^r\/results\.json: not found; expected the folder of a run\n$/],
    [
      "it is a file",
      (cwd) => writeFileSync(join(cwd, "r"), "years of work"),
      /^r\/results\.json: not found; expected the folder of a run\n$/,
    ],
    ["it is no run's", (cwd) => writeFileSync(join(cwd, "results.json"), "{}"), /^results\.json: format: .*\n$/],
  ])("where %s, it ends with 2 and says so", (_, prepare, says) => {
    const cwd = freshFolder();
    prepare(cwd);
    const before = readdirSync(cwd);
    const { code, out, err } = rehearse(cwd, "report", before.includes("results.json") ? "." : "r");
    expect(err).toMatch(says);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(readdirSync(cwd)).toEqual(before);
  });
});

describe("rehearse models", () => {
  it("lists the parameters of the world with unit, tag and source", () => {
    const { code, out, err } = rehearse(freshFolder(), "models");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/^ {2}network\.backbone\.lossRatio = 0\.00003 ratio +\[G\]\n {6}Messages lost/m);
  });

  it("--json gives the same parameters to machines", () => {
    const { code, out, err } = rehearse(freshFolder(), "models", "--json");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const groups: unknown[] = JSON.parse(out);
    expect(groups.length).toBeGreaterThan(3);
    expect(JSON.stringify(groups)).toContain("network.backbone.lossRatio");
  });
});

describe("help", () => {
  it("of the whole names every command, gives examples and the exit codes", () => {
    const { code, out, err } = rehearse(freshFolder(), "--help");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    for (const name of ["run", "validate", "report", "models"]) expect(out).toMatch(new RegExp(`^ {2}${name} `, "m"));
    expect(out).toContain("Examples:\n  rehearse run scenarios/mesh-30k.yaml\n");
    for (const exit of ["0 all holds", "1 a KPI missed", "2 wrong command", "3 an inv", "70 a bug", "130 interr"]) {
      expect(out).toContain(exit);
    }
  });

  it("of a command names its options", () => {
    const { code, out } = rehearse(freshFolder(), "run", "--help");
    expect(code).toBe(0);
    for (const option of ["--set", "--seed", "--out", "--json", "--trace"]) expect(out).toContain(option);
  });

  it.each(["run", "validate", "report", "models"])("of %s gives examples of it", (name) => {
    expect(rehearse(freshFolder(), name, "--help").out).toContain(`Examples:\n  rehearse ${name}`);
  });

  it("--version is the package's", () => {
    const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
    expect(rehearse(freshFolder(), "--version")).toEqual({ code: 0, out: `${version}\n`, err: "" });
  });
});
