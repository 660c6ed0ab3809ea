/** Whom an order concerns (Appendix B: `scope`, `target_id`). */
import type { CircuitOrder, FreezeOrder } from "./messages.js";

type Order = Pick<FreezeOrder | CircuitOrder, "scope" | "targetId">;

/** Whether an order reaches a whole sector. */
export function concernsSector(order: Order, sector: number): boolean {
  return order.scope === "global" || (order.scope === "sector" && order.targetId === sector);
}

/** Whether an order reaches a cluster, by itself or with its sector or the mesh. */
export function concernsCluster(order: Order, cluster: { readonly index: number; readonly sector: number }): boolean {
  return concernsSector(order, cluster.sector) || (order.scope === "cluster" && order.targetId === cluster.index);
}
