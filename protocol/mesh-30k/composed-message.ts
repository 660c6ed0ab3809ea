/**
 * A coordination message as it is made: what all messages of one sending have in common is kept once, and each message
 * holds what is its receiver's alone. Classes, because all messages then have one layout in memory, whatever numbers
 * stand in them: as object literals they had several, each new one had to be converted, and whoever read one had to look
 * up where its field was.
 */
import type { Address, Millis } from "../contract.js";
import type { Coordinate, LeadTime, MessageId, RoutingStrategy } from "./messages.js";
import { Operation } from "./operation.js";

const NOTHING: readonly string[] = [];

/** How an operation is put to those who are sent it together. */
export class Sending {
  /**
   * @param createdAtMs when the messages were composed, which may be long before they leave
   * @param targetAtMs on the own clock; NaN where there is none
   */
  constructor(
    readonly operation: Operation,
    readonly routingStrategy: RoutingStrategy,
    readonly createdAtMs: Millis,
    readonly targetAtMs: Millis,
    readonly depth = 0,
    readonly isCheckpoint = false,
    readonly requiresCapabilities = NOTHING,
  ) {}
}

export class ComposedMessage implements Coordinate {
  readonly type = "COORDINATE";

  /**
   * What the parameters mean stands at `Coordinate`.
   * @param receiver who is to work on it, where it goes through no stages
   */
  constructor(
    private readonly sending: Sending,
    readonly messageId: MessageId,
    readonly sourceId: Address,
    readonly compensation: LeadTime,
    readonly remainingMs: Millis,
    readonly contextHash: number,
    readonly echoSentAtMs: Millis,
    readonly echoHeldMs: Millis,
    readonly lamport: number,
    private readonly receiver: Address,
    private readonly stages: readonly Address[] | undefined,
  ) {}

  /** Makes a copy of a message, that has its data but no methods, one again. */
  static revive(copy: Coordinate): ComposedMessage {
    const data = copy as ComposedMessage;
    return new ComposedMessage(
      data.sending,
      data.messageId,
      data.sourceId,
      data.compensation,
      data.remainingMs,
      data.contextHash,
      data.echoSentAtMs,
      data.echoHeldMs,
      data.lamport,
      data.receiver,
      data.stages,
    );
  }

  get trinaryExpectation() {
    return 1 as const;
  }

  get targetIds(): readonly Address[] {
    return this.stages ?? [this.receiver];
  }

  get correlationId() {
    return this.sending.operation.correlationId;
  }

  get causationId() {
    return this.sending.operation.causationId;
  }

  get windowMs() {
    return this.sending.operation.windowMs;
  }

  get ttlMs() {
    return this.sending.operation.ttlMs;
  }

  get priority() {
    return this.sending.operation.priority;
  }

  get payloadWeight() {
    return this.sending.operation.payloadWeight;
  }

  get verb() {
    return this.sending.operation.verb;
  }

  get payload() {
    return this.sending.operation.payload;
  }

  get payloadHash() {
    return this.sending.operation.payloadHash;
  }

  get stamp() {
    return this.sending.operation.stamp;
  }

  get routingStrategy() {
    return this.sending.routingStrategy;
  }

  get createdAtMs() {
    return this.sending.createdAtMs;
  }

  get targetArrivalMs() {
    return this.sending.targetAtMs;
  }

  get depth() {
    return this.sending.depth;
  }

  get isCheckpoint() {
    return this.sending.isCheckpoint;
  }

  get requiresCapabilities() {
    return this.sending.requiresCapabilities;
  }
}

/** The message with another payload, under the hash of its own. */
export function withPayload(message: Coordinate, payload: string): Coordinate {
  const { correlationId, causationId, payloadHash, ttlMs, windowMs, stamp, priority, payloadWeight, verb } = message;
  const work = { priority, payloadWeight, verb, payload };
  const sending = new Sending(
    new Operation(correlationId, causationId, work, payloadHash, ttlMs, windowMs, stamp),
    message.routingStrategy,
    message.createdAtMs,
    message.targetArrivalMs,
    message.depth,
    message.isCheckpoint,
    message.requiresCapabilities,
  );
  return new ComposedMessage(
    sending,
    message.messageId,
    message.sourceId,
    message.compensation,
    message.remainingMs,
    message.contextHash,
    message.echoSentAtMs,
    message.echoHeldMs,
    message.lamport,
    message.targetIds[0] ?? message.sourceId,
    message.targetIds,
  );
}

/**
 * The message as a stage of a pipeline hands it to the next: the echo is of what the sender heard from this stage, not
 * from the next one.
 * @param lamport of the stage that hands it on
 */
export function handedOn(message: Coordinate, lamport: number): Coordinate {
  const { correlationId, causationId, payloadHash, ttlMs, windowMs, stamp } = message;
  const sending = new Sending(
    new Operation(correlationId, causationId, message, payloadHash, ttlMs, windowMs, stamp),
    message.routingStrategy,
    message.createdAtMs,
    message.targetArrivalMs,
    message.depth,
    message.isCheckpoint,
    message.requiresCapabilities,
  );
  return new ComposedMessage(
    sending,
    message.messageId,
    message.sourceId,
    message.compensation,
    message.remainingMs,
    message.contextHash,
    Number.NaN,
    Number.NaN,
    lamport,
    message.sourceId,
    message.targetIds,
  );
}
