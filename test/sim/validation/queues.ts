/**
 * Queueing theory. Every queue is simulated in 30 independent replications with seeds of their own; each is let run until
 * it has forgotten that it began empty (`warmUpCustomers`), and gives one mean. Intervals are Student's, over those means.
 */
import { mean } from "simple-statistics";
import type { ClosedForm, Finding } from "./closed-form.js";
import type { Draws } from "./draws.js";
import { distributionDistance, type Interval, meanOfReplications, REPLICATIONS } from "./intervals.js";
import { MEAN_SERVICE_MS, type Replication, replicate, type Station, warmUpCustomers } from "./station.js";

/** Customers of one replication in the least effort. */
const CUSTOMERS = 10_000;

const exponential = (draws: Draws) => draws.exponential(MEAN_SERVICE_MS);

/** Lognormal services with mean `MEAN_SERVICE_MS`. */
const SIGMA = 1;
const SQUARED_CV = Math.exp(SIGMA * SIGMA) - 1;
const lognormal = (draws: Draws) => draws.lognormal(MEAN_SERVICE_MS * Math.exp(-SIGMA * SIGMA * 0.5), SIGMA);

function replications(station: Station, effort: number): Replication[] {
  return Array.from({ length: REPLICATIONS }, (_, i) => replicate(station, CUSTOMERS * effort, i));
}

function over(runs: readonly Replication[], figure: (run: Replication) => number): Interval {
  return meanOfReplications(runs.map(figure));
}

function mm1Sojourn(load: number): ClosedForm {
  const name = `mm1-sojourn-${load * 100}`;
  const sojournMs = (serviceMs: number) => 1 / (1 / serviceMs - load / MEAN_SERVICE_MS);
  return {
    id: name,
    quantity: `M/M/1, load ${load}: mean time in system, ms`,
    formula: "T = 1 / (mu - lambda)",
    source: "Kleinrock, Queueing Systems I (1975), 3.2",
    mistake: "services that last 5 % longer",
    measure: (effort): Finding => ({
      expected: sojournMs(MEAN_SERVICE_MS),
      ...over(replications({ name, load, service: exponential }, effort), (run) => mean(run.sojournMs)),
      mistaken: sojournMs(MEAN_SERVICE_MS * 1.05),
    }),
  };
}

/** Customers far enough apart to know nothing of each other: 20 relaxation times, as for the warm-up. */
function mm1Distribution(load: number): ClosedForm {
  const meanMs = MEAN_SERVICE_MS / (1 - load);
  const name = "mm1-distribution";
  const apart = warmUpCustomers(load);
  return {
    id: name,
    quantity: `M/M/1, load ${load}: Kolmogorov-Smirnov distance of the time in system from its distribution`,
    formula: "P(T <= t) = 1 - exp(-(mu - lambda) t)",
    source: "Kleinrock, Queueing Systems I (1975), 3.2",
    mistake: "the time in the queue alone, which is 0 for 1 - load of the customers",
    measure: (effort): Finding => {
      const samples = replications({ name, load, service: exponential }, effort).flatMap((run) =>
        run.sojournMs.filter((_, i) => i % apart === 0),
      );
      return {
        expected: 0,
        ...distributionDistance(samples, (ms) => -Math.expm1(-ms / meanMs)),
        mistaken: 1 - load,
      };
    },
  };
}

function mg1Wait(load: number): ClosedForm {
  const name = "mg1-lognormal-wait";
  const waitMs = (squaredCv: number) => (load * MEAN_SERVICE_MS * (1 + squaredCv)) / (2 * (1 - load));
  return {
    id: name,
    quantity: `M/G/1, load ${load}, lognormal services with sigma ${SIGMA}: mean wait, ms`,
    formula: "Wq = rho E[S] (1 + c2) / (2 (1 - rho)), c2 = exp(sigma^2) - 1",
    source: "Pollaczek (1930), Khinchine (1932); Kleinrock I, chapter 5",
    mistake: "c2 = sigma^2",
    measure: (effort): Finding => ({
      expected: waitMs(SQUARED_CV),
      ...over(replications({ name, load, service: lognormal }, effort), (run) => mean(run.patientWaitMs)),
      mistaken: waitMs(SIGMA * SIGMA),
    }),
  };
}

/** Non-preemptive priority: the wait of a class depends on the load of its own and of more urgent ones. */
function priorityWait(isUrgent: boolean): ClosedForm {
  const name = isUrgent ? "priority-wait-urgent" : "priority-wait-patient";
  const load = 0.6;
  const urgentShare = 0.4;
  const residualMs = (load * MEAN_SERVICE_MS * (1 + SQUARED_CV)) / 2;
  const urgentMs = residualMs / (1 - load * urgentShare);
  return {
    id: name,
    quantity: `M/G/1, load ${load}, ${urgentShare * 100} % urgent: mean wait of the ${isUrgent ? "urgent" : "others"}, ms`,
    formula: isUrgent
      ? "W = W0 / (1 - rho_urgent), W0 = lambda E[S^2] / 2"
      : "W = W0 / ((1 - rho_urgent) (1 - rho)), W0 = lambda E[S^2] / 2",
    source: "Cobham, Operations Research 2 (1954), 70-76",
    mistake: "first come, first served",
    measure: (effort): Finding => ({
      expected: isUrgent ? urgentMs : urgentMs / (1 - load),
      ...over(replications({ name, load, service: lognormal, urgentShare }, effort), (run) =>
        mean(isUrgent ? run.urgentWaitMs : run.patientWaitMs),
      ),
      mistaken: residualMs / (1 - load),
    }),
  };
}

function mm1kDrops(load: number, capacity: number): ClosedForm {
  const name = "mm1k-drops";
  // By repeated multiplication: load^k
  const power = (k: number): number => (k === 0 ? 1 : load * power(k - 1));
  const dropRatio = (k: number) => ((1 - load) * power(k)) / (1 - power(k + 1));
  return {
    id: name,
    quantity: `M/M/1/K, load ${load}, K = ${capacity}: ratio of customers rejected`,
    formula: "(1 - rho) rho^K / (1 - rho^(K+1)), K counts the one in service",
    source: "Kleinrock, Queueing Systems I (1975), 3.6",
    mistake: "K counts those who wait only",
    measure: (effort): Finding => ({
      expected: dropRatio(capacity),
      ...over(
        replications({ name, load, service: exponential, queueCapacity: capacity - 1 }, effort),
        (run) => run.rejectedRatio,
      ),
      mistaken: dropRatio(capacity + 1),
    }),
  };
}

/**
 * Little's law holds for what happens between two instants at which a station is empty, to the last digit, and not only
 * for expectations. Both sides are measured, by parts of the engine that know nothing of each other: L on the processors'
 * books, lambda and T by the nodes' clocks. What is left to chance is when L is looked at; the interval is that of the
 * difference of both sides, replication by replication.
 */
function littlesLaw(): ClosedForm {
  const name = "littles-law";
  const load = 0.6;
  return {
    id: name,
    quantity: `M/G/1, load ${load}, two priorities: customers in the system, held against lambda T as measured`,
    formula: "L = lambda T",
    source: "Little, Operations Research 9 (1961), 383-387",
    mistake: "the one in service left out",
    measure: (effort): Finding => {
      const runs = replications({ name, load, service: lognormal, urgentShare: 0.4 }, effort);
      const lambdaT = ({ fromEmptyToEmpty: { arrivalsPerMs, meanSojournMs } }: Replication) =>
        arrivalsPerMs * meanSojournMs;
      const expected = mean(runs.map(lambdaT));
      const difference = over(runs, (run) => run.fromEmptyToEmpty.meanNumber - lambdaT(run));
      return {
        expected,
        measured: expected + difference.measured,
        low: expected + difference.low,
        high: expected + difference.high,
        mistaken: expected - load,
      };
    },
  };
}

export const QUEUES: readonly ClosedForm[] = [
  mm1Sojourn(0.5),
  mm1Sojourn(0.8),
  mm1Distribution(0.5),
  mg1Wait(0.6),
  priorityWait(true),
  priorityWait(false),
  mm1kDrops(0.9, 5),
  littlesLaw(),
];
