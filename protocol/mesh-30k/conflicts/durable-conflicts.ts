/** What of a node's conflicts survives a crash: those that are open, what was said of others, how far its ids have come (8.1). */
import type { Address } from "../../contract.js";
import type { DisputedWork } from "./conflict-messages.js";
import type { Letter } from "./conflict-post.js";
import type { ConflictPriority } from "./conflict-priority.js";
import type { ConflictId, ConflictRecord } from "./conflict-record.js";
import type { Settlement } from "./settlements.js";

/** An open case: everything that is needed to begin with it anew. */
export interface DurableCase {
  /** Of the conflict that stands for the others. */
  readonly record: ConflictRecord;
  readonly priority: ConflictPriority;
  readonly members: number;
  /** Whether it is this office's to see to; else a node below does, which has told of it. */
  readonly isOwn: boolean;
  /** Whether the level above was told of it. */
  readonly wasReported: boolean;
  /** Who below has told of it, and who asked for it to be settled here. */
  readonly toldBy: Address | undefined;
  readonly askedBy: Address | undefined;
  readonly work: DisputedWork | undefined;
}

export interface DurableBooks {
  readonly sequence: number;
  readonly open: readonly DurableCase[];
  /** Cases that were taken over from the other process of the office, settled ones among them. */
  readonly inherited: readonly ConflictId[];
  /** How the latest conflicts of other nodes ended. */
  readonly settlements: readonly Settlement[];
}

export interface DurableConflicts extends DurableBooks {
  /** Reports and verdicts that nobody has noted yet. */
  readonly post: readonly Letter[];
}
