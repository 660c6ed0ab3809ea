/**
 * Watches a MESH-30K simulation and measures it, in true time, by the definitions in `docs/protocols.md`. It sees every
 * message that is sent and every fact that a node reports, and touches nothing.
 */
import type { Address } from "../../protocol/contract.js";
import type { Fact, ReadyFact } from "../../protocol/mesh-30k/facts.js";
import type { ImpedanceClass } from "../../protocol/mesh-30k/impedance-class.js";
import {
  type AgentImpedance,
  type Coordinate,
  type MeshMessage,
  sequenceOf,
} from "../../protocol/mesh-30k/messages.js";
import { ORCHESTRATOR, type Topology } from "../../protocol/mesh-30k/topology.js";
import type { Observer } from "../../sim/simulation.js";
import { US_PER_MS, US_PER_S } from "../../sim/time.js";
import { AgentBooks } from "./agent-books.js";
import { AvailabilityMeter } from "./availability-meter.js";
import { CascadeMeter } from "./cascade-meter.js";
import { Distribution } from "./distribution.js";
import { Population } from "./population.js";
import { BATCH_S, PredictionMeter, WITHIN_MS } from "./prediction-meter.js";
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

export class MeshMeter implements Observer<MeshMessage, Fact> {
  readonly predictions = new PredictionMeter();
  readonly availability: AvailabilityMeter;
  readonly agents: AgentBooks;
  readonly cascades: CascadeMeter;
  readonly registryLag = new Distribution();
  readonly intraClusterLatency = new Distribution();
  readonly meshWideLatency = new Distribution();
  readonly checkpoints = { put: 0, answered: 0, answerMs: new Distribution() };
  readonly responses = { all: 0, conflicts: 0, batches: [] as { all: number; conflicts: number }[] };
  noCapableAgent = 0;
  /** Messages sent, by second and kind; index second x kinds + kind. */
  readonly sentBySecond: number[] = [];
  /** Active agents of whom the KPIs speak, at the end of each second. */
  readonly activeBySecond: number[] = [];

  private readonly classOf: ImpedanceClass[];
  /** When each message that awaits its READY was first sent, by source and the source's sequence number. */
  private readonly sent: SendTimes[] = [];

  /**
   * @param fromUs when measuring begins: what was sent or started before does not count
   * @param inheritsTargetTime whether all levels of a cascade aim at the initiator's target time (option `targetTime`)
   * @param countsPeople whether people are among those of whom the KPIs speak (option `humanTargets`)
   */
  constructor(
    private readonly topology: Topology,
    private readonly fromUs: number,
    inheritsTargetTime: boolean,
    countsPeople = false,
  ) {
    const population = new Population(topology, countsPeople);
    this.agents = new AgentBooks(topology.agentCount);
    this.availability = new AvailabilityMeter(topology, population, fromUs);
    this.classOf = topology.clusters.flatMap((c) => new Array<ImpedanceClass>(c.size).fill(c.agentClass));
    const classOf = (agent: Address) => this.agentClass(agent);
    this.cascades = new CascadeMeter(topology, population, fromUs, inheritsTargetTime, this.agents, classOf);
    for (let source = 0; source < topology.firstLead; source++) this.sent.push(new SendTimes(PEOPLE_MAY_TAKE_US));
    for (const { agentClass } of topology.clusters) {
      this.sent.push(new SendTimes(agentClass === "F" ? PEOPLE_MAY_TAKE_US : MACHINES_MAY_TAKE_US));
    }
  }

  agentClass(agent: Address): ImpedanceClass {
    return this.classOf[agent - this.topology.firstAgent]!;
  }

  onSend(nowUs: number, from: Address, to: Address, message: MeshMessage): void {
    const kind = MESSAGE_KINDS.indexOf(message.type);
    const cell = Math.floor(nowUs / US_PER_S) * MESSAGE_KINDS.length + kind;
    this.sentBySecond[cell] = (this.sentBySecond[cell] ?? 0) + 1;
    if (message.type === "HEARTBEAT") {
      this.agents.noteHeartbeat(message.agentId - this.topology.firstAgent, message, nowUs);
    } else if (message.type === "COORDINATE") {
      if (this.topology.isAgent(to)) this.noteSending(nowUs, to, message);
      else if (from === ORCHESTRATOR) this.cascades.onPassedOn(nowUs, message);
    }
  }

  /** A message has reached its receiver; copies of it do so, too. */
  onDelivered(to: Address, message: MeshMessage): void {
    if (message.type === "COORDINATE" && this.topology.isAgent(to)) {
      this.agents.add(to - this.topology.firstAgent, "received");
    }
  }

  onFact(nowUs: number, node: Address, fact: Fact): void {
    switch (fact.type) {
      case "ready":
        this.onReady(nowUs, node, fact);
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
      default:
        this.cascades.onFact(nowUs, node, fact);
    }
  }

  /** What an agent last reported of itself, or undefined. */
  lastImpedance(agent: Address): AgentImpedance | undefined {
    return this.agents.lastHeartbeatOf(agent - this.topology.firstAgent)?.impedance;
  }

  sentOfKind(kind: MeshMessage["type"]): number {
    const column = MESSAGE_KINDS.indexOf(kind as (typeof MESSAGE_KINDS)[number]);
    let sum = 0;
    for (let cell = column; cell < this.sentBySecond.length; cell += MESSAGE_KINDS.length) {
      sum += this.sentBySecond[cell] ?? 0;
    }
    return sum;
  }

  /**
   * Messages sent in each second of a run that lasted until `endUs`, by kind, for the kinds that were sent at all. What
   * was sent at the very end belongs to the last second, which may be a part of one.
   */
  messageRates(endUs: number): { second: number; kind: string; sent: number }[] {
    const seconds = Math.ceil(endUs / US_PER_S);
    const kinds = MESSAGE_KINDS.filter((kind) => this.sentOfKind(kind) > 0);
    const sentIn = (second: number, kind: (typeof MESSAGE_KINDS)[number]) =>
      this.sentBySecond[second * MESSAGE_KINDS.length + MESSAGE_KINDS.indexOf(kind)] ?? 0;
    return Array.from({ length: seconds }, (_, second) =>
      kinds.map((kind) => {
        const atTheEnd = second === seconds - 1 ? sentIn(seconds, kind) : 0;
        return { second, kind, sent: sentIn(second, kind) + atTheEnd };
      }),
    ).flat();
  }

  onSecond(second: number): void {
    const nowUs = (second + 1) * US_PER_S;
    this.availability.advance(nowUs);
    this.cascades.close(nowUs);
    this.activeBySecond[second] = this.availability.active;
  }

  /** Accounts for the time up to `nowUs`, at which the run ends or was interrupted. */
  finish(nowUs: number): void {
    this.availability.advance(nowUs);
    this.cascades.close(nowUs);
  }

  private noteSending(nowUs: number, to: Address, message: Coordinate): void {
    if (message.routingStrategy === "broadcast" || message.routingStrategy === "pipeline") return;
    // Noted during warm-up, too, lest a resend after it be taken for the first sending.
    const isFirst = this.sent[message.sourceId]!.note(sequenceOf(message.messageId, message.sourceId), nowUs);
    if (!isFirst || nowUs < this.fromUs) return;
    if (message.isCheckpoint) this.checkpoints.put++;
    else if (message.routingStrategy === "scatter-gather") this.cascades.onSent(to, this.agentClass(to), message);
  }

  private onReady(nowUs: number, agent: Address, { message, trinaryState }: ReadyFact): void {
    const sentUs = this.sent[message.sourceId]!.take(sequenceOf(message.messageId, message.sourceId));
    if (sentUs === undefined || sentUs < this.fromUs) return;
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
    if (message.routingStrategy === "scatter-gather") this.cascades.onReady(nowUs, agent, agentClass, message);
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
    this.predictions.add(agentClass, message.messageId, (nowUs - this.fromUs) / US_PER_S, predictedMs, errorMs);
    const index = agent - this.topology.firstAgent;
    this.agents.add(index, "predictions");
    if (Math.abs(errorMs) <= WITHIN_MS) this.agents.add(index, "within");
  }

  private noteResponse(nowUs: number, isConflict: boolean): void {
    this.responses.all++;
    if (isConflict) this.responses.conflicts++;
    const index = Math.floor((nowUs - this.fromUs) / (BATCH_S * US_PER_S));
    this.responses.batches[index] ??= { all: 0, conflicts: 0 };
    this.responses.batches[index].all++;
    if (isConflict) this.responses.batches[index].conflicts++;
  }

  private noteLag(nowUs: number, agent: Address, heartbeatNumber: number): void {
    const sentUs = this.agents.heartbeatSentUs(agent - this.topology.firstAgent, heartbeatNumber);
    this.registryLag.add((nowUs - sentUs) / US_PER_MS);
  }
}
