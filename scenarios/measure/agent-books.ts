/** What is counted and known of each agent, by its position among the agents. */
import type { Heartbeat } from "../../protocol/mesh-30k/messages.js";

/** Side by side, so that an event touches one cache line of them. */
const Count = { received: 0, targeted: 1, hits: 2, predictions: 3, within: 4 } as const;
const COUNTS = 8;

/** How many heartbeats back a routing decision can look: a map is at most a few intervals old. */
const HEARTBEATS_KEPT = 16;

export class AgentBooks {
  private readonly lastHeartbeat: (Heartbeat | undefined)[];
  /** True send times of the last heartbeats, by heartbeat number. */
  private readonly heartbeatUs: Float64Array;
  private readonly counts: Int32Array;

  constructor(count: number) {
    this.counts = new Int32Array(count * COUNTS);
    this.lastHeartbeat = new Array<Heartbeat | undefined>(count).fill(undefined);
    this.heartbeatUs = new Float64Array(count * HEARTBEATS_KEPT);
  }

  add(index: number, field: keyof typeof Count): void {
    this.counts[index * COUNTS + Count[field]]!++;
  }

  of(index: number, field: keyof typeof Count): number {
    return this.counts[index * COUNTS + Count[field]]!;
  }

  noteHeartbeat(index: number, heartbeat: Heartbeat, nowUs: number): void {
    this.lastHeartbeat[index] = heartbeat;
    this.heartbeatUs[slotOf(index, heartbeat.impedance.heartbeatNumber)] = nowUs;
  }

  lastHeartbeatOf(index: number): Heartbeat | undefined {
    return this.lastHeartbeat[index];
  }

  /** When an agent sent its heartbeat with this number, one of its last; µs. */
  heartbeatSentUs(index: number, heartbeatNumber: number): number {
    return this.heartbeatUs[slotOf(index, heartbeatNumber)]!;
  }
}

function slotOf(index: number, heartbeatNumber: number): number {
  return index * HEARTBEATS_KEPT + (heartbeatNumber % HEARTBEATS_KEPT);
}
