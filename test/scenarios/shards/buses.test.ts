import { describe, expect, it } from "vitest";
import { findingsOf } from "../../../scenarios/measure/results-of.js";
import type { Outcome } from "../../../scenarios/outcome.js";
import type { Results } from "../../../scenarios/results.js";
import { finished, LABELS, load } from "../small-mesh.js";
import { ranOnShards } from "./in-one-thread.js";

/** Operations and work go from sector to sector, so that messages and acknowledgements cross every border. */
const WIDE = `name: wide
description: a mesh that can be cut into many shards
seed: 5
warmUp: 4 s
duration: 6 s
mesh:
  sectors: 8
  clustersPerSector: 2
  agentsPerCluster: 5
  classes: { A: 40, B: 20, C: 20 }
placement: { orchestrator: eastus }
network:
  loss: 3 %
  duplication: 2 %
  pubsub: { highWaterMark: 3, handlingTime: 8 ms }
  atLeastOnce: { ackWait: 300 ms, maxDeliveries: 2, maxAckPending: 4 }
workload:
  intraCluster: 6 / s
  interCluster: 6 / s
  meshWide: 30 / min
  cascades:
    - { strategy: wave, every: 5 s, first: 2 s }
    - { strategy: parallel, every: 5 s, first: 4 s }
`;

const bytesOf = (outcome: Outcome) => JSON.stringify(findingsOf(outcome, LABELS));

describe.each([
  ["pubsub", ["overflowed"]],
  ["at-least-once", ["redelivered", "repeated", "heldBack", "deadLetters", "acknowledgementsLost"]],
] as const)("what comes of a run over %s is the same to the last bit", (bus, figures) => {
  const overrides = [`network.bus=${bus}`];
  const whole = bytesOf(finished(load(WIDE, overrides)).outcome());

  it("and everything happens in it that can, with the books in balance", () => {
    const { results } = JSON.parse(whole) as { results: Results };
    for (const figure of figures) expect(results.bus![figure], figure).toBeGreaterThan(5);
    expect(results.invariants.map(({ violations }) => violations)).toEqual(results.invariants.map(() => 0));
    expect(results.messages.lost).toBeGreaterThan(50);
  });

  it.each([1, 2, 3, 7])("on %i shards as in one piece", (shardCount) => {
    const { outcome, crossed } = ranOnShards(load(WIDE, overrides), shardCount);
    expect(bytesOf(outcome)).toBe(whole);
    expect(crossed > 10).toBe(shardCount > 1);
  });
});
