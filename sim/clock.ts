/** What the engine asks of the world's clocks. */
import type { Address, Millis } from "../protocol/contract.js";
import type { Micros } from "./time.js";

/** The local clocks of all nodes: a pure function of the seed and of true time. */
export interface Clocks {
  /** What the node's wall clock shows at a true instant, in milliseconds. Must not be asked about the past. */
  wallMs(address: Address, trueUs: Micros): Millis;
  /** True microseconds (a non-negative integer) that pass while the node's oscillator counts `durationMs`. */
  trueDurationUs(address: Address, durationMs: Millis, nowUs: Micros): Micros;
}
