/**
 * What breakers have cut off (6.2) is cut off for everybody who routes, and nothing else is, however orders were lost, forgotten or
 * overtaken while offices were cut off and changed hands.
 */
import { expect, it } from "vitest";
import type { CircuitBoard } from "../../../protocol/mesh-30k/circuit-board.js";
import type { BreakerPanel } from "../../../protocol/mesh-30k/resilience/breaker-panel.js";
import type { Rehearsal } from "../../../scenarios/rehearsal.js";
import { finished, load } from "../small-mesh.js";

const SECTORS = 3;
const CLUSTERS = 3;

/** Three clusters fail one after the other, so that their breakers open, are probed and close. */
const FAILING = `name: cut-off
description: clusters that fail while offices are cut off
seed: 1
warmUp: 30 s
duration: 15 min
mesh: { sectors: ${SECTORS}, clustersPerSector: ${CLUSTERS}, agentsPerCluster: 20, classes: { A: 180 } }
placement: { orchestrator: eastus }
workload:
  intraCluster: 1 / s
  interCluster: 1 / s
  cascades:
    - { strategy: wave, every: 20 s, verb: sync }
faults:
  - crash: { cluster: S1-C1, role: agent, count: 8 }
    at: 60 s
    for: 70 s
  - crash: { cluster: S2-C2, role: agent, count: 8 }
    at: 120 s
    for: 70 s
  - crash: { cluster: S3-C3, role: agent, count: 8 }
    at: 180 s
    for: 70 s
`;

interface Role {
  readonly tier: "lead" | "sector" | "orchestrator";
  readonly circuits: CircuitBoard;
  readonly sector?: { readonly firstCluster: number };
  readonly cluster?: { readonly sector: number; readonly index: number };
  readonly resilience: { readonly panel?: BreakerPanel };
}

/** Looks into the processes in office: which clusters each holds for cut off, and which their breakers do. */
function afterwards(rehearsal: Rehearsal) {
  const { nodes } = rehearsal.simulation as unknown as { readonly nodes: readonly { readonly role?: Role }[] };
  const roles = nodes.flatMap(({ role }) => (role?.circuits === undefined ? [] : [role]));
  const breakers = roles.flatMap(({ tier, sector, resilience: { panel } }) =>
    tier === "sector" ? panel!.turned().map((position) => sector!.firstCluster + position) : [],
  );
  const routers = roles.filter(({ tier }) => tier !== "lead");
  const leads = roles.filter(({ tier }) => tier === "lead");
  return {
    breakers,
    byRouter: routers.map(({ circuits }) => circuits.turned().map(({ targetId }) => targetId)),
    byLead: leads.map(({ cluster, circuits }) => circuits.stateFor(cluster!.sector, cluster!.index) !== "CLOSED"),
  };
}

it.each([
  [
    "regions that are cut off",
    "  - partition: { isolate: { whole: region, count: minority } }\n    at: 100 s\n    for: 2 min\n    every: 3 min\n    count: 2\n    anew: true\n",
    [1, 2, 3],
  ],
  [
    "an orchestrator that is cut off from a coordinator whose breaker closes meanwhile",
    "  - partition: { split: [{ role: orchestrator }, { role: coordinator, sector: 1 }] }\n    at: 110 s\n    for: 3 min\n",
    [1],
  ],
  [
    "a lead that is cut off from its coordinator while its breaker, half-open, closes",
    "  - partition: { split: [{ role: lead, cluster: S1-C1 }, { role: coordinator, sector: 1 }] }\n    at: 170 s\n    for: 20 s\n",
    [1],
  ],
  [
    "loss at coordinators",
    "  - packets: { loss: 20 %, of: { role: coordinator } }\n    at: 60 s\n    for: 8 min\n",
    [3, 4],
  ],
  [
    "orchestrators and coordinators that crash",
    "  - crash: { role: [orchestrator, coordinator], count: 2 }\n    at: 75 s\n    for: 50 s\n    every: 60 s\n    count: 5\n    anew: true\n",
    [1, 2, 3],
  ],
] as const)("in the end everybody goes by the breakers: %s", (_, fault, seeds) => {
  for (const seed of seeds) {
    const rehearsal = finished(load(FAILING + fault, [], seed));
    const { breakers, byRouter, byLead } = afterwards(rehearsal);
    expect(byRouter).toEqual(Array.from({ length: 1 + SECTORS }, () => breakers));
    expect(byLead).toEqual(Array.from({ length: SECTORS * CLUSTERS }, (_, cluster) => breakers.includes(cluster)));
  }
});
