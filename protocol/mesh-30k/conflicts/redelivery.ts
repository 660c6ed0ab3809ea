/**
 * The strategies of document 5.1 that have disputed work done after all: `REROUTE` gives it to another agent, that can do it,
 * `VERIFY_AND_RESEND` sends the original again and suspects an agent that gets it damaged time and again.
 */
import type { Address, Millis } from "../../contract.js";
import { payloadHash } from "../integrity.js";
import type { CaseSteps, Desk } from "./case-steps.js";
import type { ConflictCase } from "./conflict-case.js";
import type { DisputedWork } from "./conflict-messages.js";
import type { ConflictRole } from "./conflict-role.js";
import type { KnownSyncs } from "./known-syncs.js";

export class Redelivery {
  /** How often in a row an agent got messages damaged. */
  private readonly mismatches = new Map<Address, number>();

  constructor(
    private readonly role: ConflictRole,
    private readonly known: KnownSyncs,
    private readonly steps: CaseSteps,
    private readonly desk: Desk,
  ) {}

  reroute(matter: ConflictCase, nowMs: Millis): void {
    const { agentId, conflictingValues } = matter.record;
    this.correctCapabilities(agentId, conflictingValues[1]);
    this.giveElsewhere(matter, nowMs);
  }

  /** Somebody may be able to do by now what nobody could; false where nobody is. */
  rerouteAfterAll(matter: ConflictCase, nowMs: Millis): boolean {
    const message = this.giveToAnother(matter);
    if (message === undefined) return false;
    this.steps.give(matter, message, nowMs);
    return true;
  }

  resend(matter: ConflictCase, nowMs: Millis): void {
    const work = this.verified(matter.work);
    matter.pending = "done-again";
    if (work === undefined) this.steps.giveUp(matter, nowMs);
    else this.steps.give(matter, this.role.giveTo(matter.record.agentId, work), nowMs);
  }

  /** An agent got it damaged as often as it was sent. */
  suspect(matter: ConflictCase, nowMs: Millis): void {
    const { agentId } = matter.record;
    const count = (this.mismatches.get(agentId) ?? 0) + matter.failures;
    this.mismatches.set(agentId, count);
    this.role.suspect(agentId, count);
    if (matter.work !== undefined && matter.work.requires.length > 0) this.giveElsewhere(matter, nowMs);
    else this.desk.settle(matter, "agent-suspected");
  }

  /** An agent has got something undamaged. */
  clear(agent: Address): void {
    this.mismatches.delete(agent);
  }

  /** @param offered the capabilities that the agent lists in a `CAPABILITY_MISMATCH` */
  correctCapabilities(agent: Address, offered: string): void {
    const capabilities = offered.split(", ").filter((capability) => capability !== "");
    this.role.correctCapabilities(agent, capabilities);
  }

  private giveElsewhere(matter: ConflictCase, nowMs: Millis): void {
    const message = this.giveToAnother(matter);
    matter.pending = "done-elsewhere";
    if (message === undefined) this.steps.giveUp(matter, nowMs);
    else this.steps.give(matter, message, nowMs);
  }

  private giveToAnother({ record, work }: ConflictCase) {
    return work === undefined ? undefined : this.role.giveToAnother(record.agentId, work);
  }

  /** The work, if it is what its hash says, or else what is known under that hash. */
  private verified(work: DisputedWork | undefined): DisputedWork | undefined {
    if (work === undefined || payloadHash(work.payload) === work.payloadHash) return work;
    const original = this.known.of(work.payloadHash);
    return original === undefined ? undefined : { ...work, payload: original.payload };
  }
}
