/**
 * How a lead takes agents into its cluster that join a running mesh (document 10.2, steps 5 to 8). The first heartbeat
 * announces an agent; before, nobody expects it. It is admitted when it holds the context that the cluster holds: from then
 * on operations go to it and its silence is a failure, as of everybody. When its profile is steady it comes into the pool
 * that tasks are routed to, with few at a time at first. Time is counted in its own reports, never on a clock.
 */
import type { Address } from "../../contract.js";
import type { Child } from "../child.js";
import type { Children } from "../children.js";
import type { JoiningFact } from "../facts.js";
import { ENOUGH_SAMPLES, type Parameters } from "../parameters.js";

/** What only the lead itself can do. */
export interface AdmissionActions {
  observe(fact: JoiningFact): void;
  /** Sends an agent the context that it should hold; false if it holds it, or there is none to send. */
  reload(child: Child): boolean;
  persist(): void;
}

/** For so long its expected time until READY has to stay where it is: a dozen heartbeats. */
const STEADY_MS = 60_000;
/** Within this share of what it was, or so many ms, it has stayed where it is. */
const STEADY_SHARE = 0.2;
const STEADY_MARGIN_MS = 5;
/** Who has had too little to do by then to be measured will not be by waiting ("usually 5 minutes"). */
const PATIENCE_MS = 300_000;
/** Between two steps into the pool; each doubles how many unanswered messages it may have when a task is routed to it. */
const STEP_MS = 60_000;
/** After so many at once, nothing is limited any more. */
const MOST_AT_ONCE = 8;

/** An agent that is in the cluster and not all the way in the pool. */
class Probation {
  /** Reports since it was admitted, and in a row in which its figures were steady or, in the pool, all went well. */
  reports = 0;
  steady = 0;
  /** What its figures are held against. */
  expectedMs = Number.NaN;
}

/** A newcomer that is in, and whether all the way: what a lead saves and hands on. */
export type Joined = readonly (readonly [Address, boolean])[];

export class Admission {
  private readonly announced = new Set<Address>();
  private readonly probations = new Map<Address, Probation>();
  private readonly steadyReports: number;
  private readonly patienceReports: number;
  private readonly stepReports: number;

  /** @param syncs false for people, who take a context in minutes or hours after it was sent, and have no profile to wait for */
  constructor(
    private readonly children: Children,
    { heartbeatMs }: Parameters,
    private readonly syncs: boolean,
    private readonly actions: AdmissionActions,
  ) {
    this.steadyReports = Math.ceil(STEADY_MS / heartbeatMs);
    this.patienceReports = Math.ceil(PATIENCE_MS / heartbeatMs);
    this.stepReports = Math.ceil(STEP_MS / heartbeatMs);
  }

  /** Takes in the report of a child that is no member, after it was noted; whether it is one now. */
  admits(child: Child): boolean {
    const { address } = child;
    if (!this.announced.has(address)) {
      this.announced.add(address);
      this.tell(address, "announced");
    }
    if (this.syncs && this.actions.reload(child)) return false;
    this.children.join(child);
    this.probations.set(address, new Probation());
    this.tell(address, "admitted");
    this.actions.persist();
    return true;
  }

  /** Takes in the report of a member, after it was noted. */
  onReport(child: Child): void {
    const probation = this.probations.size === 0 ? undefined : this.probations.get(child.address);
    if (probation === undefined) return;
    probation.reports++;
    if (child.state !== "active") this.setBack(child, probation);
    else if (child.mostAtOnce > 0) this.onGoodReport(child, probation);
    else if (this.isProven(child, probation)) this.letIn(child, probation);
  }

  /** It could not take a message in (step 8): what it was trusted with begins anew. */
  onConflict(child: Child): void {
    const probation = this.probations.size === 0 ? undefined : this.probations.get(child.address);
    if (probation !== undefined) this.setBack(child, probation);
  }

  /** Undefined where nobody has joined, so that a mesh that nobody joins saves and says nothing of it. */
  saved(): Joined | undefined {
    const joined = this.children.joined();
    return joined.length === 0 ? undefined : joined.map(({ address }) => [address, !this.probations.has(address)]);
  }

  /** Goes on with those who were in when an earlier holder of the office ended; who was on probation begins it anew. */
  restore(joined: Joined | undefined): void {
    for (const [address, isWhole] of joined ?? []) {
      const child = this.children.at(address);
      if (child === undefined || this.children.isMember(child)) continue;
      this.announced.add(address);
      this.children.join(child);
      if (isWhole) this.children.limit(child, Number.POSITIVE_INFINITY);
      else this.probations.set(address, new Probation());
    }
  }

  /** Whether its profile is steady, or it has had so little to do that there is none (step 6). */
  private isProven(child: Child, probation: Probation): boolean {
    const isMeasured = child.processingSamples >= ENOUGH_SAMPLES && !Number.isNaN(child.latencyMs);
    if (!this.syncs || !isMeasured) return probation.reports >= this.patienceReports;
    const expectedMs = child.oneWayMs + child.standardProcessingMs;
    const allowedMs = Math.max(STEADY_MARGIN_MS, STEADY_SHARE * probation.expectedMs);
    if (Math.abs(expectedMs - probation.expectedMs) <= allowedMs) return ++probation.steady >= this.steadyReports;
    probation.expectedMs = expectedMs;
    probation.steady = 0;
    return false;
  }

  private letIn(child: Child, probation: Probation): void {
    probation.steady = 0;
    this.children.limit(child, 1);
    this.tell(child.address, "pooled");
  }

  /** Step 7, "gradually add to routing pool". */
  private onGoodReport(child: Child, probation: Probation): void {
    if (++probation.steady < this.stepReports) return;
    probation.steady = 0;
    if (child.mostAtOnce < MOST_AT_ONCE) {
      this.children.limit(child, child.mostAtOnce * 2);
      return;
    }
    this.probations.delete(child.address);
    this.children.limit(child, Number.POSITIVE_INFINITY);
    this.tell(child.address, "whole");
    this.actions.persist();
  }

  private setBack(child: Child, probation: Probation): void {
    probation.steady = 0;
    if (child.mostAtOnce > 1) this.children.limit(child, 1);
    this.tell(child.address, "set-back");
  }

  private tell(agentId: Address, step: JoiningFact["step"]): void {
    this.actions.observe({ type: "joining", agentId, step });
  }
}
