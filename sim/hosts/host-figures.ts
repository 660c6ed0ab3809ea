/** What is known of one shared machine when a run is over. Null where the machine does not have what it would be about. */
import type { Address } from "../../protocol/contract.js";

export interface HostFigures {
  /** Its index in the plan, in the whole mesh. */
  readonly host: number;
  readonly kind: string;
  readonly firstNode: Address;
  readonly nodes: number;
  /** Share of the time of all cores that they were at work. */
  readonly busyShare: number | null;
  /** By how much longer jobs took than each would have alone on an idle machine, added up, in s. */
  readonly heldUpS: number | null;
  readonly hottestC: number | null;
  /** Share of the time that it was slower because it was hot. */
  readonly throttledShare: number | null;
  /** The most that was in use at once, of what there is; above 1 where memory was overdrawn. */
  readonly memoryShare: number | null;
  readonly diskShare: number | null;
  /** Share of the time that its line was busy: the busier direction of two. */
  readonly lineShare: number | null;
  /** Messages for which there was no room on its line. */
  readonly dropped: number;
  /** Nodes killed for want of memory. */
  readonly killed: number;
  /** Jobs rejected for want of disk. */
  readonly refused: number;
}
