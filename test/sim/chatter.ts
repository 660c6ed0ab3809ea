/**
 * Chatter: a protocol with no purpose but to use everything that a host offers, in a world where everything happens that
 * can happen to a message or a job. Half of it happens at whole milliseconds, so that instants are shared.
 */
import type { Host, Job, JobOutcome, Node, TimerId } from "../../protocol/contract.js";
import type { Clocks } from "../../sim/clock.js";
import { DROPPED, type Links, LOST } from "../../sim/network.js";
import { mix32, RandomStreams } from "../../sim/random.js";
import { IGNORED, type ServiceTimes } from "../../sim/service-times.js";
import type { SimulationSetup } from "../../sim/setup.js";
import { Simulation } from "../../sim/simulation.js";
import { US_PER_MS, US_PER_S } from "../../sim/time.js";
import { SEED } from "./plain-world.js";

export interface Rumour {
  readonly id: number;
  readonly hops: number;
}

export type ChatterFact = string;

/** Links of 5 ms beside links of seconds; a tenth of what is sent is lost, a tenth dropped, a tenth arrives twice. */
export class MoodyLinks implements Links {
  private readonly random: RandomStreams;

  constructor(seed: number, nodeCount: number) {
    this.random = new RandomStreams(seed, "moody-links", nodeCount);
  }

  delayUs(from: number): number {
    const fate = this.random.uniform(from);
    const delay = this.delay(from);
    if (fate < 0.1) return LOST;
    return fate < 0.2 ? DROPPED : delay;
  }

  duplicateDelayUs(from: number): number {
    const fate = this.random.uniform(from);
    const delay = this.delay(from);
    return fate < 0.1 ? delay : 0;
  }

  private delay(from: number): number {
    const u = this.random.uniform(from);
    const isWhole = this.random.uniform(from) < 0.5;
    const delayMs = u < 0.8 ? 5 + 2 * u : 5_000 * u;
    return isWhole ? Math.round(delayMs) * US_PER_MS : Math.round(delayMs * US_PER_MS);
  }
}

/** Up to 40 ms; one job in twenty is ignored. */
export class MoodyServiceTimes implements ServiceTimes {
  private readonly random: RandomStreams;

  constructor(seed: number, nodeCount: number) {
    this.random = new RandomStreams(seed, "moody-service", nodeCount);
  }

  serviceUs(address: number): number {
    const u = this.random.uniform(address);
    return u < 0.05 ? IGNORED : Math.round(40 * u) * US_PER_MS;
  }
}

/** Each clock is a minute ahead of the one before it and runs 0.1 % faster. */
const moodyClocks: Clocks = {
  wallMs: (address, trueUs) => (trueUs / US_PER_MS) * (1 + address / 1_000) + address * 60_000,
  trueDurationUs: (address, durationMs) => Math.round((durationMs * US_PER_MS) / (1 + address / 1_000)),
};

/** Timer tags: every node wakes regularly, and now and then besides. */
const REGULAR = 1;
const EXTRA = 2;

class ChatterNode implements Node<Rumour> {
  private nextId = 0;
  private readonly timers: TimerId[] = [];

  constructor(
    private readonly host: Host<Rumour, ChatterFact>,
    private readonly peers: number,
  ) {}

  start(): void {
    this.host.setTimer(Math.floor(this.host.random() * 20), REGULAR);
  }

  receive(from: number, rumour: Rumour): void {
    this.host.observe(`heard ${rumour.id} from ${from} at ${this.host.now()}`);
    const priority = Math.floor(this.host.random() * 4) as Job["priority"];
    this.host.work({ priority, payloadWeight: rumour.hops, ttlMs: 100 * this.host.random() });
    if (rumour.hops > 0) this.tell({ id: rumour.id, hops: rumour.hops - 1 });
    if (this.timers.length > 4) this.host.cancelTimer(this.timers.shift()!);
  }

  wake(tag: number): void {
    this.tell({ id: this.host.self * 1_000_000 + this.nextId++, hops: 2 });
    if (tag === EXTRA) return;
    this.timers.push(this.host.setTimer(Math.floor(this.host.random() * 400), EXTRA));
    this.host.setTimer(100, REGULAR);
  }

  done(job: Job, outcome: JobOutcome): void {
    this.host.observe(outcome);
    if (outcome === "finished" && this.host.random() < 0.3) this.host.work({ ...job, priority: 0, ttlMs: 0 });
  }

  private tell(rumour: Rumour): void {
    this.host.send(Math.floor(this.host.random() * this.peers), rumour);
  }
}

export interface ChatterOptions extends Partial<SimulationSetup<Rumour, ChatterFact>> {
  /** Nodes that do nothing, on the addresses after those that chatter. */
  readonly idleNodes?: number;
}

/** A started chatter of twelve nodes. */
export function chatter(options: ChatterOptions = {}): Simulation<Rumour, ChatterFact> {
  const { idleNodes = 0, ...overrides } = options;
  const talkers = 12;
  const nodeCount = talkers + idleNodes;
  const seed = overrides.seed ?? SEED;
  const simulation = new Simulation<Rumour, ChatterFact>({
    seed,
    nodeCount,
    links: new MoodyLinks(seed, nodeCount),
    serviceTimes: new MoodyServiceTimes(seed, nodeCount),
    clocks: moodyClocks,
    wire: { ttlMs: () => 4_500, digest: (rumour) => mix32(rumour.id * 4 + rumour.hops) },
    observer: {},
    queueCapacity: 8,
    ...overrides,
  });
  for (let i = 0; i < talkers; i++) simulation.attach((host) => new ChatterNode(host, talkers));
  for (let i = 0; i < idleNodes; i++) {
    simulation.attach(() => ({ start() {}, receive() {}, wake() {}, done() {} }));
  }
  simulation.start();
  return simulation;
}

/** How long a chatter lasts in the tests: long enough for everything to happen hundreds of times. */
export const CHATTER_US = 10 * US_PER_S;

/** The prints of every second of a simulation that has run to its end, and of the whole. */
export function printsOf(simulation: Simulation<never, never> | Simulation<Rumour, ChatterFact>): unknown {
  return { seconds: simulation.fingerprint.seconds, whole: simulation.fingerprint.whole() };
}
