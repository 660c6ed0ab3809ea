/** Messages, reports and single nodes on fake machines, for the conformance tests of MESH-30K. */
import type { Address } from "../../../protocol/contract.js";
import { Agent, agentIdentity } from "../../../protocol/mesh-30k/agent.js";
import { ClusterLead } from "../../../protocol/mesh-30k/cluster-lead.js";
import {
  BASE_PROCESSING_MS,
  CLASS_CAPABILITIES,
  type ImpedanceClass,
} from "../../../protocol/mesh-30k/impedance-class.js";
import { payloadHash } from "../../../protocol/mesh-30k/integrity.js";
import type {
  Acknowledge,
  AgentImpedance,
  ClusterSummary,
  Coordinate,
  SectorSummary,
} from "../../../protocol/mesh-30k/messages.js";
import { type ProtocolOptions, preset, type Variant } from "../../../protocol/mesh-30k/options.js";
import { Orchestrator } from "../../../protocol/mesh-30k/orchestrator.js";
import type { Parameters } from "../../../protocol/mesh-30k/parameters.js";
import { resultHash } from "../../../protocol/mesh-30k/resilience/result-hash.js";
import { SectorCoordinator } from "../../../protocol/mesh-30k/sector-coordinator.js";
import type { Task } from "../../../protocol/mesh-30k/task.js";
import { type MeshShape, ORCHESTRATOR, Topology } from "../../../protocol/mesh-30k/topology.js";
import { FakeHost } from "../fake-host.js";

export const VARIANTS: readonly Variant[] = ["as-written", "repaired"];

/** The document's numbers; the quantiles are the project's. */
export const PARAMETERS: Parameters = {
  heartbeatMs: 5_000,
  summaryMs: 5_000,
  mapMs: 10_000,
  batchMs: 10,
  offlineAfterMs: 30_000,
  leaseMs: 30_000,
  taskTtlMs: 5_000,
  cascadeTtlMs: 5_000,
  checkpointTtlMs: 3_600_000,
  bufferQuantile: 0.9,
  aimQuantile: 0.95,
};

/** A preset, with some options set otherwise: one row of an ablation. */
export function optionsWith(base: Variant, changes: Partial<ProtocolOptions> = {}): ProtocolOptions {
  return { ...preset(base), ...changes };
}

export function shapeOf(
  sectors: number,
  clustersPerSector: number,
  agents: Partial<Record<ImpedanceClass, number>>,
): MeshShape {
  return { sectors, clustersPerSector, agents: { A: 0, B: 0, C: 0, D: 0, E: 0, F: 0, ...agents } };
}

/** A message for the receiver alone, in order in every respect that a test does not change. */
export function coordinate(changes: Partial<Coordinate> = {}): Coordinate {
  const payload = changes.payload ?? "turn the key";
  return {
    type: "COORDINATE",
    messageId: 7,
    correlationId: 16,
    causationId: 1,
    sourceId: 1,
    targetIds: [2],
    routingStrategy: "scatter-gather",
    createdAtMs: 0,
    targetArrivalMs: Number.NaN,
    remainingMs: Number.NaN,
    windowMs: 500,
    ttlMs: 5_000,
    priority: 2,
    payloadWeight: 0,
    requiresCapabilities: [],
    compensation: {
      networkMs: 0,
      processingMs: 0,
      bufferMs: 0,
      totalMs: 0,
      expectedReadyMs: Number.NaN,
      confidence: 0,
    },
    verb: "act",
    payload,
    payloadHash: payloadHash(payload),
    contextHash: 0,
    trinaryExpectation: 1,
    depth: 0,
    isCheckpoint: false,
    echoSentAtMs: Number.NaN,
    echoHeldMs: Number.NaN,
    stamp: 0,
    lamport: 1,
    ...changes,
  };
}

/** The answer READY to a message. */
export function acknowledge(message: Coordinate, agentId: Address, changes: Partial<Acknowledge> = {}): Acknowledge {
  return {
    type: "ACK",
    messageId: message.messageId,
    correlationId: message.correlationId,
    agentId,
    trinaryState: 1,
    actualArrivalMs: 0,
    processingTimeMs: 0,
    heldMs: 0,
    conflict: undefined,
    resultHash: resultHash(message.payloadHash),
    tally: undefined,
    leadTimes: undefined,
    lamport: 2,
    ...changes,
  };
}

/** An agent that is 100 ms away there and back, has never been measured working, and is reliable. */
export function impedanceOf(agentId: Address, changes: Partial<AgentImpedance> = {}): AgentImpedance {
  const agentClass = changes.agentClass ?? "B";
  return {
    agentId,
    agentClass,
    latencyMs: 100,
    latencyDeviationMs: 0,
    processingMs: Number.NaN,
    processingSamples: 0,
    queueDepth: 0,
    assumedProcessingMs: BASE_PROCESSING_MS[agentClass],
    heartbeatNumber: 1,
    impedanceScore: 100,
    reliabilityScore: 1,
    driftCoefficient: 0,
    contextHash: 0,
    capabilities: CLASS_CAPABILITIES[agentClass],
    ...changes,
  };
}

export function clusterSummary(clusterIndex: number, changes: Partial<ClusterSummary> = {}): ClusterSummary {
  return {
    type: "CLUSTER_SUMMARY",
    clusterIndex,
    sentAtMs: 0,
    impedance: impedanceOf(0),
    agentCount: 30,
    activeCount: 30,
    unstableCount: 0,
    meanImpedance: 100,
    p95Impedance: 200,
    slowestAgent: 0,
    fastestAgent: 0,
    records: { firstAgent: 0, classes: [], capabilities: [], figures: new Float64Array(0) },
    bestByCapability: new Map(),
    failures: 0,
    quarantined: [],
    modeNumber: 0,
    circuit: "CLOSED",
    ...changes,
  };
}

export function sectorSummary(sectorIndex: number, changes: Partial<SectorSummary> = {}): SectorSummary {
  return {
    type: "SECTOR_SUMMARY",
    sectorIndex,
    sentAtMs: 0,
    impedance: impedanceOf(1 + sectorIndex, { agentClass: "D" }),
    totalAgents: 300,
    activeAgents: 300,
    meanImpedance: 100,
    healthiestCluster: 0,
    sickestCluster: 0,
    clusters: [],
    failures: 0,
    modeNumber: 0,
    circuits: [],
    silentClusters: [],
    ...changes,
  };
}

export const TASK: Task = {
  capability: "api",
  payload: "fetch the record",
  payloadWeight: 0,
  verb: "act",
  priority: 2,
  stages: 1,
};

/** An agent at address 9 whose lead is at 1, and that lead's standby at 10. */
export function agentOn(options: ProtocolOptions, agentClass: ImpedanceClass = "B", clockOffsetMs = 0) {
  const host = new FakeHost(9, clockOffsetMs);
  const identity = agentIdentity(agentClass, CLASS_CAPABILITIES[agentClass], 1, 10);
  const agent = host.run(new Agent(host, identity, options, PARAMETERS));
  /** The agent's next heartbeat. */
  const report = (): AgentImpedance => {
    const count = host.sentOf("HEARTBEAT").length;
    while (host.sentOf("HEARTBEAT").length === count) host.advanceTo(host.nextTimerMs());
    return host.sentOf("HEARTBEAT").at(-1)!.message.impedance;
  };
  return { host, agent, report };
}

/**
 * The lead of the only cluster of a mesh: orchestrator 0, coordinator 1, lead 2, agents from 3.
 * @param newcomers how many agents join later, behind the `size` that are there
 */
export function leadOn(options: ProtocolOptions, size: number, agentClass: ImpedanceClass = "B", newcomers = 0) {
  const { agents: joining } = shapeOf(1, 1, { [agentClass]: newcomers });
  const topology = new Topology({ ...shapeOf(1, 1, { [agentClass]: size }), joining });
  const cluster = topology.clusters[0]!;
  const host = new FakeHost(cluster.lead);
  const lead = host.run(new ClusterLead(host, cluster, 1, options, PARAMETERS));
  const agents = Array.from({ length: size + newcomers }, (_, index) => cluster.firstAgent + index);
  const hear = (agentId: Address, changes: Partial<AgentImpedance> = {}) => {
    const impedance = impedanceOf(agentId, { agentClass, ...changes });
    host.deliver(agentId, { type: "HEARTBEAT", agentId, timestampMs: host.now(), impedance, grant: 0 });
  };
  return { host, lead, agents, hear };
}

export function coordinatorOn(options: ProtocolOptions, topology: Topology, sectorIndex = 0) {
  const sector = topology.sectors[sectorIndex]!;
  const host = new FakeHost(sector.coordinator);
  const coordinator = host.run(new SectorCoordinator(host, sector, topology, options, PARAMETERS));
  return { host, coordinator };
}

export function orchestratorOn(options: ProtocolOptions, topology: Topology) {
  const host = new FakeHost(ORCHESTRATOR);
  const orchestrator = host.run(new Orchestrator(host, topology, options, PARAMETERS));
  return { host, orchestrator };
}
