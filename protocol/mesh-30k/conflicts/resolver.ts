/**
 * Carries the strategies of document 5.1 out, case by case, with real messages: asks for evidence, decides by it, gives
 * agents what settles the matter. What cannot be settled here is handed to the level above, and from there to people.
 */
import type { Address, Host, Millis } from "../../contract.js";
import type { ContextMemory } from "../context-memory.js";
import type { Coordination } from "../coordination.js";
import type { Fact } from "../facts.js";
import { payloadHash } from "../integrity.js";
import type { ConflictDetail, MeshMessage, MessageId } from "../messages.js";
import { driftingClock } from "./clock-comparison.js";
import type { ConflictCase } from "./conflict-case.js";
import type { ConflictEvidence, ConflictOutcome, ConflictVerdict, DisputedWork } from "./conflict-messages.js";
import type { ConflictRole } from "./conflict-role.js";
import type { KnownSync } from "./known-syncs.js";
import { isStronger } from "./provenance.js";
import { reconcile } from "./reconcile.js";
import { STRATEGIES } from "./resolution-strategy.js";

/** What a resolver asks of the desk that it works for. */
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

/** How long evidence is waited for, at first; and the answer of an agent, whose work may queue for its time to live. */
const EVIDENCE_WAIT_MS = 2_000;
const WORK_WAIT_MS = 12_000;
/** How often something is tried before the level above is asked. */
const TRIES = 3;
const LONGEST_WAIT_MS = 60_000;

export class Resolver {
  /** How often in a row an agent got messages damaged. */
  private readonly mismatches = new Map<Address, number>();

  constructor(
    private readonly host: Host<MeshMessage, Fact>,
    private readonly role: ConflictRole,
    private readonly coordination: Coordination,
    private readonly context: ContextMemory,
    private readonly desk: Desk,
  ) {}

  begin(matter: ConflictCase, nowMs: Millis): void {
    switch (STRATEGIES[matter.record.conflictType].method) {
      case "REROUTE":
        this.reroute(matter, nowMs);
        return;
      case "VERIFY_AND_RESEND":
        this.resend(matter, nowMs);
        return;
      default:
        this.ask(matter, "asking-agent", matter.record.agentId, nowMs);
    }
  }

  /** Takes evidence in that was asked for. */
  onEvidence(matter: ConflictCase, from: Address, evidence: ConflictEvidence, nowMs: Millis): void {
    if (matter.state === "asking-agent" && from === matter.record.agentId) {
      matter.evidence = evidence;
      matter.readings.push(this.reading(matter, from, evidence, nowMs));
      this.weigh(matter, nowMs);
    } else if (matter.state === "asking-source") {
      this.compareProvenance(matter, from, evidence.known, nowMs);
    } else if (matter.state === "asking-above" && from === this.role.superior) {
      matter.readings.push(this.reading(matter, from, evidence, nowMs));
      this.nameDriftingClock(matter);
      this.decide(matter, evidence.known, nowMs);
    }
  }

  /** What an agent was given has been done. */
  succeed(matter: ConflictCase): void {
    this.mismatches.delete(matter.record.agentId);
    this.desk.settle(matter, matter.pending, matter.stands);
  }

  /** What an agent was given has ended in a conflict again, which has joined the case. */
  fail(matter: ConflictCase, agent: Address, conflict: ConflictDetail, nowMs: Millis): void {
    if (matter.state !== "acting") return;
    matter.failures++;
    if (conflict.type === "CAPABILITY_MISMATCH") this.role.correctCapabilities(agent, offeredIn(conflict.received));
    if (matter.failures < TRIES) this.begin(matter, nowMs);
    else if (conflict.type === "HASH_MISMATCH") this.suspect(matter, nowMs);
    else this.giveUp(matter, nowMs);
  }

  /** Nothing has come of what was asked or given last. */
  onSilence(matter: ConflictCase, nowMs: Millis): void {
    switch (matter.state) {
      case "acting":
        matter.failures++;
        if (matter.failures % TRIES === 0) this.giveUp(matter, nowMs);
        else this.begin(matter, nowMs);
        return;
      case "asking-agent":
      case "asking-source":
      case "asking-above":
        matter.tries++;
        if (matter.tries % TRIES === 0) this.doWithout(matter, matter.state, nowMs);
        else this.ask(matter, matter.state, matter.asked, nowMs);
        return;
      case "handed-up":
        this.tryAgain(matter, nowMs);
        return;
      default:
        this.waitLonger(matter, nowMs);
    }
  }

  /** The level above may have lost what it was asked with a process, or its verdict; it tells it again if it has one. */
  private tryAgain(matter: ConflictCase, nowMs: Millis): void {
    const { agentId, conflictType } = matter.record;
    const isRerouted = STRATEGIES[conflictType].method === "REROUTE" && matter.work !== undefined;
    // Somebody may be able to do by now what nobody could.
    const message = isRerouted ? this.role.giveToAnother(agentId, matter.work!) : undefined;
    if (message !== undefined) {
      this.give(matter, message, nowMs);
      return;
    }
    this.desk.askAgain(matter);
    this.waitLonger(matter, nowMs);
  }

  /** Goes on without the evidence of somebody who is silent; without the agent's own there is nothing to go by. */
  private doWithout(matter: ConflictCase, state: "asking-agent" | "asking-source" | "asking-above", nowMs: Millis) {
    if (state === "asking-source") this.compareProvenance(matter, matter.record.agentId, undefined, nowMs);
    else if (state === "asking-above") this.decide(matter, undefined, nowMs);
    else this.giveUp(matter, nowMs);
  }

  /** Another node has settled the case, or says what is to be done. */
  onVerdict(matter: ConflictCase, verdict: ConflictVerdict): void {
    if (verdict.stands !== undefined) this.follow(verdict.stands);
    const isOwn = matter.owner === this.host.self;
    const { outcome } = verdict;
    const isVouchedFor = outcome === "authority-brought-forward" && matter.evidence !== undefined;
    matter.decided = outcome;
    if (isOwn && isVouchedFor) this.decide(matter, verdict.stands, this.host.now(), outcome);
    else if (isOwn && outcome === "authority-stands" && isOfContext(matter)) this.impose(matter, this.host.now());
    else if (isOwn && outcome === "done-again") this.resend(matter, this.host.now());
    else this.desk.settle(matter, outcome, verdict.stands);
  }

  /** Adopts what stands, for a node whose own value lost or that was behind. */
  follow(stands: KnownSync): void {
    if (payloadHash(stands.payload) !== stands.hash || stands.stamp < this.context.stamp) return;
    this.coordination.known.note({ payloadHash: stands.hash, payload: stands.payload, stamp: stands.stamp });
    this.context.adopt(stands.hash, stands.payload, stands.stamp);
  }

  /** Settles a case that the level below cannot. */
  arbitrate(matter: ConflictCase, nowMs: Millis): void {
    const { method } = STRATEGIES[matter.record.conflictType];
    const original = matter.work === undefined ? undefined : this.coordination.known.of(matter.work.payloadHash);
    if (method === "VERIFY_AND_RESEND" && original !== undefined) {
      this.desk.settle(matter, "done-again", original);
      return;
    }
    if (method === "REROUTE") {
      this.reroute(matter, nowMs);
      return;
    }
    // The node that asked may have missed what this one has issued or passed on.
    const missed = this.coordination.known.of(matter.record.agentContextHash);
    if (missed !== undefined) {
      this.desk.settle(matter, "authority-brought-forward", missed);
      return;
    }
    const review = this.role.putToPeople(matter.record);
    if (review !== undefined) this.host.observe({ type: "conflict-put-to-people", conflictId: matter.id });
    else if (this.desk.handUp(matter)) {
      this.await(matter, "handed-up", LONGEST_WAIT_MS, nowMs);
      return;
    }
    // The mesh does not wait for people: what the authority holds stands meanwhile, and both branches are in the log.
    this.desk.settle(matter, "authority-stands");
  }

  /** Weighs what the agent said of itself. */
  private weigh(matter: ConflictCase, nowMs: Millis): void {
    const { conflictType, conflictingValues } = matter.record;
    const evidence = matter.evidence!;
    if (conflictType === "DATA_CONTRADICTION") {
      const { known } = this.coordination;
      if (evidence.source === this.host.self) {
        this.compareProvenance(matter, this.host.self, known.of(Number(conflictingValues[0])), nowMs);
      } else this.ask(matter, "asking-source", evidence.source, nowMs);
      return;
    }
    const { superior } = this.role;
    const known = this.coordination.known.of(evidence.lineage[0]!);
    const comparesClocks = conflictType === "TEMPORAL_PARADOX" && superior !== undefined;
    const isUnknown = reconcile(this.own, evidence, known).kind === "unknown" && superior !== undefined;
    if (comparesClocks || isUnknown) this.ask(matter, "asking-above", superior, nowMs);
    else this.decide(matter, known, nowMs);
  }

  /** Decides a matter of contexts, or of their order, by what is known of the agent's context. */
  private decide(
    matter: ConflictCase,
    fromAbove: KnownSync | undefined,
    nowMs: Millis,
    asConverged: ConflictOutcome = "converged",
  ): void {
    const evidence = matter.evidence!;
    const vouched = fromAbove ?? this.coordination.known.of(evidence.lineage[0]!);
    const result = reconcile(this.own, evidence, vouched);
    const isOrder = matter.record.conflictType === "TEMPORAL_PARADOX";
    if (result.kind === "converged") this.desk.settle(matter, isOrder ? "held-stands" : asConverged);
    else if (result.kind === "agent-behind") this.reload(matter, "agent-brought-forward", nowMs);
    else if (result.kind === "authority-behind") {
      this.follow(result.missed);
      this.desk.settle(matter, isOrder ? "held-stands" : "authority-brought-forward");
    } else this.giveUp(matter, nowMs);
  }

  private compareProvenance(matter: ConflictCase, source: Address, held: KnownSync | undefined, nowMs: Millis): void {
    const [, received] = matter.record.conflictingValues;
    const own = this.coordination.known.of(Number(received));
    // The agent itself has taken in what it holds, if nobody else.
    const theirs = held ?? { stamp: matter.evidence!.takenStamp, confirmations: 1 };
    if (isStronger(own ?? { stamp: matter.work?.stamp ?? 0, confirmations: 0 }, theirs)) {
      matter.loser = source === this.host.self || source === matter.record.agentId ? undefined : source;
      matter.stands = own;
      matter.pending = "authority-stands";
      if (matter.work === undefined) this.reload(matter, "authority-stands", nowMs);
      else this.give(matter, this.role.giveTo(matter.record.agentId, matter.work), nowMs);
      return;
    }
    if (held !== undefined) this.follow(held);
    this.desk.settle(matter, "held-stands");
  }

  /** Puts the authority's context in place of the agent's, which stays in the log. */
  private impose(matter: ConflictCase, nowMs: Millis): void {
    this.reload(matter, "authority-stands", nowMs);
  }

  /** Sends an agent this node's context. */
  private reload(matter: ConflictCase, outcome: ConflictOutcome, nowMs: Millis): void {
    const { payload, stamp, currentHash: hash } = this.context;
    if (payload === undefined) {
      // There is nothing to put in its place. A sync may come before long: then all is compared anew.
      if (matter.hasAwaitedSync && this.carryOut(matter)) return;
      matter.hasAwaitedSync = true;
      this.await(matter, "asking-agent", LONGEST_WAIT_MS, nowMs);
      return;
    }
    const work = {
      verb: "sync",
      payload,
      payloadWeight: 0,
      priority: 3,
      payloadHash: hash,
      stamp,
      requires: [],
    } as const;
    matter.pending = outcome;
    this.give(matter, this.role.giveTo(matter.record.agentId, work), nowMs);
  }

  private reroute(matter: ConflictCase, nowMs: Millis): void {
    const { agentId, conflictingValues } = matter.record;
    this.role.correctCapabilities(agentId, offeredIn(conflictingValues[1]));
    this.giveElsewhere(matter, nowMs);
  }

  private giveElsewhere(matter: ConflictCase, nowMs: Millis): void {
    const { work } = matter;
    const message = work === undefined ? undefined : this.role.giveToAnother(matter.record.agentId, work);
    matter.pending = "done-elsewhere";
    if (message === undefined) this.giveUp(matter, nowMs);
    else this.give(matter, message, nowMs);
  }

  private resend(matter: ConflictCase, nowMs: Millis): void {
    const work = this.verified(matter.work);
    matter.pending = "done-again";
    if (work === undefined) this.giveUp(matter, nowMs);
    else this.give(matter, this.role.giveTo(matter.record.agentId, work), nowMs);
  }

  /** The work, if it is what its hash says, or else what is known under that hash. */
  private verified(work: DisputedWork | undefined): DisputedWork | undefined {
    if (work === undefined || payloadHash(work.payload) === work.payloadHash) return work;
    const original = this.coordination.known.of(work.payloadHash);
    return original === undefined ? undefined : { ...work, payload: original.payload };
  }

  private suspect(matter: ConflictCase, nowMs: Millis): void {
    const { agentId } = matter.record;
    const count = (this.mismatches.get(agentId) ?? 0) + matter.failures;
    this.mismatches.set(agentId, count);
    this.role.suspect(agentId, count);
    if (matter.work !== undefined && matter.work.requires.length > 0) this.giveElsewhere(matter, nowMs);
    else this.desk.settle(matter, "agent-suspected");
  }

  private give(matter: ConflictCase, message: MessageId | undefined, nowMs: Millis): void {
    if (message === undefined) {
      if (!this.carryOut(matter)) this.giveUp(matter, nowMs);
      return;
    }
    this.desk.attempt(matter, message);
    this.await(matter, "acting", WORK_WAIT_MS, nowMs);
  }

  /** It cannot be settled here: hands it to the level above or, at the top, to people. */
  private giveUp(matter: ConflictCase, nowMs: Millis): void {
    if (this.desk.handUp(matter)) {
      this.await(matter, "handed-up", LONGEST_WAIT_MS, nowMs);
      return;
    }
    if (matter.state !== "acting") {
      if (matter.decided === "authority-stands" && isOfContext(matter)) {
        this.impose(matter, nowMs);
        return;
      }
      if (this.carryOut(matter)) return;
    }
    if (this.role.superior !== undefined || matter.wasReviewed) {
      this.waitLonger(matter, nowMs);
      return;
    }
    matter.wasReviewed = true;
    const review = this.role.putToPeople(matter.record);
    if (review !== undefined) this.host.observe({ type: "conflict-put-to-people", conflictId: matter.id });
    if (isOfContext(matter)) {
      matter.decided = "authority-stands";
      this.impose(matter, nowMs);
      return;
    }
    if (review === undefined) {
      // Work of which nobody knows any more what it was cannot be done again.
      if (matter.work === undefined) this.desk.settle(matter, "authority-stands");
      else this.waitLonger(matter, nowMs);
      return;
    }
    matter.pending = "human-review";
    this.desk.attempt(matter, review);
    this.await(matter, "with-people", LONGEST_WAIT_MS, nowMs);
  }

  /** Ends a case that is decided, where nothing more can be done about it from here; false for one that is not. */
  private carryOut(matter: ConflictCase): boolean {
    if (matter.decided === undefined) return false;
    this.desk.settle(matter, matter.decided, matter.stands);
    return true;
  }

  private waitLonger(matter: ConflictCase, nowMs: Millis): void {
    matter.dueAtMs = nowMs + LONGEST_WAIT_MS;
  }

  private ask(
    matter: ConflictCase,
    state: "asking-agent" | "asking-source" | "asking-above",
    whom: Address,
    nowMs: Millis,
  ): void {
    const [expected] = matter.record.conflictingValues;
    const hash = state === "asking-source" ? Number(expected) : (matter.evidence?.lineage[0] ?? 0);
    const lamport = this.coordination.lamport.tick();
    if (matter.state !== state) matter.tries = 0;
    matter.asked = whom;
    this.host.send(whom, { type: "CONFLICT_TRACE", conflictId: matter.id, hash, verdictOn: undefined, lamport });
    this.await(matter, state, EVIDENCE_WAIT_MS, nowMs);
  }

  private await(matter: ConflictCase, state: ConflictCase["state"], forMs: Millis, nowMs: Millis): void {
    matter.state = state;
    matter.askedAtMs = nowMs;
    matter.dueAtMs = nowMs + Math.min(LONGEST_WAIT_MS, forMs * (1 + matter.tries + matter.failures));
  }

  private get own() {
    return { lineage: this.context.lineage(), stamp: this.context.stamp };
  }

  private reading({ askedAtMs }: ConflictCase, node: Address, { wallMs }: ConflictEvidence, nowMs: Millis) {
    return { node, aheadMs: wallMs - (askedAtMs + nowMs) / 2 };
  }

  private nameDriftingClock(matter: ConflictCase): void {
    if (matter.record.conflictType !== "TEMPORAL_PARADOX") return;
    matter.drifting = driftingClock([{ node: this.host.self, aheadMs: 0 }, ...matter.readings])?.node;
  }
}

/** Whether what is in dispute is what somebody holds, so that the authority's can be put in its place. */
function isOfContext({ record: { conflictType } }: ConflictCase): boolean {
  return conflictType !== "CAPABILITY_MISMATCH" && conflictType !== "HASH_MISMATCH";
}

/** The capabilities that an agent lists in a `CAPABILITY_MISMATCH`. */
function offeredIn(received: string): string[] {
  return received.split(", ").filter((capability) => capability !== "");
}
