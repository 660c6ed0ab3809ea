/** What a coordinator or lead knows of one node below it: its latest report, and what was measured of it here. */
import type { Address, Millis } from "../contract.js";
import { ROUTING_POLICIES, type RoutingPolicy } from "./best-agent.js";
import { trust } from "./confidence.js";
import type { ImpedanceClass } from "./impedance-class.js";
import { oneWayMs } from "./latency-estimate.js";
import { Memory } from "./memory.js";
import type { AgentImpedance, Echo, OperationalState } from "./messages.js";
import type { ProtocolOptions } from "./options.js";
import { ENOUGH_SAMPLES, type Parameters, SAMPLE_WINDOW, UNMEASURED_ONE_WAY_MS } from "./parameters.js";
import { PROCESSING_ESTIMATES, type ProcessingEstimate } from "./processing-estimate.js";
import { REPORT_CELLS, Report, readReport, writeReport } from "./report-cells.js";
import type { RoutingCosts } from "./routing-costs.js";
import { SampleWindow } from "./sample-window.js";

export interface ChildSettings {
  readonly routing: RoutingPolicy;
  readonly processing: ProcessingEstimate;
  /** Which quantile of a child's lead-time errors is asked for. */
  readonly bufferQuantile: number;
}

export function childSettings(options: ProtocolOptions, parameters: Parameters): ChildSettings {
  return {
    routing: ROUTING_POLICIES[options.routing],
    processing: PROCESSING_ESTIMATES[options.processingEstimate],
    bufferQuantile: parameters.bufferQuantile,
  };
}

/** What is read of a child whenever something is sent to it or comes from it. */
const OUTSTANDING = 0;
const HEARD_AT = 1;
const PEER_SENT_AT = 2;
const IS_OPEN = 3;
const SILENT_INTERVALS = 4;
/** What follows from its latest report. */
const FIXED_COST = 5;
const COST_PER_MESSAGE = 6;
const ONE_WAY = 7;
const STANDARD_PROCESSING = 8;
const TRUST = 9;
/** Sendings in a row that it has not answered. */
const UNANSWERED = 10;
/** The mean of its scores, of how many of them, and how many in a row were far above it. */
const MEAN_SCORE = 11;
const SCORES = 12;
const HIGH_SCORES = 13;
/** Exchanges in a row that took much longer than it claims, and how long the last of them took. */
const CONTRADICTIONS = 14;
const CONTRADICTION = 15;
/** With so many unanswered messages, no task is routed to it. */
const MOST_AT_ONCE = 16;
/** That report itself. */
const REPORT = 17;
const CELLS = REPORT + REPORT_CELLS;

/** A score above so many times the mean is a spike (document 6.1). */
const SPIKE_FACTOR = 2;
/** The mean is over ten minutes of reports: long enough for a spike to stand out, short enough to get used to a new place. */
const SCORES_AVERAGED = 120;
/** An exchange contradicts a claim when it takes longer than this many times it, and so much more: see docs/protocols.md. */
const CLAIM_FACTOR = 4;
const CLAIM_MARGIN_MS = 250;
/** A score at its bound claims nothing. */
const HIGHEST_SCORE = 1000;

function claimHolds(score: number, readyAfterMs: Millis): boolean {
  return readyAfterMs <= CLAIM_FACTOR * score + CLAIM_MARGIN_MS || score >= HIGHEST_SCORE;
}

export class Child {
  state: OperationalState = "active";
  /** By how much later than predicted it was READY, measured on the own clock. */
  readonly errors: SampleWindow;
  private readonly cells: Float64Array;
  private readonly at: number;
  private offered: readonly string[] = [];

  /**
   * @param settings of the node that the child is one of
   * @param costs where routing looks its cost up, under `index`; left out where nothing is routed by it
   */
  constructor(
    readonly address: Address,
    readonly agentClass: ImpedanceClass,
    assumedProcessingMs: Millis,
    private readonly settings: ChildSettings,
    private readonly costs?: RoutingCosts,
    private readonly index = 0,
    memory = new Memory(),
  ) {
    const { cells, at } = memory.take(CELLS);
    this.cells = cells;
    this.at = at;
    cells[at + HEARD_AT] = Number.NEGATIVE_INFINITY;
    cells[at + PEER_SENT_AT] = Number.NaN;
    cells[at + MOST_AT_ONCE] = Number.POSITIVE_INFINITY;
    this.errors = new SampleWindow(SAMPLE_WINDOW, settings.bufferQuantile, memory);
    this.report(unmeasured(address, agentClass, assumedProcessingMs));
  }

  /** The latest report, or what is assumed before there is one. */
  get impedance(): AgentImpedance {
    return readReport(this.cells, this.at + REPORT, this.address, this.agentClass, this.offered);
  }

  /** What it offers by its latest report. */
  get capabilities(): readonly string[] {
    return this.offered;
  }

  /** The number of its latest report; 0 before the first. */
  get heartbeatNumber(): number {
    return this.cells[this.at + REPORT + Report.heartbeatNumber]!;
  }

  /** How many pieces of work its figures rest on, by its latest report. */
  get processingSamples(): number {
    return this.cells[this.at + REPORT + Report.processingSamples]!;
  }

  /** No task is routed to it while it has so many unanswered messages: endless but for one that has just joined. */
  get mostAtOnce(): number {
    return this.cells[this.at + MOST_AT_ONCE]!;
  }

  limit(mostAtOnce: number): void {
    this.cells[this.at + MOST_AT_ONCE] = mostAtOnce;
    this.updateCost();
  }

  /** Its latency by its latest report; NaN until there is one. */
  get latencyMs(): Millis {
    return this.cells[this.at + REPORT + Report.latencyMs]!;
  }

  /** When its last report came, on the own clock; minus infinity before the first. */
  get heardAtMs(): Millis {
    return this.cells[this.at + HEARD_AT]!;
  }

  /** What a message to it tells it of its last report. */
  echo(nowMs: Millis): Echo {
    return { echoSentAtMs: this.peerSentAtMs, echoHeldMs: nowMs - this.heardAtMs };
  }

  /** When it sent that report, on its clock, for the echo; NaN before the first. */
  get peerSentAtMs(): Millis {
    return this.cells[this.at + PEER_SENT_AT]!;
  }

  get wasHeard(): boolean {
    return this.heardAtMs !== Number.NEGATIVE_INFINITY;
  }

  /** Messages sent to it that it has not answered. */
  get outstanding(): number {
    return this.cells[this.at + OUTSTANDING]!;
  }

  /** One way to it by its latest report, or what is assumed. */
  get oneWayMs(): Millis {
    return this.cells[this.at + ONE_WAY]!;
  }

  /** Processing of a standard payload by its latest report, or what is assumed. */
  get standardProcessingMs(): Millis {
    return this.cells[this.at + STANDARD_PROCESSING]!;
  }

  /** How much its latency varies, by its latest report. */
  get latencyDeviationMs(): Millis {
    return this.cells[this.at + REPORT + Report.latencyDeviationMs]!;
  }

  /** Its impedance score by its latest report. */
  get score(): number {
    return this.cells[this.at + REPORT + Report.impedanceScore]!;
  }

  /** How unsteady its latency is, by its latest report. */
  get driftCoefficient(): number {
    return this.cells[this.at + REPORT + Report.driftCoefficient]!;
  }

  /** See `trust`. */
  get trust(): number {
    return this.cells[this.at + TRUST]!;
  }

  /** Messages that it has to work off before a new one, as far as is known here. */
  get queueDepth(): number {
    return this.settings.routing.queueDepth(this.cells[this.at + REPORT + Report.queueDepth]!, this.outstanding);
  }

  /** Summary intervals that have passed since anything was heard of it. */
  get silentIntervals(): number {
    return this.cells[this.at + SILENT_INTERVALS]!;
  }

  /** Takes a report in. */
  report(impedance: AgentImpedance): void {
    this.offered = impedance.capabilities;
    writeReport(this.cells, this.at + REPORT, impedance);
    this.deriveFrom(impedance);
  }

  /** Copies the figures of its latest report to other cells. */
  copyReport(cells: Float64Array, at: number): void {
    for (let i = 0; i < REPORT_CELLS; i++) cells[at + i] = this.cells[this.at + REPORT + i]!;
  }

  hold(state: OperationalState): void {
    this.state = state;
    this.setOpen(state === "active");
  }

  /** Notes that the child is there: an answer of its came, perhaps one that it sent before. */
  isAlive(): void {
    this.cells[this.at + SILENT_INTERVALS] = 0;
  }

  /** Sendings in a row that it has not answered. */
  get unanswered(): number {
    return this.cells[this.at + UNANSWERED]!;
  }

  /** Notes that it did not answer in time; how many times in a row that makes. */
  noteUnanswered(): number {
    return ++this.cells[this.at + UNANSWERED]!;
  }

  noteAnswer(): void {
    this.cells[this.at + UNANSWERED] = 0;
  }

  /** The context that it holds by its latest report. */
  get contextHash(): number {
    return this.cells[this.at + REPORT + Report.contextHash]!;
  }

  /** How many of its reports in a row have scores far above their mean; see `noteScore`. */
  get highScores(): number {
    return this.cells[this.at + HIGH_SCORES]!;
  }

  /** Holds the score of its latest report against the mean of those before, and takes it into that (document 6.1). */
  noteScore(): void {
    const { cells, at } = this;
    if (cells[at + REPORT + Report.processingSamples]! < ENOUGH_SAMPLES) return; // still an assumption
    const { score } = this;
    const mean = cells[at + MEAN_SCORE]!;
    const count = cells[at + SCORES]!;
    const isHigh = count >= ENOUGH_SAMPLES && score > SPIKE_FACTOR * mean;
    cells[at + HIGH_SCORES] = isHigh ? cells[at + HIGH_SCORES]! + 1 : 0;
    if (count < SCORES_AVERAGED) cells[at + SCORES] = count + 1;
    cells[at + MEAN_SCORE] = mean + (score - mean) / cells[at + SCORES]!;
  }

  /** How many exchanges in a row took much longer than it claims to need. */
  get contradictions(): number {
    return this.cells[this.at + CONTRADICTIONS]!;
  }

  /** Holds what an exchange shows against what it claims: its impedance score, where that is not at its bound. */
  noteReadyAfter(readyAfterMs: Millis): void {
    const { cells, at } = this;
    if (claimHolds(cells[at + REPORT + Report.impedanceScore]!, readyAfterMs)) {
      if (cells[at + CONTRADICTIONS] !== 0) cells[at + CONTRADICTIONS] = 0;
      return;
    }
    cells[at + CONTRADICTIONS]!++;
    cells[at + CONTRADICTION] = readyAfterMs;
  }

  /** Whether it now claims what the last contradicting exchange showed. */
  get admitsContradiction(): boolean {
    return this.contradictions === 0 || claimHolds(this.score, this.cells[this.at + CONTRADICTION]!);
  }

  forgetContradictions(): void {
    this.cells[this.at + CONTRADICTIONS] = 0;
  }

  /** Notes that one more summary interval has passed. */
  noteInterval(): void {
    this.cells[this.at + SILENT_INTERVALS]!++;
  }

  /** Notes a report of the child. */
  heard(sentAtMs: Millis, nowMs: Millis): void {
    if (!this.wasHeard) this.setOpen(this.state === "active");
    this.isAlive();
    this.cells[this.at + PEER_SENT_AT] = sentAtMs;
    this.cells[this.at + HEARD_AT] = nowMs;
  }

  /** Notes that it was given a message to answer. */
  give(): void {
    this.cells[this.at + OUTSTANDING]!++;
    this.updateCost();
  }

  /** Notes that it has answered one, or that no answer is waited for any more. */
  release(): void {
    this.cells[this.at + OUTSTANDING] = Math.max(0, this.outstanding - 1);
    this.updateCost();
  }

  private setOpen(isOpen: boolean): void {
    this.cells[this.at + IS_OPEN] = isOpen ? 1 : 0;
    this.updateCost();
  }

  /** What every message asks of a report is worked out once, when it comes. */
  private deriveFrom(impedance: AgentImpedance): void {
    const { cells, at, settings } = this;
    cells[at + FIXED_COST] = settings.routing.fixedMs(impedance);
    cells[at + COST_PER_MESSAGE] = settings.routing.perMessageMs(impedance);
    cells[at + ONE_WAY] = Number.isNaN(impedance.latencyMs) ? UNMEASURED_ONE_WAY_MS : oneWayMs(impedance.latencyMs);
    cells[at + STANDARD_PROCESSING] = settings.processing.standardMs(impedance);
    cells[at + TRUST] = trust(impedance);
    this.updateCost();
  }

  private updateCost(): void {
    const { cells, at } = this;
    const outstanding = cells[at + OUTSTANDING]!;
    const cost = cells[at + FIXED_COST]! + cells[at + COST_PER_MESSAGE]! * outstanding;
    const isOpen = cells[at + IS_OPEN] === 1 && outstanding < cells[at + MOST_AT_ONCE]!;
    this.costs?.set(this.index, isOpen ? cost : Number.POSITIVE_INFINITY);
  }
}

function unmeasured(agentId: Address, agentClass: ImpedanceClass, processingMs: Millis): AgentImpedance {
  return {
    agentId,
    agentClass,
    latencyMs: Number.NaN,
    latencyDeviationMs: 0,
    processingMs,
    processingSamples: 0,
    queueDepth: 0,
    assumedProcessingMs: processingMs,
    heartbeatNumber: 0,
    impedanceScore: 1000,
    reliabilityScore: 0,
    driftCoefficient: 0,
    contextHash: 0,
    capabilities: [],
  };
}
