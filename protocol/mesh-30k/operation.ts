/** What is asked of the mesh, whoever passes it on. */
import type { Millis } from "../contract.js";
import { payloadHash } from "./integrity.js";
import type { Coordinate, Priority, Verb } from "./messages.js";
import { TASK_WINDOW_MS, type Task } from "./task.js";

export interface Operation {
  /** Groups every message of one phase of the operation, at every level. */
  readonly correlationId: number;
  /** The message or operation that triggered it. */
  readonly causationId: number;
  readonly verb: Verb;
  readonly payload: string;
  readonly payloadHash: number;
  readonly payloadWeight: number;
  readonly priority: Priority;
  readonly ttlMs: Millis;
  readonly windowMs: Millis;
}

/** A cascade's phases share its number: correlation id = cascade number x 16 + phase. */
const PHASES = 16;

export function correlationOf(cascadeNumber: number, phase: number): number {
  return cascadeNumber * PHASES + phase;
}

export function cascadeNumberOf(correlationId: number): number {
  return Math.floor(correlationId / PHASES);
}

/** The operation that a message carries, for passing it on. */
export function operationOf(message: Coordinate): Operation {
  return {
    correlationId: message.correlationId,
    causationId: message.messageId,
    verb: message.verb,
    payload: message.payload,
    payloadHash: message.payloadHash,
    payloadWeight: message.payloadWeight,
    priority: message.priority,
    ttlMs: message.ttlMs,
    windowMs: message.windowMs,
  };
}

/** A task as an operation of its own. */
export function taskOperation(task: Task, ttlMs: Millis): Operation {
  return {
    correlationId: -1,
    causationId: -1,
    verb: task.verb,
    payload: task.payload,
    payloadHash: payloadHash(task.payload),
    payloadWeight: task.payloadWeight,
    priority: task.priority,
    ttlMs,
    windowMs: TASK_WINDOW_MS,
  };
}
