/** A plausible run of 30,000 agents, made up from a fixed stream of numbers: the same in every test. */

import { FAILURE_CLASSES } from "../../protocol/mesh-30k/resilience/failure-class.js";
import { MODES } from "../../protocol/mesh-30k/resilience/operational-mode.js";
import { KPIS } from "../../scenarios/kpis.js";
import type { AgentRow, Incident, Results, RunRecord, SeriesRow, Timing } from "../../scenarios/results.js";
import { exampleIncidents, exampleLiveness, exampleMap, exampleRecoveries, exampleService } from "./fixture-service.js";

const CLASSES = [
  { id: "A", name: "edge", agents: 10_000, leadMs: 70, spreadMs: 12, impedanceMs: 32, sigma: 0.25 },
  { id: "B", name: "serverless", agents: 8_000, leadMs: 160, spreadMs: 18, impedanceMs: 140, sigma: 0.3 },
  { id: "C", name: "persistent", agents: 5_000, leadMs: 330, spreadMs: 22, impedanceMs: 310, sigma: 0.2 },
  { id: "D", name: "GPU", agents: 2_000, leadMs: 380, spreadMs: 24, impedanceMs: 430, sigma: 0.25 },
  { id: "E", name: "local", agents: 3_000, leadMs: 240, spreadMs: 30, impedanceMs: 260, sigma: 0.5 },
  { id: "F", name: "human", agents: 2_000, leadMs: 65_000, spreadMs: 30_000, impedanceMs: 1_000, sigma: 0 },
] as const;

const KINDS: readonly [string, number][] = [
  ["RESULT", 10_060],
  ["REQUEST", 10_110],
  ["HEARTBEAT", 6_000],
  ["COORDINATE", 2_900],
  ["ACK", 2_880],
  ["CLUSTER_SUMMARY", 200],
  ["PROBE", 110],
  ["SECTOR_SUMMARY", 20],
  ["CIRCUIT", 3],
];

const WARM_UP_S = 60;
const DURATION_S = 300;
const CASCADES = 30;

/** Uniform in [0, 1), from a linear congruential generator. */
function stream(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function rounded(value: number, digits = 3): number {
  return Number(value.toFixed(digits));
}

function quantilesOf(values: readonly number[]) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => rounded(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!);
  return {
    count: values.length,
    p5: at(0.05),
    p25: at(0.25),
    p50: at(0.5),
    p75: at(0.75),
    p95: at(0.95),
    p99: at(0.99),
  };
}

function histogramOf(values: readonly number[], width: number) {
  const first = Math.floor(Math.min(...values) / width);
  const counts = new Array<number>(Math.floor(Math.max(...values) / width) - first + 1).fill(0);
  for (const value of values) counts[Math.floor(value / width) - first]!++;
  return { lowerEdges: counts.map((_, at) => (first + at) * width), counts };
}

/** The whole results. Each call makes a fresh copy that a test may change. */
export function exampleResults(): Results {
  const random = stream(7);
  const many = (length: number, draw: () => number) => Array.from({ length }, draw);
  const cascades = Array.from({ length: CASCADES }, (_, id) => {
    const latencyMs = rounded(470 + 60 * Math.abs(normal(random)), 1);
    return {
      id,
      strategy: "wave" as const,
      startedAtS: rounded(WARM_UP_S + 10 * id + random(), 6),
      status: id === 11 ? "degraded" : "complete",
      counted: true,
      targeted: 28_000,
      sent: 27_940,
      ready: 27_930,
      hits: 27_430 - Math.floor(90 * random()),
      hitRate: 0,
      latencyMs: id === 11 ? null : latencyMs,
      knownMs: id === 11 ? null : rounded(latencyMs + 90 + 20 * random(), 1),
      levelMs: {
        sectors: rounded(95 + 20 * random(), 1),
        leads: rounded(140 + 25 * random(), 1),
        agents: rounded(latencyMs * 0.8, 1),
      },
    };
  }).map((cascade) => ({ ...cascade, hitRate: rounded(cascade.hits / cascade.targeted, 6) }));

  const latencies = cascades.flatMap(({ latencyMs }) => (latencyMs === null ? [] : [latencyMs]));
  const levels = (
    [
      ["sectors", 60, 60, 55, 0.45],
      ["leads", 100, 100, 95, 0.35],
      ["agents", 130, 320, 260, 0.45],
    ] as const
  ).map(([level, budgetLowMs, budgetHighMs, median, sigma]) => {
    const values = many(3000, () => median * Math.exp(sigma * normal(random)));
    return { level, budgetLowMs, budgetHighMs, latencyMs: quantilesOf(values), histogram: histogramOf(values, 10) };
  });

  const classes = CLASSES.map(({ id, name, agents, spreadMs, impedanceMs, sigma }) => {
    const machine = id !== "F";
    const errors = many(500, () => spreadMs * normal(random));
    const scores = many(agents, () => Math.min(1000, impedanceMs * Math.exp(sigma * normal(random))));
    const targeted = machine ? agents * CASCADES : 0;
    const hits = Math.floor(targeted * (id === "E" ? 0.951 : 0.982));
    return {
      class: id,
      name,
      machine,
      agents,
      clusters: Math.ceil(agents / 30),
      targeted,
      sent: Math.floor(targeted * 0.998),
      hits,
      early: Math.floor((targeted - hits) / 4),
      late: targeted - hits - Math.floor((targeted - hits) / 4) - Math.floor(targeted * 0.002),
      never: Math.floor(targeted * 0.001),
      shortfallMs: null,
      skipped: Math.floor(targeted * 0.001),
      hitRate: machine ? rounded(hits / targeted, 6) : null,
      hitRateOfSent: machine ? rounded(hits / Math.floor(targeted * 0.998), 6) : null,
      gatheredRate: machine ? rounded((hits * 0.99) / targeted, 6) : null,
      predictionErrorMs: quantilesOf(errors),
      within50MsRate: rounded(errors.filter((error) => Math.abs(error) <= 50).length / errors.length, 6),
      arrivalErrorMs: machine ? quantilesOf(errors) : null,
      impedanceMs: quantilesOf(scores),
      impedanceHistogram: histogramOf(scores, 10),
    };
  });

  return {
    format: "rehearsal-results/1",
    version: "0.1.0",
    partial: false,
    scenario: {
      name: "mesh-30k",
      description: "30,000 agents of six classes over eight regions, nominal: a wave cascade every ten seconds.",
      sha256: "9f2c41d07be35a68".repeat(4),
      seed: 42,
      warmUpS: WARM_UP_S,
      durationS: DURATION_S,
    },
    reproduce: "rehearse run scenarios/mesh-30k.yaml --seed 42",
    protocol: {
      latencyEstimate: "repaired",
      driftCoefficient: "repaired",
      buffer: "repaired",
      humanTargets: "as-written",
    },
    fingerprint: {
      run: "0123456789abcdef",
      order: "1111111111111111",
      payload: "2222222222222222",
      kpis: "3333333333333333",
      perSecond: ["4444444444444444", "5555555555555555"],
    },
    mesh: {
      agents: 30_000,
      machineAgents: 28_000,
      clusters: 1_000,
      sectors: 100,
      regions: [
        { id: "us-east", name: "Virginia", sectors: 40, agents: 12_000 },
        { id: "eu-west", name: "Ireland", sectors: 35, agents: 10_500 },
        { id: "ap-southeast", name: "Singapore", sectors: 25, agents: 7_500 },
      ],
    },
    events: 41_873_112,
    kpis: kpis(),
    classes,
    messages: {
      sent: 9_681_000,
      duplicated: 4_800,
      delivered: 9_632_000,
      lost: 48_300,
      expired: 420,
      dropped: 0,
      cut: 0,
      undelivered: 0,
      corrupted: 0,
      inFlight: 280,
      byKind: KINDS.map(([kind, perSecond]) => ({ kind, sent: perSecond * DURATION_S, perSecond })),
    },
    bus: null,
    jobs: {
      accepted: 4_000_000,
      rejected: 0,
      finished: 3_999_000,
      expired: 900,
      ignored: 0,
      aborted: 0,
      waiting: 60,
      inService: 40,
      coldStarts: 1_204,
    },
    calendar: null,
    authority: {
      measuredS: 300,
      staleBeliefs: 1,
      byScope: [scopeRow("global", 1, 1), scopeRow("sector", 0, 0), scopeRow("cluster", 1, 0)],
      incidents: [
        {
          scope: "global",
          where: "orchestrator",
          fromS: 120,
          untilS: 180.5,
          severity: "conflicting-commit",
          holders: [
            { node: "orchestrator", term: 1, members: 120 },
            { node: "orchestrator-standby", term: 1, members: 80 },
          ],
          memberSeconds: 4_840,
        },
        {
          scope: "cluster",
          where: "S3-C7",
          fromS: 150,
          untilS: null,
          severity: "dual-authority",
          holders: [
            { node: "S3-C7", term: 1, members: 20 },
            { node: "S3-C7-standby", term: 1, members: 10 },
          ],
          memberSeconds: 1_500,
        },
      ],
    },
    incidents: exampleIncidents(),
    map: exampleMap(),
    recoveries: exampleRecoveries(),
    liveness: exampleLiveness(),
    faults: [
      {
        name: "europe-cut-off",
        kind: "partition",
        description: "cuts off region eu-west",
        spells: [{ fromS: 90, untilS: 150 }],
        spellCount: 1,
        effects: 41_200,
        tookEffect: true,
      },
    ],
    hosts: Array.from({ length: 22 }, (_, board) => ({
      kind: board % 2 === 0 ? "board on Wi-Fi" : "board on Ethernet",
      firstAgent: `agent-${25_000 + 136 * board}`,
      agents: 136,
      region: "eastus",
      busyRatio: 0.16,
      heldUpS: 100 + board,
      hottestC: 61.5,
      throttledRatio: 0,
      memoryRatio: 0.46,
      diskRatio: 0.862,
      lineRatio: 0.002,
      dropped: 0,
      killed: board === 3 ? 1 : 0,
      refused: 0,
    })),
    conflicts: {
      byType: [
        {
          type: "CONTEXT_DIVERGENCE",
          priority: 2,
          logged: 214,
          resolved: 212,
          open: 2,
          late: 0,
          resolvedAfterMs: quantilesOf([120, 180, 260, 410, 900]),
        },
        { type: "HASH_MISMATCH", priority: 4, logged: 3, resolved: 2, open: 1, late: 1, resolvedAfterMs: null },
      ],
      byOutcome: [{ method: "BRANCH_AND_RECONCILE", outcome: "agent-brought-forward", conflicts: 212 }],
      byTier: [
        { tier: "lead", own: 217, told: 0, open: 3, inherited: 0, escalated: 3, asked: 1, accepted: 4 },
        { tier: "sector", own: 0, told: 3, open: 1, inherited: 0, escalated: 3, asked: 0, accepted: 3 },
        { tier: "orchestrator", own: 0, told: 3, open: 0, inherited: 0, escalated: 0, asked: 0, accepted: 0 },
      ],
      putToPeople: 1,
      driftingClocks: [],
    },
    invariants: [
      { name: "every message is accounted for", checks: 360, violations: 0 },
      { name: "no clock runs backwards", checks: 41_873_112, violations: 0 },
    ],
    cascades,
    cascadeSummary: {
      count: CASCADES,
      latencyMs: quantilesOf(latencies),
      knownMs: quantilesOf(latencies.map((latencyMs) => latencyMs + 100)),
      agentLatencyMs: quantilesOf(many(3000, () => 430 + 40 * normal(random))),
      levels,
    },
    gathers: [
      {
        tier: "orchestrator",
        ended: 30,
        reachedQuorum: 30,
        empty: 0,
        meanReadyOfSent: 0.998,
        meanReadyOfTargeted: 0.996,
        decisions: { PROCEED: 30 },
      },
      {
        tier: "sector",
        ended: 3_000,
        reachedQuorum: 2_991,
        empty: 0,
        meanReadyOfSent: 0.997,
        meanReadyOfTargeted: 0.995,
        decisions: { PROCEED: 2_991, WAIT: 6, INVESTIGATE: 3 },
      },
      {
        tier: "lead",
        ended: 28_020,
        reachedQuorum: 27_902,
        empty: 0,
        meanReadyOfSent: 0.985,
        meanReadyOfTargeted: 0.982,
        decisions: { PROCEED: 27_902, WAIT: 98, DEGRADE: 20 },
      },
    ],
    routing: {
      registryLagMs: quantilesOf(many(1000, () => 2_500 + 2_400 * random())),
      intraClusterMs: quantilesOf(many(1000, () => 180 * Math.exp(0.5 * normal(random)))),
      meshWideMs: quantilesOf(many(300, () => 320 * Math.exp(0.4 * normal(random)))),
      noCapableAgent: 0,
    },
    resilience: {
      failures: FAILURE_CLASSES.map((name, index) => ({
        class: name,
        detected: 60 - 10 * index,
        recovered: 50 - 10 * index,
        escalated: index,
      })),
      alerts: [
        { about: "CONTEXT_CORRUPTION", count: 3 },
        { about: "BYZANTINE_BEHAVIOR", count: 1 },
        { about: "CASCADE_FAILURE", count: 0 },
        { about: "EMERGENCY", count: 0 },
      ],
      replacements: 52,
      breakers: [
        { scope: "cluster", opened: 7, halfOpened: 5, closed: 4 },
        { scope: "sector", opened: 1, halfOpened: 1, closed: 1 },
        { scope: "global", opened: 0, halfOpened: 0, closed: 0 },
      ],
      modes: MODES.map((mode, index) => ({ mode, seconds: index === 0 ? 240 : 15 })),
      operations: { queued: 120, released: 118, refused: 33, approvalsAsked: 1 },
    },
    joining: null,
    humans: {
      checkpoints: 30,
      answered: 22,
      answerMs: quantilesOf(many(22, () => 65_000 * Math.exp(0.5 * normal(random)))),
    },
    charts: charts(random, cascades),
  };
}

function scopeRow(
  scope: Results["authority"]["byScope"][number]["scope"],
  incidents: number,
  conflictingCommits: number,
) {
  const durationS = incidents === 0 ? null : quantilesOf([60.5]);
  return {
    scope,
    incidents,
    occasions: incidents,
    occasionsPerYear: {
      value: incidents * 105_120,
      low: incidents * 2_661,
      high: 105_120 * (incidents === 0 ? 3.69 : 5.57),
    },
    conflictingCommits,
    perYear: { value: incidents * 105_120, low: incidents * 2_661, high: 105_120 * (incidents === 0 ? 3.69 : 5.57) },
    durationS,
    vacantS: 0,
    memberSeconds: incidents * 4_840,
  };
}

function charts(random: () => number, cascades: Results["cascades"]): Results["charts"] {
  const arrivalError = CLASSES.flatMap(({ id, leadMs, spreadMs }) =>
    Array.from({ length: 400 }, () => {
      const predictedMs = rounded(leadMs * Math.exp(0.45 * normal(random)), 2);
      const tail = random() < 0.02 ? 8 : 1;
      return { class: id, predictedMs, errorMs: rounded(tail * spreadMs * normal(random), 2) };
    }),
  );
  const arrivalErrorBands = CLASSES.flatMap(({ id, leadMs, spreadMs }) =>
    [0.4, 0.6, 0.8, 1, 1.3, 1.7, 2.3].map((factor) => ({
      class: id,
      predictedMs: rounded(leadMs * factor, 2),
      p5: rounded(-1.6 * spreadMs * (0.8 + 0.2 * factor), 2),
      p50: rounded(0.2 * spreadMs * normal(random), 2),
      p95: rounded(1.7 * spreadMs * (0.8 + 0.3 * factor), 2),
      count: 4_000,
    })),
  );
  const hitRate = cascades.flatMap(({ startedAtS, hitRate: all }) => [
    { atS: startedAtS, class: "all" as const, hitRate: all },
    ...CLASSES.filter(({ id }) => id !== "F").map(({ id }) => ({
      atS: startedAtS,
      class: id,
      hitRate: rounded(Math.min(1, (id === "E" ? 0.951 : 0.983) + 0.006 * normal(random)), 6),
    })),
  ]);
  const messageRate = Array.from({ length: DURATION_S }, (_, at) =>
    KINDS.filter(([, perSecond]) => perSecond >= 10).map(([kind, perSecond]) => {
      const burst = kind === "COORDINATE" || kind === "ACK" ? (at % 10 === 0 ? 9 : at % 10 === 1 ? 1 : 0) : 1;
      const sent = Math.round(perSecond * burst * (1 + 0.02 * normal(random)));
      return { second: WARM_UP_S + at, kind, sent };
    }),
  ).flat();
  const service = exampleService(WARM_UP_S + DURATION_S);
  return { arrivalError, arrivalErrorBands, hitRate, messageRate, ...service };
}

function kpis(): Results["kpis"] {
  const wilson = (low: number, high: number) => ({ level: 0.95, low, high, method: "Wilson score" });
  return [
    {
      id: "coordinationSuccess",
      title: "Coordination success rate",
      definition: KPIS.coordinationSuccess.definition,
      unit: "ratio",
      target: { comparison: ">=", value: 0.99 },
      targetFrom: "document",
      gated: true,
      value: 0.99591,
      interval: wilson(0.99515, 0.99655),
      samples: 31_050,
      verdict: "holds",
    },
    {
      id: "arrivalWindowHitRate",
      title: "Arrival-window hit rate",
      definition: KPIS.arrivalWindowHitRate.definition,
      unit: "ratio",
      target: { comparison: ">=", value: 0.95 },
      targetFrom: "document",
      gated: true,
      value: 0.97868,
      interval: wilson(0.97837, 0.97898),
      samples: 840_000,
      verdict: "holds",
    },
    {
      id: "predictionWithin50Ms",
      title: "Impedance prediction accuracy",
      definition: KPIS.predictionWithin50Ms.definition,
      unit: "ratio",
      target: { comparison: ">=", value: 0.9 },
      targetFrom: "document",
      gated: true,
      value: 0.899968,
      interval: wilson(0.8996, 0.90034),
      samples: 3_812_455,
      verdict: "missed",
    },
    {
      id: "conflictRate",
      title: "Conflict rate",
      definition: KPIS.conflictRate.definition,
      unit: "ratio",
      target: { comparison: "<=", value: 0.01 },
      targetFrom: "document",
      gated: true,
      value: 0,
      interval: { level: 0.95, low: null, high: 0.0000044, method: "rule of three" },
      samples: 840_112,
      verdict: "holds",
    },
    {
      id: "meshAvailability",
      title: "Mesh availability",
      definition: KPIS.meshAvailability.definition,
      unit: "ratio",
      target: { comparison: ">=", value: 0.999 },
      targetFrom: "scenario",
      gated: true,
      value: 1,
      interval: null,
      samples: 300,
      verdict: "holds",
    },
    {
      id: "cascadeLatencyP95",
      title: "Cascade latency, p95",
      definition: KPIS.cascadeLatencyP95.definition,
      unit: "ms",
      target: { comparison: "<=", value: 1000 },
      targetFrom: "document",
      gated: true,
      value: 578.4,
      interval: { level: 0.95, low: 541.2, high: null, method: "order statistics" },
      samples: 30,
      verdict: "holds",
    },
    {
      id: "recoveryTime",
      title: "Recovery time",
      definition: KPIS.recoveryTime.definition,
      unit: "s",
      target: { comparison: "<=", value: 300 },
      targetFrom: "document",
      gated: true,
      value: null,
      interval: null,
      samples: 0,
      verdict: "not-exercised",
    },
  ];
}

export const TIMING: Timing = {
  startUpS: 0.42,
  wallS: 9.81,
  threads: 1,
  eventsPerSecond: 4_268_411.5,
  simulatedSecondsPerSecond: 36.7,
  peakRssMb: 512.4,
  node: "v20.19.0",
};

/** A whole run, small where size says nothing. */
export function exampleRun(): RunRecord {
  const series: SeriesRow[] = [60, 61].map((second) => ({
    second,
    measured: true,
    events: 139_000,
    sent: 32_270,
    delivered: 32_110,
    lost: 158,
    expired: 2,
    cut: 0,
    undelivered: 0,
    inFlight: 280,
    activeAgents: 28_000,
    targeted: 28_000,
    hits: 27_400,
  }));
  const agents: AgentRow[] = [
    {
      agent: "s03/c017/a05",
      class: "A",
      sector: 3,
      cluster: 17,
      region: "us-east",
      received: 412,
      targeted: 30,
      hits: 29,
      predictions: 120,
      within50Ms: 117,
      latencyMs: -1.25,
      processingMs: 10.4,
      impedanceMs: 31.9,
      queueDepth: 0,
    },
  ];
  const incidents: Incident[] = [{ atS: 171.2, kind: "quorum-missed", where: "s03", detail: "27 of 30 READY" }];
  return { results: exampleResults(), timing: TIMING, series, agents, incidents };
}

/** Figures of a bus as in a run of scenarios/bus-100k.yaml, each different from all others. */
export function exampleBus(): NonNullable<Results["bus"]> {
  return {
    kind: "at-least-once",
    sentPerSecond: { mean: 111_489.4, peak: 139_288 },
    first: 1_648_492,
    repeated: 10_118,
    acknowledged: 1_645_068,
    acknowledgementsLost: 8_336,
    redelivered: 16_425,
    heldBack: 15_080,
    outOfTurn: 76,
    deadLetters: 12,
    outstanding: 7_014,
    overflowed: 0,
    order: { sent: 1_577_513, delivered: 1_574_183, repeated: 9_684, outOfOrder: 3, late: 4 },
  };
}
