/** Which parts of the mesh orders have cut off (Appendix B, `CIRCUIT`): nothing new is routed there. */
import type { CircuitOrder } from "./messages.js";

export class CircuitBoard {
  private isGlobalOpen = false;
  /** Whether anything is cut off at all: asked at every message, and hardly ever so. */
  private isAnyOpen = false;
  private readonly openSectors = new Set<number>();
  private readonly openClusters = new Set<number>();

  /** HALF_OPEN lets traffic through again, like CLOSE; whoever gave the order watches how it fares. */
  apply(order: CircuitOrder): void {
    const isOpen = order.action === "OPEN";
    const open = order.scope === "sector" ? this.openSectors : this.openClusters;
    if (order.scope === "global") this.isGlobalOpen = isOpen;
    else if (isOpen) open.add(order.targetId);
    else open.delete(order.targetId);
    this.isAnyOpen = this.isGlobalOpen || this.openSectors.size > 0 || this.openClusters.size > 0;
  }

  isRoutable(sector: number, cluster: number): boolean {
    if (!this.isAnyOpen) return true;
    return !this.isGlobalOpen && !this.openSectors.has(sector) && !this.openClusters.has(cluster);
  }
}
