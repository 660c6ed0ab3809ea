/** The nodes that a coordinator or lead keeps books on: those below it, and agents elsewhere that it has sent to. */
import type { Address, Millis } from "../contract.js";
import { Child, type ChildSettings } from "./child.js";
import type { ImpedanceClass } from "./impedance-class.js";
import { Memory } from "./memory.js";
import type { AgentImpedance } from "./messages.js";
import { RoutingCosts } from "./routing-costs.js";

/** The nodes below one node, whose addresses are consecutive. */
export class Children {
  /** All for whom there is a place, those among them that have not joined yet. */
  readonly list: readonly Child[];
  /** Those that are there, in the order of their addresses. */
  readonly members: readonly Child[];
  readonly costs: RoutingCosts;
  private readonly joining: Child[] | undefined;
  /** Those to whom tasks are routed with a limit. */
  private limited: readonly Child[] = [];

  /**
   * @param memory where their numbers are kept
   * @param founders how many are there from the beginning, at the first addresses
   */
  constructor(
    private readonly first: Address,
    count: number,
    settings: ChildSettings,
    classOf: (address: Address) => { readonly agentClass: ImpedanceClass; readonly assumedProcessingMs: Millis },
    memory = new Memory(),
    private readonly founders = count,
  ) {
    this.costs = new RoutingCosts(count, memory);
    this.list = Array.from({ length: count }, (_, index) => {
      const { agentClass, assumedProcessingMs } = classOf(first + index);
      return new Child(first + index, agentClass, assumedProcessingMs, settings, this.costs, index, memory);
    });
    this.joining = founders === count ? undefined : this.list.slice(0, founders);
    this.members = this.joining ?? this.list;
    for (const newcomer of this.list.slice(founders)) newcomer.limit(0);
  }

  /** Those who have joined since the beginning. */
  joined(): readonly Child[] {
    return this.members.slice(this.founders);
  }

  isMember(child: Child): boolean {
    return this.joining === undefined || this.joining.includes(child);
  }

  /** One more is there. Tasks are routed to it when `limit` lets them. */
  join(child: Child): void {
    const joining = this.joining!;
    joining.push(child);
    joining.sort((a, b) => a.address - b.address);
    this.limited = [...this.limited, child];
  }

  /** No task is routed to a child while it has so many unanswered messages. */
  limit(child: Child, mostAtOnce: number): void {
    child.limit(mostAtOnce);
    if (mostAtOnce === Number.POSITIVE_INFINITY) this.limited = this.limited.filter((each) => each !== child);
  }

  /** Those who are offered to nobody else, since their lead does not yet give them all that it could. */
  get unoffered(): readonly Child[] {
    return this.limited;
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
