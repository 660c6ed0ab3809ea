/**
 * PHOLD (Fujimoto, 1990), the usual benchmark of event queues: each of N processes holds one pending event; handling it
 * schedules another at a random process after 0.1 + Exp(0.9) s.
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

const LEAST_US = 0.1 * US_PER_S;
const MEAN_MORE_US = 0.9 * US_PER_S;

function delayUs(u: number): number {
  return LEAST_US + Math.round(-MEAN_MORE_US * Math.log1p(-u));
}

/** What every benchmark is compared with: a loop over event objects in tinyqueue, and nothing else. */
export function pholdOfObjects(processes: number): Kernel {
  interface Event {
    readonly at: number;
    readonly rank: number;
    readonly target: number;
  }
  const random = new RandomStreams(SEED, "phold", 1);
  const queue = new TinyQueue<Event>([], (a, b) => a.at - b.at || a.rank - b.rank);
  let rank = 0;
  for (let target = 0; target < processes; target++) {
    queue.push({ at: delayUs(random.uniform(0)), rank: rank++, target });
  }
  return {
    handle: (events) => {
      for (let i = 0; i < events; i++) {
        const { at } = queue.pop()!;
        const target = Math.floor(random.uniform(0) * processes);
        queue.push({ at: at + delayUs(random.uniform(0)), rank: rank++, target });
      }
      return events;
    },
  };
}

/** The same loop over the engine's store and queue. */
export function pholdOfSlots(processes: number): Kernel {
  const random = new RandomStreams(SEED, "phold", 1);
  const { store, queue } = storeAndQueue();
  let rank = 0;
  const schedule = (at: number, target: number) =>
    queue.insert(store.add(at, rank++, EventKind.timer, target, undefined));
  for (let target = 0; target < processes; target++) schedule(delayUs(random.uniform(0)), target);
  return {
    handle: (events) => {
      for (let i = 0; i < events; i++) {
        const slot = queue.takeUntil(Number.MAX_SAFE_INTEGER);
        const at = store.at(slot);
        store.remove(slot);
        const target = Math.floor(random.uniform(0) * processes);
        schedule(at + delayUs(random.uniform(0)), target);
      }
      return events;
    },
  };
}

class Process implements Node<Token> {
  constructor(
    private readonly host: Host<Token, never>,
    private readonly processes: number,
  ) {}

  start(): void {
    this.host.send(this.host.self, { id: this.host.self + 1 });
  }

  receive(_from: number, token: Token): void {
    this.host.send(Math.floor(this.host.random() * this.processes), token);
  }

  wake(): void {}

  done(): void {}
}

/** The same on the whole engine: a node for each process, a message for each event. */
export function pholdOnSimulation(processes: number): Kernel {
  const delays = new RandomStreams(SEED, "phold", processes);
  const simulation = plainSimulation(processes, (from) => delayUs(delays.uniform(from)));
  for (let i = 0; i < processes; i++) simulation.attach((host) => new Process(host, processes));
  simulation.start();
  return { handle: handleIn(simulation) };
}
