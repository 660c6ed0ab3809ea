/** MESH-30K 6.1 and 6.3 on whole meshes: what is lost sets the mode, the operations obey it, operators are alerted, all of it ends. */
import { describe, expect, it } from "vitest";
import type { OperationalMode } from "../../protocol/mesh-30k/resilience/operational-mode.js";
import type { Results } from "../../scenarios/results.js";
import { results } from "./small-mesh.js";

const MESH = `name: modes
description: machines lose power, and the mesh its mode
seed: 3
warmUp: 30 s
duration: 6 min
mesh:
  sectors: 10
  clustersPerSector: 2
  agentsPerCluster: 10
  classes: { A: 100, B: 80, F: 20 }
placement: { orchestrator: eastus }
workload:
  intraCluster: 2 / s
  interCluster: 1 / s
  meshWide: 0.1 / s
  cascades:
    - { strategy: wave, every: 10 s }
`;

function losing(share: string): Results {
  return results(
    `${MESH}faults:\n  - power: { off: machine, class: [A, B], count: ${share} }\n    at: 60 s\n    for: 90 s\n`,
  );
}

const secondsIn = ({ resilience }: Results, mode: OperationalMode) =>
  resilience.modes.find((row) => row.mode === mode)!.seconds;

/** What the mesh did with operations in the mode that it came to. */
const OBEYED = {
  DEGRADED_LIGHT: ({ queued, refused }) => refused > 0 && queued === 0,
  DEGRADED_MODERATE: ({ queued, released }) => queued > 0 && released === queued,
  DEGRADED_SEVERE: ({ approvalsAsked }) => approvalsAsked > 0,
  EMERGENCY: ({ refused }) => refused > 1_000,
} satisfies Partial<Record<OperationalMode, (operations: Results["resilience"]["operations"]) => boolean>>;

describe.each<[share: string, mode: keyof typeof OBEYED]>([
  ["12 %", "DEGRADED_LIGHT"],
  ["30 %", "DEGRADED_MODERATE"],
  ["55 %", "DEGRADED_SEVERE"],
  ["85 %", "EMERGENCY"],
])("%s of the machines without power", (share, mode) => {
  const run = losing(share);

  it(`are ${mode}, which operations obey`, () => {
    expect(secondsIn(run, mode)).toBeGreaterThan(20);
    expect(run.resilience.operations).toSatisfy(OBEYED[mode]);
  });

  it("are back in FULL after it, with nothing stuck and waves that succeed", () => {
    expect(run.liveness).toMatchObject({ verdict: "holds", stuck: [] });
    expect(run.cascades.slice(-3).map(({ status }) => status)).toEqual(["SUCCESS", "SUCCESS", "SUCCESS"]);
  });

  it("alert the operators where it is an emergency, and to every context that is corrupt", () => {
    const alertsTo = (about: string) => run.resilience.alerts.find((row) => row.about === about)!.count;
    expect(alertsTo("EMERGENCY") > 0).toBe(secondsIn(run, "EMERGENCY") > 0);
    const { escalated } = run.resilience.failures.find((row) => row.class === "CONTEXT_CORRUPTION")!;
    expect(alertsTo("CONTEXT_CORRUPTION")).toBe(escalated);
  });
});

it("in an emergency no cascade starts, of which one is due every 10 s", () => {
  const { charts, cascades } = losing("85 %");
  const at = charts.modes.findIndex(({ mode }) => mode === "EMERGENCY");
  const [fromS, untilS] = [charts.modes[at]!.fromS, charts.modes[at + 1]!.fromS];
  expect(untilS - fromS).toBeGreaterThan(40);
  expect(cascades.filter(({ startedAtS }) => startedAtS >= fromS && startedAtS < untilS)).toEqual([]);
});
