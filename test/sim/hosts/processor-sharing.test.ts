import { describe, expect, it } from "vitest";
import type { Job } from "../../../protocol/contract.js";
import type { Sharing } from "../../../sim/hosts/host-plan.js";
import { SharedWork } from "../../../sim/hosts/shared-work.js";
import { US_PER_MS, US_PER_S } from "../../../sim/time.js";
import { type NodePlan, startedSimulationOf } from "../plain-world.js";

const FOREVER_MS = Number.POSITIVE_INFINITY;
const MANY_WRITES = Number.POSITIVE_INFINITY;

interface TimedJob extends Job {
  readonly serviceMs: number;
}

function sharing(overrides: Partial<Sharing> = {}): Sharing {
  return { cores: 1, coreShare: 1, jobWritesPerS: 0, cardWritesPerS: MANY_WRITES, ...overrides };
}

/** When the jobs of nodes on one machine end: `node at ms`, in the order in which they do. */
function endsOf(host: Sharing, jobs: readonly (readonly [node: number, atMs: number, serviceMs: number])[]): string[] {
  const ends: string[] = [];
  const work: ((job: TimedJob) => void)[] = [];
  const node: NodePlan = (port) => ({
    start: () => {
      work[port.self] = (job) => port.work(job);
    },
    done: (_, outcome) => ends.push(`${port.self} ${outcome} ${port.now()}`),
  });
  const nodes = 1 + Math.max(...jobs.map(([address]) => address));
  const simulation = startedSimulationOf(
    Array.from({ length: nodes }, () => node),
    {
      serviceTimes: { serviceUs: (_, job) => (job as TimedJob).serviceMs * US_PER_MS },
      hosts: [{ kind: "test", nodes: Array.from({ length: nodes }, (_, i) => i), sharing: host }],
    },
  );
  for (const [address, atMs, serviceMs] of jobs) {
    const job: TimedJob = { priority: 1, payloadWeight: 0, ttlMs: FOREVER_MS, serviceMs };
    simulation.command(atMs * US_PER_MS, address, () => work[address]!(job));
  }
  simulation.run(100 * US_PER_S);
  const { counts } = simulation.processors;
  expect(counts.finished).toBe(jobs.length);
  return ends;
}

describe("jobs of nodes that share a machine", () => {
  it("alone take what they take on a machine of their own", () => {
    expect(
      endsOf(sharing(), [
        [0, 0, 10],
        [1, 20, 30],
      ]),
    ).toEqual(["0 finished 10", "1 finished 50"]);
  });

  it("get half of a core each when they are two, and all of it again when one has gone", () => {
    // 0 alone for 10 ms, then both at half speed: 1 needs 20 ms, so that both have had 10 ms each at 30, and 0 needs 10 more.
    expect(
      endsOf(sharing(), [
        [0, 0, 30],
        [1, 10, 10],
      ]),
    ).toEqual(["1 finished 30", "0 finished 40"]);
  });

  it("do not hold each other up while there are cores enough", () => {
    const host = sharing({ cores: 2 });
    expect(
      endsOf(host, [
        [0, 0, 30],
        [1, 0, 20],
      ]),
    ).toEqual(["1 finished 20", "0 finished 30"]);
    // Three on two cores: two thirds of a core each until 0 and 1 have had 20 ms, at 30 ms; then 2 alone, with 10 left.
    expect(
      endsOf(host, [
        [0, 0, 20],
        [1, 0, 20],
        [2, 0, 30],
      ]),
    ).toEqual(["0 finished 30", "1 finished 30", "2 finished 40"]);
  });

  it("that need a core for a quarter of their time are four before they hold each other up", () => {
    const four = [0, 1, 2, 3].map((node) => [node, 0, 20] as const);
    const host = sharing({ coreShare: 0.25 });
    expect(endsOf(host, four).at(-1)).toBe("3 finished 20");
    expect(endsOf(host, [...four, [4, 0, 20]]).at(-1)).toBe("4 finished 25"); // 5 x 0.25 = 1.25 cores wanted
  });

  it("share the card: ten jobs that write 100 times a second each take twice as long on one that writes 500 times", () => {
    const ten = Array.from({ length: 10 }, (_, node) => [node, 0, 20] as const);
    const host = sharing({ cores: 100, jobWritesPerS: 100, cardWritesPerS: 500 });
    expect(endsOf(host, ten)).toEqual(ten.map(([node]) => `${node} finished 40`));
  });

  it("still wait for the one before on their own node", () => {
    expect(
      endsOf(sharing(), [
        [0, 0, 10],
        [0, 0, 10],
        [1, 0, 20],
      ]),
    ).toEqual(["0 finished 20", "0 finished 40", "1 finished 40"]);
  });
});

describe("a node that stops", () => {
  it("gives its share to the others, and goes on with what was left when it is begun again", () => {
    const ends: string[] = [];
    const node: NodePlan = (port) => ({
      start: () => port.work({ priority: 1, payloadWeight: 0, ttlMs: FOREVER_MS }),
      done: () => ends.push(`${port.self} at ${port.now()}`),
    });
    const simulation = startedSimulationOf([node, node], {
      serviceTimes: { serviceUs: () => 20 * US_PER_MS },
      hosts: [{ kind: "test", nodes: [0, 1], sharing: sharing() }],
    });
    const hosts = simulation.hosts!;
    let leftUs = 0;
    const job: Job = { priority: 1, payloadWeight: 0, ttlMs: FOREVER_MS };
    simulation.command(10 * US_PER_MS, 0, () => {
      leftUs = hosts.withdraw(0);
    });
    simulation.command(100 * US_PER_MS, 0, () => hosts.begin(0, job, leftUs));
    simulation.run(US_PER_S);
    // Both have had 5 ms at 10 ms; 1 has the core for its other 15; 0 needs its other 15 from 100 ms on.
    expect(leftUs).toBe(15 * US_PER_MS);
    expect(ends).toEqual(["1 at 25", "0 at 115"]);
    expect(hosts.withdraw(0)).toBe(0);
  });
});

describe("whoever looks at the books", () => {
  /** Random work on a hot machine of 20 nodes. */
  function ends(look: boolean, sliceEvents: number): string[] {
    const seen: string[] = [];
    const node: NodePlan = (port) => ({
      start: () => port.setTimer(port.random() * 100, 1),
      wake: () => {
        port.work({ priority: 1, payloadWeight: 0, ttlMs: FOREVER_MS });
        port.setTimer(port.random() * 400, 1);
      },
      done: () => seen.push(`${port.self} at ${port.now()}`),
    });
    const heat = {
      ambientC: 40,
      idleRiseC: 25,
      fullRiseC: 60,
      timeConstantS: 3,
      steps: [{ fromC: 80, speed: 0.6 }],
      hysteresisC: 2,
    };
    const simulation = startedSimulationOf(Array<NodePlan>(20).fill(node), {
      serviceTimes: { serviceUs: (address) => 7_001 + 977 * address },
      hosts: [
        {
          kind: "test",
          nodes: Array.from({ length: 20 }, (_, i) => i),
          sharing: sharing({ cores: 2, coreShare: 0.7, heat }),
        },
      ],
    });
    while (!simulation.run(20 * US_PER_S, sliceEvents)) if (look) simulation.books();
    expect(simulation.books().hosts[0]!.throttledShare).toBeGreaterThan(0.1);
    expect(seen.length).toBeGreaterThan(1_000);
    return seen;
  }

  it("changes nothing, nor do slices", () => {
    expect(ends(true, 1)).toEqual(ends(false, Number.POSITIVE_INFINITY));
  });
});

describe("a machine's work", () => {
  const job: Job = { priority: 1, payloadWeight: 0, ttlMs: FOREVER_MS };

  it("slows down with its speed: in full where a job computes, by half where it waits half of its time", () => {
    const computing = new SharedWork(sharing());
    computing.add(0, job, 1000, 0);
    computing.setSpeed(0.5, 0);
    expect(computing.firstThroughUs()).toBe(2000);
    const waiting = new SharedWork(sharing({ coreShare: 0.5 }));
    waiting.add(0, job, 1000, 0);
    waiting.setSpeed(0.5, 0);
    expect(waiting.firstThroughUs()).toBe(1500); // 0.5 + 0.5 / 0.5
  });

  it("gives back what a job still needs that is taken out", () => {
    const work = new SharedWork(sharing());
    work.add(0, job, 1000, 0);
    work.add(1, job, 1000, 0);
    expect(work.remove(0, 500)).toBe(750);
    expect(work.firstThroughUs()).toBe(1250); // 250 had by 500, 750 to go alone
  });

  it("counts the time that cores are busy, and by how much jobs were held up", () => {
    const work = new SharedWork(sharing({ cores: 4 }));
    for (let node = 0; node < 8; node++) work.add(node, job, 1000, 0);
    expect([work.busyTotalUs(1000), work.heldUpTotalUs(1000)]).toEqual([4000, 4000]); // 8 jobs at half speed for 1000 us
    work.advance(1000);
    expect([work.busyTotalUs(1000), work.heldUpTotalUs(1000)]).toEqual([4000, 4000]);
    expect(work.load).toBe(1);
  });
});
