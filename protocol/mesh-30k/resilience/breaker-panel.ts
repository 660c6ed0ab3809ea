/**
 * The circuit breakers of all that is below one node (document 6.2): a sector coordinator's of its clusters, the
 * orchestrator's of its sectors. It says what to order and whom to probe; time is counted in the holder's own sweeps.
 */
import type { Millis } from "../../contract.js";
import { type BreakerStep, CircuitBreaker, type CircuitState } from "./circuit-breaker.js";
import type { FailureWindow } from "./failure-window.js";

export interface BreakerActions {
  /** A breaker has changed its state: those who route are to be told. */
  turned(index: number, state: CircuitState): void;
  probe(index: number): void;
}

const STATES: Readonly<Partial<Record<BreakerStep, CircuitState>>> = {
  open: "OPEN",
  "half-open": "HALF_OPEN",
  close: "CLOSED",
};

export class BreakerPanel {
  private readonly breakers: readonly CircuitBreaker[];
  /** How many are not closed: a panel of closed ones has nothing to look at. */
  private turnedCount = 0;

  constructor(
    count: number,
    threshold: number,
    makeWindow: () => FailureWindow,
    private readonly actions: BreakerActions,
  ) {
    this.breakers = Array.from({ length: count }, () => new CircuitBreaker(threshold, makeWindow()));
  }

  stateOf(index: number): CircuitState {
    return this.breakers[index]!.state;
  }

  /** How many are open; a half-open one is not. */
  get openCount(): number {
    return this.turnedCount === 0 ? 0 : this.breakers.filter(({ state }) => state === "OPEN").length;
  }

  record(index: number, failures: number, nowMs: Millis): void {
    if (failures > 0) this.apply(index, (breaker) => breaker.record(failures, nowMs));
  }

  trip(index: number, nowMs: Millis): void {
    this.apply(index, (breaker) => breaker.trip(nowMs));
  }

  /** Does what is due. Called once a second. */
  look(nowMs: Millis): void {
    if (this.turnedCount === 0) return;
    for (let index = 0; index < this.breakers.length; index++) {
      if (this.breakers[index]!.state === "CLOSED") continue;
      this.apply(index, (breaker) => breaker.look(nowMs));
    }
  }

  onProbeAnswer(index: number, isHealthy: boolean, nowMs: Millis): void {
    this.apply(index, (breaker) => breaker.onProbe(isHealthy, nowMs));
  }

  /** Those that are not closed, for saving. */
  turned(): readonly number[] {
    return this.breakers.flatMap(({ state }, index) => (state === "CLOSED" ? [] : [index]));
  }

  private apply(index: number, change: (breaker: CircuitBreaker) => BreakerStep): void {
    const breaker = this.breakers[index]!;
    const wasClosed = breaker.state === "CLOSED";
    const step = change(breaker);
    if (wasClosed !== (breaker.state === "CLOSED")) this.turnedCount += wasClosed ? 1 : -1;
    const state = STATES[step];
    if (state !== undefined) this.actions.turned(index, state);
    else if (step === "probe") this.actions.probe(index);
  }
}
