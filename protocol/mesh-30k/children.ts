/** The nodes that a coordinator or lead keeps books on: those below it, and agents elsewhere that it has sent to. */
import type { Address, Millis } from "../contract.js";
import { Child, type ChildSettings } from "./child.js";
import type { ImpedanceClass } from "./impedance-class.js";
import { Memory } from "./memory.js";
import type { AgentImpedance } from "./messages.js";
import { RoutingCosts } from "./routing-costs.js";

/** The nodes below one node, whose addresses are consecutive. */
export class Children {
  readonly list: readonly Child[];
  readonly costs: RoutingCosts;

  /** @param memory where their numbers are kept */
  constructor(
    private readonly first: Address,
    count: number,
    settings: ChildSettings,
    classOf: (address: Address) => { readonly agentClass: ImpedanceClass; readonly assumedProcessingMs: Millis },
    memory = new Memory(),
  ) {
    this.costs = new RoutingCosts(count, memory);
    this.list = Array.from({ length: count }, (_, index) => {
      const { agentClass, assumedProcessingMs } = classOf(first + index);
      return new Child(first + index, agentClass, assumedProcessingMs, settings, this.costs, index, memory);
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
  private readonly memory = new Memory();

  constructor(private readonly settings: ChildSettings) {}

  at(address: Address): Child | undefined {
    return this.byAddress.get(address);
  }

  /** The acquaintance with this address, made if it is new, with its latest report. */
  meet(address: Address, agentClass: ImpedanceClass, assumedProcessingMs: Millis, report?: AgentImpedance): Child {
    let child = this.byAddress.get(address);
    if (child === undefined) {
      child = new Child(address, agentClass, assumedProcessingMs, this.settings, undefined, 0, this.memory);
      this.byAddress.set(address, child);
    }
    if (report !== undefined) child.report(report);
    return child;
  }
}
