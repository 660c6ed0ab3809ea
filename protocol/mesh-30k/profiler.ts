/** The impedance profiler that runs on each agent and coordinator (document 4.1). Time is an argument. */
import type { Address, Millis } from "../contract.js";
import { DRIFT_COEFFICIENTS, type DriftCoefficient } from "./drift-coefficient.js";
import type { ImpedanceClass } from "./impedance-class.js";
import { impedanceScore } from "./impedance-score.js";
import { LATENCY_ESTIMATES, type LatencyEstimate, oneWayMs, type Timed } from "./latency-estimate.js";
import { Memory } from "./memory.js";
import type { AgentImpedance } from "./messages.js";
import type { ProtocolOptions } from "./options.js";
import { SAMPLE_WINDOW, UNMEASURED_ONE_WAY_MS } from "./parameters.js";
import { weightFactor } from "./processing-estimate.js";
import { SampleWindow } from "./sample-window.js";
import { SuccessRate } from "./success-rate.js";

/** What is profiled, and what it is taken to need before it was measured. */
export interface ProfileSubject {
  readonly agentClass: ImpedanceClass;
  readonly assumedProcessingMs: Millis;
  readonly capabilities: readonly string[];
}

const MEDIAN = 0.5;

export class ImpedanceProfiler {
  private readonly successes: SuccessRate;
  private readonly latency: SampleWindow;
  private readonly processing: SampleWindow;
  private readonly latencySample: LatencyEstimate;
  private readonly driftCoefficient: DriftCoefficient;
  private reports = 0;

  constructor(
    private readonly agentId: Address,
    private readonly subject: ProfileSubject,
    options: ProtocolOptions,
    memory = new Memory(),
  ) {
    this.successes = new SuccessRate(memory);
    this.latency = new SampleWindow(SAMPLE_WINDOW, MEDIAN, memory);
    this.processing = new SampleWindow(SAMPLE_WINDOW, MEDIAN, memory);
    this.latencySample = LATENCY_ESTIMATES[options.latencyEstimate];
    this.driftCoefficient = DRIFT_COEFFICIENTS[options.driftCoefficient];
  }

  onMessageReceived(message: Timed, nowMs: Millis): void {
    const sample = this.latencySample(message, nowMs);
    if (!Number.isNaN(sample)) this.latency.add(sample);
  }

  /** @param tookMs processing alone, without the wait before it */
  onProcessingComplete(tookMs: Millis, payloadWeight: number, nowMs: Millis): void {
    this.processing.add(tookMs / weightFactor(payloadWeight));
    this.successes.record(nowMs, true);
  }

  /** Work that was no message, and says nothing of how reliably those are worked off. */
  onTrialComplete(tookMs: Millis): void {
    this.processing.add(tookMs);
  }

  onFailure(nowMs: Millis): void {
    this.successes.record(nowMs, false);
  }

  /** One way to this node as far as it knows, in ms. */
  oneWayMs(): Millis {
    return this.latency.count === 0 ? UNMEASURED_ONE_WAY_MS : oneWayMs(this.latency.quantile());
  }

  /** Processing of a standard payload as far as it knows, in ms. */
  processingMs(): Millis {
    return this.processing.count === 0 ? this.subject.assumedProcessingMs : this.processing.quantile();
  }

  /** What the next heartbeat reports. */
  impedance(queueDepth: number, contextHash: number, nowMs: Millis): AgentImpedance {
    this.reports++;
    return {
      agentId: this.agentId,
      agentClass: this.subject.agentClass,
      latencyMs: this.latency.quantile(),
      latencyDeviationMs: this.latency.deviation(),
      processingMs: this.processing.quantile(),
      processingSamples: this.processing.count,
      queueDepth,
      assumedProcessingMs: this.subject.assumedProcessingMs,
      heartbeatNumber: this.reports,
      impedanceScore: impedanceScore(this.oneWayMs(), this.processingMs(), queueDepth),
      reliabilityScore: this.successes.value(nowMs),
      driftCoefficient: this.driftCoefficient(this.latency),
      contextHash,
      capabilities: this.subject.capabilities,
    };
  }
}
