/** The key performance indicators of MESH-30K part 11: what each one is, its unit and its target. */

export type KpiUnit = "ratio" | "ms" | "s";
export type Comparison = ">=" | "<=";

export interface KpiDefinition {
  readonly title: string;
  /** What exactly is measured, judged in true time by the simulator. */
  readonly definition: string;
  readonly unit: KpiUnit;
  /** The document's target, in `unit`. */
  readonly target: { readonly comparison: Comparison; readonly value: number };
}

export const KPIS = {
  coordinationSuccess: {
    title: "Coordination success rate",
    definition: "scatter-gather operations that reached quorum / scatter-gather operations started",
    unit: "ratio",
    target: { comparison: ">=", value: 0.99 },
  },
  arrivalWindowHitRate: {
    title: "Arrival-window hit rate",
    definition: "machine agents READY within [T - W, T + W] / machine agents targeted, over all cascades",
    unit: "ratio",
    target: { comparison: ">=", value: 0.95 },
  },
  predictionWithin50Ms: {
    title: "Impedance prediction accuracy",
    definition: "messages to machine agents READY within 50 ms of the predicted instant / messages that became READY",
    unit: "ratio",
    target: { comparison: ">=", value: 0.9 },
  },
  conflictRate: {
    title: "Conflict rate",
    definition: "CONFLICT (-1) responses / responses of machine agents",
    unit: "ratio",
    target: { comparison: "<=", value: 0.01 },
  },
  meshAvailability: {
    title: "Mesh availability",
    definition: "share of time in which at least 95 % of machine agents are active",
    unit: "ratio",
    target: { comparison: ">=", value: 0.999 },
  },
  cascadeLatencyP95: {
    title: "Cascade latency, p95",
    definition:
      "95th percentile over cascades of the time from the initiator's decision until 95 % of the targeted machine agents are READY",
    unit: "ms",
    target: { comparison: "<=", value: 1000 },
  },
  recoveryTime: {
    title: "Recovery time",
    definition: "longest time from the true start of a failure until the cluster's service is restored",
    unit: "s",
    target: { comparison: "<=", value: 300 },
  },
} as const satisfies Record<string, KpiDefinition>;

export type KpiId = keyof typeof KPIS;
export const KPI_IDS = Object.keys(KPIS) as KpiId[];
