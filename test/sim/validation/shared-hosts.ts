/**
 * Processor sharing and finite lines on shared machines. Each customer of a processor-sharing station comes to a node of
 * its own of one machine, as many nodes as are never all at work: nobody waits in a queue, all share the cores. Method and
 * intervals are those of the other queues.
 */
import { mean } from "simple-statistics";
import type { Job } from "../../../protocol/contract.js";
import { US_PER_MS } from "../../../sim/time.js";
import { type NodePlan, SEED, startedSimulationOf } from "../plain-world.js";
import type { ClosedForm, Finding } from "./closed-form.js";
import { Draws } from "./draws.js";
import { type Interval, meanOfReplications, REPLICATIONS } from "./intervals.js";
import { MEAN_SERVICE_MS, warmUpCustomers } from "./station.js";

/** Customers of one replication in the least effort. */
const CUSTOMERS = 6_000;

/** Beyond this many at once, a customer would have to wait; at load 0.8 the probability is 0.8^300, or 10^-29. */
const SEATS = 300;

interface Customer extends Job {
  readonly serviceMs: number;
  readonly arrivedMs: number;
}

interface Shared {
  /** Stations of different names draw different numbers. */
  readonly name: string;
  /** Of all cores. */
  readonly load: number;
  readonly cores: number;
  service(draws: Draws): number;
}

interface Visit {
  readonly serviceMs: number;
  readonly sojournMs: number;
}

/** One replication: customers after the warm-up, in the order in which they left. */
function visits({ name, load, cores, service }: Shared, customers: number, replication: number): Visit[] {
  const seed = SEED + replication;
  const arrivals = new Draws(seed, `${name}/arrivals`);
  const services = new Draws(seed, `${name}/services`);
  const free = Array.from({ length: SEATS }, (_, seat) => seat + 1);
  const put: ((customer: Customer) => void)[] = [];
  const seen: Visit[] = [];
  let warmUp = warmUpCustomers(load);
  const source: NodePlan = (host) => {
    const next = () => host.setTimer(arrivals.exponential(MEAN_SERVICE_MS / (load * cores)), 1);
    return {
      start: next,
      wake: () => {
        const serviceMs = Math.round(service(services) * US_PER_MS) / US_PER_MS;
        const seat = free.pop();
        if (seat === undefined) throw new Error("all seats are taken");
        put[seat]!({ priority: 1, payloadWeight: 0, ttlMs: Infinity, serviceMs, arrivedMs: host.now() });
        next();
      },
    };
  };
  const seat: NodePlan = (host) => ({
    start: () => {
      put[host.self] = (customer) => host.work(customer);
    },
    done: (job) => {
      const { serviceMs, arrivedMs } = job as Customer;
      free.push(host.self);
      if (warmUp > 0) warmUp--;
      else seen.push({ serviceMs, sojournMs: host.now() - arrivedMs });
    },
  });
  const simulation = startedSimulationOf([source, ...Array.from({ length: SEATS }, () => seat)], {
    seed,
    serviceTimes: { serviceUs: (_, job) => Math.round((job as Customer).serviceMs * US_PER_MS) },
    hosts: [
      {
        kind: "station",
        nodes: Array.from({ length: SEATS }, (_, i) => i + 1),
        sharing: { cores, coreShare: 1, jobWritesPerS: 0, cardWritesPerS: Infinity },
      },
    ],
  });
  while (seen.length < customers) simulation.run(Number.MAX_SAFE_INTEGER, 1_000);
  return seen.slice(0, customers);
}

function over(shared: Shared, effort: number, figure: (seen: readonly Visit[]) => number): Interval {
  return meanOfReplications(
    Array.from({ length: REPLICATIONS }, (_, replication) => figure(visits(shared, CUSTOMERS * effort, replication))),
  );
}

const sojourn = (seen: readonly Visit[]) => mean(seen.map(({ sojournMs }) => sojournMs));

const SIGMA = 1;
const lognormal = (draws: Draws) => draws.lognormal(MEAN_SERVICE_MS * Math.exp(-SIGMA * SIGMA * 0.5), SIGMA);
const exponential = (draws: Draws) => draws.exponential(MEAN_SERVICE_MS);

/** With a lognormal service the queue that serves in order of arrival has another mean: the sharing shows. */
function meanSojourn(kind: "exponential" | "lognormal", load: number): ClosedForm {
  const name = `ps-${kind}-mean`;
  const service = kind === "exponential" ? exponential : lognormal;
  const expected = MEAN_SERVICE_MS / (1 - load);
  const squaredCv = Math.exp(SIGMA * SIGMA) - 1;
  return {
    id: name,
    quantity: `M/G/1 processor sharing, load ${load}, ${kind} services: mean time in system, ms`,
    formula: "E[T] = E[S] / (1 - rho)",
    source: "Kleinrock, Queueing Systems II (1976), 4.4",
    mistake: kind === "exponential" ? "services that last 5 % longer" : "first come, first served",
    measure: (effort): Finding => ({
      expected,
      ...over({ name, load, cores: 1, service }, effort, sojourn),
      mistaken:
        kind === "exponential"
          ? (1.05 * MEAN_SERVICE_MS) / (1 - 1.05 * load)
          : MEAN_SERVICE_MS + (load * MEAN_SERVICE_MS * (1 + squaredCv)) / (2 * (1 - load)),
    }),
  };
}

/** Customers whose service is within a tenth of `x`: the time of each, divided by its own service. */
function conditionalSlowdown(xMs: number, load: number): ClosedForm {
  const name = `ps-slowdown-${xMs}`;
  return {
    id: name,
    quantity: `M/G/1 processor sharing, load ${load}, lognormal services: time in system of jobs of ${xMs} ms by their service`,
    formula: "E[T(x)] / x = 1 / (1 - rho)",
    source: "Kleinrock, Queueing Systems II (1976), 4.4",
    mistake: "first come, first served, where short jobs wait as long as long ones",
    measure: (effort): Finding => {
      const wait = (load * MEAN_SERVICE_MS * Math.exp(SIGMA * SIGMA)) / (2 * (1 - load));
      return {
        expected: 1 / (1 - load),
        ...over({ name, load, cores: 1, service: lognormal }, effort, (seen) =>
          mean(
            seen
              .filter(({ serviceMs }) => Math.abs(serviceMs - xMs) < xMs / 10)
              .map(({ serviceMs, sojournMs }) => sojournMs / serviceMs),
          ),
        ),
        mistaken: 1 + wait / xMs,
      };
    },
  };
}

/** How many are there does not depend on whether they share the cores or wait for one: Erlang's C gives it. */
function severalCores(cores: number, load: number): ClosedForm {
  const name = `ps-${cores}-cores`;
  const offered = cores * load;
  let term = 1; // offered^k / k!
  let sum = 0;
  for (let k = 0; k < cores; k++) {
    sum += term;
    term *= offered / (k + 1);
  }
  const allBusy = term / (1 - load) / (sum + term / (1 - load));
  return {
    id: name,
    quantity: `M/M/${cores} processor sharing, load ${load}: mean time in system, ms`,
    formula: "E[T] = E[S] (1 + C(k, k rho) / (k (1 - rho))), C by Erlang",
    source: "Kleinrock, Queueing Systems I (1975), 3.5: the number of customers is that of M/M/k",
    mistake: "one core that is k times as fast",
    measure: (effort): Finding => ({
      expected: MEAN_SERVICE_MS * (1 + allBusy / (cores * (1 - load))),
      ...over({ name, load, cores, service: exponential }, effort, sojourn),
      mistaken: MEAN_SERVICE_MS / cores / (1 - load),
    }),
  };
}

/**
 * A source on a machine whose line takes as long for a message as an exponential draw says. What is dropped by the line
 * is counted by the network.
 */
function lineDrops(load: number, room: number): ClosedForm {
  const name = "line-drops";
  const power = (k: number): number => (k === 0 ? 1 : load * power(k - 1));
  const dropRatio = (k: number) => ((1 - load) * power(k)) / (1 - power(k + 1));
  return {
    id: name,
    quantity: `messages on a line with room for ${room}, load ${load}, exponential sizes: ratio dropped`,
    formula: "(1 - rho) rho^K / (1 - rho^(K+1)), K counts the one being sent",
    source: "Kleinrock, Queueing Systems I (1975), 3.6",
    mistake: "K counts those who wait only",
    measure: (effort): Finding => ({
      expected: dropRatio(room),
      ...meanOfReplications(
        Array.from({ length: REPLICATIONS }, (_, replication) =>
          droppedRatio(name, load, room, CUSTOMERS * effort, SEED + replication),
        ),
      ),
      mistaken: dropRatio(room + 1),
    }),
  };
}

function droppedRatio(name: string, load: number, room: number, messages: number, seed: number): number {
  const bitsPerS = 1_000_000;
  const meanBytes = (MEAN_SERVICE_MS * bitsPerS) / 8_000;
  const arrivals = new Draws(seed, `${name}/arrivals`);
  const sizes = new Draws(seed, `${name}/sizes`);
  const source: NodePlan = (host) => {
    const next = () => host.setTimer(arrivals.exponential(MEAN_SERVICE_MS / load), 1);
    return {
      start: next,
      wake: () => {
        host.send(1, "message");
        next();
      },
    };
  };
  const simulation = startedSimulationOf([source, () => ({})], {
    seed,
    wire: { ttlMs: () => Infinity, digest: () => 0, sizeBytes: () => sizes.exponential(meanBytes) },
    hosts: [{ kind: "sender", nodes: [0], line: { bitsPerS, room, halfDuplex: false } }],
  });
  const { counts } = simulation.transport;
  while (counts.sent < warmUpCustomers(load)) simulation.run(Number.MAX_SAFE_INTEGER, 100);
  const before = { ...counts };
  while (counts.sent < before.sent + messages) simulation.run(Number.MAX_SAFE_INTEGER, 100);
  return (counts.dropped - before.dropped) / (counts.sent - before.sent);
}

export const SHARED_HOSTS: readonly ClosedForm[] = [
  meanSojourn("exponential", 0.7),
  meanSojourn("lognormal", 0.7),
  conditionalSlowdown(5, 0.7),
  conditionalSlowdown(20, 0.7),
  severalCores(4, 0.7),
  lineDrops(0.9, 5),
];
