/** Which parts of the mesh orders have cut off (Appendix B, `CIRCUIT`): nothing new is routed there. */
import type { CircuitOrder } from "./messages.js";

type Target = Pick<CircuitOrder, "scope" | "targetId">;

/** Of what goes to a half-open part, every fifth single message is let through (document 6.2, "limited traffic"). */
const EVERY = 5;

export class CircuitBoard {
  private isGlobalOpen = false;
  /** Whether anything is cut off or half-open at all: asked at every message, and hardly ever so. */
  private isAnyTurned = false;
  private readonly openSectors = new Set<number>();
  private readonly openClusters = new Set<number>();
  private readonly halfOpenSectors = new Set<number>();
  private readonly halfOpenClusters = new Set<number>();
  /** Single messages since something was half-opened. */
  private messages = 0;

  /** HALF_OPEN lets some traffic through, CLOSE all; whoever gave the order watches how it fares. */
  apply(order: CircuitOrder): void {
    const { action, scope, targetId } = order;
    if (scope === "global") this.isGlobalOpen = action === "OPEN";
    else {
      const [open, halfOpen] =
        scope === "sector" ? [this.openSectors, this.halfOpenSectors] : [this.openClusters, this.halfOpenClusters];
      put(open, targetId, action === "OPEN");
      put(halfOpen, targetId, action === "HALF_OPEN");
      if (action === "HALF_OPEN") this.messages = 0;
    }
    this.isAnyTurned = this.turned().length > 0;
  }

  /** The orders in force, for those who have missed or forgotten them. */
  turned(): CircuitOrder[] {
    return [
      ...(this.isGlobalOpen ? [inForce("OPEN", "global", 0)] : []),
      ...[...this.openSectors].map((id) => inForce("OPEN", "sector", id)),
      ...[...this.halfOpenSectors].map((id) => inForce("HALF_OPEN", "sector", id)),
      ...[...this.openClusters].map((id) => inForce("OPEN", "cluster", id)),
      ...[...this.halfOpenClusters].map((id) => inForce("HALF_OPEN", "cluster", id)),
    ];
  }

  /** Goes by these orders and no others. */
  replaceBy(orders: readonly CircuitOrder[]): void {
    const isTurned = ({ scope, targetId }: Target) =>
      orders.some((order) => order.scope === scope && order.targetId === targetId);
    for (const order of this.turned()) if (!isTurned(order)) this.apply({ ...order, action: "CLOSE" });
    for (const order of orders) this.apply(order);
  }

  /** The orders in force that keep an operation from a cluster. */
  openFor(sector: number, cluster: number): CircuitOrder[] {
    const targets = { global: 0, sector, cluster };
    return this.turned().filter(({ action, scope, targetId }) => action === "OPEN" && targets[scope] === targetId);
  }

  /** Whether a single message may be routed to a cluster now. */
  isRoutable(sector: number, cluster: number): boolean {
    if (!this.isAnyTurned) return true;
    if (this.isOpen(sector, cluster)) return false;
    const isLimited = this.halfOpenSectors.has(sector) || this.halfOpenClusters.has(cluster);
    return !isLimited || this.messages % EVERY === 0;
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
}

function inForce(action: CircuitOrder["action"], scope: CircuitOrder["scope"], targetId: number): CircuitOrder {
  return { type: "CIRCUIT", action, scope, targetId, reason: "in force" };
}

function put(set: Set<number>, id: number, isIn: boolean): void {
  if (isIn) set.add(id);
  else set.delete(id);
}
