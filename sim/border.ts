/** Where a simulation ends that is one part of a mesh: what goes to a node beyond is handed over here. */
import type { Address } from "../protocol/contract.js";
import type { Micros } from "./time.js";

export interface Border<Message> {
  /** Whether the node with this address lives in another part. */
  isBeyond(address: Address): boolean;
  /** Takes a message over to the part where `to` lives, which lets it in with the same rank. */
  cross(atUs: Micros, rank: number, to: Address, message: Message): void;
  /** Takes an order for a fresh process over to the part where the node lives, which lets it in with the same rank. */
  crossOrder(atUs: Micros, rank: number, address: Address): void;
}
