/**
 * What MESH-30K nodes say to each other: the messages of the document's Appendix B, with the metadata of its part 2.4
 * and the summaries of its parts 4.2 and 4.3. Messages are immutable once sent. Times are in milliseconds; an instant is
 * on the clock of the node that the field's comment names.
 */
import type { Address, Durable, Job, Millis } from "../contract.js";
import type { ConflictMessage } from "./conflicts/conflict-messages.js";
import type { HandedConflicts } from "./conflicts/handover.js";
import type { Stamp } from "./conflicts/lamport.js";
import type { ImpedanceClass } from "./impedance-class.js";
import type { LeadTimeHistogram } from "./lead-time-histogram.js";
import {
  type ConflictType,
  MESSAGE_SEQUENCES,
  type MessageId,
  type Priority,
  sequenceOf,
  type Verb,
} from "./message-terms.js";

export { type ConflictType, MESSAGE_SEQUENCES, type MessageId, type Priority, sequenceOf, type Verb };

import type { CircuitState } from "./resilience/circuit-breaker.js";
import type { FailureClass } from "./resilience/failure-class.js";
import type { OperationalMode } from "./resilience/operational-mode.js";

/** +1 READY, 0 TRANSIT, -1 CONFLICT (document 1.4). */
export type TrinaryState = 1 | 0 | -1;
export type RoutingStrategy = "direct" | "broadcast" | "scatter-gather" | "pipeline";
export type OperationalState = "active" | "degraded" | "offline" | "quarantined";
export type Scope = "cluster" | "sector" | "global";

/** A message id as people read it, with its timestamp component (document 2.4). */
export function messageIdText(id: MessageId, createdAtMs: Millis): string {
  const source = Math.floor(id / MESSAGE_SEQUENCES);
  return `${Math.floor(createdAtMs).toString(36)}-${source}-${sequenceOf(id, source)}`;
}

/** What one agent measures of itself and reports (document 2.3). */
export interface AgentImpedance {
  readonly agentId: Address;
  readonly agentClass: ImpedanceClass;
  /** Median latency sample, NaN until there is one. Its meaning depends on the option `latencyEstimate`. */
  readonly latencyMs: Millis;
  readonly latencyDeviationMs: Millis;
  /** Median processing time, reduced to a standard payload; NaN until there is a sample. */
  readonly processingMs: Millis;
  readonly processingSamples: number;
  readonly queueDepth: number;
  /** What processing a standard payload is taken to need before it was measured. */
  readonly assumedProcessingMs: Millis;
  /** Counts the heartbeats of this agent; stands for `last_heartbeat` without a clock. */
  readonly heartbeatNumber: number;
  /** 0 to 1000, see `impedanceScore`. */
  readonly impedanceScore: number;
  /** Share of messages worked off in the last hour, 0 to 1. */
  readonly reliabilityScore: number;
  /** How much the latency varies; its scale depends on the option `driftCoefficient`. */
  readonly driftCoefficient: number;
  readonly contextHash: number;
  readonly capabilities: readonly string[];
}

/**
 * How the sender adjusted for one target (document 2.4, `compensation_applied`): what stands between sending a message
 * and its target being READY.
 */
export interface LeadTime {
  readonly networkMs: Millis;
  /** Processing of this message and of those before it. */
  readonly processingMs: Millis;
  readonly bufferMs: Millis;
  /** How early to send: network + processing + buffer. */
  readonly totalMs: Millis;
  /**
   * From sending until READY as predicted; whether that holds the buffer depends on the option `buffer`. NaN where
   * nothing is predicted.
   */
  readonly expectedReadyMs: Millis;
  /** 0 to 1. */
  readonly confidence: number;
}

/** What a message tells its receiver of the receiver's own last report, so that it can measure the way there and back. */
export interface Echo {
  /** Send time of the last message that the sender had from the receiver, on the receiver's clock; NaN if none. */
  readonly echoSentAtMs: Millis;
  /** How long the sender has held that message, on the sender's clock. */
  readonly echoHeldMs: Millis;
}

/** A coordination event for one receiver. It is also the job that the receiver's processor works on. */
export interface Coordinate extends Job, Echo {
  readonly type: "COORDINATE";
  readonly messageId: MessageId;
  /** Groups the messages of one operation. */
  readonly correlationId: number;
  /** The message or operation that triggered this one. */
  readonly causationId: number;
  readonly sourceId: Address;
  /** The receiver alone, or the stages of a pipeline in order. */
  readonly targetIds: readonly Address[];
  readonly routingStrategy: RoutingStrategy;
  /** On the sender's clock. */
  readonly createdAtMs: Millis;
  /** When the receiver should be READY, on the sender's clock; NaN where it is as soon as possible. */
  readonly targetArrivalMs: Millis;
  /** From sending until the target time; NaN where there is none. */
  readonly remainingMs: Millis;
  /** Half width of the arrival window around the target time. */
  readonly windowMs: Millis;
  readonly requiresCapabilities: readonly string[];
  readonly compensation: LeadTime;
  readonly verb: Verb;
  readonly payload: string;
  readonly payloadHash: number;
  /** Hash of the context that the sender takes the receiver to hold. */
  readonly contextHash: number;
  readonly trinaryExpectation: TrinaryState;
  /** How many levels below the receiver the operation descends: 0 is work for the receiver itself. */
  readonly depth: number;
  /** Answered in their own time by people, outside the operation's quorum. */
  readonly isCheckpoint: boolean;
  /** When the operation was decided on, and by whom; 0 for one that stands in no order with others. */
  readonly stamp: Stamp;
  /** The sender's Lamport time at sending. */
  readonly lamport: number;
}

/** What the agent held when it found a conflict. */
export interface Held {
  readonly contextHash: number;
  /** Of the operation that brought what it holds. */
  readonly stamp: Stamp;
  /** Who handed it over; the agent itself where nobody did. */
  readonly source: Address;
}

export interface ConflictDetail {
  readonly type: ConflictType;
  readonly expected: string;
  readonly received: string;
  readonly held?: Held;
}

/** How the agents below a node have answered. */
export interface Tally {
  readonly targeted: number;
  readonly sent: number;
  readonly ready: number;
  readonly conflict: number;
}

export interface Acknowledge {
  readonly type: "ACK";
  readonly messageId: MessageId;
  readonly correlationId: number;
  readonly agentId: Address;
  readonly trinaryState: TrinaryState;
  /** When the agent was READY and sent this, on its own clock. */
  readonly actualArrivalMs: Millis;
  readonly processingTimeMs: Millis;
  /** From receiving the message to sending this, on the agent's clock. */
  readonly heldMs: Millis;
  readonly conflict: ConflictDetail | undefined;
  /** What came of the work, see `resultHash`; `NO_RESULT` in a conflict and from coordinators. */
  readonly resultHash: number;
  /** From a coordinator that passed the operation on: how its agents answered. */
  readonly tally: Tally | undefined;
  /** From a coordinator: how much lead time the agents below it need. */
  readonly leadTimes: LeadTimeHistogram | undefined;
  /** The sender's Lamport time at sending. */
  readonly lamport: number;
}

export interface Heartbeat {
  readonly type: "HEARTBEAT";
  readonly agentId: Address;
  /** On the agent's clock. */
  readonly timestampMs: Millis;
  readonly impedance: AgentImpedance;
  /** Serial number of the assertion that it grants its lead a lease for; 0 for none. */
  readonly grant: number;
}

/** The registry records of a cluster's agents (document 2.3), as plain data; `recordAt` reads one. */
export interface RegistryRecords {
  /** Its record is the first; those of the agents at the next addresses follow. */
  readonly firstAgent: Address;
  /** By position in the cluster. */
  readonly classes: readonly ImpedanceClass[];
  readonly capabilities: readonly (readonly string[])[];
  /** By position, the figures of each agent's latest report; all 0 for one never heard of. */
  readonly figures: Float64Array;
}

/** Cluster health for the sector coordinator (document 4.2). */
export interface ClusterSummary {
  readonly type: "CLUSTER_SUMMARY";
  readonly clusterIndex: number;
  readonly sentAtMs: Millis;
  /** The lead's own impedance. */
  readonly impedance: AgentImpedance;
  readonly agentCount: number;
  readonly activeCount: number;
  readonly unstableCount: number;
  readonly meanImpedance: number;
  readonly p95Impedance: number;
  readonly slowestAgent: Address;
  readonly fastestAgent: Address;
  readonly records: RegistryRecords;
  /** The active agent with the lowest impedance for each capability. */
  readonly bestByCapability: ReadonlyMap<string, AgentImpedance>;
  /** Failures that the lead has counted in all its life; see `FailureTotals`. */
  readonly failures: number;
  /** The agents that are in quarantine. */
  readonly quarantined: readonly Address[];
  /** The order of its mode that the lead took last; 0 for none. */
  readonly modeNumber: number;
  /** What orders come to for the cluster, as far as the lead knows of them. */
  readonly circuit: CircuitState;
}

/** Sector health for the orchestrator (document 4.3). */
export interface SectorSummary {
  readonly type: "SECTOR_SUMMARY";
  readonly sectorIndex: number;
  readonly sentAtMs: Millis;
  readonly impedance: AgentImpedance;
  readonly totalAgents: number;
  readonly activeAgents: number;
  readonly meanImpedance: number;
  readonly healthiestCluster: number;
  readonly sickestCluster: number;
  readonly clusters: readonly (ClusterSummary | undefined)[];
  /** Failures in the sector that the coordinator has counted in all its life; see `FailureTotals`. */
  readonly failures: number;
  /** The order of its mode that the coordinator took last; 0 for none. */
  readonly modeNumber: number;
  /** What the coordinator's own breakers have ordered and is in force. */
  readonly circuits: readonly CircuitOrder[];
  /** Clusters that it has not heard of for too long to say that nothing is in force. */
  readonly silentClusters: readonly number[];
}

/** An agent that offers a capability. */
export interface Offer {
  readonly impedance: AgentImpedance;
  readonly clusterIndex: number;
}

/** The registry indexed by capability (document 4.3); immutable. */
export interface OffersByCapability {
  /** The best agent of each cluster, from the lowest impedance score to the highest. */
  of(capability: string): readonly Offer[];
}

/** The global impedance map by capability, from the orchestrator to every sector's replica (document 4.3). */
export interface MapUpdate {
  readonly type: "MAP";
  readonly clusterCount: number;
  readonly index: OffersByCapability;
  /** All orders in force that cut parts of the mesh off: those who have missed one find it here. */
  readonly circuits: readonly CircuitOrder[];
}

export interface CircuitOrder {
  readonly type: "CIRCUIT";
  readonly action: "OPEN" | "HALF_OPEN" | "CLOSE";
  readonly scope: Scope;
  /** Index of the cluster or sector; 0 for the mesh. */
  readonly targetId: number;
  /** Whether a person gave it; else a breaker did. */
  readonly byHand: boolean;
  readonly reason: string;
}

/** Halts (or, with `thaw`, resumes) what is in scope; everything in work and in queues is kept. */
export interface FreezeOrder {
  readonly type: "FREEZE";
  readonly thaw: boolean;
  readonly scope: Scope;
  readonly targetId: number;
}

/**
 * Who holds an office (10.3): from its holder to the members, to the rival, and to the processes of the office above; as
 * written, where the standby gives the office back, from the standby.
 */
export interface Assertion {
  readonly type: "ASSERT";
  /** Address of the office's primary. */
  readonly office: Address;
  /** The process that holds it. */
  readonly holder: Address;
  /** Grows with every election. */
  readonly term: number;
  /** Grows with every assertion, over all terms. */
  readonly serial: number;
  /** What whoever comes after it begins with, an `OfficeState`; undefined where nobody knows. */
  readonly state: Durable | undefined;
}

/** A member grants a holder its lease, or a rival says that it has heard; agents do it in their heartbeats. */
export interface Grant {
  readonly type: "GRANT";
  readonly office: Address;
  readonly serial: number;
  /** Of a rival: what it has open of when it was in office itself. */
  readonly left?: HandedConflicts;
}

/** A process of an office asks a member for its vote. */
export interface Canvass {
  readonly type: "CANVASS";
  readonly office: Address;
  readonly term: number;
  /** Whether it only asks if it would have it: a member that is asked so promises nothing. */
  readonly isTrial: boolean;
}

export interface Vote {
  readonly type: "VOTE";
  readonly office: Address;
  readonly term: number;
  readonly isTrial: boolean;
  readonly isGranted: boolean;
  /** The highest term of the office that the voter knows of; that of a process of the office above, which has no vote, too. */
  readonly knownTerm: number;
}

/** Who asserts that it holds an office does so for a term that is over: the receiver knows of a later one. */
export interface Outdated {
  readonly type: "OUTDATED";
  readonly office: Address;
  readonly knownTerm: number;
}

/** The holder of an office tells its rival what it has opened since its latest assertion. */
export interface HandOn {
  readonly type: "HAND_ON";
  /** Of the sender's latest assertion. */
  readonly serial: number;
  readonly conflicts: HandedConflicts;
}

/** A failure that was detected below, for those above who count it and act on it (document 6.1). */
export interface FailureReport {
  readonly type: "FAILURE";
  readonly failure: FailureClass;
  /** Which node has failed; for CASCADE_FAILURE, the coordinator of the sector in which failures spread. */
  readonly node: Address;
  /** Whether the sender's own recovery is not enough (`escalation_threshold`). */
  readonly isEscalated: boolean;
  /** Failures that the sender has counted in all its life, this one included; see `FailureTotals`. */
  readonly total: number;
}

/** Asks a node for a sign of life and of sanity (document 6.2, `send_probe`). */
export interface Probe {
  readonly type: "PROBE";
  /** An agent is to work out its `resultHash`. */
  readonly challenge: number;
  /** Of the receiver's last report, so that it can measure the way; undefined where it has no use for it. */
  readonly echo?: Echo;
  /** Whether an agent is to do a standard piece of work, too, by which it measures itself. */
  readonly isTrial?: boolean;
}

export interface ProbeAnswer {
  readonly type: "PROBE_ACK";
  readonly challenge: number;
  readonly result: number;
  /** Share of the agents below the node that are active, 0 to 1; 1 from an agent. */
  readonly activeRate: number;
}

/** The operational mode of the mesh (document 6.3), from the orchestrator to coordinators and on to leads. */
export interface ModeOrder {
  readonly type: "MODE";
  readonly mode: OperationalMode;
  /** Orders ascend; one that was overtaken is ignored. */
  readonly number: number;
  /** Indices of the sectors in which too few agents are active or that nothing is heard of. */
  readonly unhealthySectors: readonly number[];
}

export type MeshMessage =
  | Assertion
  | Grant
  | Canvass
  | Vote
  | Outdated
  | HandOn
  | FailureReport
  | Probe
  | ProbeAnswer
  | ModeOrder
  | Coordinate
  | Acknowledge
  | Heartbeat
  | ClusterSummary
  | SectorSummary
  | MapUpdate
  | CircuitOrder
  | FreezeOrder
  | ConflictMessage;
