/** Faults of every kind at once, over every bus: what comes of a run is the same to the byte on any number of shards. */
import { describe, expect, it } from "vitest";
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
network:
  loss: 0.5 %
  pubsub: { highWaterMark: 3, handlingTime: 8 ms }
  atLeastOnce: { ackWait: 300 ms, maxDeliveries: 2, maxAckPending: 4 }
workload:
  intraCluster: 3 / s
  interCluster: 3 / s
  cascades:
    - { strategy: wave, every: 4 s, first: 2 s, verb: act }
faults:
  - partition: { isolate: { whole: sector, count: one } }
    rate: 20 / min
    lasting: { mean: 2 s }
    anew: true
  - packets: { burstLoss: { loss: 5 %, burst: 8 }, of: { class: B } }
  - packets: { duplicate: 5 %, reorder: 10 %, corrupt: 2 %, from: { role: lead } }
  - packets: { delay: 20 ms, jitter: 30 ms, between: [{ sector: 1 }, { sector: 2 }] }
  - packets: { rateLimit: 2 / s, queue: 1, to: { role: agent } }
    at: 6 s
    for: 2 s
  - packets: { hold: true, of: { sector: 3 } }
    at: 10 s
    for: 1 s
  - partition: { bridge: { role: [coordinator, lead, standby] } }
    at: 9 s
    for: 1 s
  - partition: { ring: { role: [orchestrator, coordinator, lead, standby] } }
    at: 12 s
    for: 2 s
    flapping: { on: 500 ms, off: 300 ms }
  - partition: { split: [{ sector: [1, 2, 3] }, { rest: true }], oneWay: out }
    at: 14 s
    for: 1 s
  - crash: { role: lead, count: 2 }
    at: 7 s
    for: 4 s
  - pause: { class: A, count: 10 % }
    at: 8 s
    for: 1 s
  - slow: { times: 3, class: C }
  - slow: { times: 2, role: lead, count: 2 }
  - memoryPressure: { class: D, kills: 10 / min }
  - wrongContext: { class: [A, B], count: 40 % }
    at: 6 s
  - byzantine: { how: contradict, count: 3 }
  - byzantine: { how: replay, count: 3 }
  - byzantine: { how: lie, count: 3 }
  - clock: { step: -1 s, role: lead, count: 3 }
  - clock: { drift: 900 ppm, class: A, count: 3 }
  - clock: { strobe: { by: 100 ms, period: 1 s }, class: C, count: 3 }
  - clock: { unsynchronised: true, class: [A, B, C] }
    at: 0 s
  - power: { off: board, count: one }
    at: 9 s
    for: 3 s
  - power: { off: rack, count: one }
    at: 14 s
    for: 2 s
  - failures: { of: machine, mtbf: 2 min, mttr: 2 s }
`;

describe.each([
  ["datagrams", "network.bus=datagram"],
  ["publish and subscribe", "network.bus=pubsub"],
  ["an at-least-once bus", "network.bus=at-least-once"],
  ["datagrams, as written", "protocol.preset=as-written"],
])("over %s", (_, override) => {
  // Clocks are set every few seconds, so that it shows that nobody sets them.
  const broken = () => load(BROKEN, [override, "world={ clocks.poll.shortestS: 2, clocks.poll.longestS: 3 }"]);
  const inOnePiece = findingsOf(finished(broken()).outcome(), LABELS);

  it("every fault takes effect, and nothing that must hold is violated", () => {
    const { faults, invariants, messages } = inOnePiece.results;
    expect(faults.filter(({ tookEffect }) => !tookEffect)).toEqual([]);
    expect(invariants.filter(({ violations }) => violations > 0)).toEqual([]);
    for (const fate of ["duplicated", "lost", "dropped", "cut", "undelivered", "corrupted"] as const) {
      expect(messages[fate], fate).toBeGreaterThan(5);
    }
    const pushed = faults.find(({ kind }) => kind === "wrongContext");
    // 40 % of 60, but for those that are down at that instant.
    expect(pushed?.effects).toBeGreaterThan(12);
    expect(pushed?.effects).toBeLessThanOrEqual(24);
  });

  it.each([2, 5])("on %i shards as in one piece", (shardCount) => {
    const { outcome } = ranOnShards(broken(), shardCount);
    expect(JSON.stringify(findingsOf(outcome, LABELS))).toBe(JSON.stringify(inOnePiece));
  });
});
