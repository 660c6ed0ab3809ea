/**
 * What a run says: the shape of `results.json`. Reports read this and nothing else, and compute no figure again.
 * Nothing in it depends on the machine or on the wall clock, so that two runs of one seed write the same bytes.
 */
import { z } from "zod";
import { FAILURE_CLASSES } from "../protocol/mesh-30k/resilience/failure-class.js";
import { MODES } from "../protocol/mesh-30k/resilience/operational-mode.js";

const ratio = z.number().min(0).max(1);
const classId = z.enum(["A", "B", "C", "D", "E", "F"]);
const hash = z.string().regex(/^[0-9a-f]{16}$/);

/** Quantiles of a distribution by nearest rank, in the unit that the field's name gives; null where nothing was measured. */
const quantiles = z
  .object({
    count: z.int(),
    p5: z.number(),
    p25: z.number(),
    p50: z.number(),
    p75: z.number(),
    p95: z.number(),
    p99: z.number(),
  })
  .nullable();

/** Counts per bin: bin i covers [lowerEdges[i], lowerEdges[i + 1]); the last one is as wide as the one before it. */
const histogram = z.object({ lowerEdges: z.array(z.number()), counts: z.array(z.int()) });

const kpi = z.object({
  id: z.string(),
  title: z.string(),
  definition: z.string(),
  unit: z.enum(["ratio", "ms", "s"]),
  target: z.object({ comparison: z.enum([">=", "<="]), value: z.number() }),
  /** `document` where the target is the protocol's own, `scenario` where the scenario sets it. */
  targetFrom: z.enum(["document", "scenario"]),
  /** Whether a miss fails the run; false where the scenario says `ignore`. */
  gated: z.boolean(),
  /** Null when the run held nothing to measure it on, or when what it measures never came to pass. */
  value: z.number().nullable(),
  /** Confidence interval; a bound is null where the sample cannot give one. */
  interval: z
    .object({ level: ratio, low: z.number().nullable(), high: z.number().nullable(), method: z.string() })
    .nullable(),
  /** How many operations, messages or instants the value rests on. */
  samples: z.int(),
  /** `not-exercised`: nothing happened that the KPI could be measured on. */
  verdict: z.enum(["holds", "missed", "not-exercised"]),
});

const classRow = z.object({
  class: classId,
  name: z.string(),
  /** Whether the class counts in the KPIs; people stand beside them. */
  machine: z.boolean(),
  agents: z.int(),
  clusters: z.int(),
  /**
   * Over all cascades that count: agents targeted, messages sent to them, and how they fared. All machine agents of the
   * mesh are targeted by every cascade, and people with humanTargets as written.
   */
  targeted: z.int(),
  sent: z.int(),
  hits: z.int(),
  early: z.int(),
  late: z.int(),
  never: z.int(),
  skipped: z.int(),
  /** Of the skipped: the lead time that they would have needed less what there was (insufficient_lead_time), in ms. */
  shortfallMs: quantiles,
  hitRate: ratio.nullable(),
  hitRateOfSent: ratio.nullable(),
  /** Share of the targeted whose acknowledgement reached the node that aimed at them by T + W. */
  gatheredRate: ratio.nullable(),
  /** READY minus predicted READY, over cascades and single messages, in ms. */
  predictionErrorMs: quantiles,
  within50MsRate: ratio.nullable(),
  /** READY minus target time T, over cascades, in ms. */
  arrivalErrorMs: quantiles,
  /** Impedance scores in the last heartbeats of the run, in ms. */
  impedanceMs: quantiles,
  impedanceHistogram: histogram,
});

const cascade = z.object({
  id: z.int(),
  strategy: z.enum(["wave", "parallel", "priority_first"]),
  /** The initiator's decision, in true seconds from the start of the run. */
  startedAtS: z.number(),
  status: z.string(),
  /**
   * Whether it counts in the KPIs and in all sums over cascades: the initiator had ended it and every window that was
   * aimed at had closed before the run ended.
   */
  counted: z.boolean(),
  /** Machine agents: all of the mesh, whether the operation reached them or not. */
  targeted: z.int(),
  sent: z.int(),
  ready: z.int(),
  hits: z.int(),
  hitRate: ratio,
  /** From the decision until 95 % of the targeted machine agents were READY; null if they never were. */
  latencyMs: z.number().nullable(),
  /** From the decision until the initiator knew; null if it never did. */
  knownMs: z.number().nullable(),
  /**
   * From the decision until 95 % of all coordinators and of all leads had taken the operation in, and 95 % of the
   * targeted machine agents were READY; null if they never did. Coordinators and leads take in waves alone.
   */
  levelMs: z.object({ sectors: z.number().nullable(), leads: z.number().nullable(), agents: z.number().nullable() }),
});

const scope = z.enum(["global", "sector", "cluster"]);

/** Who held which office, judged in true time (docs/protocols.md, "Split brain"). */
const authority = z.object({
  /** Time that the counts are of. */
  measuredS: z.number(),
  /** Overlaps of two holders of one office of whom one reached nobody. */
  staleBeliefs: z.int(),
  byScope: z.array(
    z.object({
      scope,
      incidents: z.int(),
      /** Of these, in how many two different decisions were taken in under one number. */
      conflictingCommits: z.int(),
      /** With the exact 95 % interval of a Poisson count; null where no time was measured. */
      perYear: z.object({ value: z.number(), low: z.number(), high: z.number() }).nullable(),
      /** Of those that had ended. */
      durationS: quantiles,
      /** Members that obeyed the lesser of two holders, summed up over time. */
      memberSeconds: z.number(),
    }),
  ),
  /** The first thousand. */
  incidents: z.array(
    z.object({
      scope,
      where: z.string(),
      fromS: z.number(),
      /** Null where it lasted until the end of the run. */
      untilS: z.number().nullable(),
      severity: z.enum(["dual-authority", "conflicting-commit"]),
      /** With the most members that obeyed each at once. */
      holders: z.array(z.object({ node: z.string(), term: z.int(), members: z.int() })),
      memberSeconds: z.number(),
    }),
  ),
});

/** How a cluster, a sector or the mesh fares, the gravest last (docs/protocols.md, "The map"). */
export const SERVICE_STATES = [
  "in-service",
  "degraded",
  "breaker-open",
  "nobody-in-office",
  "all-down",
  "split-brain",
] as const;

/**
 * Changes of state: step, state, step, state, …, where a state is its place in SERVICE_STATES. A step shows the gravest state in it;
 * until the first change it is the first.
 */
const mapped = z.object({ name: z.string(), changes: z.array(z.int().min(0)) });

/** The states of everything over time. */
const map = z.object({
  /** Length of a step, in s. */
  stepS: z.number().positive(),
  orchestrator: mapped,
  sectors: z.array(mapped.extend({ clusters: z.array(mapped.extend({ class: classId })) })),
});

const incidentKind = z.enum(["split-brain", "outage", "breaker", "mode"]);

/** What went wrong and for how long; times are in true seconds from the start of the run. */
const incidents = z.object({
  /** Of all, each kind at each scope at which it happened. */
  byKind: z.array(
    z.object({
      kind: incidentKind,
      scope,
      count: z.int(),
      /** Added up, and the longest; those that last count until the end of the run. */
      totalS: z.number(),
      longestS: z.number(),
    }),
  ),
  /** In order of beginning: the first thousand of each kind at each scope. */
  list: z.array(
    z.object({
      kind: incidentKind,
      scope,
      where: z.string(),
      fromS: z.number(),
      /** Null where it lasted until the end of the run. */
      untilS: z.number().nullable(),
      /** The severity of a split brain, the mode; empty where there is no more to say. */
      detail: z.string(),
    }),
  ),
});

/** How long failures took to be noticed and repaired, by what failed. */
const recoveries = z.object({
  byClass: z.array(
    z.object({
      class: z.string(),
      scope: z.enum(["agent", "cluster", "sector", "global"]),
      count: z.int(),
      /** Of these, never noticed, and never whole again before the run ended. */
      undetected: z.int(),
      unrepaired: z.int(),
      /** From the true start until it was noticed, and from then until service was restored. */
      detectionS: quantiles,
      repairS: quantiles,
      /** The longest from start to restoration. */
      slowestS: z.number().nullable(),
      targetS: z.number().nullable(),
    }),
  ),
  /** The first thousand. */
  list: z.array(
    z.object({
      class: z.string(),
      where: z.string(),
      startedS: z.number(),
      detectedS: z.number().nullable(),
      restoredS: z.number().nullable(),
    }),
  ),
});

/** Whether the mesh came back to FULL and agreed after the last fault. */
const liveness = z.object({
  lastFaultEndsS: z.number().nullable(),
  /** From the end of the last fault; null if it never did. */
  agreedAfterS: z.number().nullable(),
  withinS: z.number(),
  verdict: z.enum(["holds", "missed", "not-exercised"]),
  /** What has not come back, for people. */
  stuck: z.array(z.string()),
});

const fault = z.object({
  name: z.string(),
  kind: z.string(),
  /** What it does and to whom. */
  description: z.string(),
  /**
   * When it struck or would have, in true seconds from the start of the run, in order of beginning: the first 300. `untilS` is null
   * where it never ends, and `fromS` where it is over at once.
   */
  spells: z.array(z.object({ fromS: z.number(), untilS: z.number().nullable() })),
  /** How many there are. */
  spellCount: z.int(),
  /** How often it changed what happened: messages, nodes and clocks that it struck. */
  effects: z.int(),
  /** False makes the run inconclusive: nothing that was measured says anything about this fault. */
  tookEffect: z.boolean(),
});

/** A figure is null where such a machine has nothing of the kind. */
const host = z.object({
  kind: z.string(),
  /** The first of its agents. */
  firstAgent: z.string(),
  agents: z.int(),
  region: z.string(),
  /** Share of the time of all cores that they were at work. */
  busyRatio: ratio.nullable(),
  /** By how much longer its jobs took than each would have alone on an idle machine, in s, added up. */
  heldUpS: z.number().nullable(),
  hottestC: z.number().nullable(),
  /** Share of the time that it was slower because it was hot. */
  throttledRatio: ratio.nullable(),
  /** The most that was in use at once, of what there is; above 1 where memory was overdrawn. */
  memoryRatio: z.number().nullable(),
  diskRatio: z.number().nullable(),
  /** Share of the time that its line was busy, in the busier direction. */
  lineRatio: z.number().nullable(),
  /** Messages for which its line had no room. */
  dropped: z.int(),
  /** Agents killed for want of memory, and jobs rejected for want of disk. */
  killed: z.int(),
  refused: z.int(),
});

export const resultsSchema = z.object({
  format: z.literal("rehearsal-results/1"),
  version: z.string(),
  /** The run was interrupted: everything covers only the time until then. */
  partial: z.boolean(),
  scenario: z.object({
    name: z.string(),
    description: z.string(),
    /** The scenario as run, overrides included, hashed: equal scenarios have equal hashes whatever the order of keys. */
    sha256: z.string(),
    seed: z.int(),
    warmUpS: z.number(),
    /** Measured time after warm-up. */
    durationS: z.number(),
  }),
  /** The command line that runs it again. */
  reproduce: z.string(),
  protocol: z.record(z.string(), z.enum(["as-written", "repaired"])),
  fingerprint: z.object({
    /** Over everything below. */
    run: hash,
    /** Which events happened, when, and between whom. */
    order: hash,
    /** What the messages said. */
    payload: hash,
    /** What was measured. */
    kpis: hash,
    /** `order` and `payload` of each simulated second, so that two runs that differ say when they first did. */
    perSecond: z.array(z.string()),
  }),
  mesh: z.object({
    agents: z.int(),
    machineAgents: z.int(),
    clusters: z.int(),
    sectors: z.int(),
    regions: z.array(z.object({ id: z.string(), name: z.string(), sectors: z.int(), agents: z.int() })),
  }),
  events: z.int(),
  kpis: z.array(kpi),
  classes: z.array(classRow),
  /** Every message handed to the network: sent + duplicated = delivered + lost + expired + dropped + cut + undelivered + inFlight. */
  messages: z.object({
    sent: z.int(),
    duplicated: z.int(),
    delivered: z.int(),
    lost: z.int(),
    expired: z.int(),
    dropped: z.int(),
    /** There was no way for them: a partition. */
    cut: z.int(),
    /** They came to a node that was down. */
    undelivered: z.int(),
    /** Damaged on the way; those that a checksum caught are among the lost. */
    corrupted: z.int(),
    inFlight: z.int(),
    byKind: z.array(z.object({ kind: z.string(), sent: z.int(), perSecond: z.number() })),
  }),
  /** What the message bus above the network did; null where messages are datagrams. */
  bus: z
    .object({
      kind: z.enum(["pubsub", "at-least-once"]),
      /** Messages that nodes handed over, without what the bus sends for itself: over whole measured seconds. */
      sentPerSecond: z.object({ mean: z.number(), peak: z.number() }).nullable(),
      /** In the whole run: handed over for the first time, and copies of what had been handed over. */
      first: z.int(),
      repeated: z.int(),
      acknowledged: z.int(),
      acknowledgementsLost: z.int(),
      /** Copies that the bus sent because no acknowledgement had come; among `messages.duplicated`. */
      redelivered: z.int(),
      heldBack: z.int(),
      outOfTurn: z.int(),
      /** Messages given up unacknowledged. */
      deadLetters: z.int(),
      /** Messages neither acknowledged nor given up when the run ended. */
      outstanding: z.int(),
      /** Dropped because a subscriber's pipe was full; among `messages.dropped`. */
      overflowed: z.int(),
      /** Between leads and their agents, by the judge of order. */
      order: z.object({
        sent: z.int(),
        delivered: z.int(),
        repeated: z.int(),
        outOfOrder: z.int(),
        /** Delivered after their time to live. */
        late: z.int(),
      }),
    })
    .nullable(),
  /** Work given to agents' processors: accepted = finished + expired + ignored + aborted + waiting + inService. */
  jobs: z.object({
    accepted: z.int(),
    rejected: z.int(),
    finished: z.int(),
    expired: z.int(),
    ignored: z.int(),
    /** Gone with the process that was to do it. */
    aborted: z.int(),
    waiting: z.int(),
    inService: z.int(),
    coldStarts: z.int(),
  }),
  authority,
  incidents,
  /** Null where nothing was recorded. */
  map: map.nullable().default(null),
  /** Null where nothing judged them. */
  recoveries: recoveries.nullable().default(null),
  liveness: liveness.nullable().default(null),
  /** Machines that several agents share and whose agents can hold each other up. */
  hosts: z.array(host),
  invariants: z.array(z.object({ name: z.string(), checks: z.int(), violations: z.int() })),
  /** What the scenario declared to break, in its order. */
  faults: z.array(fault),
  cascades: z.array(cascade),
  /** Of the cascades that count. */
  cascadeSummary: z.object({
    /** How many there are. */
    count: z.int(),
    latencyMs: quantiles,
    knownMs: quantiles,
    /** Over agents rather than over cascades: from the decision until each agent was READY. */
    agentLatencyMs: quantiles,
    levels: z.array(
      z.object({
        level: z.enum(["sectors", "leads", "agents"]),
        /** The document's latency budget (8.3) for the way from the decision to this level, cumulative. */
        budgetLowMs: z.number(),
        budgetHighMs: z.number(),
        /** Of the nodes of the level that took the operation in: from the decision until each did. */
        latencyMs: quantiles,
        histogram,
      }),
    ),
  }),
  /** Scatter-gathers of the cascades that count, by the tier that ran them. */
  gathers: z.array(
    z.object({
      tier: z.enum(["orchestrator", "sector", "lead"]),
      /** Those that ended and had somebody to ask; the other figures are of these. */
      ended: z.int(),
      reachedQuorum: z.int(),
      /** Those that ended and had nobody to ask. */
      empty: z.int(),
      /** Under both definitions of the response rate, the mean over gathers. */
      meanReadyOfSent: ratio.nullable(),
      meanReadyOfTargeted: ratio.nullable(),
      decisions: z.record(z.string(), z.int()),
    }),
  ),
  routing: z.object({
    /** Age of the record by which a coordinator chose an agent, in ms. */
    registryLagMs: quantiles,
    /** READY minus sending, of single messages inside a cluster and across the mesh, in ms. */
    intraClusterMs: quantiles,
    meshWideMs: quantiles,
    noCapableAgent: z.int(),
  }),
  /** Conflicts that nodes have logged (document 5.1), from the start of the run on, warm-up included. */
  conflicts: z.object({
    /** At the node that logged them first: logged = resolved + open. */
    byType: z.array(
      z.object({
        type: z.string(),
        /** 0 background to 4 critical. */
        priority: z.int(),
        logged: z.int(),
        resolved: z.int(),
        open: z.int(),
        /** Resolved after the deadline of the priority, or open when the run ended and past it. */
        late: z.int(),
        /** From logging until the node held it for resolved, in ms. */
        resolvedAfterMs: quantiles,
      }),
    ),
    byOutcome: z.array(z.object({ method: z.string(), outcome: z.string(), conflicts: z.int() })),
    byTier: z.array(
      z.object({
        tier: z.enum(["lead", "sector", "orchestrator"]),
        /** Logged here first. */
        own: z.int(),
        /** Logged here because a node below told of them. */
        told: z.int(),
        /** Cases that the level above was told of, or asked to settle; and how often it said that it has one. */
        escalated: z.int(),
        asked: z.int(),
        accepted: z.int(),
      }),
    ),
    putToPeople: z.int(),
    /** Whose wall clocks were found to be off, by address, and how often. */
    driftingClocks: z.array(z.object({ node: z.int(), times: z.int() })),
  }),
  /** What the nodes noticed of failures, after warm-up, and what they did (document part 6). */
  resilience: z.object({
    failures: z.array(
      z.object({
        class: z.enum(FAILURE_CLASSES),
        detected: z.int(),
        recovered: z.int(),
        escalated: z.int(),
      }),
    ),
    /** Fresh processes asked for, every try counted. */
    replacements: z.int(),
    breakers: z.array(
      z.object({
        scope: z.enum(["cluster", "sector", "global"]),
        opened: z.int(),
        halfOpened: z.int(),
        closed: z.int(),
      }),
    ),
    /** Measured time in each mode that the orchestrator set, in seconds. */
    modes: z.array(z.object({ mode: z.enum(MODES), seconds: z.number() })),
    operations: z.object({ queued: z.int(), released: z.int(), refused: z.int(), approvalsAsked: z.int() }),
  }),
  humans: z.object({
    checkpoints: z.int(),
    answered: z.int(),
    answerMs: quantiles,
  }),
  charts: z.object({
    /** A sample of single predictions, drawn by hash: at most 400 for each class. */
    arrivalError: z.array(z.object({ class: classId, predictedMs: z.number(), errorMs: z.number() })),
    /** Quantiles of the error by predicted time. */
    arrivalErrorBands: z.array(
      z.object({
        class: classId,
        predictedMs: z.number(),
        p5: z.number(),
        p50: z.number(),
        p95: z.number(),
        count: z.int(),
      }),
    ),
    /** By cascade that counts, in order of time. */
    hitRate: z.array(z.object({ atS: z.number(), class: z.union([classId, z.literal("all")]), hitRate: ratio })),
    /** By simulated second and kind of message, warm-up included; the last second may be a part of one. */
    messageRate: z.array(z.object({ second: z.int(), kind: z.string(), sent: z.int() })),
    /** Agents of whom the KPIs speak that are active, of all of them, at the end of each second: mean and least of each span. */
    activeAgents: z.object({
      spanS: z.int().positive(),
      points: z.array(z.object({ atS: z.number(), mean: ratio, least: ratio })),
    }),
    /** Since when which mode was set: the first thousand changes; it begins with FULL. */
    modes: z.array(z.object({ fromS: z.number(), mode: z.enum(MODES) })),
  }),
});

export type Results = z.infer<typeof resultsSchema>;

/** What happened on the machine that ran it: the only part of a run that differs from run to run. */
export interface Timing {
  /** From the start of the command to the first event. */
  readonly startUpS: number;
  /** From the first event to the last. */
  readonly wallS: number;
  /** How many threads worked at it. */
  readonly threads: number;
  readonly eventsPerSecond: number;
  readonly simulatedSecondsPerSecond: number;
  readonly peakRssMb: number;
  readonly node: string;
}

/** One entry of `incidents.json`: something that went wrong and when. */
export interface Incident {
  readonly atS: number;
  readonly kind: string;
  readonly where: string;
  readonly detail: string;
}

/** One row of `agents.csv`. */
export interface AgentRow {
  readonly agent: string;
  readonly class: string;
  readonly sector: number;
  readonly cluster: number;
  readonly region: string;
  /** Coordination messages that reached it in the whole run, copies included. */
  readonly received: number;
  /** By cascades that count, like `hits`. */
  readonly targeted: number;
  readonly hits: number;
  readonly predictions: number;
  readonly within50Ms: number;
  readonly latencyMs: number;
  readonly processingMs: number;
  readonly impedanceMs: number;
  readonly queueDepth: number;
}

/** One row of `series.csv`: one simulated second. */
export interface SeriesRow {
  readonly second: number;
  readonly measured: boolean;
  readonly events: number;
  readonly sent: number;
  readonly delivered: number;
  readonly lost: number;
  readonly expired: number;
  readonly cut: number;
  readonly undelivered: number;
  readonly inFlight: number;
  readonly activeAgents: number;
  /** Machine agents of the cascades that started in this second, and READY within their window in it. */
  readonly targeted: number;
  readonly hits: number;
}

/** Everything that a run leaves behind. */
export interface RunRecord {
  readonly results: Results;
  readonly timing: Timing;
  readonly series: readonly SeriesRow[];
  readonly agents: readonly AgentRow[];
  readonly incidents: readonly Incident[];
}
