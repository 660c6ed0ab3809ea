/** Faults of every kind at once: what comes of a run is the same to the byte on any number of shards. */
import { expect, it } from "vitest";
import { findingsOf } from "../../../scenarios/measure/results-of.js";
import { ranOnShards } from "../shards/in-one-thread.js";
import { finished, LABELS, load } from "../small-mesh.js";

const BROKEN = `name: broken
description: everything breaks on a mesh that can be cut into shards
seed: 3
warmUp: 5 s
duration: 12 s
mesh:
  sectors: 8
  clustersPerSector: 3
  agentsPerCluster: 5
  classes: { A: 30, B: 30, C: 25, D: 10, E: 15, F: 10 }
placement: { orchestrator: eastus }
workload:
  cascades:
    - { strategy: wave, every: 4 s, first: 2 s, verb: act }
faults:
  - partition: { isolate: { whole: sector, count: one } }
    rate: 20 / min
    lasting: { mean: 2 s }
    anew: true
  - packets: { burstLoss: { loss: 5 %, burst: 8 }, of: { class: B } }
  - packets: { duplicate: 5 %, reorder: 10 %, corrupt: 2 %, from: { role: lead } }
  - crash: { role: lead, count: 2 }
    at: 7 s
    for: 4 s
  - pause: { class: A, count: 10 % }
    at: 8 s
    for: 1 s
  - slow: { times: 3, class: C }
  - memoryPressure: { class: D, kills: 10 / min }
  - wrongContext: { class: [A, B], count: 40 % }
    at: 6 s
  - byzantine: { how: contradict, count: 3 }
  - byzantine: { how: replay, count: 3 }
  - byzantine: { how: lie, count: 3 }
  - clock: { step: -1 s, role: lead, count: 3 }
  - power: { off: board, count: one }
    at: 9 s
    for: 3 s
  - failures: { of: machine, mtbf: 2 min, mttr: 2 s }
`;

it.each([2, 5])("on %i shards as in one piece", (shardCount) => {
  const inOnePiece = findingsOf(finished(load(BROKEN)).outcome(), LABELS);
  const { outcome } = ranOnShards(load(BROKEN), shardCount);
  expect(JSON.stringify(findingsOf(outcome, LABELS))).toBe(JSON.stringify(inOnePiece));
  const pushed = inOnePiece.results.faults.find(({ kind }) => kind === "wrongContext");
  // 40 % of 60, but for those that are down at that instant.
  expect(pushed?.effects).toBeGreaterThan(12);
  expect(pushed?.effects).toBeLessThanOrEqual(24);
});
