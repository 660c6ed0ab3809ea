/**
 * A level that was told of a conflict asks how it ended, long after, and is answered: the verdict may be lost with a process,
 * its own or that of the node that gave it.
 */
import type { Address, Host, Millis } from "../../contract.js";
import type { Fact } from "../facts.js";
import type { ConflictType, MeshMessage } from "../messages.js";
import type { ConflictCase } from "./conflict-case.js";
import type { ConflictHandler } from "./conflict-handler.js";
import type { ConflictId, ConflictRecord } from "./conflict-record.js";
import type { Correspondence } from "./correspondence.js";
import type { LamportClock } from "./lamport.js";

/** How long a level that was told of a conflict waits for its end before it asks, and how many it asks after at a time. */
export const INQUIRY_MS = 60_000;
const MOST_INQUIRIES = 256;
/** Nobody knows any more how it ended. What the authority holds is what stands. */
const FORGOTTEN = { outcome: "authority-stands", stands: undefined } as const;

export class Inquiries {
  private dueMs: Millis = 0;

  constructor(
    private readonly host: Host<MeshMessage, Fact>,
    private readonly lamport: LamportClock,
    private readonly handler: ConflictHandler,
    private readonly correspondence: Correspondence,
  ) {}

  /** Asks those who have told of conflicts long ago how they ended, if it is time to. */
  ask(nowMs: Millis): void {
    if (nowMs < this.dueMs) return;
    this.dueMs = nowMs + INQUIRY_MS;
    let asked = 0;
    for (const matter of this.handler.quarantine.list()) {
      if (asked === MOST_INQUIRIES) break;
      if (!isOverdue(matter, nowMs)) continue;
      const { id: conflictId, toldBy, record } = matter;
      const lamport = this.lamport.tick();
      const { conflictType: verdictOn } = record;
      this.host.send(toldBy!, { type: "CONFLICT_TRACE", conflictId, hash: 0, verdictOn, lamport });
      asked++;
    }
  }

  /**
   * Tells a level above that was told of a conflict how it ended. What is neither open here nor known was settled by a process that
   * has taken that with it: it is over.
   * @returns false for a conflict that is still open
   */
  answer(from: Address, conflictId: ConflictId, type: ConflictType): boolean {
    if (this.handler.quarantine.of(conflictId) !== undefined) return false;
    const { outcome, stands } = this.handler.settlements.of(conflictId) ?? FORGOTTEN;
    this.correspondence.tellVerdict(from, type, { conflictId, outcome, stands });
    return true;
  }

  /** Tells the verdict to who asks for it after it was given: it was lost with a process, there or on its way. */
  answerAgain(from: Address, { conflictId, conflictType }: ConflictRecord): void {
    const settlement = this.handler.settlements.of(conflictId);
    if (settlement !== undefined) this.correspondence.tellVerdict(from, conflictType, settlement);
  }
}

/** Whether somebody below has told of a case, sees to it, and should have said by now how it ended. */
function isOverdue({ state, askedBy, toldBy, loggedAtMs }: ConflictCase, nowMs: Millis): boolean {
  return state === "told" && askedBy === undefined && toldBy !== undefined && nowMs - loggedAtMs >= INQUIRY_MS;
}
