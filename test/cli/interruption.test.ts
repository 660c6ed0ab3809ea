/** Ctrl-C ends a run with what was measured so far. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { resultsSchema } from "../../scenarios/results.js";
import { build, FILES, freshFolder, interrupted, rehearse, SHORT, SMALL } from "./command.js";

beforeAll(build);

const LONG = ["--set", "duration=24 h", "--out", "cut"];
const resultsIn = (cwd: string) => resultsSchema.parse(JSON.parse(readFileSync(join(cwd, "cut/results.json"), "utf8")));

it.each(["SIGINT", "SIGTERM"] as const)(
  "%s ends with 130 and a whole run that says that it is partial",
  async (signal) => {
    const cwd = freshFolder();
    const { code, out, err } = await interrupted(cwd, signal, "run", SMALL, ...LONG);
    expect({ code, err }).toEqual({ code: 130, err: "" });
    expect(out).toContain("PARTIAL");
    expect(out).toContain("To reproduce");
    expect(readdirSync(cwd).sort()).toEqual(["cut", "events.csv"]);
    expect(readdirSync(join(cwd, "cut")).sort()).toEqual(FILES);
    const results = resultsIn(cwd);
    expect(results.partial).toBe(true);
    expect(results.events).toBeGreaterThan(1000);
    expect(results.scenario.durationS).toBeLessThan(86_400);
    const trace = readFileSync(join(cwd, "events.csv"), "utf8");
    expect(trace.endsWith("\n")).toBe(true);
    expect(trace.trimEnd().split("\n")).toHaveLength(1 + results.events);
    const again = rehearse(cwd, "report", "cut");
    expect(again.out).toContain("PARTIAL");
  },
);

it("during warm-up it ends the same way: nothing was measured, and nothing is judged", async () => {
  const cwd = freshFolder();
  const { code, out } = await interrupted(cwd, "SIGINT", "run", SMALL, ...LONG, "--set", "warmUp=24 h");
  expect(code).toBe(130);
  expect(out).toContain("PARTIAL");
  const { scenario, kpis } = resultsIn(cwd);
  expect(scenario.durationS).toBe(0);
  expect(kpis.filter((each) => each.verdict === "missed")).toEqual([]);
});

it("with --json it prints the partial results.json and nothing else", async () => {
  const cwd = freshFolder();
  const { code, out } = await interrupted(cwd, "SIGINT", "run", SMALL, ...LONG, "--json");
  expect(code).toBe(130);
  expect(out).toBe(readFileSync(join(cwd, "cut/results.json"), "utf8"));
  expect(JSON.parse(out).partial).toBe(true);
});

it("leaves a complete run of before where it is, and goes beside it", async () => {
  const cwd = freshFolder();
  rehearse(cwd, "run", SMALL, ...SHORT, "--out", "cut");
  const before = readFileSync(join(cwd, "cut/results.json"), "utf8");
  const { code, out, err } = await interrupted(cwd, "SIGINT", "run", SMALL, ...LONG);
  expect({ code, err }).toEqual({
    code: 130,
    err: "cut keeps its complete run; what this interrupted one measured is in cut-partial\n",
  });
  expect(out).toMatch(/^ {2}report +cut-partial\/report\.html$/m);
  expect(readFileSync(join(cwd, "cut/results.json"), "utf8")).toBe(before);
  expect(readdirSync(cwd).sort()).toEqual(["cut", "cut-partial", "events.csv"]);
  expect(JSON.parse(readFileSync(join(cwd, "cut-partial/results.json"), "utf8")).partial).toBe(true);
});
