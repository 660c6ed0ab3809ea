import { describe, expect, it } from "vitest";
import { findingsOf } from "../../../scenarios/measure/results-of.js";
import type { Outcome } from "../../../scenarios/outcome.js";
import { Stage } from "../../../scenarios/stage.js";
import type { FaultPlan, LinkTrouble, Reach } from "../../../sim/faults/fault-plan.js";
import { clockFault, everybody, linkFault, nodeFault, planOf } from "../../sim/faults/plans.js";
import { LABELS, load } from "../small-mesh.js";
import { ranOnShards } from "./in-one-thread.js";

const MESH = `name: broken
description: a mesh that can be cut into shards, in which everything breaks
seed: 5
warmUp: 3 s
duration: 9 s
mesh:
  sectors: 6
  clustersPerSector: 3
  agentsPerCluster: 5
  classes: { A: 20, B: 20, C: 15, D: 10, E: 15, F: 10 }
placement: { orchestrator: eastus }
network: { loss: 1 %, duplication: 1 % }
workload:
  intraCluster: 4 / s
  interCluster: 4 / s
  meshWide: 30 / min
  cascades:
    - { strategy: wave, every: 3 s, first: 2 s, verb: sync }
    - { strategy: parallel, every: 4 s, first: 3 s }
`;

/** Every kind of fault, over most of the run, each on nodes of all sectors. */
function everythingBreaks({ topology }: Stage): FaultPlan {
  const { nodeCount, firstAgent, sectors, clusters } = topology;
  const all = everybody(nodeCount);
  // The orchestrator and the odd sectors' coordinators on one side, the even ones' on the other, everybody else on neither.
  const sides: Reach = {
    groupOf: Uint8Array.from({ length: nodeCount }, (_, address) => {
      if (address === 0) return 1;
      const sector = sectors.findIndex(({ coordinator }) => coordinator === address);
      return sector < 0 ? 0 : sector % 2 === 0 ? 2 : 1;
    }),
    groups: 3,
    concerned: Uint8Array.of(0, 0, 0, 0, 0, 1, 0, 1, 0),
  };
  const everyNth = (n: number, first: number) =>
    Array.from({ length: nodeCount }, (_, address) => address).filter((address) => address % n === first % n);
  const agents = (n: number, first: number) => everyNth(n, first).filter((address) => address >= firstAgent);
  const leads = clusters.map(({ lead }) => lead);
  const onLinks: LinkTrouble[] = [
    { kind: "loss", ratio: 0.02 },
    { kind: "burst-loss", toBad: 0.02, toGood: 0.3, lossInBad: 0.5, lossInGood: 0 },
    { kind: "delay", delayUs: 2_000, jitterUs: 5_000 },
    { kind: "duplicate", ratio: 0.05, lagUs: 3_000 },
    { kind: "reorder", ratio: 0.05, delayUs: 30_000 },
    { kind: "corrupt", ratio: 0.05 },
    { kind: "rate-limit", perSecond: 40, queue: 3 },
  ];
  return planOf({
    links: [
      ...onLinks.map((trouble, fault) => linkFault(fault, [2_000, 11_000], all, trouble)),
      linkFault(7, [4_000, 6_000], sides, { kind: "cut" }),
      linkFault(8, [7_000, 7_500], sides, { kind: "hold" }),
    ],
    nodes: [
      nodeFault(9, [3_000, 5_000], agents(7, 2), { kind: "crash" }),
      nodeFault(
        10,
        [6_000, 7_000],
        leads.filter((_, i) => i % 5 === 1),
        { kind: "power-off" },
      ),
      nodeFault(11, [5_000, 8_000], everyNth(9, 4), { kind: "pause" }),
      nodeFault(12, [3_000, 9_000], agents(3, 1), { kind: "slow", factor: 5 }),
      nodeFault(13, [9_000, 9_400], [0], { kind: "crash" }),
      nodeFault(14, [8_000, 8_300], [sectors[2]!.coordinator], { kind: "crash" }),
    ],
    clocks: [
      clockFault(15, [3_000, 9_000], everyNth(8, 3), { kind: "step", offsetMs: 120 }),
      clockFault(16, [3_000, 9_000], everyNth(8, 4), { kind: "drift", ppm: 900 }),
      clockFault(17, [3_000, 9_000], everyNth(8, 5), { kind: "strobe", offsetMs: 40, periodUs: 700_000 }),
      clockFault(18, [1_000, 12_000], everyNth(2, 0), { kind: "unsynchronised" }),
    ],
  });
}

function ran(shardCount: number): Outcome {
  const loaded = load(MESH, ["world={ clocks.poll.shortestS: 2, clocks.poll.longestS: 3 }"]);
  const stage = new Stage(loaded);
  Object.defineProperty(stage, "faults", { value: everythingBreaks(stage) });
  return ranOnShards(loaded, shardCount, stage).outcome;
}

describe("a mesh in which everything breaks", () => {
  const whole = ran(1);

  it("has every fault take effect, and every message accounted for after every event", () => {
    const { books } = whole;
    for (const [fault, effect] of books.effects.entries()) expect(effect, `fault ${fault}`).toBeGreaterThan(0);
    const { expired: _, ...fates } = books.messages; // nothing here lives so shortly
    for (const [fate, count] of Object.entries(fates)) expect(count, fate).toBeGreaterThan(5);
    // Every spell is over before the run is; only what a lead has ordered a fresh process for may still be coming up.
    const comingUp = books.lives.ended - books.lives.started;
    expect(comingUp).toBeGreaterThanOrEqual(0);
    expect(comingUp).toBeLessThanOrEqual(books.lives.provisioned);
    expect(books.lives.commandsRefused).toBeGreaterThan(0);
    expect(books.violations).toBe(0);
    expect(books.checks).toBeGreaterThan(4_000);
  });

  it.each([2, 3])("comes to the same bytes on %i shards as on one", (shardCount) => {
    const outcome = ran(shardCount);
    expect(outcome.books.crossedOut).toBeGreaterThan(10);
    expect(JSON.stringify(findingsOf(outcome, LABELS))).toBe(JSON.stringify(findingsOf(whole, LABELS)));
    const { checks: _, crossedIn: __, crossedOut: ___, ...books } = outcome.books;
    expect(whole.books).toMatchObject(books);
  });
});
