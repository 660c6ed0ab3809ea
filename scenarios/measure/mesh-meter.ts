/**
 * Watches a MESH-30K simulation and measures it, in true time, by the definitions in `docs/protocols.md`. It sees every
 * message that is sent and every fact that a node reports, and touches nothing.
 */
import type { Address } from "../../protocol/contract.js";
import type { AimedFact, Fact, GatherEndedFact, ReadyFact, Tier, TookInFact } from "../../protocol/mesh-30k/facts.js";
import type { ImpedanceClass } from "../../protocol/mesh-30k/impedance-class.js";
import {
  type AgentImpedance,
  type Coordinate,
  type Heartbeat,
  MESSAGE_SEQUENCES,
  type MeshMessage,
} from "../../protocol/mesh-30k/messages.js";
import { cascadeNumberOf } from "../../protocol/mesh-30k/operation.js";
import type { Topology } from "../../protocol/mesh-30k/topology.js";
import type { Observer } from "../../sim/simulation.js";
import { US_PER_MS, US_PER_S } from "../../sim/time.js";
import type { Incident } from "../results.js";
import { AvailabilityMeter } from "./availability-meter.js";
import { CascadeRecord } from "./cascade-meter.js";
import { Distribution } from "./distribution.js";
import { PredictionMeter, WITHIN_MS } from "./prediction-meter.js";
import { SendTimes } from "./send-times.js";

export const MESSAGE_KINDS = [
  "HEARTBEAT",
  "COORDINATE",
  "ACK",
  "CLUSTER_SUMMARY",
  "SECTOR_SUMMARY",
  "MAP",
  "CIRCUIT",
  "FREEZE",
] as const satisfies readonly MeshMessage["type"][];

/** How long a message can be awaited: a checkpoint's hour and the hours of the answer; seconds and a queue of them. */
const PEOPLE_MAY_TAKE_US = 86_400 * US_PER_S;
const MACHINES_MAY_TAKE_US = 120 * US_PER_S;

/** How many heartbeats back a routing decision can look: a map is at most a few intervals old. */
const HEARTBEATS_KEPT = 16;

/** Counts kept of each agent, side by side so that an event touches one cache line of them. */
const Count = { received: 0, targeted: 1, hits: 2, predictions: 3, within: 4 } as const;
const COUNTS = 8;

/** What is known of each agent, by its position among the agents. */
class AgentBooks {
  readonly lastHeartbeat: (Heartbeat | undefined)[];
  /** True send times of the last heartbeats, by heartbeat number. */
  readonly heartbeatUs: Float64Array;
  private readonly counts: Int32Array;

  constructor(count: number) {
    this.counts = new Int32Array(count * COUNTS);
    this.lastHeartbeat = new Array<Heartbeat | undefined>(count).fill(undefined);
    this.heartbeatUs = new Float64Array(count * HEARTBEATS_KEPT);
  }

  add(index: number, field: keyof typeof Count): void {
    this.counts[index * COUNTS + Count[field]]!++;
  }

  of(index: number, field: keyof typeof Count): number {
    return this.counts[index * COUNTS + Count[field]]!;
  }
}

export class GatherBooks {
  started = 0;
  achieved = 0;
  sumOfSent = 0;
  sumOfTargeted = 0;
  readonly decisions: Record<string, number> = {};
}

export class MeshMeter implements Observer<MeshMessage, Fact> {
  readonly predictions = new PredictionMeter();
  readonly availability: AvailabilityMeter;
  readonly agents: AgentBooks;
  readonly incidents: Incident[] = [];
  readonly cascades = new Map<number, CascadeRecord>();
  readonly agentLatency = new Distribution();
  readonly arrivalErrors = new Map<ImpedanceClass, Distribution>();
  readonly gathers: Record<Tier, GatherBooks> = {
    orchestrator: new GatherBooks(),
    sector: new GatherBooks(),
    lead: new GatherBooks(),
  };
  readonly registryLag = new Distribution();
  readonly intraClusterLatency = new Distribution();
  readonly meshWideLatency = new Distribution();
  readonly checkpoints = { put: 0, answered: 0, answerMs: new Distribution() };
  readonly responses = { all: 0, conflicts: 0, batches: [] as { all: number; conflicts: number }[] };
  noCapableAgent = 0;
  /** Messages sent, by second and kind; index second x kinds + kind. */
  readonly sentBySecond: number[] = [];
  /** Hits and targets of cascades, by the second in which the agent was READY or aimed at. */
  readonly targetedBySecond: number[] = [];
  readonly hitsBySecond: number[] = [];
  /** Active machine agents at the end of each second. */
  readonly activeBySecond: number[] = [];

  private readonly classOf: ImpedanceClass[];
  /** When each message that awaits its READY was first sent, by source and the source's sequence number. */
  private readonly sent: SendTimes[] = [];

  /** @param fromUs when measuring begins: what was sent or started before does not count */
  constructor(
    private readonly topology: Topology,
    private readonly fromUs: number,
  ) {
    this.agents = new AgentBooks(topology.agentCount);
    this.availability = new AvailabilityMeter(topology, fromUs);
    this.classOf = topology.clusters.flatMap((c) => new Array<ImpedanceClass>(c.size).fill(c.agentClass));
    for (let source = 0; source < topology.firstLead; source++) this.sent.push(new SendTimes(PEOPLE_MAY_TAKE_US));
    for (const { agentClass } of topology.clusters) {
      this.sent.push(new SendTimes(agentClass === "F" ? PEOPLE_MAY_TAKE_US : MACHINES_MAY_TAKE_US));
    }
  }

  agentClass(agent: Address): ImpedanceClass {
    return this.classOf[agent - this.topology.firstAgent]!;
  }

  onSend(nowUs: number, _from: Address, to: Address, message: MeshMessage): void {
    const kind = MESSAGE_KINDS.indexOf(message.type);
    const cell = Math.floor(nowUs / US_PER_S) * MESSAGE_KINDS.length + kind;
    this.sentBySecond[cell] = (this.sentBySecond[cell] ?? 0) + 1;
    if (message.type === "HEARTBEAT") this.noteHeartbeat(nowUs, message);
    else if (message.type === "COORDINATE" && this.topology.isAgent(to)) this.noteSending(nowUs, to, message);
  }

  onFact(nowUs: number, node: Address, fact: Fact): void {
    switch (fact.type) {
      case "ready":
        this.onReady(nowUs, node, fact);
        return;
      case "aimed":
        this.onAimed(nowUs, node, fact);
        return;
      case "gathered":
        this.onGathered(nowUs, node, fact.correlationId, fact.agentId);
        return;
      case "took-in":
        this.onTookIn(nowUs, fact);
        return;
      case "gather-ended":
        this.onGatherEnded(fact);
        return;
      case "cascade-started":
        if (nowUs >= this.fromUs) {
          this.cascades.set(fact.cascade, new CascadeRecord(fact.cascade, fact.strategy, nowUs));
        }
        return;
      case "cascade-ended":
        this.onCascadeEnded(nowUs, fact.cascade, fact.status);
        return;
      case "routed":
        if (fact.scope === "mesh" && nowUs >= this.fromUs) this.noteLag(nowUs, fact.agentId, fact.heartbeatNumber);
        return;
      case "no-capable-agent":
        if (nowUs >= this.fromUs) this.noCapableAgent++;
        return;
      case "agent-state":
        this.availability.onState(nowUs, fact.agentId, fact.state);
        return;
    }
  }

  /** What an agent last reported of itself, or undefined. */
  lastImpedance(agent: Address): AgentImpedance | undefined {
    return this.agents.lastHeartbeat[agent - this.topology.firstAgent]?.impedance;
  }

  sentOfKind(kind: MeshMessage["type"]): number {
    const column = MESSAGE_KINDS.indexOf(kind as (typeof MESSAGE_KINDS)[number]);
    let sum = 0;
    for (let cell = column; cell < this.sentBySecond.length; cell += MESSAGE_KINDS.length) {
      sum += this.sentBySecond[cell] ?? 0;
    }
    return sum;
  }

  /** Messages sent in each second, by kind, for the kinds that were sent at all. */
  messageRates(): { second: number; kind: string; sent: number }[] {
    const kinds = MESSAGE_KINDS.filter((kind) => this.sentOfKind(kind) > 0);
    const seconds = Math.floor(this.sentBySecond.length / MESSAGE_KINDS.length);
    return Array.from({ length: seconds }, (_, second) =>
      kinds.map((kind) => {
        const cell = second * MESSAGE_KINDS.length + MESSAGE_KINDS.indexOf(kind);
        return { second, kind, sent: this.sentBySecond[cell] ?? 0 };
      }),
    ).flat();
  }

  onSecond(second: number): void {
    this.availability.advance((second + 1) * US_PER_S);
    this.activeBySecond[second] = this.availability.activeMachines;
  }

  private noteHeartbeat(nowUs: number, heartbeat: Heartbeat): void {
    const index = heartbeat.agentId - this.topology.firstAgent;
    this.agents.lastHeartbeat[index] = heartbeat;
    const slot = index * HEARTBEATS_KEPT + (heartbeat.impedance.heartbeatNumber % HEARTBEATS_KEPT);
    this.agents.heartbeatUs[slot] = nowUs;
  }

  private noteSending(nowUs: number, to: Address, message: Coordinate): void {
    const index = to - this.topology.firstAgent;
    this.agents.add(index, "received");
    if (nowUs < this.fromUs) return;
    if (message.routingStrategy === "broadcast" || message.routingStrategy === "pipeline") return;
    if (!this.sent[message.sourceId]!.note(message.messageId % MESSAGE_SEQUENCES, nowUs)) return;
    if (message.isCheckpoint) this.checkpoints.put++;
    else if (message.routingStrategy === "scatter-gather") {
      const cascade = this.cascades.get(cascadeNumberOf(message.correlationId));
      if (cascade !== undefined) cascade.of(this.agentClass(to)).sent++;
    }
  }

  private onReady(nowUs: number, agent: Address, { message, trinaryState }: ReadyFact): void {
    const sentUs = this.sent[message.sourceId]!.take(message.messageId % MESSAGE_SEQUENCES);
    if (sentUs === undefined) return;
    const agentClass = this.agentClass(agent);
    const tookMs = (nowUs - sentUs) / US_PER_MS;
    if (message.isCheckpoint) {
      this.checkpoints.answered++;
      this.checkpoints.answerMs.add(tookMs);
      return;
    }
    if (agentClass !== "F") this.noteResponse(nowUs, trinaryState === -1);
    if (trinaryState !== 1) return;
    this.notePrediction(nowUs, agent, agentClass, message, tookMs);
    if (message.routingStrategy === "scatter-gather") this.noteArrival(nowUs, agent, agentClass, message);
    else if (message.sourceId < this.topology.firstLead) this.meshWideLatency.add(tookMs);
    else if (agentClass !== "F") this.intraClusterLatency.add(tookMs);
  }

  private notePrediction(
    nowUs: number,
    agent: Address,
    agentClass: ImpedanceClass,
    message: Coordinate,
    tookMs: number,
  ): void {
    const predictedMs = message.compensation.expectedReadyMs;
    if (Number.isNaN(predictedMs)) return;
    const errorMs = tookMs - predictedMs;
    this.predictions.add(agentClass, message.messageId, nowUs / US_PER_S, predictedMs, errorMs);
    const index = agent - this.topology.firstAgent;
    this.agents.add(index, "predictions");
    if (Math.abs(errorMs) <= WITHIN_MS) this.agents.add(index, "within");
  }

  private noteArrival(nowUs: number, agent: Address, agentClass: ImpedanceClass, message: Coordinate): void {
    const cascade = this.cascades.get(cascadeNumberOf(message.correlationId));
    const aim = cascade?.aimOf(message.sourceId, message.correlationId);
    if (cascade === undefined || aim === undefined) return;
    const tally = cascade.of(agentClass);
    const errorUs = nowUs - aim.targetUs;
    let errors = this.arrivalErrors.get(agentClass);
    if (errors === undefined) {
      errors = new Distribution();
      this.arrivalErrors.set(agentClass, errors);
    }
    errors.add(errorUs / US_PER_MS);
    if (agentClass !== "F") {
      cascade.readyAfterUs.push(nowUs - cascade.startedUs);
      this.agentLatency.add((nowUs - cascade.startedUs) / US_PER_MS);
    }
    if (errorUs < -aim.windowUs) tally.early++;
    else if (errorUs > aim.windowUs) tally.late++;
    else {
      tally.hits++;
      this.agents.add(agent - this.topology.firstAgent, "hits");
      if (agentClass !== "F") addAt(this.hitsBySecond, nowUs, 1);
    }
  }

  private noteResponse(nowUs: number, isConflict: boolean): void {
    this.responses.all++;
    if (isConflict) this.responses.conflicts++;
    const index = Math.floor((nowUs - this.fromUs) / (10 * US_PER_S));
    this.responses.batches[index] ??= { all: 0, conflicts: 0 };
    this.responses.batches[index].all++;
    if (isConflict) this.responses.batches[index].conflicts++;
  }

  private onAimed(nowUs: number, source: Address, fact: AimedFact): void {
    const cascade = this.cascades.get(cascadeNumberOf(fact.correlationId));
    if (cascade === undefined || !this.topology.isAgent(fact.targets[0] ?? 0)) return;
    cascade.aim(source, fact, nowUs);
    for (const agent of fact.targets) {
      cascade.of(this.agentClass(agent)).targeted++;
      this.agents.add(agent - this.topology.firstAgent, "targeted");
      if (this.agentClass(agent) !== "F") addAt(this.targetedBySecond, nowUs, 1);
    }
    for (const agent of fact.skipped) cascade.of(this.agentClass(agent)).skipped++;
  }

  private onGathered(nowUs: number, source: Address, correlationId: number, agent: Address): void {
    const cascade = this.cascades.get(cascadeNumberOf(correlationId));
    const aim = cascade?.aimOf(source, correlationId);
    if (cascade === undefined || aim === undefined || !this.topology.isAgent(agent)) return;
    if (nowUs <= aim.targetUs + aim.windowUs) cascade.of(this.agentClass(agent)).gathered++;
  }

  private onTookIn(nowUs: number, fact: TookInFact): void {
    const cascade = this.cascades.get(cascadeNumberOf(fact.correlationId));
    if (cascade === undefined) return;
    const phase = fact.correlationId % 16;
    if (fact.tier === "sector" && phase === 0) cascade.levelUs.sectors.push(nowUs - cascade.startedUs);
    if (fact.tier === "lead" && phase === 1) cascade.levelUs.leads.push(nowUs - cascade.startedUs);
  }

  private onGatherEnded(fact: GatherEndedFact): void {
    const cascade = this.cascades.get(cascadeNumberOf(fact.correlationId));
    if (cascade === undefined) return;
    const books = this.gathers[fact.tier];
    books.started++;
    cascade.gathers.started++;
    if (fact.achieved) {
      books.achieved++;
      cascade.gathers.achieved++;
    }
    books.sumOfSent += fact.readyOfSent;
    books.sumOfTargeted += fact.readyOfTargeted;
    books.decisions[fact.decision] = (books.decisions[fact.decision] ?? 0) + 1;
  }

  private onCascadeEnded(nowUs: number, number: number, status: string): void {
    const cascade = this.cascades.get(number);
    if (cascade === undefined) return;
    cascade.status = status;
    cascade.endedUs = nowUs;
    if (status === "SUCCESS" || status === "COMPLETE") return;
    this.incidents.push({
      atS: nowUs / US_PER_S,
      kind: "cascade-without-quorum",
      where: "orchestrator",
      detail: `cascade ${number} (${cascade.strategy}) ended as ${status}`,
    });
  }

  private noteLag(nowUs: number, agent: Address, heartbeatNumber: number): void {
    const index = agent - this.topology.firstAgent;
    const sentUs = this.agents.heartbeatUs[index * HEARTBEATS_KEPT + (heartbeatNumber % HEARTBEATS_KEPT)]!;
    this.registryLag.add((nowUs - sentUs) / US_PER_MS);
  }
}

function addAt(bySecond: number[], nowUs: number, count: number): void {
  const second = Math.floor(nowUs / US_PER_S);
  bySecond[second] = (bySecond[second] ?? 0) + count;
}
