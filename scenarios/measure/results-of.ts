/** From a rehearsal, finished or interrupted, to its results. */
import { createHash } from "node:crypto";
import type { Site } from "../../models/site.js";
import { CLASS_NAMES, IMPEDANCE_CLASSES, type ImpedanceClass } from "../../protocol/mesh-30k/impedance-class.js";
import { Fingerprint } from "../../sim/fingerprint.js";
import { US_PER_MS, US_PER_S } from "../../sim/time.js";
import { faultRows } from "../faults/fault-rows.js";
import type { Outcome } from "../outcome.js";
import type { AgentRow, Incident, Results, SeriesRow } from "../results.js";
import type { Stage } from "../stage.js";
import { authorityOf } from "./authority/authority-of.js";
import { busFindings, busInvariants } from "./bus-findings.js";
import { calendarRow } from "./calendar-row.js";
import { atShare, type CascadeRecord } from "./cascade-record.js";
import { Distribution, exactQuantiles, histogramOf, type Quantiles, rounded } from "./distribution.js";
import { GatherBooks, TIERS } from "./gather-books.js";
import { kpisOf } from "./kpi-values.js";
import { activeAgents } from "./service/active-agents.js";
import { incidentsOf } from "./service/incidents-of.js";
import { MESSAGE_KINDS } from "./traffic-tally.js";

export interface RunLabels {
  readonly version: string;
  readonly reproduce: string;
  readonly partial: boolean;
}

/** Everything but the timing. */
export interface Findings {
  readonly results: Results;
  readonly series: readonly SeriesRow[];
  readonly agents: readonly AgentRow[];
  readonly incidents: readonly Incident[];
}

/** Changes of mode that a chart can show. */
const MOST_MODES = 1_000;

/** Latency budget of document 8.3, cumulative from the decision: sectors, leads, agents. */
const BUDGET_MS = { sectors: [60, 60], leads: [100, 100], agents: [130, 320] } as const;

export function findingsOf(outcome: Outcome, labels: RunLabels): Findings {
  const { meter, books } = outcome;
  const { calendar } = outcome.stage;
  const body = bodyOf(outcome, labels);
  const kpiHash = shortHash(JSON.stringify([body.kpis, body.classes, body.cascades]));
  const fingerprint = Fingerprint.ofParts([books.fingerprint]);
  const whole = fingerprint.whole();
  const results: Results = {
    ...body,
    fingerprint: {
      run: shortHash([whole.order, whole.payload, kpiHash].join("/")),
      order: whole.order,
      payload: whole.payload,
      kpis: kpiHash,
      perSecond: fingerprint.seconds.map((second) => `${second.order}${second.payload}`),
    },
  };
  return {
    results,
    series: seriesOf(outcome),
    agents: agentsOf(outcome),
    incidents: [...meter.cascades.incidents, ...meter.availability.incidents()]
      .map((incident) => ({ ...incident, atS: calendar.calendarUs(incident.atS * US_PER_S) / US_PER_S }))
      .sort((a, b) => a.atS - b.atS),
  };
}

function bodyOf(outcome: Outcome, labels: RunLabels): Omit<Results, "fingerprint"> {
  const { stage, meter, books, traffic, nowUs } = outcome;
  const { loaded, warmUpUs } = stage;
  const { scenario } = loaded;
  const { calendar } = stage;
  const measuredS = Math.max(0, calendar.calendarUs(nowUs) - warmUpUs) / US_PER_S;
  const cascades = meter.cascades.countedRecords;
  const bus = busFindings(outcome);
  return {
    format: "rehearsal-results/1",
    version: labels.version,
    partial: labels.partial,
    scenario: {
      name: scenario.name,
      description: scenario.description,
      sha256: loaded.sha256,
      seed: scenario.seed,
      warmUpS: scenario.warmUpMs / 1000,
      durationS: measuredS,
    },
    calendar: calendarRow(outcome),
    reproduce: labels.reproduce,
    protocol: scenario.protocol.options,
    mesh: meshOf(stage, stage.placeNodes()),
    events: books.events,
    kpis: kpisOf(meter, scenario),
    classes: IMPEDANCE_CLASSES.filter((name) => scenario.mesh.classes[name] > 0).map((name) =>
      classRow(outcome, cascades, name),
    ),
    messages: {
      ...books.messages,
      inFlight: books.inFlight,
      byKind: messagesByKind(outcome),
    },
    bus,
    jobs: { ...books.jobs, coldStarts: outcome.coldStarts },
    authority: authorityOf(meter.authority, stage.topology, measuredS, calendar),
    recoveries: meter.recoveries.results(nowUs, calendar),
    liveness: meter.liveness.results(nowUs, calendar),
    invariants: [
      { name: "conservation of messages", checks: books.checks, violations: books.violations },
      { name: "no two leases of an office at once", ...meter.authority.leases },
      { name: "terms never go back", ...meter.authority.terms },
      meter.conflicts.invariant(),
      ...busInvariants(bus, books.messages.sent),
    ],
    incidents: incidentsOf(outcome),
    map: meter.map.results(),
    faults: faultRows(outcome),
    hosts: hostsOf(outcome, stage.placeNodes()),
    cascades: [...meter.cascades.records.values()].map((cascade) => cascadeRow(stage, cascade)),
    cascadeSummary: cascadeSummary(cascades),
    gathers: TIERS.map((tier) => gatherRow(tier, cascades)),
    routing: {
      registryLagMs: meter.registryLag.quantiles(),
      intraClusterMs: meter.intraClusterLatency.quantiles(),
      meshWideMs: meter.meshWideLatency.quantiles(),
      noCapableAgent: meter.noCapableAgent,
    },
    conflicts: meter.conflicts.results(nowUs),
    resilience: meter.resilience.results(),
    joining: meter.joining.results(meter.cascades),
    humans: {
      checkpoints: meter.checkpoints.put,
      answered: meter.checkpoints.answered,
      answerMs: meter.checkpoints.answerMs.quantiles(),
    },
    charts: {
      arrivalError: meter.predictions.points(),
      arrivalErrorBands: meter.predictions.bands(),
      hitRate: cascades.flatMap((cascade) => hitRates(cascade)),
      messageRate: traffic.rates(nowUs),
      activeAgents: activeAgents(meter.activeBySecond, meter.availability.agentCount),
      modes: meter.modes.changes
        .slice(0, MOST_MODES)
        .map(({ atUs, mode }) => ({ fromS: rounded(atUs / US_PER_S), mode })),
    },
  };
}

function hostsOf({ books, stage: { topology, world } }: Outcome, sites: readonly Site[]): Results["hosts"] {
  const figure = (value: number | null) => (value === null ? null : rounded(value));
  const ratio = (value: number | null) => (value === null ? null : Math.min(1, Math.round(value * 1e6) / 1e6));
  return books.hosts.map((host) => ({
    kind: host.kind,
    firstAgent: topology.nameOf(host.firstNode),
    agents: host.nodes,
    region: world.regions[sites[host.firstNode]!.region]!.id,
    busyRatio: ratio(host.busyShare),
    heldUpS: figure(host.heldUpS),
    hottestC: figure(host.hottestC),
    throttledRatio: ratio(host.throttledShare),
    memoryRatio: figure(host.memoryShare),
    diskRatio: figure(host.diskShare),
    lineRatio: ratio(host.lineShare),
    dropped: host.dropped,
    killed: host.killed,
    refused: host.refused,
  }));
}

function meshOf({ topology, world }: Stage, sites: readonly Site[]): Results["mesh"] {
  const machineAgents = topology.clusters.reduce((sum, c) => (c.agentClass === "F" ? sum : sum + c.size), 0);
  const regions = world.regions.map(({ id, name }) => ({ id, name, sectors: 0, agents: 0 }));
  for (const sector of topology.sectors) regions[sites[sector.coordinator]!.region]!.sectors++;
  for (const cluster of topology.clusters) regions[sites[cluster.lead]!.region]!.agents += cluster.size;
  return {
    agents: topology.agentCount,
    machineAgents,
    clusters: topology.clusters.length,
    sectors: topology.sectors.length,
    regions: regions.filter((region) => region.sectors > 0),
  };
}

function classRow(
  { meter, traffic, stage: { topology } }: Outcome,
  cascades: readonly CascadeRecord[],
  name: ImpedanceClass,
): Results["classes"][number] {
  const clusters = topology.clusters.filter((cluster) => cluster.agentClass === name);
  const sum = (field: Parameters<CascadeRecord["sum"]>[0]) =>
    cascades.reduce((total, cascade) => total + cascade.of(name)[field], 0);
  const scores = clusters.flatMap(({ firstAgent, size }) => {
    const first = firstAgent - topology.firstAgent;
    return Array.from({ length: size }, (_, position) => traffic.reports.of(first + position)?.impedanceMs);
  });
  const known = scores.filter((score) => score !== undefined);
  const impedance = new Distribution();
  for (const score of known) impedance.add(score);
  const predictions = meter.predictions.of(name);
  const targeted = sum("targeted");
  const rate = (part: number, whole: number) => (whole === 0 ? null : Math.round((part / whole) * 1e6) / 1e6);
  return {
    class: name,
    name: CLASS_NAMES[name],
    machine: name !== "F",
    agents: clusters.reduce((total, cluster) => total + cluster.size, 0),
    clusters: clusters.length,
    targeted,
    sent: sum("sent"),
    hits: sum("hits"),
    early: sum("early"),
    late: sum("late"),
    never: sum("never"),
    skipped: sum("skipped"),
    shortfallMs: merged(cascades.flatMap((cascade) => cascade.of(name).shortfalls ?? [])).quantiles(),
    hitRate: rate(sum("hits"), targeted),
    hitRateOfSent: rate(sum("hits"), sum("sent")),
    gatheredRate: rate(sum("gathered"), targeted),
    predictionErrorMs: predictions.errors.quantiles(),
    within50MsRate: rate(predictions.within, predictions.count),
    arrivalErrorMs: merged(cascades.map((cascade) => cascade.of(name).arrivalErrors)).quantiles(),
    impedanceMs: impedance.quantiles(),
    impedanceHistogram: histogramOf(known, IMPEDANCE_BIN_MS[name]),
  };
}

/** Narrow enough to show the spread of the class, wide enough for a shape. */
const IMPEDANCE_BIN_MS: Readonly<Record<ImpedanceClass, number>> = { A: 1, B: 5, C: 10, D: 10, E: 5, F: 50 };

function messagesByKind({ traffic, nowUs }: Outcome): Results["messages"]["byKind"] {
  const elapsedS = Math.max(1e-6, nowUs / US_PER_S);
  return MESSAGE_KINDS.map((kind) => {
    const sent = traffic.sentOfKind(kind);
    return { kind, sent, perSecond: rounded(sent / elapsedS) };
  }).filter((row) => row.sent > 0);
}

function merged(distributions: readonly Distribution[]): Distribution {
  const all = new Distribution();
  for (const distribution of distributions) all.merge(distribution);
  return all;
}

function gatherRow(tier: (typeof TIERS)[number], cascades: readonly CascadeRecord[]): Results["gathers"][number] {
  const books = new GatherBooks();
  for (const cascade of cascades) books.add(cascade.gathers[tier]);
  const mean = (sum: number) => (books.ended === 0 ? null : rounded(sum / books.ended));
  return {
    tier,
    ended: books.ended,
    reachedQuorum: books.achieved,
    empty: books.empty,
    meanReadyOfSent: mean(books.sumOfSent),
    meanReadyOfTargeted: mean(books.sumOfTargeted),
    decisions: books.decisions,
  };
}

function cascadeRow({ topology }: Stage, cascade: CascadeRecord): Results["cascades"][number] {
  const targeted = cascade.sum("targeted");
  const ms = (us: number | undefined) => (us === undefined ? null : rounded(us / US_PER_MS));
  const latencyUs = cascade.latencyUs();
  return {
    id: cascade.id,
    strategy: cascade.strategy,
    startedAtS: cascade.startedUs / US_PER_S,
    status: cascade.status,
    counted: cascade.isCounted,
    targeted,
    sent: cascade.sum("sent"),
    ready: targeted - cascade.sum("never"),
    hits: cascade.sum("hits"),
    hitRate: targeted === 0 ? 0 : cascade.sum("hits") / targeted,
    latencyMs: ms(latencyUs),
    knownMs: ms(cascade.endedUs === undefined ? undefined : cascade.endedUs - cascade.startedUs),
    levelMs: {
      sectors: ms(atShare(cascade.levels.sectors.afterUs, topology.sectors.length)),
      leads: ms(atShare(cascade.levels.leads.afterUs, topology.clusters.length)),
      agents: ms(latencyUs),
    },
  };
}

function cascadeSummary(cascades: readonly CascadeRecord[]): Results["cascadeSummary"] {
  const ofCascades = (us: (cascade: CascadeRecord) => number | undefined) =>
    exactQuantiles(cascades.flatMap((cascade) => us(cascade) ?? []).map((each) => each / US_PER_MS));
  const levels = (["sectors", "leads", "agents"] as const).map((level) => {
    const times = cascades.flatMap((cascade) =>
      level === "agents" ? cascade.readyAfterUs : cascade.levels[level].afterUs,
    );
    const [budgetLowMs, budgetHighMs] = BUDGET_MS[level];
    return {
      level,
      budgetLowMs,
      budgetHighMs,
      latencyMs: quantilesOf(times),
      histogram: histogramOf(
        times.map((us) => us / US_PER_MS),
        LATENCY_BIN_MS,
      ),
    };
  });
  return {
    count: cascades.length,
    latencyMs: ofCascades((cascade) => cascade.latencyUs()),
    knownMs: ofCascades(({ endedUs, startedUs }) => (endedUs === undefined ? undefined : endedUs - startedUs)),
    agentLatencyMs: quantilesOf(cascades.flatMap((cascade) => cascade.readyAfterUs)),
    levels,
  };
}

const LATENCY_BIN_MS = 20;

function quantilesOf(timesUs: readonly number[]): Quantiles {
  const all = new Distribution();
  for (const us of timesUs) all.add(us / US_PER_MS);
  return all.quantiles();
}

function hitRates(cascade: CascadeRecord): Results["charts"]["hitRate"] {
  const atS = cascade.startedUs / US_PER_S;
  const rows: Results["charts"]["hitRate"] = [];
  for (const name of IMPEDANCE_CLASSES) {
    const tally = cascade.of(name);
    if (tally.targeted > 0) rows.push({ atS, class: name, hitRate: tally.hits / tally.targeted });
  }
  const targeted = cascade.sum("targeted");
  if (targeted > 0) rows.push({ atS, class: "all", hitRate: cascade.sum("hits") / targeted });
  return rows;
}

function seriesOf({ seconds, meter, stage }: Outcome): SeriesRow[] {
  return seconds.map((row, second) => ({
    second,
    measured: second * US_PER_S >= stage.warmUpUs,
    ...row,
    activeAgents: meter.activeBySecond[second] ?? 0,
    targeted: meter.cascades.targetedBySecond[second] ?? 0,
    hits: meter.cascades.hitsBySecond[second] ?? 0,
  }));
}

function agentsOf({ meter, traffic, stage }: Outcome): AgentRow[] {
  const { topology, world } = stage;
  const sites = stage.placeNodes();
  return topology.clusters.flatMap((cluster) =>
    Array.from({ length: cluster.size }, (_, position) => {
      const agent = cluster.firstAgent + position;
      const index = agent - topology.firstAgent;
      const report = traffic.reports.of(index);
      return {
        agent: topology.nameOf(agent),
        class: cluster.agentClass,
        sector: cluster.sector + 1,
        cluster: cluster.index + 1,
        region: world.regions[sites[agent]!.region]!.id,
        received: traffic.received[index]!,
        targeted: meter.cascades.timesOf(agent, "targeted"),
        hits: meter.cascades.timesOf(agent, "hits"),
        predictions: meter.agents.of(index, "predictions"),
        within50Ms: meter.agents.of(index, "within"),
        latencyMs: rounded(report?.latencyMs ?? Number.NaN),
        processingMs: rounded(report?.processingMs ?? Number.NaN),
        impedanceMs: rounded(report?.impedanceMs ?? Number.NaN),
        queueDepth: report?.queueDepth ?? 0,
      };
    }),
  );
}

function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
