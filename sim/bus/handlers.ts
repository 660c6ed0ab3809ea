/**
 * What the engine tells a message bus. A bus stands above the links: it decides what becomes of a message between its
 * sender and its receiver, and keeps its own state at either end. What an end keeps belongs to the node there, so that
 * the ends of one channel may live in different shards.
 */
import type { Address } from "../../protocol/contract.js";
import type { Micros } from "../time.js";

/** Each is called when the event happens that the bus asked for (`BusMachinery`). */
export interface BusHandlers {
  arrive(rank: number, from: Address, to: Address, parcel: unknown, nowUs: Micros): void;
  acknowledge(from: Address, to: Address, sequence: number, nowUs: Micros): void;
  wake(about: unknown, nowUs: Micros): void;
  timeUp(copy: unknown, nowUs: Micros): void;
}
