/**
 * At-least-once delivery, as JetStream has it. Every message is acknowledged by its receiver's end when it was handed
 * over; the sender's end sends it again while no acknowledgement has come. What it promises, channel by channel (a
 * channel leads from one node to one other):
 *
 * - A message is handed over once at least, unless the sender's end gives it up: because its time to live is over, or
 *   because it was sent `maxDeliveries` times. What is given up is a dead letter, whether or not it had been handed over
 *   and the acknowledgement got lost, which the sender's end cannot know.
 * - It is handed over again where an acknowledgement got lost or came late, or the network made a copy.
 * - Nothing is handed over after its time to live.
 * - On an ordered channel, nobody sees a later message before the first copy of an earlier one. A message that comes too
 *   early waits until every earlier one was handed over, was given up, or is past its time to live. What was passed by
 *   in this way is never handed over. Further copies of what was handed over come at any time.
 *
 * Both ends are the bus's and not the process's: they outlive a crash, like a stream on disk. Links are asked at the
 * instant of each attempt and of each acknowledgement, by the end from which it leaves, so that whatever cuts, slows or
 * limits a link does so to these, too.
 */
import type { Address } from "../../protocol/contract.js";
import { ensure } from "../ensure.js";
import { CUT, DROPPED, type Links, LOST, noMessages, type Transport } from "../network.js";
import { type Micros, US_PER_MS } from "../time.js";
import { noBusCounts } from "./counts.js";
import type { BusHandlers } from "./handlers.js";
import { type Held, Incoming, type Parcel } from "./incoming.js";
import type { BusMachinery } from "./machinery.js";
import { Letter, Outgoing } from "./outgoing.js";

export interface AtLeastOnceSettings {
  /** How long an acknowledgement is waited for before a message is sent again, in µs. */
  readonly ackWaitUs: Micros;
  /** How often a message is sent at most; endless where there is no limit. */
  readonly maxDeliveries: number;
  /** How many messages of a channel may be unacknowledged; later ones wait, and their time to live runs. */
  readonly maxAckPending: number;
  /** Whether messages from one node to another are handed over in order. */
  isOrdered(from: Address, to: Address): boolean;
}

/** The last instant that the engine can name. */
const END_OF_TIME: Micros = Number.MAX_SAFE_INTEGER;

export class AtLeastOnce<Message> implements Transport<Message>, BusHandlers {
  readonly counts = noMessages();
  readonly busCounts = noBusCounts();
  readonly bus: BusHandlers = this;
  /** By sender, then by receiver. */
  private readonly outgoing: (Map<Address, Outgoing<Message>> | undefined)[] = [];
  /** By receiver, then by sender. */
  private readonly incoming: (Map<Address, Incoming<Message>> | undefined)[] = [];

  /** @param ttlMs time to live of a message, in ms, from when it is sent for the first time */
  constructor(
    private readonly links: Links,
    private readonly ttlMs: (message: Message) => number,
    private readonly machinery: BusMachinery<Message>,
    private readonly settings: AtLeastOnceSettings,
  ) {
    ensure(settings.ackWaitUs >= 1 && Number.isInteger(settings.ackWaitUs), "waiting takes whole microseconds");
    ensure(settings.maxDeliveries >= 1 && settings.maxAckPending >= 1, "a message may be sent once at least");
  }

  transmit(from: Address, to: Address, message: Message, nowUs: Micros): void {
    this.counts.sent++;
    this.busCounts.outstanding++;
    const deadlineUs = Math.min(END_OF_TIME, nowUs + Math.ceil(this.ttlMs(message) * US_PER_MS));
    const channel = this.channelFrom(from, to);
    const letter = channel.add(message, deadlineUs);
    if (channel.awaited < this.settings.maxAckPending) this.send(letter, nowUs);
    else letter.hold = this.machinery.holdUntil(deadlineUs, from, letter);
  }

  acknowledge(from: Address, to: Address, sequence: number, nowUs: Micros): void {
    const letter = this.outgoing[to]?.get(from)?.find(sequence);
    if (letter === undefined) return;
    this.busCounts.acknowledged++;
    this.settle(letter, nowUs);
  }

  /** A channel's timer: sends again what is due, and gives up what may not be sent any more. */
  wake(about: unknown, nowUs: Micros): void {
    const channel = about as Outgoing<Message>;
    // One that was set before an earlier one became due has nothing to say.
    if (channel.wakesAtUs !== nowUs) return;
    channel.wakesAtUs = Number.POSITIVE_INFINITY;
    for (const letter of channel.letters.filter(({ dueUs }) => dueUs <= nowUs)) {
      const isOver = nowUs >= letter.deadlineUs || letter.deliveries >= this.settings.maxDeliveries;
      if (isOver) this.giveUp(letter, nowUs);
      else this.send(letter, nowUs);
    }
    this.wakeInTime(channel);
  }

  /** A message has waited at its sender's end, or a copy at its receiver's, for as long as it may. */
  timeUp(copy: unknown, nowUs: Micros): void {
    if (copy instanceof Letter) {
      this.counts.expired++;
      this.giveUp(copy as Letter<Message>, nowUs);
      return;
    }
    const { channel, rank, parcel } = copy as Held<Message>;
    channel.held.delete(parcel.sequence);
    if (parcel.freeAfterUs >= nowUs) {
      this.counts.expired++;
      return;
    }
    // Nothing that is missing before it may come any more.
    this.catchUp(channel, parcel.sequence, nowUs);
    if (this.handOver(channel, rank, parcel, nowUs)) this.release(channel, nowUs);
  }

  arrive(rank: number, from: Address, to: Address, datum: unknown, nowUs: Micros): void {
    const parcel = datum as Parcel<Message>;
    const channel = this.channelTo(from, to);
    this.catchUp(channel, parcel.floor, nowUs);
    switch (channel.turnOf(parcel.sequence)) {
      case "first":
        if (this.handOver(channel, rank, parcel, nowUs)) this.release(channel, nowUs);
        return;
      case "again":
        if (!this.give(channel, rank, parcel, nowUs)) return;
        this.busCounts.repeated++;
        this.confirm(channel, parcel.sequence, nowUs);
        return;
      case "early":
        this.keep(channel, rank, parcel);
        return;
      case "never":
        this.counts.dropped++;
        this.busCounts.outOfTurn++;
        return;
    }
  }

  /** Sends a letter, for the first time or again. */
  private send(letter: Letter<Message>, nowUs: Micros): void {
    const { channel, message, sequence, deadlineUs } = letter;
    const { from, to } = channel;
    if (letter.deliveries++ === 0) {
      channel.awaited++;
    } else {
      this.counts.duplicated++;
      this.busCounts.redelivered++;
    }
    const freeAfterUs = channel.deadlineBefore(letter);
    const parcel: Parcel<Message> = { message, sequence, floor: channel.floor, deadlineUs, freeAfterUs };
    const delayUs = this.links.delayUs(from, to, nowUs);
    // A bus goes over TCP: what is damaged fails a checksum, and is sent again like anything that was lost.
    const isDamaged = this.links.isDamaged?.() === true;
    if (isDamaged && delayUs >= 0) this.counts.corrupted++;
    this.carry(channel, parcel, nowUs, isDamaged && delayUs >= 0 ? LOST : delayUs);
    const copyDelayUs = this.links.duplicateDelayUs(from, to, nowUs);
    if (copyDelayUs !== 0) {
      this.counts.duplicated++;
      this.carry(channel, parcel, nowUs, copyDelayUs);
    }
    letter.dueUs = Math.min(nowUs + this.settings.ackWaitUs, deadlineUs);
    this.wakeInTime(channel);
  }

  private carry({ from, to }: Outgoing<Message>, parcel: Parcel<Message>, nowUs: Micros, delayUs: Micros): void {
    if (delayUs === LOST) {
      this.counts.lost++;
    } else if (delayUs === CUT) {
      this.counts.cut++;
    } else if (delayUs === DROPPED) {
      this.counts.dropped++;
    } else {
      ensure(delayUs >= 1 && Number.isInteger(delayUs), "a link's delay is a positive whole number of microseconds");
      const { deadlineUs } = parcel;
      if (nowUs + delayUs > deadlineUs) this.machinery.expireAt(deadlineUs, from, to, parcel.message);
      else this.machinery.arriveAt(nowUs + delayUs, from, to, parcel);
    }
  }

  private wakeInTime(channel: Outgoing<Message>): void {
    const dueUs = channel.nextDueUs();
    if (dueUs >= channel.wakesAtUs) return;
    channel.wakesAtUs = dueUs;
    this.machinery.wakeAt(dueUs, channel.from, channel);
  }

  private giveUp(letter: Letter<Message>, nowUs: Micros): void {
    this.busCounts.deadLetters++;
    this.settle(letter, nowUs);
  }

  /** Strikes a letter off and, where others wait for it, sends the next of them. */
  private settle(letter: Letter<Message>, nowUs: Micros): void {
    const { channel } = letter;
    this.busCounts.outstanding--;
    channel.remove(letter);
    if (channel.awaited >= this.settings.maxAckPending) return;
    const next = channel.firstWaiting();
    if (next === undefined) return;
    this.machinery.release(next.hold);
    this.send(next, nowUs);
  }

  /** Takes note that nothing before `floor` will be sent any more. What waits has its turn at last, up to the next gap. */
  private catchUp(channel: Incoming<Message>, floor: number, nowUs: Micros): void {
    if (channel.next >= floor) return;
    while (channel.next < floor) {
      const held = this.takeHeld(channel);
      if (held === undefined || !this.handOver(channel, held.rank, held.parcel, nowUs)) channel.passBy();
    }
    this.release(channel, nowUs);
  }

  /** Lets what waits have its turn, as long as nothing is missing before it. */
  private release(channel: Incoming<Message>, nowUs: Micros): void {
    if (channel.held.size === 0) return;
    for (let held = this.takeHeld(channel); held !== undefined; held = this.takeHeld(channel)) {
      if (!this.handOver(channel, held.rank, held.parcel, nowUs)) return;
    }
  }

  /** What waits and is next. */
  private takeHeld(channel: Incoming<Message>): Held<Message> | undefined {
    const held = channel.held.get(channel.next);
    if (held === undefined) return undefined;
    channel.held.delete(channel.next);
    this.machinery.release(held.hold);
    return held;
  }

  /** Hands a message over for the first time and confirms it. */
  private handOver(channel: Incoming<Message>, rank: number, parcel: Parcel<Message>, nowUs: Micros): boolean {
    if (!this.give(channel, rank, parcel, nowUs)) return false;
    this.busCounts.first++;
    channel.note(parcel.sequence);
    this.confirm(channel, parcel.sequence, nowUs);
    return true;
  }

  /** Whether the node has taken a copy. One may come late where the engine has put its arrival off. */
  private give({ from, to }: Incoming<Message>, rank: number, parcel: Parcel<Message>, nowUs: Micros): boolean {
    if (nowUs <= parcel.deadlineUs) return this.machinery.handOver(rank, from, to, parcel.message);
    this.counts.expired++;
    return false;
  }

  private keep(channel: Incoming<Message>, rank: number, parcel: Parcel<Message>): void {
    const { sequence, deadlineUs, freeAfterUs } = parcel;
    const hold = { channel, rank, parcel, hold: -1 };
    hold.hold = this.machinery.holdUntil(Math.min(deadlineUs, freeAfterUs + 1), channel.to, hold);
    channel.held.set(sequence, hold);
    this.busCounts.heldBack++;
  }

  /** An acknowledgement takes the way back like any message; a second copy of one says nothing new. */
  private confirm({ from, to }: Incoming<Message>, sequence: number, nowUs: Micros): void {
    const delayUs = this.links.delayUs(to, from, nowUs);
    this.links.duplicateDelayUs(to, from, nowUs);
    if (delayUs < 0) this.busCounts.acknowledgementsLost++;
    else this.machinery.acknowledgeAt(nowUs + delayUs, to, from, sequence);
  }

  private channelFrom(from: Address, to: Address): Outgoing<Message> {
    this.outgoing[from] ??= new Map();
    const channels = this.outgoing[from];
    let channel = channels.get(to);
    if (channel === undefined) {
      channel = new Outgoing(from, to);
      channels.set(to, channel);
    }
    return channel;
  }

  private channelTo(from: Address, to: Address): Incoming<Message> {
    this.incoming[to] ??= new Map();
    const channels = this.incoming[to];
    let channel = channels.get(from);
    if (channel === undefined) {
      channel = new Incoming(from, to, this.settings.isOrdered(from, to));
      channels.set(from, channel);
    }
    return channel;
  }
}
