/**
 * The steps that the strategies of document 5.1 are made of: somebody is asked for evidence, an agent is given something to do, the
 * level above or a person is handed the case. Each step says how long it is waited for; which one is next, the strategies say.
 */
import type { Address, Host, Millis } from "../../contract.js";
import type { ContextMemory } from "../context-memory.js";
import type { Fact } from "../facts.js";
import type { MeshMessage, MessageId } from "../messages.js";
import type { ConflictCase } from "./conflict-case.js";
import type { ConflictOutcome } from "./conflict-messages.js";
import type { ConflictRole } from "./conflict-role.js";
import type { KnownSync } from "./known-syncs.js";
import type { LamportClock } from "./lamport.js";

/** What the resolution of conflicts asks of the desk that it works for. */
export interface Desk {
  /** A message was given to an agent, whose answer decides the case. */
  attempt(matter: ConflictCase, message: MessageId): void;
  /** @param stands what the loser, if any, is to hold from now on */
  settle(matter: ConflictCase, outcome: ConflictOutcome, stands?: KnownSync): void;
  /** Asks the level above to settle the case; false where there is none, or it was asked before. */
  handUp(matter: ConflictCase): boolean;
  /** Asks the level above again, from which nothing was heard of it. */
  askAgain(matter: ConflictCase): void;
}

/** The states in which somebody's evidence is awaited. */
export type AskingState = "asking-agent" | "asking-source" | "asking-above";

/** How long evidence is waited for, at first; and the answer of an agent, whose work may queue for its time to live. */
const EVIDENCE_WAIT_MS = 2_000;
const WORK_WAIT_MS = 12_000;
const LONGEST_WAIT_MS = 60_000;

export class CaseSteps {
  constructor(
    private readonly host: Host<MeshMessage, Fact>,
    private readonly role: ConflictRole,
    private readonly lamport: LamportClock,
    private readonly context: ContextMemory,
    private readonly desk: Desk,
  ) {}

  /** Asks a node for evidence. */
  ask(matter: ConflictCase, state: AskingState, whom: Address, nowMs: Millis): void {
    const [expected] = matter.record.conflictingValues;
    const hash = state === "asking-source" ? Number(expected) : (matter.evidence?.lineage[0] ?? 0);
    const lamport = this.lamport.tick();
    if (matter.state !== state) matter.tries = 0;
    matter.asked = whom;
    this.host.send(whom, { type: "CONFLICT_TRACE", conflictId: matter.id, hash, verdictOn: undefined, lamport });
    this.await(matter, state, EVIDENCE_WAIT_MS, nowMs);
  }

  /** Waits for what an agent makes of the message that it was given; undefined where it could not be given any. */
  give(matter: ConflictCase, message: MessageId | undefined, nowMs: Millis): void {
    if (message === undefined) {
      if (!this.conclude(matter)) this.giveUp(matter, nowMs);
      return;
    }
    this.desk.attempt(matter, message);
    this.await(matter, "acting", WORK_WAIT_MS, nowMs);
  }

  /** Sends an agent this node's context. */
  reload(matter: ConflictCase, outcome: ConflictOutcome, nowMs: Millis): void {
    const { payload, stamp, currentHash: payloadHash } = this.context;
    if (payload === undefined) {
      // There is nothing to put in its place. A sync may come before long: then all is compared anew.
      if (matter.hasAwaitedSync && this.conclude(matter)) return;
      matter.hasAwaitedSync = true;
      this.await(matter, "asking-agent", LONGEST_WAIT_MS, nowMs);
      return;
    }
    const work = { verb: "sync", payload, payloadWeight: 0, priority: 3, payloadHash, stamp, requires: [] } as const;
    matter.pending = outcome;
    this.give(matter, this.role.giveTo(matter.record.agentId, work), nowMs);
  }

  /** Puts the authority's context in place of the agent's, which stays in the log. */
  impose(matter: ConflictCase, nowMs: Millis): void {
    this.reload(matter, "authority-stands", nowMs);
  }

  /** It cannot be settled here: hands it to the level above or, at the top, to people. */
  giveUp(matter: ConflictCase, nowMs: Millis): void {
    if (this.handUp(matter, nowMs)) return;
    if (matter.state !== "acting" && this.carryOut(matter, nowMs)) return;
    if (this.role.superior !== undefined || matter.wasReviewed) this.waitLonger(matter, nowMs);
    else this.leaveToPeople(matter, nowMs);
  }

  /** Hands a case to the level above and waits for its verdict; false where there is none, or it was asked before. */
  handUp(matter: ConflictCase, nowMs: Millis): boolean {
    if (!this.desk.handUp(matter)) return false;
    this.await(matter, "handed-up", LONGEST_WAIT_MS, nowMs);
    return true;
  }

  /** Puts a case to a person, as a checkpoint; undefined where there are no people here. */
  putToPeople(matter: ConflictCase): MessageId | undefined {
    const review = this.role.putToPeople(matter.record);
    if (review !== undefined) this.host.observe({ type: "conflict-put-to-people", conflictId: matter.id });
    return review;
  }

  waitLonger(matter: ConflictCase, nowMs: Millis): void {
    matter.dueAtMs = nowMs + LONGEST_WAIT_MS;
  }

  /** The mesh does not wait for people in a matter of contexts; in one of work, nobody else can say how it is. */
  private leaveToPeople(matter: ConflictCase, nowMs: Millis): void {
    matter.wasReviewed = true;
    const review = this.putToPeople(matter);
    if (matter.isOfContext) {
      matter.decided = "authority-stands";
      this.impose(matter, nowMs);
    } else if (review !== undefined) {
      matter.pending = "human-review";
      this.desk.attempt(matter, review);
      this.await(matter, "with-people", LONGEST_WAIT_MS, nowMs);
    } else if (matter.work === undefined) {
      // Work of which nobody knows any more what it was cannot be done again.
      this.desk.settle(matter, "authority-stands");
    } else this.waitLonger(matter, nowMs);
  }

  /** Does what was decided about a case; false for one that is not decided. */
  private carryOut(matter: ConflictCase, nowMs: Millis): boolean {
    if (matter.decided !== "authority-stands" || !matter.isOfContext) return this.conclude(matter);
    this.impose(matter, nowMs);
    return true;
  }

  /** Ends a case that is decided, where nothing more can be done about it from here; false for one that is not. */
  private conclude(matter: ConflictCase): boolean {
    if (matter.decided === undefined) return false;
    this.desk.settle(matter, matter.decided, matter.stands);
    return true;
  }

  private await(matter: ConflictCase, state: ConflictCase["state"], forMs: Millis, nowMs: Millis): void {
    matter.state = state;
    matter.askedAtMs = nowMs;
    matter.dueAtMs = nowMs + Math.min(LONGEST_WAIT_MS, forMs * (1 + matter.tries + matter.failures));
  }
}
