/** Composes and sends the coordination messages of one node: numbers them and echoes what was last heard. */
import type { Address, Host, Millis } from "../contract.js";
import type { Child } from "./child.js";
import type { ContextMemory } from "./context-memory.js";
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
  readonly operation: Operation;
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

/** Of a message that is sent as soon as possible and about which nothing is predicted. */
export const UNPREDICTED: LeadTime = {
  networkMs: 0,
  processingMs: 0,
  bufferMs: 0,
  totalMs: 0,
  expectedReadyMs: Number.NaN,
  confidence: 0,
};

export class Outbox {
  private sequence = 0;

  /** @param context what the receivers are presumed to hold */
  constructor(
    private readonly host: Host<MeshMessage, Fact>,
    private readonly context: ContextMemory,
  ) {}

  nextId(): MessageId {
    return this.host.self * MESSAGE_SEQUENCES + this.sequence++;
  }

  /** Sends one coordination message; with the id of an earlier one, sends that again. */
  send(child: Child, envelope: Envelope, nowMs: Millis, messageId: MessageId): void {
    this.host.send(child.address, this.compose(child, envelope, nowMs, messageId));
  }

  /** Sends an operation to all children at once, with nothing predicted and no answer waited for. */
  sendToAll(
    children: Iterable<Child>,
    operation: Operation,
    how: { readonly routingStrategy: RoutingStrategy; readonly depth: number; readonly isCheckpoint: boolean },
  ): void {
    const nowMs = this.host.now();
    for (const child of children) {
      const envelope = {
        operation,
        leadTime: UNPREDICTED,
        createdAtMs: nowMs,
        targetAtMs: Number.NaN,
        requiresCapabilities: [],
        targetIds: [child.address],
        routingStrategy: how.routingStrategy,
        depth: how.depth,
        isCheckpoint: how.isCheckpoint,
      };
      this.send(child, envelope, nowMs, this.nextId());
    }
  }

  private compose(child: Child, envelope: Envelope, nowMs: Millis, messageId: MessageId): Coordinate {
    const { operation } = envelope;
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
      compensation: envelope.leadTime,
      verb: operation.verb,
      payload: operation.payload,
      payloadHash: operation.payloadHash,
      contextHash: this.context.currentHash,
      trinaryExpectation: 1,
      depth: envelope.depth,
      isCheckpoint: envelope.isCheckpoint,
      echoSentAtMs: child.peerSentAtMs,
      echoHeldMs: nowMs - child.heardAtMs,
    };
  }
}
