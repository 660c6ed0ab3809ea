/** What the engine asks of the platforms that nodes run on: how long it takes to get a fresh process. */
import type { Address } from "../protocol/contract.js";
import type { Micros } from "./time.js";

/** `Platform.startUpUs` of a node that no platform can start. */
export const NEVER_STARTS = Number.POSITIVE_INFINITY;

/** What a platform is told to do. */
export const Order = {
  /** End the process that is there, if any, and start a fresh one. */
  anew: 0,
  /** Start one where there is none. */
  ifGone: 1,
} as const;
export type Order = (typeof Order)[keyof typeof Order];

export interface Platform {
  /**
   * How long an order from one node takes to the platform of another: a positive integer, the same for the same two, and
   * no less than the least delay of a message between them.
   */
  orderUs(by: Address, address: Address): Micros;
  /**
   * How long the platform takes to start a process of the node, from when it has the order: a positive integer, or
   * `NEVER_STARTS`. Random state belongs to the node.
   */
  startUpUs(address: Address): Micros;
}
