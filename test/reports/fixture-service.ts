/** The parts of the made-up run that tell how the mesh fared over time: incidents, map, recoveries, liveness. */
import { type Results, SERVICE_STATES } from "../../scenarios/results.js";

const CLASSES = ["A", "B", "C", "D", "E", "F"] as const;
const code = (state: (typeof SERVICE_STATES)[number]) => SERVICE_STATES.indexOf(state);

export function exampleIncidents(): Results["incidents"] {
  return {
    byKind: [
      { kind: "split-brain", scope: "global", count: 1, totalS: 60.5, longestS: 60.5 },
      { kind: "mode", scope: "global", count: 2, totalS: 60, longestS: 45 },
      { kind: "outage", scope: "sector", count: 1, totalS: 48.25, longestS: 48.25 },
      { kind: "split-brain", scope: "cluster", count: 1, totalS: 210, longestS: 210 },
      { kind: "outage", scope: "cluster", count: 2, totalS: 54, longestS: 44 },
      { kind: "breaker", scope: "cluster", count: 1, totalS: 30, longestS: 30 },
    ],
    list: [
      { kind: "outage", scope: "sector", where: "S7", fromS: 91.75, untilS: 140, detail: "" },
      { kind: "mode", scope: "global", where: "orchestrator", fromS: 100, untilS: 115, detail: "DEGRADED_LIGHT" },
      { kind: "outage", scope: "cluster", where: "S7-C2", fromS: 96, untilS: 140, detail: "" },
      { kind: "mode", scope: "global", where: "orchestrator", fromS: 115, untilS: 160, detail: "DEGRADED_MODERATE" },
      {
        kind: "split-brain",
        scope: "global",
        where: "orchestrator",
        fromS: 120,
        untilS: 180.5,
        detail: "conflicting-commit",
      },
      { kind: "breaker", scope: "cluster", where: "S7-C3", fromS: 125, untilS: 155, detail: "" },
      { kind: "split-brain", scope: "cluster", where: "S3-C7", fromS: 150, untilS: null, detail: "dual-authority" },
      { kind: "outage", scope: "cluster", where: "S9-C1", fromS: 350, untilS: null, detail: "" },
    ],
  };
}

/** Each state stands somewhere at 130 s. */
export function exampleMap(): Results["map"] {
  const changes: Readonly<Record<string, number[]>> = {
    orchestrator: [120, code("split-brain"), 181, 0],
    S7: [92, code("degraded"), 140, 0],
    "S3-C7": [150, code("split-brain")],
    "S7-C1": [100, code("nobody-in-office"), 141, 0],
    "S7-C2": [96, code("all-down"), 140, 0],
    "S7-C3": [125, code("breaker-open"), 155, 0],
    "S9-C1": [350, code("degraded")],
  };
  const of = (name: string) => ({ name, changes: changes[name] ?? [] });
  return {
    stepS: 1,
    orchestrator: of("orchestrator"),
    sectors: Array.from({ length: 100 }, (_, sector) => ({
      ...of(`S${sector + 1}`),
      clusters: Array.from({ length: 10 }, (__, cluster) => ({
        ...of(`S${sector + 1}-C${cluster + 1}`),
        class: CLASSES[(sector + cluster) % CLASSES.length]!,
      })),
    })),
  };
}

export function exampleRecoveries(): Results["recoveries"] {
  const quantiles = (p50: number) => ({
    count: 12,
    p5: p50 * 0.7,
    p25: p50 * 0.9,
    p50,
    p75: p50 * 1.1,
    p95: p50 * 1.6,
    p99: p50 * 2,
  });
  return {
    byClass: [
      {
        class: "AGENT_CRASH",
        scope: "agent",
        count: 136,
        undetected: 2,
        unrepaired: 1,
        detectionS: quantiles(31.5),
        repairS: quantiles(9.25),
        slowestS: 88,
        targetS: 300,
      },
      {
        class: "CLUSTER_PARTITION",
        scope: "cluster",
        count: 12,
        undetected: 0,
        unrepaired: 0,
        detectionS: quantiles(15),
        repairS: quantiles(40),
        slowestS: 120,
        targetS: 300,
      },
      {
        class: "SECTOR_PARTITION",
        scope: "sector",
        count: 1,
        undetected: 0,
        unrepaired: 1,
        detectionS: quantiles(20),
        repairS: null,
        slowestS: 1_200,
        targetS: 900,
      },
    ],
    list: [
      { class: "CLUSTER_PARTITION", where: "S7-C2", startedS: 90, detectedS: 96, restoredS: 140 },
      { class: "SECTOR_PARTITION", where: "S7", startedS: 90, detectedS: 100, restoredS: null },
      { class: "AGENT_CRASH", where: "S1-C1-A4", startedS: 200, detectedS: null, restoredS: null },
    ],
  };
}

export function exampleLiveness(): Results["liveness"] {
  return { lastFaultEndsS: 150, agreedAfterS: 31.5, withinS: 120, verdict: "holds", stuck: [] };
}

/** From the start of the run, a dip while S7 is out. */
export function exampleService(seconds: number): Pick<Results["charts"], "activeAgents" | "modes"> {
  return {
    activeAgents: {
      spanS: 1,
      points: Array.from({ length: seconds }, (_, atS) => {
        const mean = atS >= 92 && atS < 140 ? 0.78 : 0.999;
        return { atS, mean, least: mean };
      }),
    },
    modes: [
      { fromS: 0, mode: "FULL" },
      { fromS: 100, mode: "DEGRADED_LIGHT" },
      { fromS: 115, mode: "DEGRADED_MODERATE" },
      { fromS: 160, mode: "FULL" },
    ],
  };
}
