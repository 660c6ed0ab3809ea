/** Runs the built command in a folder of its own, as a user would. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
const command = join(root, "dist/cli.js");

export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A fresh folder to run in, and where the shipped scenarios are. */
export function freshFolder(): string {
  return mkdtempSync(join(tmpdir(), "rehearse-test-"));
}

export function scenario(name: string): string {
  return join(root, "scenarios", name);
}

/** Builds once where nothing was built. */
export function build(): void {
  if (existsSync(command)) return;
  spawnSync("npx", ["tsc", "-p", "tsconfig.build.json"], { cwd: root, stdio: "inherit" });
}

export function rehearse(cwd: string, ...args: string[]): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
    cwd,
    encoding: "utf8",
    timeout: 60_000,
    maxBuffer: 1 << 28,
  });
  return { code: status, out: stdout, err: stderr };
}

/** Starts the command, presses Ctrl-C after `afterMs`, and waits for the end. */
export function interrupted(cwd: string, afterMs: number, ...args: string[]): Promise<Outcome> {
  const child = spawn(process.execPath, [command, ...args], { cwd });
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    err += chunk;
  });
  setTimeout(() => child.kill("SIGINT"), afterMs);
  return new Promise((done) => child.on("close", (code) => done({ code, out, err })));
}
