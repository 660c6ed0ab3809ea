/**
 * What sending to each child costs, kept up to date as reports and answers come: choosing the best of thirty then reads
 * one short array instead of thirty objects, which is most of what routing costs at 10,000 messages a second.
 */
import type { Millis } from "../contract.js";
import type { RoutingPolicy } from "./best-agent.js";
import type { AgentImpedance } from "./messages.js";

/** Numbers kept for each child: fixed cost, cost for each message before this one, messages given and not answered. */
const TERMS = 3;

export class RoutingTable {
  /** In ms; infinite for a child that nothing may be routed to. */
  private readonly costs: Float64Array;
  private readonly terms: Float64Array;
  private readonly isOpen: Uint8Array;

  constructor(
    size: number,
    private readonly policy: RoutingPolicy,
  ) {
    this.costs = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
    this.terms = new Float64Array(size * TERMS);
    this.isOpen = new Uint8Array(size);
  }

  /** Messages that a child was given and has not answered. */
  outstanding(index: number): number {
    return this.terms[index * TERMS + 2]!;
  }

  addOutstanding(index: number, change: 1 | -1): void {
    const at = index * TERMS + 2;
    this.terms[at] = Math.max(0, this.terms[at]! + change);
    this.update(index);
  }

  report(index: number, impedance: AgentImpedance): void {
    this.terms[index * TERMS] = this.policy.fixedMs(impedance);
    this.terms[index * TERMS + 1] = this.policy.perMessageMs(impedance);
    this.update(index);
  }

  setOpen(index: number, isOpen: boolean): void {
    this.isOpen[index] = isOpen ? 1 : 0;
    this.update(index);
  }

  cost(index: number): Millis {
    return this.costs[index]!;
  }

  /** The cheapest of the candidates, the first of equals; -1 if nothing may be routed to any. */
  cheapest(candidates: readonly number[]): number {
    let best = -1;
    let lowest = Number.POSITIVE_INFINITY;
    for (const index of candidates) {
      const cost = this.costs[index]!;
      if (cost < lowest) {
        lowest = cost;
        best = index;
      }
    }
    return best;
  }

  private update(index: number): void {
    const at = index * TERMS;
    const cost = this.terms[at]! + this.terms[at + 1]! * this.terms[at + 2]!;
    this.costs[index] = this.isOpen[index] === 1 ? cost : Number.POSITIVE_INFINITY;
  }
}
