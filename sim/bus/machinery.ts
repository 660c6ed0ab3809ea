/** What a message bus needs of the engine. */
import type { Address } from "../../protocol/contract.js";
import type { Delivery } from "../network.js";
import type { Micros } from "../time.js";

/** What a bus asks of the engine. Everything that waits is an event, so that the engine counts it by itself. */
export interface BusMachinery<Message> extends Delivery<Message> {
  /** A copy of a message reaches the bus's end at its receiver, where `BusHandlers.arrive` is told. */
  arriveAt(atUs: Micros, from: Address, to: Address, parcel: unknown): void;
  /** An acknowledgement of `from`, who received message `sequence`, reaches its sender `to`. */
  acknowledgeAt(atUs: Micros, from: Address, to: Address, sequence: number): void;
  /** `BusHandlers.wake` is called with `about`, which belongs to the bus's end at `owner`. */
  wakeAt(atUs: Micros, owner: Address, about: unknown): void;
  /**
   * Keeps a copy of a message at the bus's end at `owner`, in flight, until it is released or `BusHandlers.timeUp` is
   * called with it.
   * @returns what `release` takes
   */
  holdUntil(atUs: Micros, owner: Address, copy: unknown): number;
  release(hold: number): void;
  /** Hands an arrived copy over at an instant that is later than now. Its rank is the one that it arrived with. */
  deliverLater(atUs: Micros, rank: number, to: Address, message: Message): void;
  /**
   * Hands an arrived copy over now.
   * @param rank the one that it arrived with
   * @returns false where nobody is there to take it, and the copy is gone
   */
  handOver(rank: number, from: Address, to: Address, message: Message): boolean;
}
