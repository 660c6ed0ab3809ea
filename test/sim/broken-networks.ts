/** Networks that lie, each in one way, from a given instant on: what the judge of conservation is there to catch. */
import type { Address } from "../../protocol/contract.js";
import {
  CUT,
  type Delivery,
  DROPPED,
  type Links,
  LOST,
  type MessageCounts,
  Network,
  noMessages,
  type Transport,
} from "../../sim/network.js";
import { type Micros, US_PER_MS } from "../../sim/time.js";

type Transmit<Message> = Transport<Message>["transmit"];

/** Lets a right network run until `fromUs`, and from then on whatever `lie` makes of it. */
function lyingFrom<Message>(
  fromUs: Micros,
  right: Transport<Message>,
  lie: (right: Transport<Message>) => Transmit<Message>,
): Transport<Message> {
  const lying = lie(right);
  return {
    counts: right.counts,
    transmit: (from, to, message, nowUs) =>
      nowUs < fromUs ? right.transmit(from, to, message, nowUs) : lying(from, to, message, nowUs),
  };
}

/** Books in which one entry never rises again once its time has come. */
function booksThatForget(entry: keyof MessageCounts, isForgetting: () => boolean): MessageCounts {
  const books = noMessages();
  let value = 0;
  Object.defineProperty(books, entry, {
    enumerable: true,
    get: () => value,
    set: (next: number) => {
      if (!isForgetting()) value = next;
    },
  });
  return books;
}

/** A network on the same links that keeps its books as it should, but for one entry. */
function forgetful<Message>(entry: keyof MessageCounts) {
  return (fromUs: Micros, links: Links, ttlMs: number, delivery: Delivery<Message>): Transport<Message> => {
    let nowUs = 0;
    const books = booksThatForget(entry, () => nowUs >= fromUs);
    const network = new Network<Message>(links, () => ttlMs, delivery);
    Object.assign(network, { counts: books });
    return {
      counts: books,
      transmit: (from: Address, to: Address, message: Message, atUs: Micros) => {
        nowUs = atUs;
        network.transmit(from, to, message, atUs);
      },
    };
  };
}

/** What is lost is cut off instead. */
function cutting(links: Links): Links {
  return {
    delayUs: (from, to, nowUs) => {
      const delayUs = links.delayUs(from, to, nowUs);
      return delayUs === LOST ? CUT : delayUs;
    },
    duplicateDelayUs: (from, to, nowUs) => links.duplicateDelayUs(from, to, nowUs),
  };
}

export type BrokenNetwork = <Message>(
  fromUs: Micros,
  links: Links,
  ttlMs: number,
  delivery: Delivery<Message>,
) => Transport<Message>;

export const BROKEN_NETWORKS: Record<string, BrokenNetwork> = {
  "swallows a message silently": (fromUs, links, ttlMs, delivery) =>
    lyingFrom(fromUs, new Network(links, () => ttlMs, delivery), (right) => () => {
      right.counts.sent++;
    }),

  "swallows a message and does not even say that it was sent": (fromUs, links, ttlMs, delivery) =>
    lyingFrom(fromUs, new Network(links, () => ttlMs, delivery), () => () => {}),

  "swallows a message and says that it was delivered": (fromUs, links, ttlMs, delivery) =>
    lyingFrom(fromUs, new Network(links, () => ttlMs, delivery), (right) => () => {
      right.counts.sent++;
      right.counts.delivered++;
    }),

  "delivers a copy without owning up to it": (fromUs, links, ttlMs, delivery) =>
    lyingFrom(fromUs, new Network(links, () => ttlMs, delivery), (right) => (from, to, message, nowUs) => {
      right.transmit(from, to, message, nowUs);
      delivery.deliverAt(nowUs + US_PER_MS, from, to, message);
    }),

  "delivers a message that it says it dropped": (fromUs, links, ttlMs, delivery) => {
    const dropping = { delayUs: () => DROPPED, duplicateDelayUs: () => 0 };
    const right = new Network(links, () => ttlMs, delivery);
    return lyingFrom(fromUs, right, () => (from, to, message, nowUs) => {
      const dropper = new Network(dropping, () => ttlMs, delivery);
      dropper.transmit(from, to, message, nowUs);
      right.counts.dropped += dropper.counts.dropped;
      delivery.deliverAt(nowUs + US_PER_MS, from, to, message);
    });
  },

  "delivers a message that it says it lost": (fromUs, links, ttlMs, delivery) => {
    const right = new Network(links, () => ttlMs, delivery);
    return lyingFrom(fromUs, right, () => (from, to, message, nowUs) => {
      const delayUs = links.delayUs(from, to, nowUs);
      right.counts.lost++;
      delivery.deliverAt(nowUs + (delayUs === LOST || delayUs === DROPPED ? 1 : delayUs), from, to, message);
    });
  },

  "lets messages expire and vanish": (fromUs, links, ttlMs, delivery) => {
    const vanishing: typeof delivery = {
      deliverAt: (...message) => delivery.deliverAt(...message),
      expireAt: () => {},
    };
    const right = new Network(links, () => ttlMs, delivery);
    const wrong = new Network(links, () => ttlMs, vanishing);
    Object.assign(wrong, { counts: right.counts });
    return lyingFrom(fromUs, right, () => (from, to, message, nowUs) => wrong.transmit(from, to, message, nowUs));
  },

  "forgets to count what expires": forgetful("expired"),
  "forgets to count what it loses": forgetful("lost"),
  "forgets to count what it drops": forgetful("dropped"),
  "forgets to count what it cuts off": (fromUs, links, ttlMs, delivery) =>
    forgetful("cut")(fromUs, cutting(links), ttlMs, delivery),
  "forgets to count the copies that it makes": forgetful("duplicated"),
};
