/** A run that ends too soon to tell whether the mesh comes back. */
import type { Results } from "../scenarios/results.js";

/** Whether the mesh was not whole when the run ended, had some of its time left, and is asked to be whole within it. */
export function isHealingUndecided({ liveness, kpis }: Pick<Results, "liveness" | "kpis">): boolean {
  return liveness.verdict === "undecided" && kpis.some(({ id, gated }) => id === "healingTime" && gated);
}
