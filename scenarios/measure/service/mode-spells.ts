/** Which mode the orchestrator had set, and since when; times are true. */
import type { OperationalMode } from "../../../protocol/mesh-30k/resilience/operational-mode.js";
import type { Micros } from "../../../sim/time.js";

export interface ModeChange {
  readonly atUs: Micros;
  readonly mode: OperationalMode;
}

export class ModeSpells {
  /** In order of time, each to another mode than the one before. */
  readonly changes: ModeChange[] = [{ atUs: 0, mode: "FULL" }];

  onMode(nowUs: Micros, mode: OperationalMode): void {
    if (this.changes.at(-1)!.mode !== mode) this.changes.push({ atUs: nowUs, mode });
  }
}
