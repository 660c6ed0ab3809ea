/** What is counted and known of each agent, by its position among the agents. */

/** Side by side, so that an event touches one cache line of them. */
const Count = { targeted: 0, hits: 1, predictions: 2, within: 3 } as const;
const COUNTS = 4;

/** How many heartbeats back a routing decision can look: a map is at most a few intervals old. */
const HEARTBEATS_KEPT = 16;

export class AgentBooks {
  /** True send times of the last heartbeats, by heartbeat number. */
  private readonly heartbeatUs: Float64Array;
  private readonly counts: Int32Array;

  constructor(count: number) {
    this.counts = new Int32Array(count * COUNTS);
    this.heartbeatUs = new Float64Array(count * HEARTBEATS_KEPT);
  }

  add(index: number, field: keyof typeof Count): void {
    this.counts[index * COUNTS + Count[field]]!++;
  }

  of(index: number, field: keyof typeof Count): number {
    return this.counts[index * COUNTS + Count[field]]!;
  }

  noteHeartbeat(index: number, heartbeatNumber: number, nowUs: number): void {
    this.heartbeatUs[slotOf(index, heartbeatNumber)] = nowUs;
  }

  /** When an agent sent its heartbeat with this number, one of its last; µs. */
  heartbeatSentUs(index: number, heartbeatNumber: number): number {
    return this.heartbeatUs[slotOf(index, heartbeatNumber)]!;
  }
}

function slotOf(index: number, heartbeatNumber: number): number {
  return index * HEARTBEATS_KEPT + (heartbeatNumber % HEARTBEATS_KEPT);
}
