/** The counts of a simulation, as plain data that add up over the parts of one. */

import type { BusCounts } from "./bus/counts.js";
import type { LifeCounts } from "./faults/lives.js";
import type { HostFigures } from "./hosts/host-figures.js";
import type { MessageCounts } from "./network.js";
import type { JobCounts } from "./processor.js";

export interface Books {
  /** Events that have happened. */
  readonly events: number;
  readonly messages: MessageCounts;
  /** Of a bus above the network, if there is one. */
  readonly bus?: BusCounts;
  readonly jobs: JobCounts;
  readonly lives: LifeCounts;
  /** How often each declared fault has taken effect. */
  readonly effects: readonly number[];
  /** Messages on their way. */
  readonly inFlight: number;
  /** Messages that went to another part of the same simulation, and that came from one. */
  readonly crossedOut: number;
  readonly crossedIn: number;
  /** How often conservation of messages was checked, and how often it did not hold. */
  readonly checks: number;
  readonly violations: number;
  /** Of every shared machine here. */
  readonly hosts: readonly HostFigures[];
  /** See `Fingerprint.sums`. */
  readonly fingerprint: readonly number[];
}
