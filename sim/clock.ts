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

/** Clocks that can be left to themselves: then they go on as they went at some instant, and are not set any more. */
export interface FreeRunningClocks extends Clocks {
  /** What the clock would show at `trueUs` if it had not been set after `sinceUs`, which may be past. */
  freeWallMs(address: Address, sinceUs: Micros, trueUs: Micros): Millis;
  /** As `trueDurationUs`, of an oscillator that runs as it did at `sinceUs`. */
  freeTrueDurationUs(address: Address, durationMs: Millis, sinceUs: Micros): Micros;
}
