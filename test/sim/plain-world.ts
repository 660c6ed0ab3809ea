/** The plainest world that the engine runs in: everything takes a fixed time, nothing is lost, clocks show true time. */
import type { Host, Node } from "../../protocol/contract.js";
import type { Clocks } from "../../sim/clock.js";
import type { Links } from "../../sim/network.js";
import type { ServiceTimes } from "../../sim/service-times.js";
import type { SimulationSetup } from "../../sim/setup.js";
import { Simulation } from "../../sim/simulation.js";
import { type Micros, microsFromMs, US_PER_MS } from "../../sim/time.js";

export const SEED = 20_260_321;

export const trueClocks: Clocks = {
  wallMs: (_, trueUs) => trueUs / US_PER_MS,
  trueDurationUs: (_, durationMs) => microsFromMs(durationMs),
};

export function fixedLinks(delayUs: Micros): Links {
  return { delayUs: () => delayUs, duplicateDelayUs: () => 0 };
}

export function fixedService(serviceUs: Micros): ServiceTimes {
  return { serviceUs: () => serviceUs };
}

/** A node that does only what `handlers` say. */
export function nodeOf<Message>(handlers: Partial<Node<Message>>): Node<Message> {
  return { start() {}, receive() {}, wake() {}, done() {}, ...handlers };
}

/** What a test says of a node: its handlers, given its host. */
export type NodePlan<Message = unknown, Fact = unknown> = (host: Host<Message, Fact>) => Partial<Node<Message>>;

/** A simulation of these nodes on addresses 0, 1, 2, ..., not yet started. What `overrides` leave out is plain. */
export function simulationOf<Message = unknown, Fact = unknown>(
  plans: readonly NodePlan<Message, Fact>[],
  overrides: Partial<SimulationSetup<Message, Fact>> = {},
): Simulation<Message, Fact> {
  const simulation = new Simulation<Message, Fact>({
    seed: SEED,
    nodeCount: plans.length,
    links: fixedLinks(10 * US_PER_MS),
    serviceTimes: fixedService(US_PER_MS),
    clocks: trueClocks,
    wire: { ttlMs: () => Number.POSITIVE_INFINITY, digest: () => 0 },
    observer: {},
    queueCapacity: 100,
    ...overrides,
  });
  for (const plan of plans) simulation.attach((host) => nodeOf(plan(host)));
  return simulation;
}

/** As simulationOf, and started. */
export function startedSimulationOf<Message = unknown, Fact = unknown>(
  plans: readonly NodePlan<Message, Fact>[],
  overrides: Partial<SimulationSetup<Message, Fact>> = {},
): Simulation<Message, Fact> {
  const simulation = simulationOf(plans, overrides);
  simulation.start();
  return simulation;
}

/** A node that does nothing. */
export const idle: NodePlan = () => ({});
