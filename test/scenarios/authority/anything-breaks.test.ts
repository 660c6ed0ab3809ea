/**
 * Whatever breaks, and in whatever order: a mesh as repaired never has two in one office, loses no conflict and no message, keeps
 * its leases apart and its terms in order, and is whole again in the end. Scenarios are drawn at random, with a seed of their own.
 */
import fc from "fast-check";
import { expect, it } from "vitest";
import { FULL } from "../../effort.js";
import { results } from "../small-mesh.js";

const MESH = `name: anything
description: what a random scenario does to a small mesh
warmUp: 30 s
duration: 15 min
mesh:
  sectors: 2
  clustersPerSector: 2
  agentsPerCluster: 7
  classes: { A: 14, C: 14 }
placement: { orchestrator: eastus }
workload:
  intraCluster: 2 / s
  interCluster: 1 / s
  cascades:
    - { strategy: wave, every: 10 s, verb: sync }
faults:
`;

const WHOM = [
  "role: orchestrator",
  "role: coordinator",
  "role: lead",
  "role: standby",
  "role: agent",
  "cluster: S1-C1",
  "sector: 2",
];
const target = fc
  .tuple(fc.constantFrom(...WHOM), fc.constantFrom("one", "majority", "all"))
  .map(([whom, count]) => `{ ${whom}, count: ${count} }`);
const KINDS = [
  (whom: string) => `crash: ${whom}`,
  (whom: string) => `pause: ${whom}`,
  (whom: string) => `partition: { isolate: ${whom} }`,
  (whom: string) => `packets: { loss: 30 %, of: ${whom} }`,
  (whom: string) => `packets: { corrupt: 20 %, of: ${whom} }`,
];
const fault = fc.record({
  kind: fc.constantFrom(...KINDS),
  whom: target,
  at: fc.integer({ min: 400, max: 2_400 }).map((tenths) => `${tenths / 10} s`),
  lasts: fc.integer({ min: 20, max: 1_200 }).map((tenths) => `${tenths / 10} s`),
});
const scenario = fc.array(fault, { minLength: 1, maxLength: 6 }).map((faults) => {
  const rows = faults.map(({ kind, whom, at, lasts }) => `  - ${kind(whom)}\n    at: ${at}\n    for: ${lasts}\n`);
  return MESH + rows.join("");
});

/** All agents stood still, and some took what had piled up for the time that messages need: nobody gave them work for ten minutes. */
const STANDSTILL = `${MESH}  - pause: { role: agent, count: all }
    at: 40 s
    for: 49.3 s
  - crash: { role: orchestrator, count: one }
    at: 40 s
    for: 2 s
`;

/** Fresh processes had measured little when all stood still, and took seconds for the time that messages need. */
const SHORT_STANDSTILL = `${MESH}  - pause: { role: agent, count: all }
    at: 142.9 s
    for: 4.3 s
  - crash: { role: agent, count: majority }
    at: 42 s
    for: 53 s
`;

/** Standbys had forgotten what they were told, came to office, and left leads alone with the last mode of those before them. */
const FORGETFUL_STANDBYS = `${MESH}  - crash: { role: standby, count: all }
    at: 150.8 s
    for: 17.4 s
  - pause: { cluster: S1-C1, count: one }
    at: 97.9 s
    for: 20 s
  - crash: { role: agent, count: one }
    at: 40 s
    for: 2 s
`;

/** The orchestrator died having just degraded the mesh, and the next one never said that it is in FULL. */
const UNSAID_MODE = `${MESH}  - crash: { role: lead, count: one }
    at: 40 s
    for: 2 s
  - crash: { role: standby, count: all }
    at: 45.5 s
    for: 20.1 s
  - crash: { role: orchestrator, count: one }
    at: 70.1 s
    for: 9.1 s
`;

it("ends well", () => {
  fc.assert(
    fc.property(scenario, fc.integer({ min: 1, max: 1e6 }), (text, seed) => {
      const { invariants, liveness, authority } = results(text, [], seed);
      expect(invariants.filter(({ violations }) => violations > 0)).toEqual([]);
      expect(authority.byScope.map(({ incidents }) => incidents)).toEqual([0, 0, 0]);
      expect(liveness).toMatchObject({ verdict: "holds" });
    }),
    {
      numRuns: FULL ? 1_000 : 25,
      examples: [
        [STANDSTILL, 649_592],
        [SHORT_STANDSTILL, 999_999],
        [FORGETFUL_STANDBYS, 359_384],
        [UNSAID_MODE, 286_057],
      ],
    },
  );
}, 1_800_000);
