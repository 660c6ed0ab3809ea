/**
 * Conflicts are data: none is lost with the process that logged it (5.1). Who comes into its office takes over what is open, and
 * what an earlier holder still has open when it comes back goes to whoever holds the office then.
 */
import { describe, expect, it } from "vitest";
import { results } from "../small-mesh.js";

const STORM = `name: storm
description: conflicts, and leads that die of it
seed: 5
warmUp: 30 s
duration: 15 min
mesh:
  sectors: 3
  clustersPerSector: 2
  agentsPerCluster: 10
  classes: { A: 40, B: 20 }
placement: { orchestrator: eastus }
workload:
  intraCluster: 3 / s
  interCluster: 1 / s
  cascades:
    - { strategy: wave, every: 20 s, verb: sync }
faults:
  - name: damaged
    packets: { corrupt: 20 %, of: { role: agent } }
    at: 60 s
    for: 150 s
`;

describe.each([
  ["leads that die for good", "  - crash: { role: lead, sector: [1, 2] }\n    at: 120 s\n", "lead"],
  [
    "leads that die and come back",
    "  - crash: { role: lead, sector: [1, 2] }\n    at: 120 s\n    for: 2 min\n",
    "lead",
  ],
  [
    "leads that are cut off",
    "  - partition: { isolate: { role: lead, sector: [1, 2] } }\n    at: 120 s\n    for: 2 min\n",
    "lead",
  ],
  [
    "leads that die in turn",
    "  - crash: { role: lead, count: 4 }\n    at: 90 s\n    for: 1 min\n    every: 100 s\n    anew: true\n",
    "lead",
  ],
  [
    "leads that die and come back, when those who stood in for them are dead and nobody can tell",
    "  - crash: { role: lead }\n    at: 120 s\n    for: 90 s\n  - crash: { role: standby }\n    at: 205 s\n    for: 90 s\n",
    "lead",
  ],
  [
    "leads that were cut off, when those who stood in for them are dead and nobody can tell",
    "  - partition: { isolate: { role: lead } }\n    at: 120 s\n    for: 90 s\n  - crash: { role: standby }\n    at: 205 s\n    for: 90 s\n",
    "lead",
  ],
  ["coordinators that die for good", "  - crash: { role: coordinator }\n    at: 120 s\n", "sector"],
] as const)("%s", (_, fault, tier) => {
  const { conflicts, invariants } = results(STORM + fault);

  it("leave no conflict behind", () => {
    const sum = (of: "logged" | "resolved" | "open") => conflicts.byType.reduce((all, row) => all + row[of], 0);
    expect(sum("logged")).toBeGreaterThan(100);
    expect(sum("open")).toBe(0);
    expect(conflicts.byTier.map((row) => `${row.tier}: ${row.open}`)).toEqual([
      "lead: 0",
      "sector: 0",
      "orchestrator: 0",
    ]);
    expect(invariants.filter(({ violations }) => violations > 0)).toEqual([]);
  });

  it("had some open, which others took over", () => {
    expect(conflicts.byTier.find((row) => row.tier === tier)!.inherited).toBeGreaterThan(0);
  });
});

const AGAIN = "    at: 205 s\n    for: 90 s\n";
const ONCE = "    at: 120 s\n    for: 90 s\n";

it.each([
  [
    "cut off, then those who stand in for them",
    1,
    `  - partition: { isolate: { role: lead, sector: [1, 2] } }\n${ONCE}  - partition: { isolate: { role: standby, sector: [1, 2] } }\n${AGAIN}`,
  ],
  [
    "dead, then those who stand in for them",
    2,
    `  - crash: { role: lead }\n${ONCE}  - crash: { role: standby }\n${AGAIN}`,
  ],
  [
    "cut off, and then those who stand in for them dead",
    3,
    `  - partition: { isolate: { role: lead } }\n${ONCE}  - crash: { role: standby }\n${AGAIN}`,
  ],
])(
  "what the level above has decided ends where a process that comes into office cannot act on it: leads %s",
  (_, seed, fault) => {
    const { conflicts, invariants } = results(STORM + fault, [], seed);
    expect(conflicts.byType.filter(({ open }) => open > 0)).toEqual([]);
    expect(conflicts.byTier.map((row) => `${row.tier}: ${row.open}`)).toEqual([
      "lead: 0",
      "sector: 0",
      "orchestrator: 0",
    ]);
    expect(invariants.filter(({ violations }) => violations > 0)).toEqual([]);
  },
);

it("a lead that takes over asks anew for what the level above has settled before, and is told", () => {
  const { conflicts, invariants } = results(`name: storm
description: a storm of conflicts in which the leads die
seed: 1
warmUp: 10 s
duration: 4 min
mesh:
  sectors: 1
  clustersPerSector: 2
  agentsPerCluster: 20
  classes: { A: 40 }
placement: { orchestrator: eastus }
workload:
  intraCluster: 200 / s
faults:
  - packets: { corrupt: 90 %, of: { role: agent } }
    at: 20 s
    for: 20 s
  - crash: { role: lead }
    at: 33.25 s
    for: 20 s
`);
  expect(conflicts.byType).toMatchObject([{ type: "HASH_MISMATCH", open: 0 }]);
  expect(conflicts.byTier.map((row) => `${row.tier}: ${row.open}`)).toEqual([
    "lead: 0",
    "sector: 0",
    "orchestrator: 0",
  ]);
  expect(conflicts.byTier[0]!.inherited).toBeGreaterThan(0);
  expect(invariants.filter(({ violations }) => violations > 0)).toEqual([]);
});

it.each([2, 3, 4, 6])("seed %d: what a lead logs just before its machine goes for good is with its rival", (seed) => {
  const { conflicts, invariants } = results(
    `name: gone
description: conflicts, and leads whose machines never come back
seed: 1
warmUp: 30 s
duration: 6 min
mesh:
  sectors: 1
  clustersPerSector: 8
  agentsPerCluster: 10
  classes: { A: 40, B: 40 }
placement: { orchestrator: eastus }
workload:
  intraCluster: 3 / s
  interCluster: 1 / s
  cascades:
    - { strategy: wave, every: 20 s, verb: sync }
faults:
  - packets: { corrupt: 90 %, of: { role: agent } }
    at: 60 s
    for: 120 s
  - power: { off: machine, role: lead, count: 5 }
    at: 118 s
`,
    [],
    seed,
  );
  expect(conflicts.byTier.find(({ tier }) => tier === "lead")!.inherited).toBeGreaterThan(0);
  expect(conflicts.byTier.map(({ tier, open }) => `${tier}: ${open}`)).toEqual([
    "lead: 0",
    "sector: 0",
    "orchestrator: 0",
  ]);
  expect(invariants.filter(({ violations }) => violations > 0)).toEqual([]);
});
