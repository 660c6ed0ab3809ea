/** What a coordinator or lead knows of each node below it. */
import type { Address, Millis } from "../contract.js";
import type { RoutingPolicy } from "./best-agent.js";
import { ChildTable } from "./child-table.js";
import type { ImpedanceClass } from "./impedance-class.js";
import type { AgentImpedance, OperationalState } from "./messages.js";
import { SAMPLE_WINDOW } from "./parameters.js";
import { SampleWindow } from "./sample-window.js";

export interface ChildSettings {
  readonly routing: RoutingPolicy;
  /** Which quantile of a child's lead-time errors is asked for. */
  readonly bufferQuantile: number;
}

export class Child {
  state: OperationalState = "active";
  /** Summary intervals that have passed since anything was heard of it. */
  silentIntervals = 0;
  /** By how much later than predicted it was READY, measured on the own clock. */
  readonly errors: SampleWindow;
  private latest: AgentImpedance;

  /**
   * @param settings of the node that the child is one of
   * @param table where routing looks its cost up, under `index`
   */
  constructor(
    readonly address: Address,
    agentClass: ImpedanceClass,
    assumedProcessingMs: Millis,
    settings: ChildSettings,
    private readonly table: ChildTable,
    private readonly index = 0,
  ) {
    this.errors = new SampleWindow(SAMPLE_WINDOW, settings.bufferQuantile);
    this.latest = unmeasured(address, agentClass, assumedProcessingMs);
  }

  /** The latest report, or what is assumed before there is one. */
  get impedance(): AgentImpedance {
    return this.latest;
  }

  /** When its last report came, on the own clock; minus infinity before the first. */
  get heardAtMs(): Millis {
    return this.table.heardAtMs(this.index);
  }

  /** When it sent that report, on its clock, for the echo; NaN before the first. */
  get peerSentAtMs(): Millis {
    return this.table.peerSentAtMs(this.index);
  }

  get wasHeard(): boolean {
    return this.heardAtMs !== Number.NEGATIVE_INFINITY;
  }

  /** Messages sent to it that it has not answered. */
  get outstanding(): number {
    return this.table.outstanding(this.index);
  }

  /** What routing a message to it costs, in ms; infinite if nothing may be. */
  get cost(): Millis {
    return this.table.cost(this.index);
  }

  /** Takes a report in. */
  report(impedance: AgentImpedance): void {
    this.latest = impedance;
    this.table.report(this.index, impedance);
  }

  hold(state: OperationalState): void {
    this.state = state;
    this.table.setOpen(this.index, state === "active");
  }

  /** Notes that the child is there: an answer of its came, perhaps one that it sent before. */
  isAlive(): void {
    this.silentIntervals = 0;
  }

  /** Notes a report of the child. */
  heard(sentAtMs: Millis, nowMs: Millis): void {
    if (!this.wasHeard) this.table.setOpen(this.index, this.state === "active");
    this.silentIntervals = 0;
    this.table.noteReport(this.index, sentAtMs, nowMs);
  }

  /** Notes that it was given a message to answer. */
  give(): void {
    this.table.addOutstanding(this.index, 1);
  }

  /** Notes that it has answered one, or that no answer is waited for any more. */
  release(): void {
    this.table.addOutstanding(this.index, -1);
  }
}

/** The nodes below one node, whose addresses are consecutive. */
export class Children {
  readonly list: readonly Child[];
  readonly table: ChildTable;

  constructor(
    private readonly first: Address,
    count: number,
    settings: ChildSettings,
    classOf: (address: Address) => { readonly agentClass: ImpedanceClass; readonly assumedProcessingMs: Millis },
  ) {
    this.table = new ChildTable(count, settings.routing);
    this.list = Array.from({ length: count }, (_, index) => {
      const { agentClass, assumedProcessingMs } = classOf(first + index);
      return new Child(first + index, agentClass, assumedProcessingMs, settings, this.table, index);
    });
  }

  /** The child with this address, or undefined. */
  at(address: Address): Child | undefined {
    return this.list[address - this.first];
  }

  indexOf(child: Child): number {
    return child.address - this.first;
  }
}

/** Agents anywhere on the mesh that a node has sent to without being their lead. */
export class Acquaintances {
  private readonly byAddress = new Map<Address, Child>();

  constructor(private readonly settings: ChildSettings) {}

  at(address: Address): Child | undefined {
    return this.byAddress.get(address);
  }

  /** The acquaintance with this address, made if it is new, with its latest report. */
  meet(address: Address, agentClass: ImpedanceClass, assumedProcessingMs: Millis, report?: AgentImpedance): Child {
    let child = this.byAddress.get(address);
    if (child === undefined) {
      const table = new ChildTable(1, this.settings.routing);
      child = new Child(address, agentClass, assumedProcessingMs, this.settings, table);
      this.byAddress.set(address, child);
    }
    if (report !== undefined) child.report(report);
    return child;
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
