/**
 * How conflicts have ended, by the verdicts that a node has given or was given. Whoever asks again is told; and where an office's
 * next holder hears of a case of another node only after its verdict, it ends at once.
 */
import { RETAINED } from "./conflict-log.js";
import type { ConflictOutcome } from "./conflict-messages.js";
import type { ConflictId } from "./conflict-record.js";
import type { KnownSync } from "./known-syncs.js";

export interface Settlement {
  readonly conflictId: ConflictId;
  readonly outcome: ConflictOutcome;
  readonly stands: KnownSync | undefined;
  /** Whether the node has logged the conflict: it need not be told of it again. */
  readonly isLogged: boolean;
}

/** What a crash must not take along: a verdict that was noted is not sent again, and its report is at most a minute behind it. */
const MOST_SAVED = 256;

export class Settlements {
  /** As many as the log has records. */
  private readonly byId = new Map<ConflictId, Settlement>();
  private readonly latest = new Map<ConflictId, Settlement>();

  of(id: ConflictId): Settlement | undefined {
    return this.byId.get(id);
  }

  /** The first word stands on what was logged. */
  note(settlement: Settlement): void {
    if (this.byId.get(settlement.conflictId)?.isLogged === true) return;
    keep(this.byId, settlement, RETAINED);
    keep(this.latest, settlement, MOST_SAVED);
  }

  /** The latest, in the order in which they were noted. */
  saved(): readonly Settlement[] {
    return [...this.latest.values()];
  }
}

function keep(map: Map<ConflictId, Settlement>, settlement: Settlement, most: number): void {
  map.set(settlement.conflictId, settlement);
  if (map.size <= most) return;
  const [oldest] = map.keys();
  map.delete(oldest!);
}
