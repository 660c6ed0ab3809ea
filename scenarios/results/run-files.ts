/** What stands in the files beside `results.json`: `timing.json`, `incidents.json`, `agents.csv`, `series.csv`. */

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
