/** Runs the built command in a folder of its own, as a user would. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { FULL } from "../effort.js";

const root = resolve(import.meta.dirname, "../..");
export const COMMAND = join(root, "dist/cli.js");

/** The mesh of 100 agents for twenty measured seconds: half a second of work. */
export const SMALL = join(root, "scenarios/mesh-100.yaml");
export const SHORT = ["--set", "duration=20 s"];
/** What a run leaves in its folder. */
export const FILES = ["agents.csv", "incidents.json", "report.html", "results.json", "series.csv", "timing.json"];

export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A fresh folder to run in, gone after the test. */
export function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "rehearse-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Builds where nothing was built or a source is newer; test files that run side by side take turns. */
export async function build(): Promise<void> {
  const lock = join(root, "node_modules/.building-for-tests");
  while (!isCurrent()) {
    try {
      mkdirSync(lock);
    } catch {
      await pause(200);
      continue;
    }
    try {
      const { status, stdout } = spawnSync("npx", ["tsc", "-p", "tsconfig.build.json"], {
        cwd: root,
        encoding: "utf8",
      });
      if (status !== 0) throw new Error(`the command cannot be built:\n${stdout}`);
    } finally {
      rmSync(lock, { recursive: true });
    }
  }
}

function isCurrent(): boolean {
  if (!existsSync(COMMAND)) return false;
  const builtMs = statSync(COMMAND).mtimeMs;
  const rooms = ["protocol", "sim", "models", "scenarios", "reports"].flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, encoding: "utf8" }).map((file) => join(room, file)),
  );
  const sources = ["cli.ts", ...rooms.filter((file) => file.endsWith(".ts"))];
  return sources.every((file) => statSync(join(root, file)).mtimeMs <= builtMs);
}

export function rehearse(cwd: string, ...args: string[]): Outcome {
  return inShell(cwd, process.execPath, COMMAND, ...args);
}

/** Any other program, such as a shell with a command line to read. */
export function inShell(cwd: string, program: string, ...args: string[]): Outcome {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd,
    encoding: "utf8",
    timeout: FULL ? 1_800_000 : 120_000,
    maxBuffer: 1 << 28,
  });
  return { code: status, out: stdout, err: stderr };
}

/** Starts a run, sends it a signal when the first events stand in its trace, and waits for the end. */
export async function interrupted(cwd: string, signal: "SIGINT" | "SIGTERM", ...args: string[]): Promise<Outcome> {
  const trace = join(cwd, "events.csv");
  const child = spawn(process.execPath, [COMMAND, ...args, "--trace", trace], { cwd });
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    err += chunk;
  });
  const ended = new Promise<Outcome>((done) => child.on("close", (code) => done({ code, out, err })));
  while (child.exitCode === null && (statSync(trace, { throwIfNoEntry: false })?.size ?? 0) === 0) await pause(20);
  child.kill(signal);
  return ended;
}
