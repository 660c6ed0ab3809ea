/** Work that users of the mesh hand to a lead or a coordinator: a message for whoever can do it best. */
import type { Priority, Verb } from "./messages.js";

export interface Task {
  readonly capability: string;
  readonly payload: string;
  readonly payloadWeight: number;
  readonly verb: Verb;
  readonly priority: Priority;
  /** How many agents work on it, one after the other; more than one is a pipeline. */
  readonly stages: number;
}

/** Half width of the arrival window of a single message (3.2, `arrival_window_ms`). */
export const TASK_WINDOW_MS = 500;
/** How often a node looks for unanswered messages. */
export const SWEEP_MS = 1000;
