/** Runs mesh-wide cascades from the orchestrator, by the strategies of document 3.3. */
import type { Host, Millis } from "../contract.js";
import {
  AGENT_TIMEOUT_MS,
  type CascadeOrder,
  CLUSTER_TIMEOUT_MS,
  PARALLEL_READY_RATE,
  PRIORITY_ORDER,
  READY_RATE,
  SECTOR_READY_RATE,
  SECTOR_WINDOW_MS,
} from "./cascade-plan.js";
import { type Stamp, stampOf } from "./conflicts/lamport.js";
import type { Coordination } from "./coordination.js";
import type { Fact } from "./facts.js";
import type { ImpedanceClass } from "./impedance-class.js";
import { payloadHash } from "./integrity.js";
import { LeadTimeHistogram } from "./lead-time-histogram.js";
import type { MeshMessage, Tally } from "./messages.js";
import { cascadeNumber, correlationOf, Operation } from "./operation.js";
import type { ProtocolOptions } from "./options.js";
import type { Parameters } from "./parameters.js";
import type { GatherPlan, ScatterGather, Target } from "./scatter-gather.js";
import { ORCHESTRATOR } from "./topology.js";

/** What a cascade can be aimed at. */
export interface CascadeReach {
  /** The sector coordinators, for an operation that then descends `depth` more levels. */
  sectors(depth: number): readonly Target[];
  /** The agents that count, of one class or of all, addressed directly. */
  agents(agentClass?: ImpedanceClass): readonly Target[];
  /** Tells the coordinators and leads of an operation that went past them. */
  announce(operation: Operation): void;
  /** Puts an operation to the people who stand apart, directly. */
  putCheckpoints(operation: Operation): void;
}

interface Cascade {
  readonly number: number;
  readonly order: CascadeOrder;
  readonly payload: string;
  readonly stamp: Stamp;
}

const NOTHING: Tally = { targeted: 0, sent: 0, ready: 0, conflict: 0 };
/** Room for a window's extension and the way back, after the target time of a repaired wave. */
const RETURN_MARGIN_MS = 500;

export class CascadeRunner {
  /** Whether its cascades are the standby's. */
  private readonly isStandby: boolean;
  /** The number of the last cascade that the office has started. */
  progress = 0;
  /** Called when a number was given out: to save it, so that none is used twice. */
  onNumber: () => void = () => undefined;
  /** Whether every level aims at a time of its own (option `targetTime`). */
  private readonly aimsEachLevel: boolean;
  /** Whether a level that was not gathered stops a wave at every level (3.3 checks only the first). */
  private readonly checksEveryLevel: boolean;

  constructor(
    private readonly host: Host<MeshMessage, Fact>,
    options: ProtocolOptions,
    private readonly parameters: Parameters,
    private readonly coordination: Coordination,
    private readonly reach: CascadeReach,
    private readonly onSynced: (operation: Operation) => void,
  ) {
    this.isStandby = host.self !== ORCHESTRATOR;
    this.aimsEachLevel = options.targetTime === "as-written";
    this.checksEveryLevel = options.responseRate === "repaired";
  }

  /** Goes on where an earlier process, or the other one of the office, ended. */
  resume(progress: number): void {
    this.progress = Math.max(this.progress, progress);
  }

  start(order: CascadeOrder): void {
    this.progress++;
    this.onNumber();
    const number = cascadeNumber(this.progress, this.isStandby);
    const author = this.isStandby ? " of the standby" : "";
    const stamp = stampOf(this.coordination.lamport.tick(), this.host.self);
    const cascade = { number, order, payload: `${order.verb} ${this.progress}${author}`, stamp };
    if (order.verb === "sync") this.coordination.known.note(this.operation(cascade, 0));
    this.host.observe({ type: "cascade-started", cascade: number, strategy: order.strategy });
    if (order.strategy === "wave") this.reachSectors(cascade);
    else if (order.strategy === "parallel") this.addressEveryone(cascade);
    else this.addressNextClass(cascade, 0, NOTHING, true);
  }

  /** Level 1 of a wave: every sector coordinator confirms that it has the operation. */
  private reachSectors(cascade: Cascade): void {
    const nowMs = this.host.now();
    const operation = this.operation(cascade, 0, SECTOR_WINDOW_MS);
    const targetAtMs = this.aimsEachLevel ? nowMs + SECTOR_WINDOW_MS : Number.NaN;
    const deadlineMs = this.aimsEachLevel ? targetAtMs + SECTOR_WINDOW_MS : nowMs + CLUSTER_TIMEOUT_MS;
    const plan = this.plan(operation, this.reach.sectors(0), 0, targetAtMs, SECTOR_READY_RATE, deadlineMs);
    this.coordination.start(plan, (_gather, quorum) => {
      if (quorum.achieved) this.reachLeads(cascade);
      else this.end(cascade, "FAILED_AT_SECTOR", NOTHING);
    });
  }

  /** Level 2: the sectors gather their leads, who say how much lead time their agents need. */
  private reachLeads(cascade: Cascade): void {
    const nowMs = this.host.now();
    const sectors = this.reach.sectors(1);
    const deadlineMs = nowMs + CLUSTER_TIMEOUT_MS;
    const plan = this.plan(this.operation(cascade, 1), sectors, 1, Number.NaN, SECTOR_READY_RATE, deadlineMs);
    this.coordination.start({ ...plan, end: this.awaitingEnd() }, (gather, quorum) => {
      if (quorum.achieved || !this.checksEveryLevel) this.reachAgents(cascade, gather.leadTimes);
      else this.end(cascade, "FAILED_AT_CLUSTER", NOTHING);
    });
  }

  /** Level 3: the leads gather their agents, all aimed at one instant. */
  private reachAgents(cascade: Cascade, leadTimes: LeadTimeHistogram): void {
    const nowMs = this.host.now();
    const { windowMs } = cascade.order;
    const targetAtMs = this.aimsEachLevel ? nowMs + windowMs : this.aim(leadTimes, nowMs);
    const deadlineMs = this.aimsEachLevel ? nowMs + AGENT_TIMEOUT_MS : targetAtMs + 2 * windowMs + RETURN_MARGIN_MS;
    const plan = this.plan(this.operation(cascade, 2), this.reach.sectors(2), 2, Number.NaN, READY_RATE, deadlineMs);
    const gatherPlan = { ...plan, end: this.awaitingEnd(), announcedTargetAtMs: targetAtMs };
    this.coordination.start(gatherPlan, (gather, quorum) => {
      const succeeded = quorum.achieved || !this.checksEveryLevel;
      this.end(cascade, succeeded ? "SUCCESS" : quorum.decision, gather.tally());
    });
  }

  private addressEveryone(cascade: Cascade): void {
    const operation = this.operation(cascade, 0);
    this.address(operation, this.reach.agents(), PARALLEL_READY_RATE, (gather, achieved, decision) => {
      this.end(cascade, achieved ? "SUCCESS" : decision, gather.tally());
    });
    this.reach.putCheckpoints(operation.within(this.parameters.checkpointTtlMs));
  }

  /** Class by class; a class that is not gathered is noted and the next one follows. */
  private addressNextClass(cascade: Cascade, index: number, sum: Tally, allGathered: boolean): void {
    const next = PRIORITY_ORDER[index];
    if (next === undefined) {
      const operation = this.operation(cascade, index);
      this.reach.putCheckpoints(operation.within(this.parameters.checkpointTtlMs));
      this.end(cascade, allGathered ? "COMPLETE" : "COMPLETE_DEGRADED", sum);
      return;
    }
    const operation = this.operation(cascade, index);
    this.address(operation, this.reach.agents(next.agentClass), next.readyRate, (gather, achieved) => {
      this.addressNextClass(cascade, index + 1, add(sum, gather.tally()), allGathered && achieved);
    });
  }

  private address(
    operation: Operation,
    targets: readonly Target[],
    readyRate: number,
    onEnd: (gather: ScatterGather, achieved: boolean, decision: string) => void,
  ): void {
    const nowMs = this.host.now();
    const targetAtMs = this.aimsEachLevel
      ? nowMs + operation.windowMs
      : this.aim(this.leadTimesOf(targets, operation.payloadWeight, nowMs), nowMs);
    const plan = this.plan(operation, targets, 0, targetAtMs, readyRate, targetAtMs + operation.windowMs);
    this.coordination.start(plan, (gather, quorum) => onEnd(gather, quorum.achieved, quorum.decision));
  }

  private leadTimesOf(targets: readonly Target[], payloadWeight: number, nowMs: Millis): LeadTimeHistogram {
    const histogram = new LeadTimeHistogram();
    for (const target of targets) {
      histogram.add(this.coordination.leadTimeOf(target.child, payloadWeight, nowMs, target.wayMs).totalMs);
    }
    return histogram;
  }

  /** A target time that leaves enough lead for the share `aimQuantile` of the agents. */
  private aim(leadTimes: LeadTimeHistogram, nowMs: Millis): Millis {
    return nowMs + leadTimes.quantile(this.parameters.aimQuantile) + this.parameters.batchMs;
  }

  /** `await_..._propagation` of 3.3 returns when all have answered; the repaired one as soon as it is decided. */
  private awaitingEnd(): "decided" | "all-answered" {
    return this.coordination.gatherEnd === "decided" ? "decided" : "all-answered";
  }

  private plan(
    operation: Operation,
    targets: readonly Target[],
    depth: number,
    targetAtMs: Millis,
    readyRate: number,
    deadlineMs: Millis,
  ): GatherPlan {
    return {
      operation,
      targets,
      depth,
      targetAtMs,
      announcedTargetAtMs: targetAtMs,
      readyRate,
      deadlineMs,
      end: this.coordination.gatherEnd,
      mayExtend: this.coordination.extendsGathers,
      mayResend: this.coordination.resends,
      rateOfSent: this.coordination.rateOfSent,
    };
  }

  private operation(cascade: Cascade, phase: number, windowMs = cascade.order.windowMs): Operation {
    const { order, number, payload, stamp } = cascade;
    const { verb, payloadWeight, priority } = order;
    const work = { verb, payload, payloadWeight, priority };
    const { cascadeTtlMs } = this.parameters;
    const correlationId = correlationOf(number, phase);
    return new Operation(correlationId, number, work, payloadHash(payload), cascadeTtlMs, windowMs, stamp);
  }

  private end(cascade: Cascade, status: string, tally: Tally): void {
    const succeeded = status === "SUCCESS" || status.startsWith("COMPLETE");
    if (succeeded && cascade.order.verb === "sync") {
      const operation = this.operation(cascade, 0);
      this.onSynced(operation);
      if (cascade.order.strategy !== "wave") this.reach.announce(operation);
    }
    this.host.observe({ type: "cascade-ended", cascade: cascade.number, status, tally });
  }
}

function add(a: Tally, b: Tally): Tally {
  return {
    targeted: a.targeted + b.targeted,
    sent: a.sent + b.sent,
    ready: a.ready + b.ready,
    conflict: a.conflict + b.conflict,
  };
}
