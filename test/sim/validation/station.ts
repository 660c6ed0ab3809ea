/**
 * One server fed by a Poisson stream, on the whole engine: a source sends customers over the network, a server puts each
 * to its processor. An M/G/1 queue with priorities and, where the waiting room is finite, M/G/1/K.
 */
import type { Job } from "../../../protocol/contract.js";
import { US_PER_MS } from "../../../sim/time.js";
import { type NodePlan, SEED, startedSimulationOf } from "../plain-world.js";
import { Draws } from "./draws.js";

/** Every customer's mean service time. Rounding to whole µs is 1 part in 10,000 of it, and has no bias. */
export const MEAN_SERVICE_MS = 10;

const FOREVER_MS = Number.POSITIVE_INFINITY;
const URGENT = 3;
const PATIENT = 1;

export interface Station {
  /** Stations of different names draw different numbers. */
  readonly name: string;
  /** Share of the time that the server would be busy if it served everyone. */
  readonly load: number;
  /** Draws a service time, with mean `MEAN_SERVICE_MS`. */
  service(draws: Draws): number;
  /** Share of customers with high priority. */
  readonly urgentShare?: number;
  /** How many may wait. */
  readonly queueCapacity?: number;
}

/** What one replication saw. */
export interface Replication {
  /** Of the customers that left after the warm-up, in that order. */
  readonly sojournMs: number[];
  readonly urgentWaitMs: number[];
  readonly patientWaitMs: number[];
  /** Share of those arriving after the warm-up that were rejected. */
  readonly rejectedRatio: number;
  /** From the very beginning, when the station was empty, to an instant when it is empty again. */
  readonly fromEmptyToEmpty: {
    /** Customers in the system, averaged over instants 10 ms apart, by the processors' own books. */
    readonly meanNumber: number;
    /** By the nodes' own clocks: arrivals per ms, and the mean time in the system. */
    readonly arrivalsPerMs: number;
    readonly meanSojournMs: number;
  };
}

interface Customer extends Job {
  readonly arrivedMs: number;
}

/**
 * How many customers to let pass before measuring. An M/M/1 queue forgets how it began as exp(-t / tau) with
 * tau = E[S] / (1 - sqrt(load))^2 (Morse, Operations Research 3, 1955); after 20 tau, 2 parts in 10^9 are left.
 */
export function warmUpCustomers(load: number): number {
  return Math.ceil((20 * load) / (1 - Math.sqrt(load)) ** 2);
}

/** @param customers how many to measure */
export function replicate(station: Station, customers: number, replication: number): Replication {
  const seed = SEED + replication;
  const warmUp = warmUpCustomers(station.load);
  const measured = { sojournMs: [] as number[], urgentWaitMs: [] as number[], patientWaitMs: [] as number[] };
  const all = { arrivals: 0, sojournSumMs: 0, numberSum: 0, samples: 0 };
  let measuredArrivals = 0;
  let measuredRejected = 0;
  const serviceMs = new Map<Job, number>();

  const leave = ({ priority, arrivedMs }: Customer, nowMs: number, servedMs: number) => {
    const sojournMs = nowMs - arrivedMs;
    all.sojournSumMs += sojournMs;
    if (all.arrivals <= warmUp || measured.sojournMs.length === customers) return;
    measured.sojournMs.push(sojournMs);
    (priority === URGENT ? measured.urgentWaitMs : measured.patientWaitMs).push(sojournMs - servedMs);
  };
  const server: NodePlan = (host) => {
    const classes = new Draws(seed, `${station.name}/classes`);
    return {
      receive: () => {
        if (++all.arrivals > warmUp) measuredArrivals++;
        const priority = classes.uniform() < (station.urgentShare ?? 0) ? URGENT : PATIENT;
        const customer: Customer = { priority, payloadWeight: 0, ttlMs: FOREVER_MS, arrivedMs: host.now() };
        host.work(customer);
      },
      done: (job, outcome) => {
        if (outcome === "rejected") {
          if (all.arrivals > warmUp) measuredRejected++;
        } else {
          leave(job as Customer, host.now(), serviceMs.get(job)!);
          serviceMs.delete(job);
        }
      },
    };
  };
  const services = new Draws(seed, `${station.name}/services`);
  const simulation = startedSimulationOf(
    [
      poissonSource(new Draws(seed, `${station.name}/arrivals`), MEAN_SERVICE_MS / station.load),
      server,
      probe(() => {
        const { waiting, inService } = simulation.processors.counts;
        all.numberSum += waiting + inService;
        all.samples++;
      }),
    ],
    {
      seed,
      queueCapacity: station.queueCapacity ?? Number.POSITIVE_INFINITY,
      serviceTimes: {
        serviceUs: (_, job) => {
          const us = Math.round(station.service(services) * US_PER_MS);
          serviceMs.set(job, us / US_PER_MS);
          return us;
        },
      },
    },
  );
  const { counts } = simulation.processors;
  while (measured.sojournMs.length < customers) simulation.run(Number.MAX_SAFE_INTEGER, 1_000);
  const rejectedRatio = measuredRejected / measuredArrivals;
  while (counts.waiting + counts.inService > 0) simulation.run(Number.MAX_SAFE_INTEGER, 1);
  return {
    ...measured,
    rejectedRatio,
    fromEmptyToEmpty: {
      meanNumber: all.numberSum / all.samples,
      arrivalsPerMs: all.arrivals / (simulation.nowUs / US_PER_MS),
      meanSojournMs: all.sojournSumMs / all.arrivals,
    },
  };
}

function poissonSource(arrivals: Draws, meanGapMs: number): NodePlan {
  return (host) => {
    const next = () => host.setTimer(arrivals.exponential(meanGapMs), 1);
    return {
      start: next,
      wake: () => {
        host.send(1, "customer");
        next();
      },
    };
  };
}

/** Looks every 10 ms, in step with nothing that happens at the station. */
function probe(look: () => void): NodePlan {
  return (host) => ({
    start: () => host.setTimer(MEAN_SERVICE_MS, 1),
    wake: () => {
      look();
      host.setTimer(MEAN_SERVICE_MS, 1);
    },
  });
}
