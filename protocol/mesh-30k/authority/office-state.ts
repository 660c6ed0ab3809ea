/** What a holder of an office hands on to whoever comes after it, with its assertions (8.1, "state sync"). */
import type { HandedConflicts } from "../conflicts/handover.js";
import type { InheritedContext } from "../context-memory.js";
import type { HandedOn } from "../resilience/saved-state.js";

/** Plain data. */
export interface OfficeState extends InheritedContext {
  /** How far the office has come in what it numbers: the last cascade of an orchestrator. */
  readonly progress: number;
  /** Lamport time. */
  readonly lamport: number;
  readonly resilience: HandedOn;
  /** Left out where none are open, and as written, where both processes may be in office. */
  readonly conflicts?: HandedConflicts;
}
