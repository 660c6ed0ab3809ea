/** Composes and sends the coordination messages of one node: numbers them and echoes what was last heard. */
import type { Host, Millis } from "../contract.js";
import type { Child } from "./child.js";
import { ComposedMessage, type Delivery } from "./composed-message.js";
import type { ContextMemory } from "./context-memory.js";
import type { Fact } from "./facts.js";
import {
  type LeadTime,
  MESSAGE_SEQUENCES,
  type MeshMessage,
  type MessageId,
  type RoutingStrategy,
} from "./messages.js";
import type { Operation } from "./operation.js";

/** An operation, and how it is put to a receiver. */
export interface Envelope extends Delivery {
  readonly operation: Operation;
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
    const remainingMs = envelope.targetAtMs - nowMs;
    const { currentHash } = this.context;
    const { self } = this.host;
    const { operation } = envelope;
    const heldMs = nowMs - child.heardAtMs;
    this.host.send(
      child.address,
      new ComposedMessage(messageId, self, operation, envelope, remainingMs, currentHash, child.peerSentAtMs, heldMs),
    );
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
}
