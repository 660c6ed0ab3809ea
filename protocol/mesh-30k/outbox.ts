/** Composes and sends the coordination messages of one node: numbers them and echoes what was last heard. */
import type { Address, Host, Millis } from "../contract.js";
import type { Child } from "./child.js";
import { ComposedMessage, Sending } from "./composed-message.js";
import type { LamportClock } from "./conflicts/lamport.js";
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
import { IdBlock } from "./resilience/id-block.js";

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
  /** Sequence numbers; the node saves how far they are reserved. */
  readonly ids = new IdBlock();

  /** @param context what the receivers are presumed to hold */
  constructor(
    private readonly host: Host<MeshMessage, Fact>,
    private readonly context: ContextMemory,
    private readonly lamport: LamportClock,
  ) {}

  nextId(): MessageId {
    return this.host.self * MESSAGE_SEQUENCES + this.ids.next();
  }

  /**
   * Sends one coordination message; with the id of an earlier one, sends that again.
   * @param leadTime what was reckoned with for this receiver
   * @param stages of a pipeline, of which the receiver is the first
   */
  send(
    child: Child,
    sending: Sending,
    leadTime: LeadTime,
    nowMs: Millis,
    messageId: MessageId,
    stages?: readonly Address[],
  ): void {
    const { address, peerSentAtMs, heardAtMs } = child;
    const message = new ComposedMessage(
      sending,
      messageId,
      this.host.self,
      leadTime,
      sending.targetAtMs - nowMs,
      this.context.currentHash,
      peerSentAtMs,
      nowMs - heardAtMs,
      this.lamport.tick(),
      address,
      stages,
    );
    this.host.send(address, message);
  }

  /** Sends an operation to all children at once, with nothing predicted and no answer waited for. */
  sendToAll(
    children: Iterable<Child>,
    operation: Operation,
    how: { readonly routingStrategy: RoutingStrategy; readonly depth: number; readonly isCheckpoint: boolean },
  ): void {
    const nowMs = this.host.now();
    const sending = new Sending(operation, how.routingStrategy, nowMs, Number.NaN, how.depth, how.isCheckpoint);
    for (const child of children) this.send(child, sending, UNPREDICTED, nowMs, this.nextId());
  }
}
