/**
 * One circuit breaker (document 6.2): closed, open, half-open. It decides and sends nothing; time is an argument, counted
 * by the holder's own oscillator, so that a stepped clock neither shortens nor lengthens an isolation.
 */
import type { Millis } from "../../contract.js";
import type { FailureWindow } from "./failure-window.js";

export type CircuitState = "CLOSED" | "OPEN" | "HALF_OPEN";

/** More failures than this trip a cluster's breaker; a sector's; more open sectors than this the mesh's (6.2). */
export const CLUSTER_FAILURES = 5;
export const SECTOR_FAILURES = 50;
export const OPEN_SECTORS = 10;

/** From opening until the first probe; from a failed probe until the next; how long half-open lasts (6.2). */
export const FIRST_PROBE_MS = 30_000;
export const NEXT_PROBE_MS = 60_000;
export const HALF_OPEN_MS = 60_000;
/** How long a probe may take: as long as an operation (3.2, `timeout_ms`). */
export const PROBE_TIMEOUT_MS = 5_000;
/**
 * What half-open forgives: this share of the failures that trip a closed breaker. Limited traffic, of single messages
 * every fifth, shows a fifth of the failures (`evaluate_cluster_health` is named in 6.2 and never defined).
 */
const FORGIVEN_SHARE = 0.2;

/** What a breaker that is looked at wants done. */
export type BreakerStep = "none" | "open" | "probe" | "half-open" | "close";

export class CircuitBreaker {
  state: CircuitState = "CLOSED";
  /** When there is something to do next. */
  private dueMs: Millis = Number.POSITIVE_INFINITY;
  private isProbing = false;
  private failuresHalfOpen = 0;

  /** @param threshold more failures than this trip it */
  constructor(
    private readonly threshold: number,
    private readonly window: FailureWindow,
  ) {}

  /** Takes failures in (`record_failure`); "open" if they trip it. */
  record(count: number, nowMs: Millis): BreakerStep {
    this.window.add(count, nowMs);
    if (this.state === "HALF_OPEN") {
      this.failuresHalfOpen += count;
      return this.failuresHalfOpen > this.threshold * FORGIVEN_SHARE ? this.open(nowMs, NEXT_PROBE_MS) : "none";
    }
    if (this.state === "OPEN" || this.window.count(nowMs) <= this.threshold) return "none";
    return this.open(nowMs, FIRST_PROBE_MS);
  }

  /** Opens it whatever was counted; "none" if it is open. */
  trip(nowMs: Millis): BreakerStep {
    return this.state === "OPEN" ? "none" : this.open(nowMs, FIRST_PROBE_MS);
  }

  /** What is due: a probe, the end of one that was not answered, the end of half-open. Asked about once a second. */
  look(nowMs: Millis): BreakerStep {
    if (nowMs < this.dueMs) return "none";
    if (this.state === "HALF_OPEN") return this.close();
    if (this.isProbing) {
      this.onProbe(false, nowMs);
      return "none";
    }
    this.isProbing = true;
    this.dueMs = nowMs + PROBE_TIMEOUT_MS;
    return "probe";
  }

  /** Takes the answer to the last probe in; one that nobody waits for is ignored. */
  onProbe(isHealthy: boolean, nowMs: Millis): BreakerStep {
    if (!this.isProbing) return "none";
    this.isProbing = false;
    if (!isHealthy) {
      this.dueMs = nowMs + NEXT_PROBE_MS;
      return "none";
    }
    this.state = "HALF_OPEN";
    this.failuresHalfOpen = 0;
    this.dueMs = nowMs + HALF_OPEN_MS;
    return "half-open";
  }

  private open(nowMs: Millis, probeAfterMs: Millis): BreakerStep {
    this.state = "OPEN";
    this.isProbing = false;
    this.dueMs = nowMs + probeAfterMs;
    return "open";
  }

  private close(): BreakerStep {
    this.state = "CLOSED";
    this.dueMs = Number.POSITIVE_INFINITY;
    this.window.clear();
    return "close";
  }
}
