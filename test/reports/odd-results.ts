/** Results that a report must survive: with nothing in them, with figures far off, and with names meant to break out. */
import type { Results } from "../../scenarios/results.js";
import { exampleResults } from "./fixture.js";

/** A run that was interrupted before anything happened. */
export function sparseResults(): Results {
  const results = exampleResults();
  const nothing = { lowerEdges: [], counts: [] };
  const { cascadeSummary, routing } = results;
  return {
    ...results,
    partial: true,
    kpis: results.kpis.map((kpi) => ({ ...kpi, value: null, interval: null, samples: 0, verdict: "not-exercised" })),
    classes: results.classes.map((row) => ({
      ...row,
      hitRate: null,
      hitRateOfSent: null,
      gatheredRate: null,
      predictionErrorMs: null,
      within50MsRate: null,
      arrivalErrorMs: null,
      impedanceMs: null,
      impedanceHistogram: nothing,
    })),
    cascades: [],
    hosts: [],
    invariants: [],
    faults: [],
    gathers: [],
    cascadeSummary: {
      count: 0,
      latencyMs: null,
      knownMs: null,
      agentLatencyMs: null,
      levels: cascadeSummary.levels.map((level) => ({ ...level, latencyMs: null, histogram: nothing })),
    },
    routing: { ...routing, registryLagMs: null, intraClusterMs: null, meshWideMs: null },
    humans: { checkpoints: 0, answered: 0, answerMs: null },
    incidents: { byKind: [], list: [] },
    map: { stepS: 1, orchestrator: { name: "orchestrator", changes: [] }, sectors: [] },
    recoveries: { byClass: [], list: [] },
    liveness: { lastFaultEndsS: null, agreedAfterS: null, withinS: 300, verdict: "not-exercised", stuck: [] },
    charts: {
      arrivalError: [],
      arrivalErrorBands: [],
      hitRate: [],
      messageRate: [],
      activeAgents: { spanS: 1, points: [] },
      modes: [],
    },
  };
}

/** Predictions below zero, errors of minutes, a single point, everything in one bin, latencies of half a minute, nobody hit. */
export function wildResults(): Results {
  const results = exampleResults();
  const { cascadeSummary, charts, classes } = results;
  return {
    ...results,
    classes: classes.map((row) => ({ ...row, impedanceHistogram: { lowerEdges: [1000], counts: [row.agents] } })),
    cascadeSummary: {
      ...cascadeSummary,
      levels: cascadeSummary.levels.map((level) => ({
        ...level,
        histogram: { lowerEdges: [0, 10, 100, 1_000, 29_000], counts: [3, 40, 500, 700, 12] },
      })),
    },
    charts: {
      ...charts,
      arrivalError: [
        { class: "A", predictedMs: -120.5, errorMs: 181_000 },
        { class: "A", predictedMs: 40, errorMs: -3 },
        { class: "B", predictedMs: 77, errorMs: 12 },
      ],
      arrivalErrorBands: [],
      hitRate: charts.hitRate.map((point) => ({ ...point, hitRate: 0 })),
      messageRate: [{ second: 60, kind: "HEARTBEAT", sent: 0 }],
    },
  };
}

/** Every free text tries to end its element, its attribute, its string or its expression. */
export function hostileResults(): Results {
  const results = exampleResults();
  const hostile = `<script>alert(1)</script><img src=x onerror=alert(1)>"'\`\${alert(1)}</style><!--\u2028`;
  const kinds = [`${hostile}0`, `']; alert(1); //`, `a.b["c"]\\`, `datum`, `__proto__`];
  const kindOf = (at: number) => kinds[at % kinds.length]!;
  return {
    ...results,
    version: hostile,
    reproduce: hostile,
    scenario: { ...results.scenario, name: hostile, description: hostile, sha256: hostile },
    protocol: { [hostile]: "repaired" },
    kpis: results.kpis.map((kpi) => ({
      ...kpi,
      title: hostile,
      definition: hostile,
      interval: { level: 0.95, low: 0, high: 1, method: hostile },
    })),
    classes: results.classes.map((row) => ({ ...row, name: hostile })),
    cascades: results.cascades.map((cascade) => ({ ...cascade, status: hostile })),
    hosts: results.hosts.map((host) => ({ ...host, kind: hostile, firstAgent: hostile, region: hostile })),
    invariants: [{ name: hostile, checks: 1, violations: 1 }],
    faults: [
      { name: hostile, kind: hostile, description: hostile, spells: [], spellCount: 0, effects: 0, tookEffect: false },
      {
        name: `${hostile}2`,
        kind: hostile,
        description: hostile,
        spells: [{ fromS: 70, untilS: null }],
        spellCount: 1,
        effects: 1,
        tookEffect: true,
      },
    ],
    incidents: {
      ...results.incidents,
      list: results.incidents.list.map((incident) => ({ ...incident, where: hostile, detail: hostile })),
    },
    map: {
      stepS: 1,
      orchestrator: { name: hostile, changes: [10, 1] },
      sectors: [{ name: hostile, changes: [], clusters: [{ name: hostile, changes: [20, 5], class: "A" }] }],
    },
    recoveries: {
      byClass: results.recoveries.byClass.map((row) => ({ ...row, class: hostile })),
      list: results.recoveries.list.map((row) => ({ ...row, class: hostile, where: hostile })),
    },
    liveness: { ...results.liveness, verdict: "missed", agreedAfterS: null, stuck: [hostile] },
    gathers: results.gathers.map((gather) => ({ ...gather, decisions: { [hostile]: 1 } })),
    mesh: { ...results.mesh, regions: [{ id: hostile, name: hostile, sectors: 1, agents: 1 }] },
    messages: {
      ...results.messages,
      byKind: kinds.map((kind, at) => ({ kind, sent: 1_000 - at, perSecond: 3 })),
    },
    charts: {
      ...results.charts,
      messageRate: results.charts.messageRate.map((rate, at) => ({ ...rate, kind: kindOf(at) })),
    },
  };
}

/** Forty faults of three hundred spells each, thousands of incidents, a mode that changes all the time. */
export function stormyResults(): Results {
  const results = exampleResults();
  const [pattern] = results.faults;
  const list = Array.from({ length: 1_000 }, (_, at) => {
    const fromS = 60 + ((at * 37) % 300);
    return {
      kind: "outage" as const,
      scope: "cluster" as const,
      where: `S${at}`,
      fromS,
      untilS: fromS + 2,
      detail: "",
    };
  });
  return {
    ...results,
    faults: Array.from({ length: 40 }, (_, fault) => ({
      ...pattern!,
      name: `fault-${fault}`,
      spells: Array.from({ length: 300 }, (__, at) => ({ fromS: 60 + at, untilS: at % 7 === 0 ? 60 + at : 60.5 + at })),
      spellCount: 90_000,
    })),
    incidents: { byKind: [{ kind: "outage", scope: "cluster", count: 5_000, totalS: 10_000, longestS: 2 }], list },
    charts: {
      ...results.charts,
      modes: Array.from({ length: 1_000 }, (_, at) => ({ fromS: at / 4, mode: at % 2 === 0 ? "FULL" : "EMERGENCY" })),
    },
  };
}

/** The smallest mesh there is. */
export function oneClusterResults(): Results {
  const results = exampleResults();
  const cluster = { name: "S1-C1", class: "A" as const, changes: [0, 4] };
  return {
    ...results,
    map: {
      stepS: 1,
      orchestrator: { name: "orchestrator", changes: [] },
      sectors: [{ name: "S1", changes: [], clusters: [cluster] }],
    },
  };
}

/** Ten hours with a cascade every 10 s: what does not fit on a screen. The 1,000th cascade is the slowest that ends. */
export function longResults(): Results {
  const results = exampleResults();
  const [pattern] = results.cascades;
  const cascades = Array.from({ length: 3_600 }, (_, id) => ({
    ...pattern!,
    id,
    startedAtS: 60 + id * 10,
    latencyMs: id === 1_000 ? 9_000 : id === 2_000 ? null : 800,
  }));
  return {
    ...results,
    cascades,
    messages: {
      ...results.messages,
      byKind: [
        { kind: "HEARTBEAT", sent: 216_000_000, perSecond: 6_000 },
        { kind: "ACK", sent: 72_000_000, perSecond: 2_000 },
      ],
    },
    charts: {
      ...results.charts,
      hitRate: cascades.flatMap(({ startedAtS, id }) => [
        { atS: startedAtS, class: "all", hitRate: id % 2 === 0 ? 1 : 0.5 },
        { atS: startedAtS, class: "A", hitRate: 1 },
      ]),
      messageRate: Array.from({ length: 36_000 }, (_, at) => [
        { second: 60 + at, kind: "HEARTBEAT", sent: 6_000 },
        { second: 60 + at, kind: "ACK", sent: at % 2 === 0 ? 0 : 4_000 },
      ]).flat(),
    },
  };
}
