/**
 * What a message bus and the engine need of each other. A bus stands above the links: it decides what becomes of a
 * message between its sender and its receiver, and keeps its own state at either end. What an end keeps belongs to the
 * node there, so that the ends of one channel may live in different shards.
 */
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

/** What the engine tells a bus. */
export interface BusHandlers {
  arrive(rank: number, from: Address, to: Address, parcel: unknown, nowUs: Micros): void;
  acknowledge(from: Address, to: Address, sequence: number, nowUs: Micros): void;
  wake(about: unknown, nowUs: Micros): void;
  timeUp(copy: unknown, nowUs: Micros): void;
}

/** What a bus counts beside the copies that the ledger of messages holds; a bus leaves at 0 what it does not do. */
export interface BusCounts {
  /** Messages whose acknowledgement reached their sender's end in time. */
  acknowledged: number;
  /** Acknowledgements that got lost on their way. */
  acknowledgementsLost: number;
  /** Copies that the bus sent because no acknowledgement had come; the ledger holds them among `duplicated`. */
  redelivered: number;
  /** Messages handed over for the first time, and copies handed over of what had been before. */
  first: number;
  repeated: number;
  /** Copies that came before their turn and had to wait for it. */
  heldBack: number;
  /** Copies dropped because a copy of the same message was waiting, or because its turn was over for good. */
  outOfTurn: number;
  /** Messages given up unacknowledged: their time to live ran out, or they were sent as often as they may be. */
  deadLetters: number;
  /** Messages that are neither acknowledged nor given up. */
  outstanding: number;
  /** Copies dropped because the subscriber's pipe was full; the ledger holds them among `dropped`. */
  overflowed: number;
}

export function noBusCounts(): BusCounts {
  return {
    acknowledged: 0,
    acknowledgementsLost: 0,
    redelivered: 0,
    first: 0,
    repeated: 0,
    heldBack: 0,
    outOfTurn: 0,
    deadLetters: 0,
    outstanding: 0,
    overflowed: 0,
  };
}
