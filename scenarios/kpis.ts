/** The key performance indicators, those of MESH-30K part 11 and two of our own: what each one is, its unit and its target. */

export type KpiUnit = "ratio" | "ms" | "s" | "/year";
export type Comparison = ">=" | "<=";

export interface KpiDefinition {
  readonly title: string;
  /** What exactly is measured, judged in true time by the simulator. */
  readonly definition: string;
  readonly unit: KpiUnit;
  /** In `unit`. */
  readonly target: { readonly comparison: Comparison; readonly value: number };
}

/** KPIs that the document does not have; their targets are ours. */
export const OWN_KPIS: ReadonlySet<string> = new Set(["healingTime", "splitBrainsPerYear"]);

export const KPIS = {
  coordinationSuccess: {
    title: "Coordination success rate",
    definition:
      "scatter-gathers that reached quorum, in the judgement of the node that ran them / scatter-gathers that ended and had somebody to ask, of all cascades that count",
    unit: "ratio",
    target: { comparison: ">=", value: 0.99 },
  },
  arrivalWindowHitRate: {
    title: "Arrival-window hit rate",
    definition:
      "machine agents READY within [T - W, T + W] / machine agents of the mesh, over all cascades that count, those that failed included; people, too, with humanTargets as written",
    unit: "ratio",
    target: { comparison: ">=", value: 0.95 },
  },
  predictionWithin50Ms: {
    title: "Impedance prediction accuracy",
    definition:
      "messages to machine agents READY within 50 ms of the predicted instant / messages to machine agents that were predicted and became READY",
    unit: "ratio",
    target: { comparison: ">=", value: 0.9 },
  },
  conflictRate: {
    title: "Conflict rate",
    definition:
      "CONFLICT (-1) / READY and CONFLICT, by which machine agents respond to messages of cascades and to single messages",
    unit: "ratio",
    target: { comparison: "<=", value: 0.01 },
  },
  meshAvailability: {
    title: "Mesh availability",
    definition:
      "share of measured time in which at least 95 % of machine agents are active: running, below a lead in office, and held for active by it",
    unit: "ratio",
    target: { comparison: ">=", value: 0.999 },
  },
  cascadeLatencyP95: {
    title: "Cascade latency, p95",
    definition:
      "95th percentile, over all cascades that count, of the time from the initiator's decision until 95 % of the mesh's machine agents are READY",
    unit: "ms",
    target: { comparison: "<=", value: 1000 },
  },
  recoveryTime: {
    title: "Recovery time, cluster",
    definition:
      "longest time from when fewer than 95 % of a cluster's machine agents were active, in true time, until 95 % were active again",
    unit: "s",
    target: { comparison: "<=", value: 300 },
  },
  sectorRecoveryTime: {
    title: "Recovery time, sector",
    definition:
      "longest time from when fewer than 95 % of a sector's machine agents were active, in true time, until 95 % were active again",
    unit: "s",
    target: { comparison: "<=", value: 900 },
  },
  healingTime: {
    title: "Healing time",
    definition:
      "time from when the last fault is over until every office is held by one process that all its living members obey, the mode is FULL and 95 % of machine agents are active; looked at once a second",
    unit: "s",
    target: { comparison: "<=", value: 300 },
  },
  splitBrainsPerYear: {
    title: "Split-brain incidents, a year",
    definition:
      "incidents in which two live processes held one office and both acted on its members, of all offices / measured calendar time, in years of 365 days",
    unit: "/year",
    // The document has no figure for it; no incident at all is what its takeover (10.3) is for.
    target: { comparison: "<=", value: 0 },
  },
} as const satisfies Record<string, KpiDefinition>;

export type KpiId = keyof typeof KPIS;
export const KPI_IDS = Object.keys(KPIS) as KpiId[];
