/** Which parts of the mesh orders have cut off (Appendix B, `CIRCUIT`): nothing new is routed there. */
import type { CircuitOrder } from "./messages.js";

export class CircuitBoard {
  private isGlobalOpen = false;
  private readonly openSectors = new Set<number>();
  private readonly openClusters = new Set<number>();

  /** HALF_OPEN lets traffic through again, like CLOSE; whoever gave the order watches how it fares. */
  apply(order: CircuitOrder): void {
    const isOpen = order.action === "OPEN";
    if (order.scope === "global") {
      this.isGlobalOpen = isOpen;
      return;
    }
    const open = order.scope === "sector" ? this.openSectors : this.openClusters;
    if (isOpen) open.add(order.targetId);
    else open.delete(order.targetId);
  }

  isRoutable(sector: number, cluster: number): boolean {
    return !this.isGlobalOpen && !this.openSectors.has(sector) && !this.openClusters.has(cluster);
  }
}
