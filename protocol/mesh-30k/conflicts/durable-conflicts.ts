/** What of a node's conflicts survives a crash: those that are open, and how far its ids have come (document 8.1). */
import type { DisputedWork } from "./conflict-messages.js";
import type { ConflictPriority } from "./conflict-priority.js";
import type { ConflictRecord } from "./conflict-record.js";

/** An open case: everything that is needed to begin with it anew. */
export interface DurableCase {
  /** Of the conflict that stands for the others. */
  readonly record: ConflictRecord;
  readonly priority: ConflictPriority;
  readonly members: number;
  readonly work: DisputedWork | undefined;
}

export interface DurableConflicts {
  readonly sequence: number;
  readonly open: readonly DurableCase[];
}
