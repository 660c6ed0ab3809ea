/** The parts of the engine that benchmarks drive, and the plainest world for it to run in. */
import type { Clocks } from "../sim/clock.js";
import type { EventQueue } from "../sim/event-queue.js";
import type { EventStore } from "../sim/event-store.js";
import type { Links } from "../sim/network.js";
import type { Simulation } from "../sim/simulation.js";
import { fromDist } from "./from-dist.js";

export const US_PER_S = 1_000_000;
export const SEED = 1;

const { EventStore: Store, EventKind } = await fromDist<typeof import("../sim/event-store.js")>("sim/event-store");
const { CalendarQueue } = await fromDist<typeof import("../sim/calendar-queue.js")>("sim/calendar-queue");
const { RandomStreams } = await fromDist<typeof import("../sim/random.js")>("sim/random");
const simulationModule = await fromDist<typeof import("../sim/simulation.js")>("sim/simulation");

export { EventKind, RandomStreams };

/** Event store and queue, as a simulation has them. */
export function storeAndQueue(): { readonly store: EventStore; readonly queue: EventQueue } {
  const store = new Store();
  return { store, queue: new CalendarQueue(store) };
}

const trueClocks: Clocks = {
  wallMs: (_, trueUs) => trueUs / 1_000,
  trueDurationUs: (_, durationMs) => Math.round(durationMs * 1_000),
};

export interface Token {
  readonly id: number;
}

/** A simulation with everything that every run has: nodes, fingerprint, judge of conservation. Nothing is lost. */
export function plainSimulation(nodeCount: number, delayUs: Links["delayUs"]): Simulation<Token, never> {
  return new simulationModule.Simulation<Token, never>({
    seed: SEED,
    nodeCount,
    links: { delayUs, duplicateDelayUs: () => 0 },
    serviceTimes: { serviceUs: () => 0 },
    clocks: trueClocks,
    wire: { ttlMs: () => Number.POSITIVE_INFINITY, digest: (token) => token.id },
    observer: {},
    queueCapacity: 0,
  });
}

/** Lets a simulation without end handle a number of events. */
export function handleIn(simulation: Simulation<Token, never>): (events: number) => number {
  return (events) => {
    const before = simulation.eventCount;
    simulation.run(Number.MAX_SAFE_INTEGER, events);
    return simulation.eventCount - before;
  };
}
