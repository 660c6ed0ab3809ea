/** Composes the coordination messages of one node: numbers them, hashes them, echoes what was last heard. */
import type { Address, Host, Millis } from "../contract.js";
import type { Child } from "./children.js";
import type { Fact } from "./facts.js";
import type { LeadTime } from "./lead-time.js";
import {
  type Compensation,
  type Coordinate,
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

const NO_LEAD_TIME: Compensation = {
  leadTimeMs: 0,
  expectedProcessingMs: 0,
  confidence: 0,
  expectedReadyMs: Number.NaN,
};

export class Outbox {
  private sequence = 0;

  constructor(private readonly host: Host<MeshMessage, Fact>) {}

  nextId(): MessageId {
    return this.host.self * MESSAGE_SEQUENCES + this.sequence++;
  }

  /** @param leadTime undefined where nothing is predicted */
  compose(
    operation: Operation,
    child: Child,
    leadTime: LeadTime | undefined,
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
      compensation:
        leadTime === undefined
          ? NO_LEAD_TIME
          : {
              leadTimeMs: leadTime.totalMs,
              expectedProcessingMs: leadTime.processingMs,
              confidence: leadTime.confidence,
              expectedReadyMs: leadTime.expectedReadyMs,
            },
      verb: operation.verb,
      payload: operation.payload,
      payloadHash: operation.payloadHash,
      contextHash,
      trinaryExpectation: 1,
      depth: envelope.depth,
      isCheckpoint: envelope.isCheckpoint,
      echoSentAtMs: child.peerSentAtMs,
      echoHeldMs: nowMs - child.peerReceivedAtMs,
    };
  }
}
