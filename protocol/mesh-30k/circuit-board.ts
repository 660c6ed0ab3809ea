/**
 * Which parts of the mesh orders have cut off (Appendix B, `CIRCUIT`): nothing new is routed there. Orders by hand and those of
 * breakers are kept apart, so that neither undoes the other; the stricter of the two is obeyed.
 */
import type { CircuitOrder, Scope } from "./messages.js";
import type { CircuitState } from "./resilience/circuit-breaker.js";

type Action = CircuitOrder["action"];

const SCOPES = ["cluster", "sector", "global"] as const satisfies readonly Scope[];

/** Of what goes to a half-open part, every fifth single message is let through (document 6.2, "limited traffic"). */
const EVERY = 5;

/** Whether an order is a breaker's on one of `count` clusters from `first` on. */
export function isOfBreakerIn(first: number, count: number): (order: CircuitOrder) => boolean {
  return ({ byHand, scope, targetId }) =>
    !byHand && scope === "cluster" && targetId >= first && targetId < first + count;
}

export class CircuitBoard {
  /** The orders in force that open or half-open something, by who gave them and what they are for. */
  private readonly orders = new Map<string, CircuitOrder>();
  private isGlobalOpen = false;
  /** Whether anything is cut off or half-open at all: asked at every message, and hardly ever so. */
  private isAnyTurned = false;
  private openSectors: ReadonlySet<number> = new Set();
  private openClusters: ReadonlySet<number> = new Set();
  private halfOpenSectors: ReadonlySet<number> = new Set();
  private halfOpenClusters: ReadonlySet<number> = new Set();
  /** Single messages since something was half-opened. */
  private messages = 0;

  /** HALF_OPEN lets some traffic through, CLOSE all; whoever gave the order watches how it fares. */
  apply(order: CircuitOrder): void {
    this.put(order);
    this.weigh();
  }

  /** The orders in force, for those who have missed or forgotten them. */
  turned(): CircuitOrder[] {
    return [...this.orders.values()];
  }

  /** Goes by these orders and no others; false where there were and are none. */
  replaceAll(by: readonly CircuitOrder[]): boolean {
    return this.replace(() => true, by);
  }

  /** Goes by these orders in place of those in force that `concerned` holds for; false where there were and are none. */
  replace(concerned: (order: CircuitOrder) => boolean, by: readonly CircuitOrder[]): boolean {
    if (this.orders.size === 0 && by.length === 0) return false;
    for (const [key, order] of this.orders) if (concerned(order)) this.orders.delete(key);
    for (const order of by) this.put(order);
    this.weigh();
    return true;
  }

  /** What orders of all kinds come to for a cluster. */
  stateFor(sector: number, cluster: number): CircuitState {
    if (this.isOpen(sector, cluster)) return "OPEN";
    return this.isHalfOpen(sector, cluster) ? "HALF_OPEN" : "CLOSED";
  }

  /** Everything that somebody who goes by orders for one cluster has to know: of those not in force, that they are not. */
  ordersFor(sector: number, cluster: number): CircuitOrder[] {
    const targets = { global: 0, sector, cluster } as const;
    return [false, true].flatMap((byHand) =>
      SCOPES.map((scope) => {
        const closed = {
          type: "CIRCUIT",
          action: "CLOSE",
          scope,
          targetId: targets[scope],
          byHand,
          reason: "",
        } as const;
        return this.orders.get(keyOf(closed)) ?? closed;
      }),
    );
  }

  /** Whether a single message may be routed to a cluster now. */
  isRoutable(sector: number, cluster: number): boolean {
    if (!this.isAnyTurned) return true;
    if (this.isOpen(sector, cluster)) return false;
    return !this.isHalfOpen(sector, cluster) || this.messages % EVERY === 0;
  }

  /** Whether an operation leaves a cluster out: half-open lets it through. */
  isOpen(sector: number, cluster: number): boolean {
    return this.isAnyTurned && (this.isSectorOpen(sector) || this.openClusters.has(cluster));
  }

  isSectorOpen(sector: number): boolean {
    return this.isAnyTurned && (this.isGlobalOpen || this.openSectors.has(sector));
  }

  get isMeshOpen(): boolean {
    return this.isGlobalOpen;
  }

  /** Notes that a single message was to be routed, wherever it went. */
  noteMessage(): void {
    if (this.isAnyTurned) this.messages++;
  }

  private isHalfOpen(sector: number, cluster: number): boolean {
    return this.halfOpenSectors.has(sector) || this.halfOpenClusters.has(cluster);
  }

  private put(order: CircuitOrder): void {
    if (order.action === "CLOSE") this.orders.delete(keyOf(order));
    else this.orders.set(keyOf(order), order);
  }

  /** Works out anew what all orders together come to. */
  private weigh(): void {
    const halfOpenSectors = this.targets("HALF_OPEN", "sector");
    const halfOpenClusters = this.targets("HALF_OPEN", "cluster");
    if (hasNew(halfOpenSectors, this.halfOpenSectors) || hasNew(halfOpenClusters, this.halfOpenClusters)) {
      this.messages = 0;
    }
    this.halfOpenSectors = halfOpenSectors;
    this.halfOpenClusters = halfOpenClusters;
    this.openSectors = this.targets("OPEN", "sector");
    this.openClusters = this.targets("OPEN", "cluster");
    this.isGlobalOpen = this.targets("OPEN", "global").size > 0;
    this.isAnyTurned = this.orders.size > 0;
  }

  private targets(action: Action, scope: Scope): Set<number> {
    const ids = new Set<number>();
    for (const order of this.orders.values()) {
      if (order.action === action && order.scope === scope) ids.add(order.targetId);
    }
    return ids;
  }
}

/** What an order takes the place of. */
function keyOf({ byHand, scope, targetId }: CircuitOrder): string {
  return `${byHand ? "hand" : "breaker"}/${scope}/${targetId}`;
}

function hasNew(now: ReadonlySet<number>, before: ReadonlySet<number>): boolean {
  for (const id of now) if (!before.has(id)) return true;
  return false;
}
