/**
 * What nodes report for KPIs and traces. Facts tell, they never decide: a host may drop them all and nothing changes.
 * The observer knows true time; durations in a fact are on the reporting node's clock.
 */
import type { Address, JobOutcome, Millis } from "../contract.js";
import type { CascadeStrategy } from "./cascade-plan.js";
import type { ConflictOutcome } from "./conflicts/conflict-messages.js";
import type { StrategyMethod } from "./conflicts/resolution-strategy.js";
import type { ConflictType, Coordinate, OperationalState, Priority, Scope, Tally, TrinaryState } from "./messages.js";
import type { QuorumDecision } from "./quorum.js";
import type { FailureClass, ImmediateClass } from "./resilience/failure-class.js";
import type { OperationalMode } from "./resilience/operational-mode.js";
import type { Skipped } from "./send-schedule.js";

export type Tier = "orchestrator" | "sector" | "lead";

/** An agent is READY, or has found a conflict: work finished, result taken in or quarantined. */
export interface ReadyFact {
  readonly type: "ready";
  readonly message: Coordinate;
  readonly trinaryState: TrinaryState;
}

/** A message ended at an agent without being worked off. */
export interface UnfinishedFact {
  readonly type: "unfinished";
  readonly message: Coordinate;
  readonly outcome: JobOutcome;
}

/** A target that is not sent to, and why (3.1, `SKIP`). */
export interface SkippedTarget {
  readonly agentId: Address;
  readonly reason: Skipped["reason"] | LeftOut;
  /** Lead time that it would have needed, and that there was; NaN where it was left out for another reason. */
  readonly wouldNeedMs: Millis;
  readonly availableMs: Millis;
}

/** Why a target is left out whatever time there is (documents 6.1 and 6.2): it counts as targeted and not as sent. */
export type LeftOut = "quarantined" | "circuit-open";

/** A coordinator has decided which agents it aims at, and when. */
export interface AimedFact {
  readonly type: "aimed";
  readonly correlationId: number;
  readonly targets: readonly Address[];
  /** Those among the targets that will not be sent to. */
  readonly skipped: readonly SkippedTarget[];
  readonly targetInMs: Millis;
  readonly windowMs: Millis;
}

/** An agent's answer has reached the coordinator that sent to it. */
export interface GatheredFact {
  readonly type: "gathered";
  readonly correlationId: number;
  readonly agentId: Address;
}

export interface GatherEndedFact {
  readonly type: "gather-ended";
  readonly correlationId: number;
  readonly tier: Tier;
  readonly decision: QuorumDecision;
  readonly achieved: boolean;
  readonly readyOfSent: number;
  readonly readyOfTargeted: number;
}

/** A coordinator or lead has taken an operation in, before passing it on. */
export interface TookInFact {
  readonly type: "took-in";
  readonly tier: Tier;
  readonly correlationId: number;
}

export interface CascadeStartedFact {
  readonly type: "cascade-started";
  readonly cascade: number;
  readonly strategy: CascadeStrategy;
}

export interface CascadeEndedFact {
  readonly type: "cascade-ended";
  readonly cascade: number;
  readonly status: string;
  readonly tally: Tally;
}

/** A message was routed to the best agent that the sender knew of. */
export interface RoutedFact {
  readonly type: "routed";
  readonly scope: "cluster" | "mesh";
  readonly agentId: Address;
  /** The heartbeat that the choice rests on. */
  readonly heartbeatNumber: number;
}

export interface NoCapableAgentFact {
  readonly type: "no-capable-agent";
  readonly scope: "cluster" | "mesh";
  readonly capability: string;
}

/** A lead holds an agent for something else than before. */
export interface AgentStateFact {
  readonly type: "agent-state";
  readonly agentId: Address;
  readonly state: OperationalState;
}

/** A process holds an office, has had its lease renewed, or holds it no more. */
export interface AuthorityFact {
  readonly type: "authority";
  readonly office: Address;
  readonly term: number;
  readonly holds: boolean;
  /** How long it may hold it if nobody grants it any more; endless where nobody has to. */
  readonly leaseMs: Millis;
}

/** A member carries out orders of another process of the office above than before. */
export interface ObeyedFact {
  readonly type: "obeyed";
  readonly office: Address;
  readonly process: Address;
}

/** A member follows a new holder, or the same one in a new term. */
export interface FollowsFact {
  readonly type: "follows";
  readonly office: Address;
  readonly holder: Address;
  readonly term: number;
}

/** A conflict was logged and quarantined (5.1), here or, `isOwn` false, by a node below that has told this one. */
export interface ConflictLoggedFact {
  readonly type: "conflict-logged";
  readonly conflictId: number;
  /** The conflict that stands for all that are settled together with it. */
  readonly caseId: number;
  readonly conflictType: ConflictType;
  readonly priority: number;
  readonly tier: Tier;
  readonly isOwn: boolean;
  /** How long its resolution may take; infinite for ever. */
  readonly deadlineMs: Millis;
  readonly suggested: StrategyMethod;
  /** Whether the level above is told of it. */
  readonly escalates: boolean;
  /** How many conflicts the node has in quarantine, this one among them. */
  readonly held: number;
}

/** The level above was told of a conflict, or asked to settle it. */
export interface ConflictEscalatedFact {
  readonly type: "conflict-escalated";
  readonly conflictId: number;
  readonly to: Address;
  readonly asks: boolean;
}

/** The level above has said that it has a conflict in its log. */
export interface ConflictAcceptedFact {
  readonly type: "conflict-accepted";
  readonly conflictId: number;
  readonly by: Address;
}

/** A conflict was put to a person. */
export interface ConflictPutToPeopleFact {
  readonly type: "conflict-put-to-people";
  readonly conflictId: number;
}

/** A process that came into an office has taken an open case over from the other one. */
export interface ConflictInheritedFact {
  readonly type: "conflict-inherited";
  readonly conflictId: number;
  readonly from: Address;
  readonly tier: Tier;
  /** How many conflicts the case is of, as far as is known. */
  readonly members: number;
  /** How many conflicts the process has in quarantine, these among them. */
  readonly held: number;
}

/** A process that is out of office was told that the other one has taken over a case that it had open, and has it no more. */
export interface ConflictLetGoFact {
  readonly type: "conflict-let-go";
  readonly conflictId: number;
}

/** A case left the quarantine. */
export interface ConflictResolvedFact {
  readonly type: "conflict-resolved";
  readonly conflictId: number;
  readonly tier: Tier;
  readonly isOwn: boolean;
  readonly method: StrategyMethod;
  readonly outcome: ConflictOutcome;
  /** How many conflicts the case was of. */
  readonly members: number;
  /** How many conflicts the node has in quarantine, without these. */
  readonly held: number;
  /** Whose wall clock was found to be off, if anybody's. */
  readonly drifting: Address | undefined;
}

export type ConflictFact =
  | ConflictLoggedFact
  | ConflictEscalatedFact
  | ConflictAcceptedFact
  | ConflictPutToPeopleFact
  | ConflictInheritedFact
  | ConflictLetGoFact
  | ConflictResolvedFact;

/**
 * A failure was noticed (6.1). A TRANSIENT_NETWORK that lasts becomes an AGENT_CRASH of the same node, and ends with it.
 */
export interface FailureDetectedFact {
  readonly type: "failure-detected";
  readonly failure: FailureClass;
  readonly node: Address;
  /** What it was noticed by, for people. */
  readonly evidence: string;
}

/** What had failed is whole again, in the judgement of the node that had noticed. */
export interface FailureRecoveredFact {
  readonly type: "failure-recovered";
  readonly failure: FailureClass;
  readonly node: Address;
}

/** A failure was told to the tier above, because recovery here is not enough (6.1, `escalation_threshold`). */
export interface FailureEscalatedFact {
  readonly type: "failure-escalated";
  readonly failure: FailureClass;
  readonly node: Address;
  readonly to: "sector" | "orchestrator";
}

/** A replacement for a node was asked for. */
export interface ReplacementFact {
  readonly type: "replacement";
  readonly node: Address;
  /** 1 for the first try. */
  readonly attempt: number;
}

/** A circuit breaker has changed its state (6.2). */
export interface BreakerFact {
  readonly type: "breaker";
  readonly scope: Scope;
  /** Index of the cluster or sector; 0 for the mesh. */
  readonly id: number;
  readonly state: "CLOSED" | "OPEN" | "HALF_OPEN";
}

/** The orchestrator has set another operational mode (6.3), or says which is in force when it comes to office. */
export interface ModeFact {
  readonly type: "mode";
  readonly mode: OperationalMode;
  /** Active agents / all agents, by the orchestrator's own statistics; undefined where it is in force without them. */
  readonly activeRate: number | undefined;
}

/** A node has taken an order of the mode in. */
export interface ModeTakenFact {
  readonly type: "mode-taken";
  readonly mode: OperationalMode;
  readonly number: number;
}

/** An operation is kept until the mode is better (6.3). */
export interface OperationQueuedFact {
  readonly type: "operation-queued";
  readonly scope: Scope;
  readonly mode: OperationalMode;
  readonly priority: Priority;
}

/** An operation that was kept runs now. */
export interface OperationReleasedFact {
  readonly type: "operation-released";
  readonly scope: Scope;
  readonly priority: Priority;
}

/** An operation is not carried out, and why. */
export interface OperationRefusedFact {
  readonly type: "operation-refused";
  readonly scope: Scope;
  readonly mode: OperationalMode;
  readonly priority: Priority;
  readonly reason: "mode" | "queue full" | "circuit" | "not approved";
}

/** People are asked whether a mesh-wide operation may run (6.3, DEGRADED_SEVERE). */
export interface ApprovalAskedFact {
  readonly type: "approval-asked";
  readonly people: readonly Address[];
}

/** The orchestrator alerts whoever operates the mesh: to a failure that is escalated at once (6.1), or to the mode EMERGENCY (6.3). */
export interface OperatorsAlertedFact {
  readonly type: "operators-alerted";
  readonly about: ImmediateClass | "EMERGENCY";
  /** What has failed: an agent, a coordinator for its sector, the orchestrator for the mesh. */
  readonly node: Address;
}

export type ResilienceFact =
  | FailureDetectedFact
  | FailureRecoveredFact
  | FailureEscalatedFact
  | ReplacementFact
  | BreakerFact
  | ModeFact
  | ModeTakenFact
  | OperationQueuedFact
  | OperationReleasedFact
  | OperationRefusedFact
  | ApprovalAskedFact
  | OperatorsAlertedFact;

/** A coordinator has taken in a map, which tells of so many clusters (4.3). */
export interface MapTakenFact {
  readonly type: "map-taken";
  readonly clusters: number;
}

/** A process that is not in office sees nobody in it, and stands for election, or takes over. */
export interface StandsFact {
  readonly type: "stands";
  readonly office: Address;
}

/**
 * What has become of an agent that joins the running mesh (10.2), by its lead: its first heartbeat has come; it holds the
 * cluster's context and is a member; tasks are routed to it, few at once; without limit; what it was trusted with begins anew.
 */
export interface JoiningFact {
  readonly type: "joining";
  readonly agentId: Address;
  readonly step: "announced" | "admitted" | "pooled" | "whole" | "set-back";
}

export type Fact =
  | JoiningFact
  | AuthorityFact
  | MapTakenFact
  | StandsFact
  | ObeyedFact
  | FollowsFact
  | ConflictFact
  | ResilienceFact
  | ReadyFact
  | UnfinishedFact
  | AimedFact
  | GatheredFact
  | GatherEndedFact
  | TookInFact
  | CascadeStartedFact
  | CascadeEndedFact
  | RoutedFact
  | NoCapableAgentFact
  | AgentStateFact;
