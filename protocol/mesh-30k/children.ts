/** What a coordinator or lead knows of each node below it. */
import type { Address, Millis } from "../contract.js";
import type { ImpedanceClass } from "./impedance-class.js";
import type { AgentImpedance, OperationalState } from "./messages.js";
import { SAMPLE_WINDOW } from "./parameters.js";
import { SampleWindow } from "./sample-window.js";

export class Child {
  /** The latest report, or what is assumed before there is one. */
  impedance: AgentImpedance;
  state: OperationalState = "active";
  /** When it was last heard of, on the own clock; minus infinity if never. */
  heardAtMs: Millis = Number.NEGATIVE_INFINITY;
  /** When it sent what was last heard, on its clock, and when that came, on the own clock: for the echo. */
  peerSentAtMs: Millis = Number.NaN;
  peerReceivedAtMs: Millis = Number.NaN;
  /** Messages sent to it that it has not answered. */
  outstanding = 0;
  /** By how much later than predicted it was READY, measured on the own clock. */
  readonly errors = new SampleWindow(SAMPLE_WINDOW);

  constructor(
    readonly address: Address,
    readonly agentClass: ImpedanceClass,
    assumedProcessingMs: Millis,
  ) {
    this.impedance = unmeasured(address, agentClass, assumedProcessingMs);
  }

  get wasHeard(): boolean {
    return this.heardAtMs !== Number.NEGATIVE_INFINITY;
  }

  /** Notes a message from the child. */
  heard(sentAtMs: Millis, nowMs: Millis): void {
    this.heardAtMs = nowMs;
    this.peerSentAtMs = sentAtMs;
    this.peerReceivedAtMs = nowMs;
  }
}

/** The nodes below one node, whose addresses are consecutive. */
export class Children {
  readonly list: readonly Child[];

  constructor(
    private readonly first: Address,
    count: number,
    make: (address: Address) => Child,
  ) {
    this.list = Array.from({ length: count }, (_, index) => make(first + index));
  }

  /** The child with this address, or undefined. */
  at(address: Address): Child | undefined {
    return this.list[address - this.first];
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
    heartbeatNumber: 0,
    impedanceScore: 1000,
    reliabilityScore: 0,
    driftCoefficient: 0,
    contextHash: 0,
    capabilities: [],
  };
}
