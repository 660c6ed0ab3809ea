/** Composes the coordination messages of one node: numbers them, hashes them, echoes what was last heard. */
import type { Address, Host, Millis } from "../contract.js";
import type { Child } from "./children.js";
import type { Fact } from "./facts.js";
import {
  type Coordinate,
  type LeadTime,
  MESSAGE_SEQUENCES,
  type MeshMessage,
  type MessageId,
  type RoutingStrategy,
} from "./messages.js";
import type { Operation } from "./operation.js";

export interface Envelope {
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

/** Of a message that is sent as soon as possible and about which nothing is predicted. */
const UNPREDICTED: LeadTime = {
  networkMs: 0,
  processingMs: 0,
  bufferMs: 0,
  totalMs: 0,
  expectedReadyMs: Number.NaN,
  confidence: 0,
};

export class Outbox {
  private sequence = 0;

  constructor(private readonly host: Host<MeshMessage, Fact>) {}

  nextId(): MessageId {
    return this.host.self * MESSAGE_SEQUENCES + this.sequence++;
  }

  compose(
    operation: Operation,
    child: Child,
    leadTime: LeadTime = UNPREDICTED,
    envelope: Envelope,
    contextHash: number,
    nowMs: Millis,
    messageId: MessageId = this.nextId(),
  ): Coordinate {
    return {
      type: "COORDINATE",
      messageId,
      correlationId: operation.correlationId,
      causationId: operation.causationId,
      sourceId: this.host.self,
      targetIds: envelope.targetIds,
      routingStrategy: envelope.routingStrategy,
      createdAtMs: envelope.createdAtMs,
      targetArrivalMs: envelope.targetAtMs,
      remainingMs: envelope.targetAtMs - nowMs,
      windowMs: operation.windowMs,
      ttlMs: operation.ttlMs,
      priority: operation.priority,
      payloadWeight: operation.payloadWeight,
      requiresCapabilities: envelope.requiresCapabilities,
      compensation: leadTime,
      verb: operation.verb,
      payload: operation.payload,
      payloadHash: operation.payloadHash,
      contextHash,
      trinaryExpectation: 1,
      depth: envelope.depth,
      isCheckpoint: envelope.isCheckpoint,
      echoSentAtMs: child.peerSentAtMs,
      echoHeldMs: nowMs - child.heardAtMs,
    };
  }
}
