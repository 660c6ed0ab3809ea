/**
 * Processes that die and that nothing brings back but the mesh itself: each office has to have a holder again, whoever of it is
 * gone, and every agent a lead. As repaired; the document has nobody who would see to it.
 */
import { describe, expect, it } from "vitest";
import { results } from "../small-mesh.js";

const mesh = (gone: string) => `name: gone
description: processes that are gone for good
seed: 3
warmUp: 30 s
duration: 15 min
mesh:
  sectors: 3
  clustersPerSector: 2
  agentsPerCluster: 10
  classes: { A: 40, B: 20 }
placement: { orchestrator: eastus }
workload: { intraCluster: 10 / min, interCluster: 10 / min }
faults:
${gone}
`;

/** Part 11: a cluster is to be back within 5 min, a sector within 15. */
describe.each([
  [
    "most agents of a cluster, whose lead has no majority any more",
    "  - crash: { cluster: S1-C1, role: agent, count: 60 % }",
    300,
  ],
  ["all agents of a cluster", "  - crash: { cluster: S1-C1, role: agent }", 300],
  ["a lead and its standby", "  - crash: { id: [S1-C1, S1-C1-standby] }", 600],
  ["a whole cluster", "  - crash: { whole: cluster, cluster: S1-C1 }", 600],
  ["a coordinator and its standby", "  - crash: { id: [S2, S2-standby] }", 600],
  ["a whole sector", "  - crash: { whole: sector, sector: 2 }", 900],
])("%s", (_, gone, withinS) => {
  it("come back, and follow one holder in every office", () => {
    const { liveness, authority, invariants, recoveries } = results(mesh(gone), [
      `thresholds.healingTime=<= ${withinS} s`,
    ]);
    expect(liveness).toMatchObject({ verdict: "holds", stuck: [] });
    expect(authority.byScope.map(({ incidents }) => incidents)).toEqual([0, 0, 0]);
    expect(invariants.filter(({ violations }) => violations > 0)).toEqual([]);
    expect(recoveries.byClass.reduce((sum, { unrepaired }) => sum + unrepaired, 0)).toBe(0);
  });
});
