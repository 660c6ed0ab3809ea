/**
 * How much the main scenario allocates for each event: a figure that noise cannot touch, so that a test notices when an
 * event comes to cost more without timing anything.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

export interface Allocations {
  /** Of a tenth of the main scenario's mesh in 30 simulated seconds; exact. */
  readonly events: number;
  /** Young generations that were filled, in bytes, for each event; the same within 1 % from run to run. */
  readonly bytesPerEvent: number;
}

const SEMI_SPACE_MB = 1;

export function allocationsOfMainScenario(): Allocations {
  const flags = [`--min-semi-space-size=${SEMI_SPACE_MB}`, `--max-semi-space-size=${SEMI_SPACE_MB}`];
  const child = fileURLToPath(new URL("./allocations-child.ts", import.meta.url));
  const { status, stdout } = spawnSync(process.execPath, [...flags, "--import", "tsx", child], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status !== 0) throw new Error("allocations could not be counted");
  const { events, scavenges } = JSON.parse(stdout) as { events: number; scavenges: number };
  return { events, bytesPerEvent: Math.round((scavenges * SEMI_SPACE_MB * 2 ** 20) / events) };
}
