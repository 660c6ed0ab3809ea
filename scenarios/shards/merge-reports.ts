/** From the reports of all shards to one of the whole mesh. */
import type { Books } from "../../sim/books.js";
import { Fingerprint } from "../../sim/fingerprint.js";
import type { SecondBooks } from "../measure/second-by-second.js";
import { TrafficTally } from "../measure/traffic-tally.js";
import type { NodeMemory } from "../node-memory.js";
import type { Outcome, Report } from "../outcome.js";

/**
 * @param reports of shards that have come equally far
 * @param memory which they shared
 */
export function mergeReports(
  reports: readonly Report[],
  agentCount: number,
  memory: NodeMemory,
): Omit<Outcome, "stage" | "meter"> {
  const traffic = new TrafficTally(agentCount, memory.agents);
  for (const report of reports) traffic.addSentBySecond(report.sentBySecond);
  return {
    nowUs: reports[0]!.nowUs,
    books: mergeBooks(reports.map((report) => report.books)),
    ...(reports[0]!.order !== undefined && { order: addUp(reports.map((report) => report.order!)) }),
    coldStarts: sumOf(reports.map((report) => report.coldStarts)),
    seconds: reports[0]!.seconds.map((_, second) => addUp<SecondBooks>(reports.map(({ seconds }) => seconds[second]!))),
    traffic,
    sentBySecond: traffic.sentBySecond,
    pushed: reports[0]!.pushed.map((_, fault) => sumOf(reports.map(({ pushed }) => pushed[fault]!))),
  };
}

function mergeBooks(all: readonly Books[]): Books {
  const sum = (of: (books: Books) => number) => sumOf(all.map(of));
  const [crossedOut, crossedIn] = [sum((books) => books.crossedOut), sum((books) => books.crossedIn)];
  return {
    events: sum((books) => books.events),
    messages: addUp(all.map((books) => books.messages)),
    ...(all[0]!.bus !== undefined && { bus: addUp(all.map((books) => books.bus!)) }),
    jobs: addUp(all.map((books) => books.jobs)),
    lives: addUp(all.map((books) => books.lives)),
    effects: all[0]!.effects.map((_, fault) => sum((books) => books.effects[fault]!)),
    inFlight: sum((books) => books.inFlight),
    crossedOut,
    crossedIn,
    checks: sum((books) => books.checks),
    // What left one shard and did not come to another is as much a violation as what a network swallows.
    violations: sum((books) => books.violations) + Math.abs(crossedOut - crossedIn),
    // Each machine is in one shard.
    hosts: all.flatMap((books) => books.hosts).sort((a, b) => a.host - b.host),
    fingerprint: Fingerprint.ofParts(all.map((books) => books.fingerprint)).sums(),
  };
}

/** Field by field. */
function addUp<Counts extends Record<keyof Counts, number>>(all: readonly Counts[]): Counts {
  const fields = Object.keys(all[0]!) as (keyof Counts)[];
  return Object.fromEntries(fields.map((field) => [field, sumOf(all.map((counts) => counts[field]))])) as Counts;
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
