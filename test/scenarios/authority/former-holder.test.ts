/**
 * As written both processes of an office can be in it at once (10.3). What the standby took its agents for while it was cut off
 * from them says nothing any more once it has handed the office back.
 */
import { expect, it } from "vitest";
import { results } from "../small-mesh.js";

it("as written, no cluster is out of service for what a former holder thought of its agents", () => {
  const { incidents, authority } = results(
    `name: cut
description: a zone that is cut off for two and a half minutes
seed: 3
warmUp: 60 s
duration: 10 min
mesh:
  sectors: 3
  clustersPerSector: 10
  agentsPerCluster: 3
  classes: { A: 90 }
placement:
  orchestrator: eastus
  sectors: { eastus: 1, westeurope: 1, southeastasia: 1 }
workload:
  intraCluster: 2 / min
  interCluster: 1 / min
  meshWide: 2 / min
  cascades:
    - { strategy: wave, every: 60 s }
faults:
  - partition: { isolate: { whole: zone, count: one } }
    at: 120 s
    for: 150 s
`,
    ["protocol.preset=as-written"],
  );
  expect(authority.byScope.some(({ incidents: count }) => count > 0)).toBe(true);
  const outages = incidents.list.filter(({ kind, scope }) => kind === "outage" && scope === "cluster");
  expect(outages.length).toBeGreaterThan(0);
  expect(outages.filter(({ untilS }) => untilS === null)).toEqual([]);
});
