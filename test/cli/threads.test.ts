/** Runs on several threads, as a user starts them. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { resultsSchema } from "../../scenarios/results.js";
import { build, COMMAND, FILES, freshFolder, rehearse, SHORT, SMALL } from "./command.js";

beforeAll(build);

/** A fifth of the main scenario's mesh for a few seconds: large enough that two threads are faster. */
const FIFTH = [
  join(import.meta.dirname, "../../scenarios/mesh-30k.yaml"),
  ...["--set", "mesh.sectors=20", "--set", "warmUp=2 s", "--out", "r"],
  ...["--set", "mesh.classes={ A: 2000, B: 1600, C: 1000, D: 400, E: 600, F: 400 }"],
  ...["--set", "workload.cascades=[{ strategy: wave, every: 3 s, first: 2 s }]"],
  ...["--set", "network={ loss: 1 %, duplication: 1 % }"],
];
const BRIEFLY = ["--set", "duration=4 s"];
const LONG = ["--set", "duration=1 h"];
const PRELOAD = ["--import", join(import.meta.dirname, "break-shard.mjs")];

describe("--threads", () => {
  it("changes no byte of what is written, and says in timing.json how many there were", () => {
    const filesOf = (threads: string) => {
      const cwd = freshFolder();
      const { code, err } = rehearse(cwd, "run", ...FIFTH, ...BRIEFLY, "--threads", threads);
      expect({ code, err }).toEqual({ code: 1, err: "" });
      expect(readdirSync(join(cwd, "r")).sort()).toEqual(FILES);
      expect(JSON.parse(readFileSync(join(cwd, "r/timing.json"), "utf8")).threads).toBe(Number(threads));
      const same = FILES.filter((file) => !["timing.json", "report.html"].includes(file));
      return same.map((file) => readFileSync(join(cwd, "r", file), "utf8"));
    };
    const onOne = filesOf("1");
    expect(filesOf("2")).toEqual(onOne);
    expect(filesOf("4")).toEqual(onOne);
  });

  it("are fewer where more would be no faster, which is said", () => {
    const { code, err } = rehearse(freshFolder(), "run", SMALL, ...SHORT, "--threads", "4");
    expect(code).toBe(0);
    expect(err).toMatch(/^runs on 1 thread of 4: more would be no faster/);
  });

  it("is one for a trace, which is said", () => {
    const { code, err } = rehearse(freshFolder(), "run", ...FIFTH, ...BRIEFLY, "--threads", "2", "--trace", "t.csv");
    expect({ code, err }).toEqual({ code: 1, err: "runs on 1 thread of 2: a trace is written by one\n" });
  });

  it.each(["0", "-1", "two", "1.5", "100000"])("%s is refused", (threads) => {
    const { code, err } = rehearse(freshFolder(), "run", SMALL, "--threads", threads);
    expect(code).toBe(2);
    expect(err).toContain("expected a whole number from 1 to 1024");
  });
});

describe("a thread that fails", () => {
  it.each([
    [
      "throw",
      /^shard 2 of 2 failed at \d+\.\d{6} s, in event \d+ of S\d+(-C\d+)?, its \d+th: Error: broken for a test/,
    ],
    ["memory", /^shard 2 of 2 ran out of memory .*; all shards had come to \d+\.\d{3} s of simulated time$/m],
    ["terminate", /^shard 2 of 2 was ended from outside; all shards had come to \d+\.\d{3} s of simulated time$/m],
  ])("(%s) ends the run with an error that names shard and time, and leaves nothing behind", (how, message) => {
    const cwd = freshFolder();
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [...PRELOAD, "--max-old-space-size=700", COMMAND, "run", ...FIFTH, ...LONG, "--threads", "2"],
      { cwd, encoding: "utf8", timeout: 60_000, env: { ...process.env, BREAK_SHARD: how } },
    );
    expect(stderr).toMatch(message);
    expect({ status, stdout }).toEqual({ status: 70, stdout: "" });
    expect(readdirSync(cwd)).toEqual([]);
  });
});

it("Ctrl-C ends all threads at the same instant, with what was measured until then", async () => {
  const cwd = freshFolder();
  const child = spawn(process.execPath, [...PRELOAD, COMMAND, "run", ...FIFTH, ...LONG, "--threads", "2", "--json"], {
    cwd,
    env: { ...process.env, BREAK_SHARD: "tell" },
  });
  let out = "";
  child.stdout.on("data", (text) => {
    out += text;
  });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  while (!existsSync(join(cwd, "begun"))) await pause(50);
  child.kill("SIGINT");
  expect(await ended).toBe(130);
  const results = resultsSchema.parse(JSON.parse(out));
  expect(results.partial).toBe(true);
  expect(results.events).toBeGreaterThan(1_000);
  expect(results.invariants[0]).toMatchObject({ checks: results.events, violations: 0 });
  expect(results.fingerprint.perSecond).toHaveLength(Math.floor(results.scenario.durationS + 2));
});
