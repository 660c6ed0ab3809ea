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
/** `Links.delayUs` of a message for which there is no way: a partition. */
export const CUT = -3;

/**
 * What the world does to a message between two nodes. Its random state belongs to the sender, and every call takes the
 * same number of draws whatever comes out, so that two variants of a world can be compared message by message.
 */
export interface Links {
  /** One-way delay of the message that `from` now hands over, a positive integer, or `LOST`, `DROPPED` or `CUT`. */
  delayUs(from: Address, to: Address, nowUs: Micros): Micros;
  /**
   * Asked right after `delayUs`: the delay of a second copy of the same message (a positive integer), or 0 where the
   * network makes none.
   */
  duplicateDelayUs(from: Address, to: Address, nowUs: Micros): Micros;
  /** Asked after `delayUs`: whether the same message, and its copy with it, is damaged on its way. Left out, none ever is. */
  isDamaged?(): boolean;
}

/**
 * What became of the messages: sent + duplicated = delivered + lost + expired + dropped + cut + undelivered + in flight.
 */
export interface MessageCounts {
  /** Messages that nodes handed over, and copies that the network or the bus made of them. */
  sent: number;
  duplicated: number;
  delivered: number;
  lost: number;
  expired: number;
  dropped: number;
  /** There was no way for it. */
  cut: number;
  /** It came to a node that was down. */
  undelivered: number;
  /** Damaged on the way, for information: those that a checksum caught are among the lost, the others go on. */
  corrupted: number;
}

/** Nothing has become of any message yet. */
export function noMessages(): MessageCounts {
  return {
    sent: 0,
    duplicated: 0,
    delivered: 0,
    lost: 0,
    expired: 0,
    dropped: 0,
    cut: 0,
    undelivered: 0,
    corrupted: 0,
  };
}

/** What a message is when it has been damaged; undefined where its receiver does not take it for a message. */
export type Damaged<Message> = (message: Message) => Message | undefined;

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
  readonly counts = noMessages();

  /**
   * @param ttlMs time to live of a message, in ms: one that would arrive later expires on the way
   * @param damaged left out, every damaged message is caught
   */
  constructor(
    private readonly links: Links,
    private readonly ttlMs: (message: Message) => number,
    private readonly delivery: Delivery<Message>,
    private readonly damaged: Damaged<Message> = () => undefined,
  ) {}

  transmit(from: Address, to: Address, message: Message, nowUs: Micros): void {
    this.counts.sent++;
    const delayUs = this.links.delayUs(from, to, nowUs);
    const isDamaged = this.links.isDamaged?.() === true;
    const carried = isDamaged ? this.damaged(message) : message;
    this.carry(from, to, carried, nowUs, delayUs, isDamaged);
    const copyDelayUs = this.links.duplicateDelayUs(from, to, nowUs);
    if (copyDelayUs === 0) return;
    this.counts.duplicated++;
    this.carry(from, to, carried, nowUs, copyDelayUs, isDamaged);
  }

  /** @param message undefined where a checksum tells its receiver that it is damaged */
  private carry(
    from: Address,
    to: Address,
    message: Message | undefined,
    nowUs: Micros,
    delayUs: Micros,
    isDamaged: boolean,
  ): void {
    const { counts } = this;
    if (delayUs < 0) {
      if (delayUs === LOST) counts.lost++;
      else if (delayUs === DROPPED) counts.dropped++;
      else if (delayUs === CUT) counts.cut++;
      else ensure(false, DELAY_RULE);
      return;
    }
    ensure(delayUs >= 1 && Number.isInteger(delayUs), DELAY_RULE);
    if (isDamaged) counts.corrupted++;
    if (message === undefined) {
      counts.lost++;
      return;
    }
    const ttlUs = this.ttlMs(message) * US_PER_MS;
    if (delayUs > ttlUs) this.delivery.expireAt(nowUs + Math.ceil(ttlUs), from, to, message);
    else this.delivery.deliverAt(nowUs + delayUs, from, to, message);
  }
}

const DELAY_RULE = "a link's delay is a positive whole number of microseconds";
