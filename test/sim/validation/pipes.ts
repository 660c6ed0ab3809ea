/**
 * The pipe of a subscriber (`sim/bus/pubsub.ts`) on the whole engine: a source publishes, the subscriber takes messages
 * one after the other, and a full pipe drops the newest. Replications and intervals as for the other queues.
 */
import { PubSub } from "../../../sim/bus/pubsub.js";
import { US_PER_MS } from "../../../sim/time.js";
import { fixedLinks, type NodePlan, SEED, startedSimulationOf } from "../plain-world.js";
import type { ClosedForm, Finding } from "./closed-form.js";
import { Draws } from "./draws.js";
import { meanOfReplications, REPLICATIONS } from "./intervals.js";
import { MEAN_SERVICE_MS, warmUpCustomers } from "./station.js";

/** Messages of one replication in the least effort. */
const MESSAGES = 10_000;

/** Share of the messages, after a warm-up, that find the pipe full. */
function dropRatio(name: string, load: number, highWaterMark: number, messages: number, replication: number): number {
  const seed = SEED + replication;
  const gaps = new Draws(seed, `${name}/arrivals`);
  const handling = new Draws(seed, `${name}/services`);
  const publisher: NodePlan = (host) => {
    const next = () => host.setTimer(gaps.exponential(MEAN_SERVICE_MS / load), 1);
    return {
      start: next,
      wake: () => {
        host.send(1, "message");
        next();
      },
    };
  };
  const handlingUs = () => Math.max(1, Math.round(handling.exponential(MEAN_SERVICE_MS) * US_PER_MS));
  const links = fixedLinks(US_PER_MS);
  const forever = () => Number.POSITIVE_INFINITY;
  const simulation = startedSimulationOf([publisher, () => ({})], {
    seed,
    links,
    makeTransport: (machinery) => new PubSub(links, forever, machinery, { highWaterMark, handlingUs }),
  });
  const { counts } = simulation.transport;
  const came = () => counts.delivered + counts.dropped;
  const runUntil = (count: number) => {
    while (came() < count) simulation.run(Number.MAX_SAFE_INTEGER, 1_000);
  };
  runUntil(warmUpCustomers(load));
  const before = { came: came(), dropped: counts.dropped };
  runUntil(before.came + messages);
  return (counts.dropped - before.dropped) / (came() - before.came);
}

function pipeDrops(load: number, highWaterMark: number): ClosedForm {
  const name = "pubsub-drops";
  const power = (k: number): number => (k === 0 ? 1 : load * power(k - 1));
  const full = (k: number) => ((1 - load) * power(k)) / (1 - power(k + 1));
  return {
    id: name,
    quantity: `publish and subscribe, load ${load}, high-water mark ${highWaterMark}: ratio of messages dropped`,
    formula: "(1 - rho) rho^K / (1 - rho^(K+1)), K counts the one in handling",
    source: "Kleinrock, Queueing Systems I (1975), 3.6",
    mistake: "K counts those who wait only",
    measure: (effort): Finding => ({
      expected: full(highWaterMark),
      ...meanOfReplications(
        Array.from({ length: REPLICATIONS }, (_, i) => dropRatio(name, load, highWaterMark, MESSAGES * effort, i)),
      ),
      mistaken: full(highWaterMark + 1),
    }),
  };
}

export const PIPES: readonly ClosedForm[] = [pipeDrops(0.8, 8)];
