import { describe, expect, it } from "vitest";
import type { Job } from "../../protocol/contract.js";
import { IGNORED } from "../../sim/service-times.js";
import { US_PER_MS, US_PER_S } from "../../sim/time.js";
import { fixedService, type NodePlan, startedSimulationOf } from "./plain-world.js";

interface NamedJob extends Job {
  readonly name: string;
}

const FOREVER_MS = Number.POSITIVE_INFINITY;

function job(name: string, priority: Job["priority"] = 1, ttlMs = FOREVER_MS): NamedJob {
  return { name, priority, payloadWeight: 0, ttlMs };
}

/** What one processor makes of jobs handed over at given instants: one line for each, `name outcome atMs`. */
function endsOf(
  arrivals: readonly (readonly [atMs: number, ...jobs: NamedJob[]])[],
  options: {
    serviceUs?: (job: NamedJob) => number;
    queueCapacity?: number;
    onDone?: (name: string) => NamedJob[];
  } = {},
) {
  const ends: string[] = [];
  const { serviceUs = () => 10 * US_PER_MS, queueCapacity = 1_000, onDone = () => [] } = options;
  let work: (job: NamedJob) => void = () => {};
  const node: NodePlan = (host) => ({
    start: () => {
      work = (each) => host.work(each);
    },
    done: (ended, outcome) => {
      const { name } = ended as NamedJob;
      ends.push(`${name} ${outcome} ${host.now()}`);
      for (const next of onDone(name)) host.work(next);
    },
  });
  const simulation = startedSimulationOf([node], {
    serviceTimes: { serviceUs: (_, each) => serviceUs(each as NamedJob) },
    queueCapacity,
  });
  for (const [atMs, ...jobs] of arrivals) simulation.command(atMs * US_PER_MS, 0, () => jobs.forEach(work));
  simulation.run(100 * US_PER_S);
  return { ends, counts: simulation.processors.counts };
}

describe("a processor", () => {
  it("works on one job at a time, in the order of their arrival", () => {
    expect(
      endsOf([
        [0, job("a"), job("b")],
        [5, job("c")],
        [100, job("d")],
      ]).ends,
    ).toEqual(["a finished 10", "b finished 20", "c finished 30", "d finished 110"]);
  });

  it("takes the highest priority next, never stops what it has begun, and keeps arrival order within a priority", () => {
    const first = [
      job("begun", 0),
      job("low 1", 0),
      job("high 1", 3),
      job("mid", 2),
      job("high 2", 3),
      job("low 2", 0),
    ];
    expect(
      endsOf([
        [0, ...first],
        [15, job("late high", 3)],
      ]).ends.map((end) => end.replace(/ finished/, "")),
    ).toEqual(["begun 10", "high 1 20", "high 2 30", "late high 40", "mid 50", "low 1 60", "low 2 70"]);
  });

  it("of one node does not hold up another's", () => {
    const ends: string[] = [];
    const node: NodePlan = (host) => ({
      start: () => host.work(job("one")),
      done: () => ends.push(`${host.self} at ${host.now()}`),
    });
    startedSimulationOf([node, node], { serviceTimes: fixedService(10 * US_PER_MS) }).run(US_PER_S);
    expect(ends).toEqual(["0 at 10", "1 at 10"]);
  });

  it("tells of jobs that take no time in an event of their own", () => {
    const { ends } = endsOf([[3, job("a"), job("b")]], { serviceUs: () => 0 });
    expect(ends).toEqual(["a finished 3", "b finished 3"]);
  });

  it("lets as many wait as it has room for and rejects the next, at once, whatever its priority", () => {
    const jobs = [job("served"), job("waits 1"), job("waits 2"), job("too many", 3)];
    const { ends, counts } = endsOf(
      [
        [0, ...jobs],
        [11, job("fits again")],
      ],
      { queueCapacity: 2 },
    );
    expect(ends).toEqual([
      "too many rejected 0",
      "served finished 10",
      "waits 1 finished 20",
      "waits 2 finished 30",
      "fits again finished 40",
    ]);
    expect(counts).toMatchObject({ accepted: 4, rejected: 1, finished: 4, waiting: 0, inService: 0 });
  });

  it("never begins a job that has waited longer than its time to live, and begins one that waited exactly that", () => {
    const { ends, counts } = endsOf([[0, job("served"), job("too old", 1, 9.999), job("just in time", 1, 10)]]);
    expect(ends).toEqual(["served finished 10", "too old expired 10", "just in time finished 20"]);
    expect(counts).toMatchObject({ accepted: 3, finished: 2, expired: 1, waiting: 0 });
  });

  it("does not let a job grow old that it has begun", () => {
    expect(endsOf([[0, job("slow", 1, 1)]], { serviceUs: () => US_PER_S }).ends).toEqual(["slow finished 1000"]);
  });

  it("clears a long waiting room of expired jobs while its one job goes on and on", () => {
    const waiting = Array.from({ length: 100 }, (_, i) => job(`${i}`, 1, 50));
    const arrivals = waiting.map((each, i) => [1 + i, each] as const);
    const { ends } = endsOf([[0, job("long")], ...arrivals], { serviceUs: () => 99 * US_PER_S });
    const told = ends.map((end) => end.split(" ")).filter(([, , atMs]) => Number(atMs) < 99_000);
    expect(told.length).toBeGreaterThan(30);
    for (const [name, outcome, atMs] of told) {
      expect(outcome).toBe("expired");
      expect(Number(atMs) - (1 + Number(name))).toBeGreaterThan(50);
    }
  });

  it("gives up at once a job that is ignored, and goes on with the next", () => {
    const ignoring = endsOf([[0, job("a"), job("ignored"), job("b")]], {
      serviceUs: ({ name }) => (name === "ignored" ? IGNORED : 10 * US_PER_MS),
    });
    expect(ignoring.ends).toEqual(["a finished 10", "ignored ignored 10", "b finished 20"]);
    expect(ignoring.counts).toMatchObject({ accepted: 3, finished: 2, ignored: 1, inService: 0 });
  });

  it("is told when it was last idle: at the last message or job end before, which a cold start depends on", () => {
    const idleSinceMs: number[] = [];
    const node: NodePlan = (host) => ({
      start: () => {
        host.send(0, "arrives at 10 ms");
        host.setTimer(50, 1);
        host.setTimer(500, 1);
      },
      wake: () => host.work(job("1 ms")),
    });
    startedSimulationOf([node], {
      serviceTimes: {
        serviceUs: (_, __, ___, idleSinceUs) => {
          idleSinceMs.push(idleSinceUs / US_PER_MS);
          return US_PER_MS;
        },
      },
    }).run(US_PER_S);
    expect(idleSinceMs).toEqual([10, 51]);
  });

  it("is not told that the message that brings the job ended the silence before it", () => {
    let idleSinceUs: number | undefined;
    const node: NodePlan = (host) => ({
      start: () => host.send(0, "arrives at 10 ms"),
      receive: () => host.work(job("at once")),
    });
    startedSimulationOf([node], {
      serviceTimes: {
        serviceUs: (_, __, ___, sinceUs) => {
          idleSinceUs = sinceUs;
          return US_PER_MS;
        },
      },
    }).run(US_PER_S);
    expect(idleSinceUs).toBe(0);
  });
});

describe("work() called from done()", () => {
  it("begins at once when nothing waits, and what comes after it waits", () => {
    const { ends } = endsOf([[0, job("a")]], { onDone: (name) => (name === "a" ? [job("b"), job("c")] : []) });
    expect(ends).toEqual(["a finished 10", "b finished 20", "c finished 30"]);
  });

  it("does not overtake what waits already in its priority, but does what is less urgent", () => {
    const { ends } = endsOf([[0, job("a"), job("waits")]], {
      onDone: (name) => (name === "a" ? [job("same"), job("urgent", 3)] : []),
    });
    expect(ends).toEqual(["a finished 10", "urgent finished 20", "waits finished 30", "same finished 40"]);
  });

  it("of an expired job is served, and of a rejected one is rejected as long as there is no room", () => {
    const again = (name: string) => (name === "old" || name === "surplus" ? [job("again")] : []);
    const expired = endsOf([[0, job("a"), job("old", 1, 1)]], { onDone: again });
    expect(expired.ends).toEqual(["a finished 10", "old expired 10", "again finished 20"]);
    const rejected = endsOf([[0, job("a"), job("surplus")]], { onDone: again, queueCapacity: 0 });
    expect(rejected.ends).toEqual(["surplus rejected 0", "again rejected 0", "a finished 10"]);
  });

  it("accounts for every job: accepted = finished + expired + ignored + waiting + in service", () => {
    const { counts } = endsOf(
      Array.from({ length: 200 }, (_, i) => [i, job(`${i}`, (i % 4) as Job["priority"], i % 40)] as const),
      { queueCapacity: 4, onDone: (name) => (name.length === 2 ? [job(`again ${name}`)] : []) },
    );
    for (const outcome of ["finished", "expired", "rejected"] as const) expect(counts[outcome]).toBeGreaterThan(10);
    expect(counts.accepted).toBe(counts.finished + counts.expired + counts.ignored + counts.waiting + counts.inService);
  });
});
