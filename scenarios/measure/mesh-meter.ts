/**
 * Measures a MESH-30K mesh, in true time, by the definitions in `docs/protocols.md`, from the notes that probes take of
 * it. What it answers depends on the order of the notes, which is that of the events over the whole mesh.
 */
import type { Address } from "../../protocol/contract.js";
import type { ImpedanceClass } from "../../protocol/mesh-30k/impedance-class.js";
import { sequenceOf, type TrinaryState } from "../../protocol/mesh-30k/messages.js";
import type { Topology } from "../../protocol/mesh-30k/topology.js";
import { US_PER_MS, US_PER_S } from "../../sim/time.js";
import type { Stage } from "../stage.js";
import { AgentBooks } from "./agent-books.js";
import { AvailabilityMeter } from "./availability-meter.js";
import { CascadeMeter } from "./cascade-meter.js";
import { Distribution } from "./distribution.js";
import { Exchange, type MeshNotes, type RareFact } from "./mesh-notes.js";
import { Population } from "./population.js";
import { BATCH_S, PredictionMeter, WITHIN_MS } from "./prediction-meter.js";
import { ResilienceMeter } from "./resilience-meter.js";
import { SendTimes } from "./send-times.js";

/** A meter for all of a mesh. */
export function meterOf({ topology, warmUpUs, loaded }: Stage): MeshMeter {
  const { options } = loaded.scenario.protocol;
  return new MeshMeter(topology, warmUpUs, options.targetTime === "repaired", options.humanTargets === "as-written");
}

/** How long a message can be awaited: a checkpoint's hour and the hours of the answer; seconds and a queue of them. */
const PEOPLE_MAY_TAKE_US = 86_400 * US_PER_S;
const MACHINES_MAY_TAKE_US = 120 * US_PER_S;

export class MeshMeter implements MeshNotes {
  readonly predictions = new PredictionMeter();
  readonly availability: AvailabilityMeter;
  readonly agents: AgentBooks;
  readonly resilience: ResilienceMeter;
  readonly cascades: CascadeMeter;
  readonly registryLag = new Distribution();
  readonly intraClusterLatency = new Distribution();
  readonly meshWideLatency = new Distribution();
  readonly checkpoints = { put: 0, answered: 0, answerMs: new Distribution() };
  readonly responses = { all: 0, conflicts: 0, batches: [] as { all: number; conflicts: number }[] };
  noCapableAgent = 0;
  /** Active agents of whom the KPIs speak, at the end of each second. */
  readonly activeBySecond: number[] = [];

  private readonly classOf: ImpedanceClass[];
  /** When each message that awaits its READY was first sent, by source and the source's sequence number. */
  private readonly sendTimes: SendTimes[] = [];

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
    this.resilience = new ResilienceMeter(fromUs);
    this.availability = new AvailabilityMeter(topology, population, fromUs);
    this.classOf = topology.clusters.flatMap((c) => new Array<ImpedanceClass>(c.size).fill(c.agentClass));
    const classOf = (agent: Address) => this.agentClass(agent);
    this.cascades = new CascadeMeter(topology, population, fromUs, inheritsTargetTime, this.agents, classOf);
    for (let source = 0; source < topology.firstLead; source++) this.sendTimes.push(new SendTimes(PEOPLE_MAY_TAKE_US));
    for (const { agentClass } of topology.clusters) {
      this.sendTimes.push(new SendTimes(agentClass === "F" ? PEOPLE_MAY_TAKE_US : MACHINES_MAY_TAKE_US));
    }
  }

  agentClass(agent: Address): ImpedanceClass {
    return this.classOf[agent - this.topology.firstAgent]!;
  }

  heartbeat(nowUs: number, agent: Address, heartbeatNumber: number): void {
    this.agents.noteHeartbeat(agent - this.topology.firstAgent, heartbeatNumber, nowUs);
  }

  sent(nowUs: number, agent: Address, messageId: number, source: Address, correlationId: number, how: Exchange): void {
    // Noted during warm-up, too, lest a resend after it be taken for the first sending.
    const isFirst = this.sendTimes[source]!.note(sequenceOf(messageId, source), nowUs);
    if (!isFirst || nowUs < this.fromUs) return;
    if (how === Exchange.checkpoint) this.checkpoints.put++;
    else if (how === Exchange.gather) this.cascades.onSent(agent, this.agentClass(agent), correlationId);
  }

  ready(
    nowUs: number,
    agent: Address,
    messageId: number,
    source: Address,
    correlationId: number,
    how: Exchange,
    state: TrinaryState,
    expectedReadyMs: number,
  ): void {
    const sentUs = this.sendTimes[source]!.take(sequenceOf(messageId, source));
    if (sentUs === undefined || sentUs < this.fromUs) return;
    const agentClass = this.agentClass(agent);
    const tookMs = (nowUs - sentUs) / US_PER_MS;
    if (how === Exchange.checkpoint) {
      this.checkpoints.answered++;
      this.checkpoints.answerMs.add(tookMs);
      return;
    }
    if (agentClass !== "F") this.noteResponse(nowUs, state === -1);
    if (state !== 1) return;
    this.notePrediction(nowUs, agent, agentClass, messageId, expectedReadyMs, tookMs);
    if (how === Exchange.gather) this.cascades.onReady(nowUs, agent, agentClass, source, correlationId);
    else if (source < this.topology.firstLead) this.meshWideLatency.add(tookMs);
    else if (agentClass !== "F") this.intraClusterLatency.add(tookMs);
  }

  gathered(nowUs: number, coordinator: Address, correlationId: number, agent: Address): void {
    this.cascades.onGathered(nowUs, coordinator, correlationId, agent);
  }

  passedOn(nowUs: number, correlationId: number, remainingMs: number, windowMs: number): void {
    this.cascades.onPassedOn(nowUs, correlationId, remainingMs, windowMs);
  }

  fact(nowUs: number, node: Address, fact: RareFact): void {
    switch (fact.type) {
      case "routed":
        if (nowUs >= this.fromUs) this.noteLag(nowUs, fact.agentId, fact.heartbeatNumber);
        return;
      case "no-capable-agent":
        if (nowUs >= this.fromUs) this.noCapableAgent++;
        return;
      case "agent-state":
        this.availability.onState(nowUs, fact.agentId, fact.state);
        return;
      case "aimed":
      case "took-in":
      case "gather-ended":
      case "cascade-started":
      case "cascade-ended":
        this.cascades.onFact(nowUs, node, fact);
        return;
      default:
        this.resilience.onFact(nowUs, fact);
    }
  }

  onSecond(second: number): void {
    const nowUs = (second + 1) * US_PER_S;
    this.availability.advance(nowUs);
    this.cascades.close(nowUs);
    this.activeBySecond[second] = this.availability.active;
  }

  /** Accounts for the time up to `nowUs`, at which the run ends or was interrupted. */
  finish(nowUs: number): void {
    this.resilience.advance(nowUs);
    this.availability.advance(nowUs);
    this.cascades.close(nowUs);
  }

  private notePrediction(
    nowUs: number,
    agent: Address,
    agentClass: ImpedanceClass,
    messageId: number,
    predictedMs: number,
    tookMs: number,
  ): void {
    if (Number.isNaN(predictedMs)) return;
    const errorMs = tookMs - predictedMs;
    this.predictions.add(agentClass, messageId, (nowUs - this.fromUs) / US_PER_S, predictedMs, errorMs);
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
