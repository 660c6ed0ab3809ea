/**
 * Heartbeats: each of 30,000 agents sends one to its lead every 5 s, each at a moment of its own, and it arrives after
 * 5 to 6 ms. Two events a heartbeat: the agent's timer and the arrival.
 */
import type { Host, Node } from "../protocol/contract.js";
import {
  EventKind,
  handleIn,
  plainSimulation,
  RandomStreams,
  SEED,
  storeAndQueue,
  type Token,
  US_PER_S,
} from "./engine.js";
import { ownTinyQueue } from "./from-dist.js";
import type { Kernel } from "./measure.js";

const TinyQueue = await ownTinyQueue();

const LEADS = 1_000;
const PERIOD_US = 5 * US_PER_S;

function delayUs(u: number): number {
  return 5_000 + Math.floor(u * 1_000);
}

export function heartbeatsOfObjects(agents: number): Kernel {
  interface Event {
    readonly at: number;
    readonly rank: number;
    readonly isTimer: boolean;
    readonly target: number;
  }
  const random = new RandomStreams(SEED, "heartbeats", 1);
  const queue = new TinyQueue<Event>([], (a, b) => a.at - b.at || a.rank - b.rank);
  const received = new Int32Array(LEADS);
  let rank = 0;
  for (let agent = 0; agent < agents; agent++) {
    queue.push({ at: Math.floor(random.uniform(0) * PERIOD_US), rank: rank++, isTimer: true, target: agent });
  }
  return {
    handle: (events) => {
      for (let i = 0; i < events; i++) {
        const { at, isTimer, target } = queue.pop()!;
        if (isTimer) {
          queue.push({ at: at + delayUs(random.uniform(0)), rank: rank++, isTimer: false, target: target % LEADS });
          queue.push({ at: at + PERIOD_US, rank: rank++, isTimer: true, target });
        } else {
          received[target]!++;
        }
      }
      return events;
    },
  };
}

export function heartbeatsOfSlots(agents: number): Kernel {
  const random = new RandomStreams(SEED, "heartbeats", 1);
  const { store, queue } = storeAndQueue();
  const received = new Int32Array(LEADS);
  const { timer, deliver } = EventKind;
  let rank = 0;
  for (let agent = 0; agent < agents; agent++) {
    queue.insert(store.add(Math.floor(random.uniform(0) * PERIOD_US), rank++, timer, agent, undefined));
  }
  return {
    handle: (events) => {
      for (let i = 0; i < events; i++) {
        const slot = queue.takeUntil(Number.MAX_SAFE_INTEGER);
        const at = store.at(slot);
        const target = store.target(slot);
        const isTimer = store.kind(slot) === timer;
        store.remove(slot);
        if (isTimer) {
          queue.insert(store.add(at + delayUs(random.uniform(0)), rank++, deliver, target % LEADS, undefined));
          queue.insert(store.add(at + PERIOD_US, rank++, timer, target, undefined));
        } else {
          received[target]!++;
        }
      }
      return events;
    },
  };
}

class Lead implements Node<Token> {
  received = 0;

  start(): void {}

  receive(): void {
    this.received++;
  }

  wake(): void {}

  done(): void {}
}

class Agent implements Node<Token> {
  private readonly heartbeat: Token;

  constructor(private readonly host: Host<Token, never>) {
    this.heartbeat = { id: host.self + 1 };
  }

  start(): void {
    this.host.setTimer((this.host.random() * PERIOD_US) / 1_000, 1);
  }

  receive(): void {}

  wake(): void {
    this.host.send(this.host.self % LEADS, this.heartbeat);
    this.host.setTimer(PERIOD_US / 1_000, 1);
  }

  done(): void {}
}

/** The same on the whole engine. Leads have the first addresses. */
export function heartbeatsOnSimulation(agents: number): Kernel {
  const delays = new RandomStreams(SEED, "heartbeats", LEADS + agents);
  const simulation = plainSimulation(LEADS + agents, (from) => delayUs(delays.uniform(from)));
  for (let i = 0; i < LEADS; i++) simulation.attach(() => new Lead());
  for (let i = 0; i < agents; i++) simulation.attach((host) => new Agent(host));
  simulation.start();
  return { handle: handleIn(simulation) };
}
