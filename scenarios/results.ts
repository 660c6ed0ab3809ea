/**
 * What a run says: the shape of `results.json`. Reports read this and nothing else, and compute no figure again.
 * Nothing in it depends on the machine or on the wall clock, so that two runs of one seed write the same bytes.
 */
import { z } from "zod";
import { authority } from "./results/authority.js";
import { calendar } from "./results/calendar.js";
import { cascade, cascadeSummary, gathers } from "./results/cascades.js";
import { charts } from "./results/charts.js";
import { classRow } from "./results/class-row.js";
import { conflicts } from "./results/conflicts.js";
import { fault } from "./results/fault.js";
import { hash, quantiles } from "./results/figures.js";
import { host } from "./results/host.js";
import { incidents } from "./results/incidents.js";
import { joining } from "./results/joining.js";
import { kpi } from "./results/kpi.js";
import { map, SERVICE_STATES } from "./results/map.js";
import { liveness, recoveries } from "./results/recoveries.js";
import { resilience } from "./results/resilience.js";
import type { AgentRow, Incident, SeriesRow, Timing } from "./results/run-files.js";
import { bus, jobs, messages } from "./results/traffic.js";

export type { AgentRow, Incident, SeriesRow, Timing };
export { SERVICE_STATES };

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
    /** Measured time after warm-up, of the calendar. */
    durationS: z.number(),
  }),
  /** Null where everything was simulated. */
  calendar: calendar.nullable(),
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
  messages,
  /** What the message bus above the network did; null where messages are datagrams. */
  bus,
  /** Work given to agents' processors: accepted = finished + expired + ignored + aborted + waiting + inService. */
  jobs,
  /** Who held which office, judged in true time (docs/protocols.md, "Split brain"). */
  authority,
  incidents,
  map,
  recoveries,
  liveness,
  /** Machines that several agents share and whose agents can hold each other up. */
  hosts: z.array(host),
  invariants: z.array(z.object({ name: z.string(), checks: z.int(), violations: z.int() })),
  /** What the scenario declared to break, in its order. */
  faults: z.array(fault),
  cascades: z.array(cascade),
  /** Of the cascades that count. */
  cascadeSummary,
  /** Scatter-gathers of the cascades that count, by the tier that ran them. */
  gathers,
  routing: z.object({
    /** Age of the record by which a coordinator chose an agent, in ms. */
    registryLagMs: quantiles,
    /** READY minus sending, of single messages inside a cluster and across the mesh, in ms. */
    intraClusterMs: quantiles,
    meshWideMs: quantiles,
    noCapableAgent: z.int(),
  }),
  /** Conflicts that nodes have logged (document 5.1), from the start of the run on, warm-up included. */
  conflicts,
  /** What the nodes noticed of failures, after warm-up, and what they did (document part 6). */
  resilience,
  /** Agents that joined the running mesh (document 10.2); null where the scenario has none. */
  joining,
  humans: z.object({
    checkpoints: z.int(),
    answered: z.int(),
    answerMs: quantiles,
  }),
  charts,
});

export type Results = z.infer<typeof resultsSchema>;

/** Everything that a run leaves behind. */
export interface RunRecord {
  readonly results: Results;
  readonly timing: Timing;
  readonly series: readonly SeriesRow[];
  readonly agents: readonly AgentRow[];
  readonly incidents: readonly Incident[];
}
