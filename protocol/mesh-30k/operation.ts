/** What is asked of the mesh, whoever passes it on. */
import type { Millis } from "../contract.js";
import { type Stamp, UNSTAMPED } from "./conflicts/lamport.js";
import { payloadHash } from "./integrity.js";
import type { Coordinate, Priority, Verb } from "./messages.js";
import { TASK_WINDOW_MS, type Task } from "./task.js";

/** What there is to do. */
export interface Work {
  readonly verb: Verb;
  readonly payload: string;
  readonly payloadWeight: number;
  readonly priority: Priority;
}

/** A class, so that all operations have one layout in memory, whatever numbers stand in them: every message reads them. */
export class Operation implements Work {
  readonly verb: Verb;
  readonly payload: string;
  readonly payloadWeight: number;
  readonly priority: Priority;

  /**
   * @param correlationId groups every message of one phase of the operation, at every level
   * @param causationId the message or operation that triggered it
   * @param stamp when it was decided on, and by whom; left out for one that stands in no order with others
   */
  constructor(
    readonly correlationId: number,
    readonly causationId: number,
    work: Work,
    readonly payloadHash: number,
    readonly ttlMs: Millis,
    readonly windowMs: Millis,
    readonly stamp: Stamp = UNSTAMPED,
  ) {
    this.verb = work.verb;
    this.payload = work.payload;
    this.payloadWeight = work.payloadWeight;
    this.priority = work.priority;
  }

  /** The same, to be answered within another time. */
  within(ttlMs: Millis): Operation {
    const { correlationId, causationId, payloadHash, windowMs, stamp } = this;
    return new Operation(correlationId, causationId, this, payloadHash, ttlMs, windowMs, stamp);
  }
}

/** A cascade's phases share its number: correlation id = cascade number x 16 + phase. */
const PHASES = 16;

/** Room for the numbers that one process gives its cascades. */
const CASCADES_OF_PROCESS = 1_073_741_824;

/**
 * What a cascade is known by over the whole mesh.
 * @param slot its number among the cascades of its office, which two processes may give out at once
 */
export function cascadeNumber(slot: number, isStandby: boolean): number {
  return isStandby ? CASCADES_OF_PROCESS + slot : slot;
}

/** The number of a cascade among those of its office. */
export function slotOf(cascade: number): number {
  return cascade % CASCADES_OF_PROCESS;
}

/** Whether the standby of the orchestrator started a cascade. */
export function isOfStandby(cascade: number): boolean {
  return cascade >= CASCADES_OF_PROCESS;
}

export function correlationOf(cascadeNumber: number, phase: number): number {
  return cascadeNumber * PHASES + phase;
}

export function cascadeNumberOf(correlationId: number): number {
  return Math.floor(correlationId / PHASES);
}

/** The operation that a message carries, for passing it on. */
export function operationOf(message: Coordinate): Operation {
  const { correlationId, messageId, payloadHash, ttlMs, windowMs, stamp } = message;
  return new Operation(correlationId, messageId, message, payloadHash, ttlMs, windowMs, stamp);
}

/** A task as an operation of its own. */
export function taskOperation(task: Task, ttlMs: Millis): Operation {
  return new Operation(NONE, NONE, task, payloadHash(task.payload), ttlMs, TASK_WINDOW_MS);
}

/**
 * Work that is done again, or elsewhere, because of a conflict (document 5.1). It belongs to no operation any more; a sync
 * of this kind reloads a context that was decided on before, and is taken in whatever came since.
 */
export function repairOperation(work: Work, payloadHash: number, ttlMs: Millis, stamp: Stamp): Operation {
  return new Operation(NONE, NONE, work, payloadHash, ttlMs, TASK_WINDOW_MS, stamp);
}

/** A task belongs to no operation and was triggered by none. */
const NONE = -1;
