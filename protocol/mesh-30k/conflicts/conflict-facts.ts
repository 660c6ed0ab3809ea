/** What a desk lets be known of its conflicts, for KPIs and traces: that one was logged, and how a case ended. */
import type { Fact, Tier } from "../facts.js";
import type { ConflictCase } from "./conflict-case.js";
import type { Logged } from "./conflict-handler.js";
import type { ConflictOutcome } from "./conflict-messages.js";
import { DEADLINE_MS } from "./conflict-priority.js";
import { STRATEGIES } from "./resolution-strategy.js";

/** @param held how many conflicts are in quarantine, this one among them */
export function loggedFact(
  { record, matter }: Logged,
  tier: Tier,
  isOwn: boolean,
  escalates: boolean,
  held: number,
): Fact {
  const { conflictId, conflictType } = record;
  const { id: caseId, priority } = matter;
  const deadlineMs = DEADLINE_MS[priority];
  const suggested = STRATEGIES[conflictType].method;
  return {
    type: "conflict-logged",
    conflictId,
    caseId,
    conflictType,
    priority,
    tier,
    isOwn,
    deadlineMs,
    suggested,
    escalates,
    held,
  };
}

/** @param held how many conflicts are in quarantine, without these */
export function resolvedFact(
  matter: ConflictCase,
  outcome: ConflictOutcome,
  tier: Tier,
  isOwn: boolean,
  held: number,
): Fact {
  const { id: conflictId, record, members, drifting } = matter;
  const { method } = STRATEGIES[record.conflictType];
  return { type: "conflict-resolved", conflictId, tier, isOwn, method, outcome, members, held, drifting };
}
