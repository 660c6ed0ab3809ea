/**
 * What a node tells other levels of conflicts: reports to the one above, verdicts to those concerned, that it has noted theirs.
 * As repaired, a report or a verdict is sent again until it is noted; as written it is sent once.
 */
import type { Address, Host, Millis } from "../../contract.js";
import type { Fact } from "../facts.js";
import type { ConflictType, MeshMessage } from "../messages.js";
import type { ConflictCase } from "./conflict-case.js";
import type { ConflictNoted } from "./conflict-messages.js";
import { ConflictPost, kindOf, type Letter, type Post } from "./conflict-post.js";
import type { ConflictId } from "./conflict-record.js";
import type { ConflictRole } from "./conflict-role.js";
import type { LamportClock } from "./lamport.js";
import { STRATEGIES } from "./resolution-strategy.js";
import type { Settlement } from "./settlements.js";

export class Correspondence {
  private readonly post = new ConflictPost();

  /**
   * @param insists whether what is told is sent again until it is noted
   * @param onChange called whenever what nobody has noted yet becomes more or less
   */
  constructor(
    private readonly host: Host<MeshMessage, Fact>,
    private readonly role: ConflictRole,
    private readonly lamport: LamportClock,
    private readonly insists: boolean,
    private readonly onChange: () => void,
  ) {}

  /** How many reports and verdicts nobody has noted yet. */
  get size(): number {
    return this.post.size;
  }

  /** See `ConflictPost.list`. */
  list(): Letter[] {
    return this.post.list();
  }

  /** Sends what an earlier process, or the other one of the office, had not seen noted. */
  resume(letters: readonly Letter[]): void {
    for (const { to, message } of letters) this.put(to, message);
  }

  /** Sends again what should have been noted by now. */
  sendOverdue(nowMs: Millis): void {
    for (const { to, message } of this.post.takeOverdue(nowMs)) this.host.send(to, message);
  }

  /** Tells the level above, and may ask it to settle the case. */
  report(matter: ConflictCase, asks: boolean): void {
    const { superior } = this.role;
    if (superior === undefined) return;
    matter.amend({ wasReported: true });
    this.host.observe({ type: "conflict-escalated", conflictId: matter.id, to: superior, asks });
    this.putReport(superior, matter, asks);
  }

  /** Asks the level above to settle the case; false where there is none, or it was asked before. */
  handUp(matter: ConflictCase): boolean {
    if (this.role.superior === undefined || matter.wasHandedUp) return false;
    matter.wasHandedUp = true;
    this.report(matter, true);
    return true;
  }

  /** Asks the level above again, from which nothing was heard of it. */
  askAgain(matter: ConflictCase): void {
    const { superior } = this.role;
    if (superior !== undefined) this.putReport(superior, matter, true);
  }

  /** Tells how a case ended to whoever knows of it, above and below, and to the one whose value lost. */
  announce(matter: ConflictCase, settlement: Settlement): void {
    const { wasReported, askedBy, loser, record } = matter;
    const concerned = [wasReported ? this.role.superior : undefined, askedBy, loser];
    for (const to of new Set(concerned)) {
      if (to !== undefined) this.tellVerdict(to, record.conflictType, settlement);
    }
  }

  /** Tells one node how a conflict ended. */
  tellVerdict(
    to: Address,
    conflictType: ConflictType,
    { conflictId, outcome, stands }: Omit<Settlement, "isLogged">,
  ): void {
    const { method } = STRATEGIES[conflictType];
    this.put(to, { type: "CONFLICT_VERDICT", conflictId, outcome, method, stands, lamport: this.lamport.tick() });
  }

  /** Says that a report or a verdict has arrived. */
  note(to: Address, conflictId: ConflictId, message: Post): void {
    if (!this.insists) return;
    this.host.send(to, { type: "CONFLICT_NOTED", conflictId, of: kindOf(message), lamport: this.lamport.tick() });
  }

  /** Another node has what it was told; false if nothing of the kind was awaited. */
  onNoted(from: Address, message: ConflictNoted): boolean {
    const noted = this.post.noted(from, message);
    if (noted === undefined) return false;
    this.onChange();
    if (message.of !== "verdict") {
      this.host.observe({ type: "conflict-accepted", conflictId: message.conflictId, by: from });
    }
    if (noted.next !== undefined) this.put(from, noted.next.message);
    return true;
  }

  private putReport(to: Address, { record, priority, work }: ConflictCase, asks: boolean): void {
    this.put(to, { type: "CONFLICT", record, priority, asks, work, lamport: this.lamport.tick() });
  }

  private put(to: Address, message: Post): void {
    if (this.insists) this.onChange();
    if (!this.insists || this.post.put(to, message, this.host.now())) this.host.send(to, message);
  }
}
