/**
 * Measures a MESH-30K mesh, in true time, by the definitions in `docs/protocols.md`, from the notes that probes take of
 * it. What it answers depends on the order of the notes, which is that of the events over the whole mesh.
 */
import type { Address } from "../../protocol/contract.js";
import type { CascadeStrategy } from "../../protocol/mesh-30k/cascade-plan.js";
import type { BreakerFact } from "../../protocol/mesh-30k/facts.js";
import type { ImpedanceClass } from "../../protocol/mesh-30k/impedance-class.js";
import { sequenceOf, type TrinaryState } from "../../protocol/mesh-30k/messages.js";
import { ORCHESTRATOR, type Topology } from "../../protocol/mesh-30k/topology.js";
import { US_PER_MS, US_PER_S } from "../../sim/time.js";
import { Calendar } from "../quiet/calendar.js";
import type { Stage } from "../stage.js";
import { AgentBooks } from "./agent-books.js";
import { CutJudge } from "./authority/cut-judge.js";
import { SplitBrainJudge } from "./authority/split-brain-judge.js";
import { AvailabilityMeter } from "./availability-meter.js";
import { CascadeMeter } from "./cascade-meter.js";
import { ConflictMeter } from "./conflict-meter.js";
import { Distribution } from "./distribution.js";
import { JoiningMeter } from "./joining-meter.js";
import { Exchange, Life, type MeshNotes, type RareFact } from "./mesh-notes.js";
import { Population } from "./population.js";
import { BATCH_S, PredictionMeter, WITHIN_MS } from "./prediction-meter.js";
import { breakageOf, NOTHING_BREAKS } from "./recovery/breakage.js";
import { LivenessJudge } from "./recovery/liveness-judge.js";
import { RecoveryMeter } from "./recovery/recovery-meter.js";
import { RegistryWatch } from "./recovery/registry-watch.js";
import { ResilienceMeter } from "./resilience-meter.js";
import { SendTimes } from "./send-times.js";
import { BreakerSpells } from "./service/breaker-spells.js";
import { MeshMap } from "./service/mesh-map.js";
import { ModeSpells } from "./service/mode-spells.js";

/** A meter for all of a mesh. */
export function meterOf(stage: Stage): MeshMeter {
  const { topology, warmUpUs, loaded } = stage;
  const { options } = loaded.scenario.protocol;
  return new MeshMeter(
    topology,
    warmUpUs,
    options.targetTime === "repaired",
    options.humanTargets === "as-written",
    breakageOf(stage),
    stage.calendar,
  );
}

/** Which breaker an office stands behind. */
function breakerOf(office: Address, firstLead: Address): [BreakerFact["scope"], number] {
  if (office === ORCHESTRATOR) return ["global", 0];
  return office < firstLead ? ["sector", office - 1] : ["cluster", office - firstLead];
}

/** How long a message can be awaited: a checkpoint's hour and the hours of the answer; seconds and a queue of them. */
const PEOPLE_MAY_TAKE_US = 86_400 * US_PER_S;
const MACHINES_MAY_TAKE_US = 120 * US_PER_S;

export class MeshMeter implements MeshNotes {
  readonly predictions = new PredictionMeter();
  readonly availability: AvailabilityMeter;
  readonly agents: AgentBooks;
  readonly authority: SplitBrainJudge;
  /** Looks whether the mesh was settled where calendar time is left out. */
  readonly cuts: CutJudge;
  readonly resilience: ResilienceMeter;
  readonly recoveries: RecoveryMeter;
  readonly registries: RegistryWatch;
  readonly liveness: LivenessJudge;
  readonly breakers = new BreakerSpells();
  readonly modes = new ModeSpells();
  readonly map: MeshMap;
  readonly cascades: CascadeMeter;
  readonly registryLag = new Distribution();
  readonly intraClusterLatency = new Distribution();
  readonly meshWideLatency = new Distribution();
  readonly checkpoints = { put: 0, answered: 0, answerMs: new Distribution() };
  readonly responses = { all: 0, conflicts: 0, batches: [] as { all: number; conflicts: number }[] };
  readonly conflicts: ConflictMeter;
  readonly joining: JoiningMeter;
  noCapableAgent = 0;
  /** Active agents of whom the KPIs speak, at the end of each second. */
  readonly activeBySecond: number[] = [];

  private readonly population: Population;
  private readonly classOf: ImpedanceClass[];
  /** By address, whether a node's process is gone or stands still. */
  private readonly isDown: Uint8Array;
  /** By address, whether a process takes itself to be in office. */
  private readonly isHolding: Uint8Array;
  /** When each message that awaits its READY was first sent, by source and the source's sequence number. */
  private readonly sendTimes = new Map<Address, SendTimes>();

  /**
   * @param fromUs when measuring begins: what was sent or started before does not count
   * @param inheritsTargetTime whether all levels of a cascade aim at the initiator's target time (option `targetTime`)
   * @param calendar by which shares of time and rates are counted
   * @param countsPeople whether people are among those of whom the KPIs speak (option `humanTargets`)
   */
  constructor(
    private readonly topology: Topology,
    private readonly fromUs: number,
    inheritsTargetTime: boolean,
    countsPeople = false,
    { strikes, healedUs, withinUs } = NOTHING_BREAKS,
    calendar = Calendar.endless(),
  ) {
    const population = new Population(topology, countsPeople);
    this.isHolding = new Uint8Array(topology.nodeCount);
    this.population = population;
    this.joining = new JoiningMeter(topology);
    this.agents = new AgentBooks(topology.agentCount);
    this.conflicts = new ConflictMeter((process) => {
      const office = topology.officeOf(process);
      return process === office ? topology.standbyOf(office) : office;
    });
    this.authority = new SplitBrainJudge(topology, fromUs, calendar);
    this.registries = new RegistryWatch(topology.nodeCount);
    this.cuts = new CutJudge(topology, this.authority, calendar.cutsUs);
    this.resilience = new ResilienceMeter(fromUs);
    this.availability = new AvailabilityMeter(
      topology,
      population,
      fromUs,
      calendar,
      (nowUs, scope, index, isInService) => {
        this.recoveries.onService(nowUs, scope, index, isInService);
      },
    );
    this.recoveries = new RecoveryMeter(topology, strikes, (agent) => this.availability.isSound(agent), fromUs);
    const isRunning = (node: Address) => this.isDown[node] === 0;
    const { authority, availability, registries } = this;
    this.liveness = new LivenessJudge(topology, { authority, availability, registries, isRunning }, healedUs, withinUs);
    this.isDown = new Uint8Array(topology.nodeCount);
    for (const newcomer of topology.newcomers()) this.isDown[newcomer] = 1;
    this.map = this.mapOf();
    this.classOf = topology.clusters.flatMap((c) => new Array<ImpedanceClass>(c.size).fill(c.agentClass));
    const classOf = (agent: Address) => this.agentClass(agent);
    this.cascades = new CascadeMeter(topology, population, fromUs, inheritsTargetTime, this.agents, classOf);
  }

  agentClass(agent: Address): ImpedanceClass {
    return this.classOf[agent - this.topology.firstAgent]!;
  }

  heartbeat(nowUs: number, agent: Address, heartbeatNumber: number): void {
    this.agents.noteHeartbeat(agent - this.topology.firstAgent, heartbeatNumber, nowUs);
  }

  sent(nowUs: number, agent: Address, messageId: number, source: Address, correlationId: number, how: Exchange): void {
    // Noted during warm-up, too, lest a resend after it be taken for the first sending.
    const isFirst = this.sendTimesOf(source).note(sequenceOf(messageId, source), nowUs);
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
    const sentUs = this.sendTimesOf(source).take(sequenceOf(messageId, source));
    if (sentUs === undefined || sentUs < this.fromUs) return;
    const agentClass = this.agentClass(agent);
    const tookMs = (nowUs - sentUs) / US_PER_MS;
    if (how === Exchange.checkpoint) {
      this.checkpoints.answered++;
      this.checkpoints.answerMs.add(tookMs);
      return;
    }
    if (agentClass !== "F") this.noteResponse(nowUs, state === -1);
    if (state === -1) this.joining.onConflict(agent);
    if (state !== 1) return;
    this.recoveries.onReady(nowUs, agent, sentUs);
    this.notePrediction(nowUs, agent, agentClass, messageId, expectedReadyMs, tookMs);
    if (how === Exchange.gather) this.cascades.onReady(nowUs, agent, agentClass, source, correlationId);
    else if (this.topology.officeOf(source) < this.topology.firstLead) this.meshWideLatency.add(tookMs);
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
        this.map.advance(nowUs);
        this.map.onAgent(fact.agentId);
        this.availability.onState(nowUs, fact.agentId, fact.state, node);
        return;
      case "authority":
        this.noteChange(nowUs, fact.office);
        this.authority.onAuthority(nowUs, node, fact);
        this.noteOffice(nowUs, node, fact.holds && this.isHolding[node] === 0);
        this.isHolding[node] = fact.holds ? 1 : 0;
        if (!fact.holds) this.noteEnd(nowUs, node);
        return;
      case "follows":
        this.noteChange(nowUs, fact.office);
        this.authority.onFollows(nowUs, node, fact);
        return;
      case "obeyed":
        this.noteChange(nowUs, fact.office);
        this.authority.onObeyed(nowUs, node, fact);
        return;
      case "took-in":
        this.authority.onTookIn(nowUs, fact.correlationId);
        this.cascades.onFact(nowUs, node, fact);
        return;
      case "conflict-logged":
      case "conflict-escalated":
      case "conflict-accepted":
      case "conflict-put-to-people":
      case "conflict-inherited":
      case "conflict-let-go":
      case "conflict-resolved":
        this.conflicts.onFact(nowUs, node, fact);
        return;
      case "aimed":
      case "gather-ended":
      case "cascade-started":
      case "cascade-ended":
        this.cascades.onFact(nowUs, node, fact);
        return;
      case "breaker":
        this.noteBreaker(nowUs, fact);
        this.resilience.onFact(nowUs, fact);
        return;
      case "map-taken":
        this.registries.onMapTaken(nowUs, node, fact.clusters);
        return;
      case "stands":
        this.recoveries.onStands(nowUs, fact.office);
        return;
      case "joining":
        if (this.joining.onStep(nowUs, fact)) this.noteJoined(nowUs, fact.agentId);
        return;
      case "failure-detected":
        this.joining.onFailure(fact);
        this.recoveries.onDetected(nowUs, fact.node, fact.failure, node);
        this.resilience.onFact(nowUs, fact);
        return;
      case "failure-recovered":
        this.recoveries.onRecovered(nowUs, fact.node, fact.failure);
        this.resilience.onFact(nowUs, fact);
        return;
      case "mode":
        this.liveness.mode = fact.mode;
        this.modes.onMode(nowUs, fact.mode);
        this.resilience.onFact(nowUs, fact);
        return;
      default:
        this.resilience.onFact(nowUs, fact);
    }
  }

  act(nowUs: number, process: Address): void {
    this.map.advance(nowUs);
    // How often an act is noted depends on the shards; the map may look only where the first of a second changes something.
    if (this.authority.onAct(nowUs, process)) this.map.onOffice(this.topology.officeOf(process));
  }

  refused(nowUs: number, process: Address, strategy: CascadeStrategy): void {
    this.cascades.onRefused(nowUs, process, strategy);
  }

  life(nowUs: number, address: Address, life: Life): void {
    const isFresh = life === Life.up || life === Life.joined;
    const isRunning = isFresh || life === Life.resumed;
    this.isDown[address] = isRunning ? 0 : 1;
    this.map.advance(nowUs);
    if (this.topology.isAgent(address)) this.map.onLife(address, isRunning);
    else this.map.onOffice(this.topology.officeOf(address));
    this.joining.onLife(nowUs, address, life);
    this.authority.onLife(nowUs, address, isRunning, isFresh);
    if (life === Life.down) {
      this.isHolding[address] = 0;
      this.noteEnd(nowUs, address);
    }
    if (this.topology.isAgent(address)) this.availability.onLife(nowUs, address, isRunning);
    else this.noteOffice(nowUs, address, false);
  }

  onSecond(second: number): void {
    const nowUs = (second + 1) * US_PER_S;
    this.cuts.advance(nowUs);
    this.availability.advance(nowUs);
    this.cascades.close(nowUs);
    this.recoveries.look(nowUs);
    this.liveness.look(nowUs);
    this.map.onSecond(nowUs);
    this.activeBySecond[second] = this.availability.active;
  }

  /** Accounts for the time up to `nowUs`, at which the run ends or was interrupted. */
  finish(nowUs: number): void {
    this.resilience.advance(nowUs);
    this.availability.advance(nowUs);
    this.cascades.close(nowUs);
    this.authority.finish(nowUs);
    this.map.onSecond(nowUs);
  }

  private mapOf(): MeshMap {
    const { topology, authority, availability, breakers } = this;
    const { firstLead } = topology;
    return new MeshMap(topology, {
      isSplit: (office, nowUs) => authority.isSplit(office, nowUs),
      isHeld: (office, nowUs) => authority.isHeld(office, nowUs),
      isCutOff: (office) => breakers.isTurned(...breakerOf(office, firstLead)),
      activeIn: (cluster) => availability.activeIn(cluster),
      countedIn: (cluster) => availability.countedIn(cluster),
    });
  }

  /** Something is about to change for an office. */
  private noteChange(nowUs: number, office: Address): void {
    this.map.advance(nowUs);
    this.map.onOffice(office);
  }

  private noteBreaker(nowUs: number, fact: BreakerFact): void {
    const { topology } = this;
    const first = { global: ORCHESTRATOR, sector: 1, cluster: topology.firstLead }[fact.scope];
    this.noteChange(nowUs, first + fact.id);
    this.breakers.onFact(nowUs, fact);
  }

  private sendTimesOf(source: Address): SendTimes {
    let times = this.sendTimes.get(source);
    if (times === undefined) {
      const { firstLead, clusters } = this.topology;
      const cluster = clusters[this.topology.officeOf(source) - firstLead];
      const isSlow = cluster === undefined || cluster.agentClass === "F";
      times = new SendTimes(isSlow ? PEOPLE_MAY_TAKE_US : MACHINES_MAY_TAKE_US);
      this.sendTimes.set(source, times);
    }
    return times;
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

  /**
   * Tells who is in office, where that may have changed for a process.
   * @param isTaken whether it has just come into it, and knows nothing yet of whom an earlier holder held for what
   */
  private noteOffice(nowUs: number, process: Address, isTaken: boolean): void {
    const office = this.topology.officeOf(process);
    const holders = this.authority.holdersOf(office, nowUs);
    this.recoveries.onVacancy(nowUs, office, holders.length > 0);
    const cluster = office - this.topology.firstLead;
    if (cluster < 0 || cluster >= this.topology.clusters.length) return;
    if (isTaken) this.availability.onNewHolder(nowUs, cluster, process);
    this.availability.onOffice(nowUs, cluster, holders);
    if (isTaken) this.recoveries.onNewLead(nowUs, cluster);
    else if (holders.length > 0 && !holders.includes(process)) this.recoveries.onFormerLead(nowUs, cluster, process);
  }

  /** A lead has admitted an agent that was not there before. */
  private noteJoined(nowUs: number, agent: Address): void {
    this.map.advance(nowUs);
    this.map.onAgent(agent);
    this.population.join(nowUs, agent, this.agentClass(agent));
    this.availability.onJoined(nowUs, agent);
  }

  private noteEnd(nowUs: number, process: Address): void {
    if (this.topology.officeOf(process) !== ORCHESTRATOR) return;
    this.cascades.onAbandoned(nowUs, process !== ORCHESTRATOR);
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
