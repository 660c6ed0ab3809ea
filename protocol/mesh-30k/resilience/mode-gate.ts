/** What a node lets through in the mode that it was told of, and what it keeps for later (document 6.3). */
import type { Fact } from "../facts.js";
import type { ModeOrder, Priority } from "../messages.js";
import { type Admission, avoidsUnhealthySectors, type OperationalMode } from "./operational-mode.js";

/** Operations that one node keeps for a better mode; more are refused. */
export const QUEUED_AT_MOST = 256;

export class ModeGate<Operation extends { readonly priority: Priority }> {
  mode: OperationalMode = "FULL";
  /** The order that it was told of last: orders that were overtaken are known by it. */
  order: ModeOrder | undefined;
  private unhealthy: ReadonlySet<number> = new Set();
  private queued: Operation[] = [];

  /** @param admit what becomes of an operation in a mode */
  constructor(
    private readonly scope: "cluster" | "sector" | "global",
    private readonly admit: (mode: OperationalMode, operation: Operation) => Admission,
    private readonly observe: (fact: Fact) => void,
  ) {}

  /** Takes an order in; false if a later one was taken before. */
  apply(order: ModeOrder): boolean {
    if (this.order !== undefined && order.number <= this.order.number) return false;
    this.order = order;
    this.mode = order.mode;
    this.unhealthy = new Set(avoidsUnhealthySectors(order.mode) ? order.unhealthySectors : []);
    return true;
  }

  /** Whether work may go to a sector. */
  reaches(sector: number): boolean {
    return this.unhealthy.size === 0 || !this.unhealthy.has(sector);
  }

  /** What becomes of an operation now; what is to be queued is kept, what is refused is told. */
  pass(operation: Operation): "run" | "ask" | "held" {
    if (this.mode === "FULL") return "run";
    const admission = this.admit(this.mode, operation);
    if (admission === "run" || admission === "ask") return admission;
    if (admission === "queue" && this.queued.length < QUEUED_AT_MOST) {
      this.queued.push(operation);
      this.observe({ type: "operation-queued", scope: this.scope, mode: this.mode, priority: operation.priority });
    } else this.refuse(operation, admission === "queue" ? "queue full" : "mode");
    return "held";
  }

  refuse(operation: Operation, reason: "mode" | "queue full" | "circuit" | "not approved"): void {
    const { scope, mode } = this;
    this.observe({ type: "operation-refused", scope, mode, priority: operation.priority, reason });
  }

  /** What was kept and may run now, in order, and is no longer kept; the rest waits on. */
  release(): Operation[] {
    const runs = (operation: Operation) => this.admit(this.mode, operation) === "run";
    const released = this.queued.filter(runs);
    this.queued = this.queued.filter((operation) => !runs(operation));
    return released;
  }

  get queuedCount(): number {
    return this.queued.length;
  }
}
