/**
 * Publish and subscribe with a high-water mark, as ZeroMQ's PUB and SUB have it: messages wait for their subscriber in a
 * pipe, which the subscriber empties one by one. A full pipe drops the newest; no publisher ever waits or is told. On
 * the links it is a datagram: lost, copied and expired as those are. In the pipe nothing expires, since ZeroMQ knows no
 * time to live.
 */
import type { Address } from "../../protocol/contract.js";
import { ensure } from "../ensure.js";
import { type Links, type MessageCounts, Network, type Transport } from "../network.js";
import type { Micros } from "../time.js";
import { noBusCounts } from "./counts.js";
import type { BusHandlers } from "./handlers.js";
import type { BusMachinery } from "./machinery.js";

export interface PubSubSettings {
  /** How many messages a pipe holds, the one in handling included; at least 1. */
  readonly highWaterMark: number;
  /** How long the subscriber takes to take the next message, in whole µs, at least 1; its random state is its own. */
  handlingUs(subscriber: Address): Micros;
}

/** When each message that is in a pipe will have been handled, in order. */
class Pipe {
  private doneUs: Micros[] = [];
  private first = 0;

  /** How many are in it at an instant; those handled by then are out. */
  lengthAt(nowUs: Micros): number {
    const { doneUs } = this;
    while (this.first < doneUs.length && doneUs[this.first]! <= nowUs) this.first++;
    if (this.first > 32 && this.first * 2 > doneUs.length) {
      this.doneUs = doneUs.slice(this.first);
      this.first = 0;
    }
    return this.doneUs.length - this.first;
  }

  /** @returns when it will have been handled */
  push(nowUs: Micros, handlingUs: Micros): Micros {
    const doneUs = Math.max(nowUs, this.doneUs.at(-1) ?? 0) + handlingUs;
    this.doneUs.push(doneUs);
    return doneUs;
  }
}

export class PubSub<Message> implements Transport<Message> {
  readonly counts: MessageCounts;
  readonly busCounts = noBusCounts();
  readonly bus: BusHandlers;
  private readonly network: Network<Message>;
  /** By subscriber, of those that anything has come to. */
  private readonly pipes: (Pipe | undefined)[] = [];

  /** @param ttlMs time to live on the links, in ms */
  constructor(
    links: Links,
    ttlMs: (message: Message) => number,
    private readonly machinery: BusMachinery<Message>,
    private readonly settings: PubSubSettings,
  ) {
    ensure(settings.highWaterMark >= 1, "a pipe holds one message at least");
    this.network = new Network(links, ttlMs, {
      deliverAt: (atUs, from, to, message) => machinery.arriveAt(atUs, from, to, message),
      expireAt: (atUs, from, to, message) => machinery.expireAt(atUs, from, to, message),
    });
    this.counts = this.network.counts;
    const never = () => ensure(false, "nothing is acknowledged, timed or held here");
    this.bus = {
      arrive: (rank, _, to, message, nowUs) => this.arrive(rank, to, message as Message, nowUs),
      acknowledge: never,
      wake: never,
      timeUp: never,
    };
  }

  transmit(from: Address, to: Address, message: Message, nowUs: Micros): void {
    this.network.transmit(from, to, message, nowUs);
  }

  /** Takes the same number of draws whether the pipe is full or not. */
  private arrive(rank: number, to: Address, message: Message, nowUs: Micros): void {
    const handlingUs = this.settings.handlingUs(to);
    ensure(handlingUs >= 1 && Number.isInteger(handlingUs), "handling takes a positive whole number of microseconds");
    this.pipes[to] ??= new Pipe();
    const pipe = this.pipes[to];
    if (pipe.lengthAt(nowUs) >= this.settings.highWaterMark) {
      this.counts.dropped++;
      this.busCounts.overflowed++;
      return;
    }
    this.machinery.deliverLater(pipe.push(nowUs, handlingUs), rank, to, message);
  }
}
