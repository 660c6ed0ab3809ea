/**
 * The strategies of document 5.1 that decide by evidence of what each side holds: `BRANCH_AND_RECONCILE` compares contexts,
 * `CLOCK_RECONCILIATION` clocks besides, `PROVENANCE_TRACE` where two values come from.
 */
import type { Address, Millis } from "../../contract.js";
import type { ContextMemory } from "../context-memory.js";
import { adoptStanding } from "./adopt-standing.js";
import type { CaseSteps, Desk } from "./case-steps.js";
import { driftingClock } from "./clock-comparison.js";
import type { ConflictCase } from "./conflict-case.js";
import type { ConflictEvidence, ConflictOutcome } from "./conflict-messages.js";
import type { ConflictRole } from "./conflict-role.js";
import type { KnownSync, KnownSyncs } from "./known-syncs.js";
import { isStronger } from "./provenance.js";
import { reconcile } from "./reconcile.js";

export class Adjudication {
  /** @param self the address of the node */
  constructor(
    private readonly self: Address,
    private readonly role: ConflictRole,
    private readonly known: KnownSyncs,
    private readonly context: ContextMemory,
    private readonly steps: CaseSteps,
    private readonly desk: Desk,
  ) {}

  /** Takes evidence in that was asked for. */
  onEvidence(matter: ConflictCase, from: Address, evidence: ConflictEvidence, nowMs: Millis): void {
    if (matter.state === "asking-agent" && from === matter.record.agentId) {
      matter.evidence = evidence;
      readClock(matter, from, evidence, nowMs);
      this.weigh(matter, nowMs);
    } else if (matter.state === "asking-source") {
      this.compareProvenance(matter, from, evidence.known, nowMs);
    } else if (matter.state === "asking-above" && from === this.role.superior) {
      readClock(matter, from, evidence, nowMs);
      this.nameDriftingClock(matter);
      this.decide(matter, evidence.known, nowMs);
    }
  }

  /**
   * Decides a matter of contexts, or of their order, by what is known of the agent's context.
   * @param fromAbove what the level above knows of it
   * @param asConverged what it comes to if both hold the same by now
   */
  decide(
    matter: ConflictCase,
    fromAbove: KnownSync | undefined,
    nowMs: Millis,
    asConverged: ConflictOutcome = "converged",
  ): void {
    const evidence = matter.evidence!;
    const vouched = fromAbove ?? this.known.of(evidence.lineage[0]!);
    const result = reconcile(this.own, evidence, vouched);
    const isOrder = matter.record.conflictType === "TEMPORAL_PARADOX";
    if (result.kind === "converged") this.desk.settle(matter, isOrder ? "held-stands" : asConverged);
    else if (result.kind === "agent-behind") this.steps.reload(matter, "agent-brought-forward", nowMs);
    else if (result.kind === "authority-behind") {
      this.adopt(result.missed);
      this.desk.settle(matter, isOrder ? "held-stands" : "authority-brought-forward");
    } else this.steps.giveUp(matter, nowMs);
  }

  /**
   * Decides which of two values stands by where they come from.
   * @param held what `source` knows of the value that the agent holds
   */
  compareProvenance(matter: ConflictCase, source: Address, held: KnownSync | undefined, nowMs: Millis): void {
    const { record, work } = matter;
    const own = this.known.of(Number(record.conflictingValues[1]));
    // The agent itself has taken in what it holds, if nobody else.
    const theirs = held ?? { stamp: matter.evidence!.takenStamp, confirmations: 1 };
    if (!isStronger(own ?? { stamp: work?.stamp ?? 0, confirmations: 0 }, theirs)) {
      if (held !== undefined) this.adopt(held);
      this.desk.settle(matter, "held-stands");
      return;
    }
    matter.loser = source === this.self || source === record.agentId ? undefined : source;
    matter.stands = own;
    matter.pending = "authority-stands";
    if (work === undefined) this.steps.reload(matter, "authority-stands", nowMs);
    else this.steps.give(matter, this.role.giveTo(record.agentId, work), nowMs);
  }

  /** Weighs what the agent said of itself. */
  private weigh(matter: ConflictCase, nowMs: Millis): void {
    const { conflictType } = matter.record;
    if (conflictType === "DATA_CONTRADICTION") {
      this.trace(matter, nowMs);
      return;
    }
    const evidence = matter.evidence!;
    const { superior } = this.role;
    const known = this.known.of(evidence.lineage[0]!);
    const comparesClocks = conflictType === "TEMPORAL_PARADOX" && superior !== undefined;
    const isUnknown = reconcile(this.own, evidence, known).kind === "unknown" && superior !== undefined;
    if (comparesClocks || isUnknown) this.steps.ask(matter, "asking-above", superior, nowMs);
    else this.decide(matter, known, nowMs);
  }

  /** Follows the value that the agent holds to whoever handed it over. */
  private trace(matter: ConflictCase, nowMs: Millis): void {
    const { source } = matter.evidence!;
    const [held] = matter.record.conflictingValues;
    if (source === this.self) this.compareProvenance(matter, source, this.known.of(Number(held)), nowMs);
    else this.steps.ask(matter, "asking-source", source, nowMs);
  }

  private adopt(stands: KnownSync): void {
    adoptStanding(stands, this.known, this.context);
  }

  private get own() {
    return { lineage: this.context.lineage(), stamp: this.context.stamp };
  }

  private nameDriftingClock(matter: ConflictCase): void {
    if (matter.record.conflictType !== "TEMPORAL_PARADOX") return;
    matter.drifting = driftingClock([{ node: this.self, aheadMs: 0 }, ...matter.readings])?.node;
  }
}

/** Reads a node's wall clock, as of half way between the question and the answer. */
function readClock(matter: ConflictCase, node: Address, { wallMs }: ConflictEvidence, nowMs: Millis): void {
  matter.readings.push({ node, aheadMs: wallMs - (matter.askedAtMs + nowMs) / 2 });
}
