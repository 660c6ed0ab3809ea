/** Where a simulation ends that is one part of a mesh: what goes to a node beyond is handed over here. */
import type { Address } from "../protocol/contract.js";
import type { EventKind } from "./event-store.js";
import type { Micros } from "./time.js";

export interface Border<Message> {
  /** Whether the node with this address lives in another part. */
  isBeyond(address: Address): boolean;
  /**
   * Takes a message over to the part where `to` lives, which lets it in with the same rank; or, where a bus is above the
   * network, what it sends from one of its ends to another: events of kind `deliver`,
   * `atBus` or `acknowledge`; or an order for a fresh process (`provision`).
   */
  cross(atUs: Micros, rank: number, to: Address, kind: EventKind, datum: Message | unknown): void;
}
