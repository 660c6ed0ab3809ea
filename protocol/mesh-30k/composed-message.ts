/**
 * A coordination message as it is made. A class, because all messages then have one layout in memory, whatever numbers
 * stand in them: as object literals they had several, each new one had to be converted, and whoever read one had to look
 * up where its field was.
 */
import type { Address, Millis } from "../contract.js";
import type { Coordinate, LeadTime, MessageId, RoutingStrategy } from "./messages.js";
import type { Operation } from "./operation.js";

/** How an operation is put to a receiver. */
export interface Delivery {
  readonly leadTime: LeadTime;
  readonly routingStrategy: RoutingStrategy;
  /** When the message was composed, which may be long before it leaves. */
  readonly createdAtMs: Millis;
  /** On the own clock; NaN where there is none. */
  readonly targetAtMs: Millis;
  readonly depth: number;
  readonly isCheckpoint: boolean;
  readonly requiresCapabilities: readonly string[];
  /** The receiver alone, or the stages of a pipeline. */
  readonly targetIds: readonly Address[];
}

export class ComposedMessage implements Coordinate {
  readonly type = "COORDINATE";
  readonly trinaryExpectation = 1;
  readonly correlationId: Coordinate["correlationId"];
  readonly causationId: Coordinate["causationId"];
  readonly targetIds: Coordinate["targetIds"];
  readonly routingStrategy: Coordinate["routingStrategy"];
  readonly createdAtMs: Coordinate["createdAtMs"];
  readonly targetArrivalMs: Coordinate["targetArrivalMs"];
  readonly windowMs: Coordinate["windowMs"];
  readonly ttlMs: Coordinate["ttlMs"];
  readonly priority: Coordinate["priority"];
  readonly payloadWeight: Coordinate["payloadWeight"];
  readonly requiresCapabilities: Coordinate["requiresCapabilities"];
  readonly compensation: Coordinate["compensation"];
  readonly verb: Coordinate["verb"];
  readonly payload: Coordinate["payload"];
  readonly payloadHash: Coordinate["payloadHash"];
  readonly depth: Coordinate["depth"];
  readonly isCheckpoint: Coordinate["isCheckpoint"];

  /** What the parameters mean stands at `Coordinate`. */
  constructor(
    readonly messageId: MessageId,
    readonly sourceId: Address,
    operation: Omit<Operation, "within">,
    delivery: Delivery,
    readonly remainingMs: Millis,
    readonly contextHash: number,
    readonly echoSentAtMs: Millis,
    readonly echoHeldMs: Millis,
  ) {
    this.correlationId = operation.correlationId;
    this.causationId = operation.causationId;
    this.targetIds = delivery.targetIds;
    this.routingStrategy = delivery.routingStrategy;
    this.createdAtMs = delivery.createdAtMs;
    this.targetArrivalMs = delivery.targetAtMs;
    this.windowMs = operation.windowMs;
    this.ttlMs = operation.ttlMs;
    this.priority = operation.priority;
    this.payloadWeight = operation.payloadWeight;
    this.requiresCapabilities = delivery.requiresCapabilities;
    this.compensation = delivery.leadTime;
    this.verb = operation.verb;
    this.payload = operation.payload;
    this.payloadHash = operation.payloadHash;
    this.depth = delivery.depth;
    this.isCheckpoint = delivery.isCheckpoint;
  }
}

/**
 * The message as a stage of a pipeline hands it to the next: the echo is of what the sender heard from this stage, not
 * from the next one.
 */
export function handedOn(message: Coordinate): Coordinate {
  const { messageId, sourceId, remainingMs, contextHash } = message;
  const delivery: Delivery = {
    leadTime: message.compensation,
    routingStrategy: message.routingStrategy,
    createdAtMs: message.createdAtMs,
    targetAtMs: message.targetArrivalMs,
    depth: message.depth,
    isCheckpoint: message.isCheckpoint,
    requiresCapabilities: message.requiresCapabilities,
    targetIds: message.targetIds,
  };
  const none = Number.NaN;
  return new ComposedMessage(messageId, sourceId, message, delivery, remainingMs, contextHash, none, none);
}
