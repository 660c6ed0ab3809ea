import { describe, expect, it } from "vitest";
import type { Job } from "../../../protocol/contract.js";
import type { Storage } from "../../../sim/hosts/host-plan.js";
import { US_PER_MS, US_PER_S } from "../../../sim/time.js";
import { type NodePlan, startedSimulationOf } from "../plain-world.js";

const ROOMY: Storage = {
  memoryBytes: 1_000,
  memoryUsedBytes: 0,
  nodeMemoryBytes: 0,
  jobMemoryBytes: 0,
  diskBytes: 1_000,
  diskUsedBytes: 0,
  jobLogBytes: 0,
  rotationS: Number.POSITIVE_INFINITY,
};

const job: Job = { priority: 1, payloadWeight: 0, ttlMs: Number.POSITIVE_INFINITY };

/** Nodes 0 and 1 on one machine; each job takes 10 ms. */
function machine(storage: Storage, jobs: readonly (readonly [atMs: number, node: number])[]) {
  const ends: string[] = [];
  const killed: string[] = [];
  const work: (() => void)[] = [];
  const node: NodePlan = (host) => ({
    start: () => {
      work[host.self] = () => host.work(job);
    },
    done: (_, outcome) => ends.push(`${host.self} ${outcome} ${host.now()}`),
  });
  const simulation = startedSimulationOf([node, node], {
    serviceTimes: { serviceUs: () => 10 * US_PER_MS },
    hosts: [{ kind: "board", nodes: [0, 1], storage }],
    observer: {
      onLife: (nowUs, address, life) => {
        if (life === "down") killed.push(`${address} at ${nowUs / US_PER_MS}`);
      },
    },
  });
  for (const [atMs, address] of jobs) simulation.command(atMs * US_PER_MS, address, () => work[address]!());
  simulation.run(10 * US_PER_S);
  return { ends, killed, figures: simulation.books().hosts[0]!, counts: simulation.processors.counts };
}

describe("memory", () => {
  const storage = { ...ROOMY, memoryUsedBytes: 600, jobMemoryBytes: 100 };

  it("is held by jobs until they end", () => {
    const one = [0, 20, 40].map((atMs) => [atMs, 0] as const);
    expect(machine(storage, one).figures.memoryShare).toBe(0.7);
    const four = [0, 0, 1, 1].map((node) => [0, node] as const);
    expect(machine(storage, four)).toMatchObject({ killed: [], figures: { memoryShare: 1, killed: 0 } });
  });

  it("that is full costs the node that holds most its life, in an event of its own", () => {
    const five = [1, 0, 1, 0, 1].map((node) => [5, node] as const);
    expect(machine(storage, five)).toMatchObject({ killed: ["1 at 5"], figures: { killed: 1 } });
  });

  it("is freed by the kill: the next job finds room", () => {
    const jobs = [1, 1, 1, 0, 1, 0, 0].map((node, i) => [i, node] as const);
    // 1 holds four when the fifth job comes at 4 ms; its jobs gone, there is room for those of 0 again.
    expect(machine(storage, jobs).killed).toEqual(["1 at 4"]);
  });

  it("goes to the lower address where two hold as much", () => {
    const even = [0, 1, 0, 1].map((node) => [5, node] as const);
    expect(machine({ ...storage, memoryUsedBytes: 601 }, even).killed).toEqual(["0 at 5"]);
  });
});

describe("memory of a process that is started again", () => {
  it("is the machine's again: where the others have filled it meanwhile, the one that holds most dies of it", () => {
    const killed: string[] = [];
    const work: (() => void)[] = [];
    const node: NodePlan = (host) => ({
      start: () => {
        work[host.self] = () => host.work(job);
      },
    });
    // Three processes of 100 bytes; a job, which takes 10 s, has 150 more, so that there is room for four of 1,000.
    const simulation = startedSimulationOf([node, node, node], {
      serviceTimes: { serviceUs: () => 10 * US_PER_S },
      hosts: [
        {
          kind: "board",
          nodes: [0, 1, 2],
          storage: { ...ROOMY, memoryUsedBytes: 300, nodeMemoryBytes: 100, jobMemoryBytes: 150 },
        },
      ],
      observer: {
        onLife: (nowUs, address, life) => {
          if (life === "down") killed.push(`${address} at ${nowUs / US_PER_S}`);
        },
      },
      platform: { orderUs: () => US_PER_MS, startUpUs: () => US_PER_MS },
    });
    for (let jobs = 0; jobs < 5; jobs++) simulation.command(US_PER_S, 0, () => work[0]!());
    for (let jobs = 0; jobs < 5; jobs++) simulation.command(2 * US_PER_S, 1, () => work[1]!());
    simulation.command(3 * US_PER_S, 2, () => simulation.provision(2, 0));
    simulation.run(4 * US_PER_S);
    expect(killed).toEqual(["0 at 1", "1 at 3.002"]);
  });
});

describe("the disk", () => {
  const storage = { ...ROOMY, diskUsedBytes: 980, jobLogBytes: 10 };

  it("takes what jobs log; where it is full, jobs are rejected", () => {
    const { ends, figures, counts } = machine(
      storage,
      [0, 20, 40, 60].map((atMs) => [atMs, 0] as const),
    );
    expect(ends).toEqual(["0 finished 10", "0 finished 30", "0 rejected 40", "0 rejected 60"]);
    expect(figures).toMatchObject({ diskShare: 1, refused: 2 });
    expect(counts).toMatchObject({ accepted: 2, rejected: 2 });
  });

  it("has room again when logs are thrown away, at whole multiples of the period", () => {
    const jobs = [0, 20, 40, 999, 1_000, 1_020, 1_040].map((atMs) => [atMs, 0] as const);
    const { ends } = machine({ ...storage, rotationS: 1 }, jobs);
    expect(ends.filter((end) => end.includes("rejected"))).toEqual([
      "0 rejected 40",
      "0 rejected 999",
      "0 rejected 1040",
    ]);
  });
});
