/**
 * Carries the strategies of document 5.1 out, case by case, with real messages: what is to be done first, and what after each
 * answer, silence or verdict. How it is decided by evidence, and how work is done after all, `Adjudication` and `Redelivery` say.
 */
import type { Address, Host, Millis } from "../../contract.js";
import type { ContextMemory } from "../context-memory.js";
import type { Coordination } from "../coordination.js";
import type { Fact } from "../facts.js";
import type { ConflictDetail, MeshMessage } from "../messages.js";
import { Adjudication } from "./adjudication.js";
import { adoptStanding } from "./adopt-standing.js";
import { type AskingState, CaseSteps, type Desk } from "./case-steps.js";
import type { ConflictCase } from "./conflict-case.js";
import type { ConflictEvidence, ConflictVerdict } from "./conflict-messages.js";
import type { ConflictRole } from "./conflict-role.js";
import type { KnownSyncs } from "./known-syncs.js";
import { Redelivery } from "./redelivery.js";
import { STRATEGIES } from "./resolution-strategy.js";

/** How often something is tried before the level above is asked. */
const TRIES = 3;

export class Resolver {
  private readonly known: KnownSyncs;
  private readonly steps: CaseSteps;
  private readonly adjudication: Adjudication;
  private readonly redelivery: Redelivery;

  constructor(
    private readonly host: Host<MeshMessage, Fact>,
    role: ConflictRole,
    { known, lamport }: Coordination,
    private readonly context: ContextMemory,
    private readonly desk: Desk,
  ) {
    this.known = known;
    this.steps = new CaseSteps(host, role, lamport, context, desk);
    this.adjudication = new Adjudication(host.self, role, known, context, this.steps, desk);
    this.redelivery = new Redelivery(role, known, this.steps, desk);
  }

  begin(matter: ConflictCase, nowMs: Millis): void {
    switch (STRATEGIES[matter.record.conflictType].method) {
      case "REROUTE":
        this.redelivery.reroute(matter, nowMs);
        return;
      case "VERIFY_AND_RESEND":
        this.redelivery.resend(matter, nowMs);
        return;
      default:
        this.steps.ask(matter, "asking-agent", matter.record.agentId, nowMs);
    }
  }

  /** Takes evidence in that was asked for. */
  onEvidence(matter: ConflictCase, from: Address, evidence: ConflictEvidence, nowMs: Millis): void {
    this.adjudication.onEvidence(matter, from, evidence, nowMs);
  }

  /** What an agent was given has been done. */
  succeed(matter: ConflictCase): void {
    this.redelivery.clear(matter.record.agentId);
    this.desk.settle(matter, matter.pending, matter.stands);
  }

  /** What an agent was given has ended in a conflict again, which has joined the case. */
  fail(matter: ConflictCase, agent: Address, { type, received }: ConflictDetail, nowMs: Millis): void {
    if (matter.state !== "acting") return;
    matter.failures++;
    if (type === "CAPABILITY_MISMATCH") this.redelivery.correctCapabilities(agent, received);
    if (matter.failures < TRIES) this.begin(matter, nowMs);
    else if (type === "HASH_MISMATCH") this.redelivery.suspect(matter, nowMs);
    else this.steps.giveUp(matter, nowMs);
  }

  /** Nothing has come of what was asked or given last. */
  onSilence(matter: ConflictCase, nowMs: Millis): void {
    switch (matter.state) {
      case "acting":
        matter.failures++;
        if (matter.failures % TRIES === 0) this.steps.giveUp(matter, nowMs);
        else this.begin(matter, nowMs);
        return;
      case "asking-agent":
      case "asking-source":
      case "asking-above":
        matter.tries++;
        if (matter.tries % TRIES === 0) this.doWithout(matter, matter.state, nowMs);
        else this.steps.ask(matter, matter.state, matter.asked, nowMs);
        return;
      case "handed-up":
        this.tryAgain(matter, nowMs);
        return;
      default:
        this.steps.waitLonger(matter, nowMs);
    }
  }

  /** Another node has settled the case, or says what is to be done. */
  onVerdict(matter: ConflictCase, { outcome, stands }: ConflictVerdict): void {
    if (stands !== undefined) adoptStanding(stands, this.known, this.context);
    const nowMs = this.host.now();
    const isOwn = matter.owner === this.host.self;
    const isVouchedFor = outcome === "authority-brought-forward" && matter.evidence !== undefined;
    matter.decided = outcome;
    if (isOwn && isVouchedFor) this.adjudication.decide(matter, stands, nowMs, outcome);
    else if (isOwn && outcome === "authority-stands" && matter.isOfContext) this.steps.impose(matter, nowMs);
    else if (isOwn && outcome === "done-again") this.redelivery.resend(matter, nowMs);
    else this.desk.settle(matter, outcome, stands);
  }

  /** Settles a case that the level below cannot. */
  arbitrate(matter: ConflictCase, nowMs: Millis): void {
    const { method } = STRATEGIES[matter.record.conflictType];
    const original = matter.work === undefined ? undefined : this.known.of(matter.work.payloadHash);
    if (method === "VERIFY_AND_RESEND" && original !== undefined) {
      this.desk.settle(matter, "done-again", original);
      return;
    }
    if (method === "REROUTE") {
      this.redelivery.reroute(matter, nowMs);
      return;
    }
    // The node that asked may have missed what this one has issued or passed on.
    const missed = this.known.of(matter.record.agentContextHash);
    if (missed !== undefined) {
      this.desk.settle(matter, "authority-brought-forward", missed);
      return;
    }
    const review = this.steps.putToPeople(matter);
    if (review === undefined && this.steps.handUp(matter, nowMs)) return;
    // The mesh does not wait for people: what the authority holds stands meanwhile, and both branches are in the log.
    this.desk.settle(matter, "authority-stands");
  }

  /** The level above may have lost what it was asked with a process, or its verdict; it tells it again if it has one. */
  private tryAgain(matter: ConflictCase, nowMs: Millis): void {
    const { method } = STRATEGIES[matter.record.conflictType];
    if (method === "REROUTE" && this.redelivery.rerouteAfterAll(matter, nowMs)) return;
    this.desk.askAgain(matter);
    this.steps.waitLonger(matter, nowMs);
  }

  /** Goes on without the evidence of somebody who is silent; without the agent's own there is nothing to go by. */
  private doWithout(matter: ConflictCase, state: AskingState, nowMs: Millis): void {
    const { agentId } = matter.record;
    if (state === "asking-source") this.adjudication.compareProvenance(matter, agentId, undefined, nowMs);
    else if (state === "asking-above") this.adjudication.decide(matter, undefined, nowMs);
    else this.steps.giveUp(matter, nowMs);
  }
}
