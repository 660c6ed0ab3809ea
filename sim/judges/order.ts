/**
 * The judge of order: sees what is sent and what is delivered on channels that promise order, and knows nothing of how a
 * bus keeps it. It finds a message that is delivered for the first time after a later one of its channel, one that is
 * delivered after its time to live, and one that nobody sent. Both ends of such a channel are in one shard.
 */
import type { Address } from "../../protocol/contract.js";
import type { Micros } from "../time.js";
import { US_PER_MS } from "../time.js";

/** What the judge has counted; adds up over the parts of a mesh. */
export interface OrderCounts {
  /** Messages sent on ordered channels, and those delivered at least once. */
  sent: number;
  delivered: number;
  /** Deliveries of what had been delivered before. */
  repeated: number;
  /** First deliveries after that of a later message of the same channel. */
  outOfOrder: number;
  /** Deliveries after the time to live, and of what was not sent. */
  late: number;
  unsent: number;
}

/** One message on a channel. */
interface Sent {
  /** Its place on the channel, and its later ones where it was sent again as it is. */
  readonly index: number;
  again: number[] | undefined;
  /** Of the latest sending. */
  deadlineUs: Micros;
  isDelivered: boolean;
}

/** Messages of a channel that are remembered however long ago they were sent. */
const KEPT = 32;

/** One channel: what was sent on it and may still be delivered. */
class Channel<Message> {
  /** In the order of sending. A message is known by its identity, which no bus may change. */
  readonly sent = new Map<Message, Sent>();
  count = 0;
  /** Index of the latest message that was delivered; -1 if none was. */
  latest = -1;

  /** Forgets what is long past its time to live. */
  forget(nowUs: Micros): void {
    for (const [message, { deadlineUs }] of this.sent) {
      if (this.sent.size <= KEPT || deadlineUs >= nowUs) return;
      this.sent.delete(message);
    }
  }
}

export class OrderJudge<Message> {
  readonly counts: OrderCounts = { sent: 0, delivered: 0, repeated: 0, outOfOrder: 0, late: 0, unsent: 0 };
  /** By sender, then by receiver; null where there is no promise of order. */
  private readonly channels: (Map<Address, Channel<Message> | null> | undefined)[] = [];

  /** @param ttlMs time to live of a message, in ms, from when it is sent */
  constructor(
    private readonly isOrdered: (from: Address, to: Address) => boolean,
    private readonly ttlMs: (message: Message) => number,
  ) {}

  onSend(nowUs: Micros, from: Address, to: Address, message: Message): void {
    const channel = this.channelOf(from, to);
    if (channel === null) return;
    const deadlineUs = nowUs + Math.ceil(this.ttlMs(message) * US_PER_MS);
    const before = channel.sent.get(message);
    if (before !== undefined) {
      // What is sent a second time as it is, is a copy to the judge, which cannot be told from one; but it lives anew,
      // and where no copy of the first sending came, its turn is that of the second.
      before.deadlineUs = deadlineUs;
      before.again ??= [];
      before.again.push(channel.count++);
      return;
    }
    channel.forget(nowUs);
    this.counts.sent++;
    channel.sent.set(message, { index: channel.count++, again: undefined, deadlineUs, isDelivered: false });
  }

  onDelivered(nowUs: Micros, from: Address, to: Address, message: Message): void {
    const channel = this.channelOf(from, to);
    if (channel === null) return;
    const { counts } = this;
    const sent = channel.sent.get(message);
    if (sent === undefined) {
      counts.unsent++;
      return;
    }
    if (nowUs > sent.deadlineUs) counts.late++;
    if (sent.isDelivered) {
      counts.repeated++;
      return;
    }
    sent.isDelivered = true;
    counts.delivered++;
    const { latest } = channel;
    const turn = sent.index > latest ? sent.index : sent.again?.find((index) => index > latest);
    if (turn === undefined) counts.outOfOrder++;
    else channel.latest = turn;
  }

  private channelOf(from: Address, to: Address): Channel<Message> | null {
    this.channels[from] ??= new Map();
    const channels = this.channels[from];
    let channel = channels.get(to);
    if (channel === undefined) {
      channel = this.isOrdered(from, to) ? new Channel() : null;
      channels.set(to, channel);
    }
    return channel;
  }
}
