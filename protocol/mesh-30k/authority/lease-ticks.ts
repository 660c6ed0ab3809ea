/** How long a lease lasts, in ticks of one heartbeat interval each, by which members and holders alike count time. */
import type { Parameters } from "../parameters.js";

/** A lease is renewed every second tick, and the renewal takes up to one more to be granted. */
const FEWEST = 4;

export function leaseTicks({ leaseMs, heartbeatMs }: Parameters): number {
  return Math.max(FEWEST, Math.round(leaseMs / heartbeatMs));
}
