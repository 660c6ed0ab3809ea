/** How far other sectors are, learned from round trips to their agents. */
import type { Millis } from "../contract.js";
import { UNMEASURED_ONE_WAY_MS } from "./parameters.js";
import { SampleWindow } from "./sample-window.js";

/** Distances change little: a few samples are enough. */
const SAMPLES = 10;

export class SectorDistances {
  private readonly samples: (SampleWindow | undefined)[];
  /** The median of each sector's samples, which routing asks for far more often than it changes. */
  private readonly medians: Float64Array;

  constructor(
    sectorCount: number,
    private readonly own: number,
  ) {
    this.samples = new Array<SampleWindow | undefined>(sectorCount).fill(undefined);
    this.medians = new Float64Array(sectorCount).fill(UNMEASURED_ONE_WAY_MS);
    this.medians[own] = 0;
  }

  /** One way to a sector, beyond what its agents' own latency counts; 0 to the own sector. */
  oneWayMs(sector: number): Millis {
    return this.medians[sector]!;
  }

  /**
   * @param roundTripMs to an agent of the sector, without the time that the agent held the message
   * @param agentLatencyMs the agent's own round trip to its lead; NaN if unknown
   */
  learn(sector: number, roundTripMs: Millis, agentLatencyMs: Millis): void {
    if (sector === this.own || Number.isNaN(agentLatencyMs)) return;
    this.samples[sector] ??= new SampleWindow(SAMPLES);
    this.samples[sector].add(Math.max(0, (roundTripMs - agentLatencyMs) / 2));
    this.medians[sector] = this.samples[sector].quantile();
  }
}
