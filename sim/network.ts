/**
 * The network: decides for each message whether it is lost, dropped, expired, duplicated or delivered after a delay, and
 * keeps the books on it. What the links are like is the world's business.
 */

import type { Address } from "../protocol/contract.js";
import type { BusCounts } from "./bus/counts.js";
import type { BusHandlers } from "./bus/handlers.js";
import { ensure } from "./ensure.js";
import type { Micros } from "./time.js";
import { US_PER_MS } from "./time.js";

/** `Links.delayUs` of a message that never arrives. */
export const LOST = -1;
/** `Links.delayUs` of a message that finds the queue of its link full. */
export const DROPPED = -2;

/**
 * What the world does to a message between two nodes. Its random state belongs to the sender, and every call takes the
 * same number of draws whatever comes out, so that two variants of a world can be compared message by message.
 */
export interface Links {
  /** One-way delay of the message that `from` now hands over, a positive integer, or `LOST` or `DROPPED`. */
  delayUs(from: Address, to: Address, nowUs: Micros): Micros;
  /**
   * Asked right after `delayUs`: the delay of a second copy of the same message (a positive integer), or 0 where the
   * network makes none.
   */
  duplicateDelayUs(from: Address, to: Address, nowUs: Micros): Micros;
}

/** What became of the messages: sent + duplicated = delivered + lost + expired + dropped + in flight. */
export interface MessageCounts {
  /** Messages that nodes handed over, and copies that the network or the bus made of them. */
  sent: number;
  duplicated: number;
  delivered: number;
  lost: number;
  expired: number;
  dropped: number;
}

/** How the network puts a message into the future. */
export interface Delivery<Message> {
  deliverAt(atUs: Micros, from: Address, to: Address, message: Message): void;
  expireAt(atUs: Micros, from: Address, to: Address, message: Message): void;
}

export interface Transport<Message> {
  readonly counts: MessageCounts;
  /** Of a bus above the network: what it counts besides, and what it wants to be told. */
  readonly busCounts?: BusCounts;
  readonly bus?: BusHandlers;
  transmit(from: Address, to: Address, message: Message, nowUs: Micros): void;
}

export class Network<Message> implements Transport<Message> {
  readonly counts: MessageCounts = { sent: 0, duplicated: 0, delivered: 0, lost: 0, expired: 0, dropped: 0 };

  /** @param ttlMs time to live of a message, in ms: one that would arrive later expires on the way */
  constructor(
    private readonly links: Links,
    private readonly ttlMs: (message: Message) => number,
    private readonly delivery: Delivery<Message>,
  ) {}

  transmit(from: Address, to: Address, message: Message, nowUs: Micros): void {
    this.counts.sent++;
    this.carry(from, to, message, nowUs, this.links.delayUs(from, to, nowUs));
    const copyDelayUs = this.links.duplicateDelayUs(from, to, nowUs);
    if (copyDelayUs === 0) return;
    this.counts.duplicated++;
    this.carry(from, to, message, nowUs, copyDelayUs);
  }

  private carry(from: Address, to: Address, message: Message, nowUs: Micros, delayUs: Micros): void {
    if (delayUs === LOST) {
      this.counts.lost++;
      return;
    }
    if (delayUs === DROPPED) {
      this.counts.dropped++;
      return;
    }
    ensure(delayUs >= 1 && Number.isInteger(delayUs), "a link's delay is a positive whole number of microseconds");
    const ttlUs = this.ttlMs(message) * US_PER_MS;
    if (delayUs > ttlUs) this.delivery.expireAt(nowUs + Math.ceil(ttlUs), from, to, message);
    else this.delivery.deliverAt(nowUs + delayUs, from, to, message);
  }
}
