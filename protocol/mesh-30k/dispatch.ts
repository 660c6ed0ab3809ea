/** Single messages to single agents, and through pipelines of agents: sending, answers, resends (routing `direct`). */
import type { Host, Millis } from "../contract.js";
import type { Child } from "./child.js";
import { Sending } from "./composed-message.js";
import { type ExchangeWatch, learnError } from "./coordination.js";
import type { Fact } from "./facts.js";
import type { Acknowledge, LeadTime, MeshMessage, MessageId } from "./messages.js";
import type { Operation } from "./operation.js";
import { type Outbox, UNPREDICTED } from "./outbox.js";
import { backoffMs } from "./resilience/backoff.js";

interface Outstanding {
  readonly operation: Operation;
  /** The agent that the message was sent to; the last of these answers. */
  readonly stages: readonly Child[];
  readonly leadTime: LeadTime;
  readonly requires: readonly string[];
  readonly sentAtMs: Millis;
  /** How long its first answer is waited for. */
  readonly patienceMs: Millis;
  resendAtMs: Millis;
  /** How often it was sent again. */
  resends: number;
  readonly givenUpAtMs: Millis;
}

/** How much longer than expected an answer may take before the message is sent again. */
const PATIENCE = 2;
const PATIENCE_MS = 500;

export class Dispatch {
  private readonly outstanding = new Map<MessageId, Outstanding>();

  /** Factor on how long answers may take: more in a degraded mesh (document 6.3). */
  patience = 1;
  /** Left out where nobody watches. */
  watch: Pick<ExchangeWatch, "onUnanswered"> | undefined;

  /** @param resends whether unanswered messages are sent again (option `delivery`) */
  constructor(
    private readonly host: Host<MeshMessage, Fact>,
    private readonly outbox: Outbox,
    private readonly resends: boolean,
  ) {}

  /**
   * Sends to the first stage; with more than one stage, each hands the message to the next.
   * @returns the id of the message
   */
  submit(operation: Operation, stages: readonly Child[], leadTime: LeadTime, requires: readonly string[]): MessageId {
    const nowMs = this.host.now();
    // A pipeline is not sent again: its first stages would have to work twice.
    const mayResend = this.resends && stages.length === 1;
    const expectedMs = (leadTime.totalMs + leadTime.networkMs) * stages.length;
    const patienceMs = (expectedMs * PATIENCE + PATIENCE_MS) * this.patience;
    const entry: Outstanding = {
      operation,
      stages,
      leadTime,
      requires,
      sentAtMs: nowMs,
      patienceMs,
      resendAtMs: mayResend ? nowMs + patienceMs : Number.POSITIVE_INFINITY,
      resends: 0,
      givenUpAtMs: nowMs + operation.ttlMs,
    };
    const id = this.outbox.nextId();
    this.outstanding.set(id, entry);
    for (const child of stages) child.give();
    this.send(id, entry, nowMs);
    return id;
  }

  /** What was sent with a message that is not answered yet. */
  workOf(id: MessageId): { readonly operation: Operation; readonly requires: readonly string[] } | undefined {
    return this.outstanding.get(id);
  }

  /** Takes an acknowledgement in; false if it answers nothing that was sent from here. */
  onAcknowledge(ack: Acknowledge): boolean {
    const entry = this.outstanding.get(ack.messageId);
    if (entry === undefined) return false;
    this.settle(ack.messageId, entry);
    // Which of two sendings was answered cannot be told, so that the exchange measures nothing (Karn's rule).
    if (entry.stages.length === 1 && entry.resends === 0) {
      const { payloadWeight } = entry.operation;
      learnError(entry.stages[0]!, entry.leadTime, entry.sentAtMs, ack, this.host.now(), payloadWeight);
    }
    return true;
  }

  /**
   * How long an exchange took on the own clock, from sending to this answer; undefined if it was not sent from here, or
   * was sent twice.
   */
  exchangeOf(ack: Acknowledge, nowMs: Millis): Millis | undefined {
    const entry = this.outstanding.get(ack.messageId);
    return entry === undefined || entry.resends > 0 ? undefined : nowMs - entry.sentAtMs;
  }

  /** Sends again what is overdue, gives up what is past its time. */
  sweep(): void {
    const nowMs = this.host.now();
    for (const [id, entry] of this.outstanding) {
      if (nowMs >= entry.givenUpAtMs) {
        this.settle(id, entry);
        // Whichever stage of a pipeline it was that did not answer, it cannot be told.
        if (entry.stages.length === 1) this.watch?.onUnanswered(entry.stages[0]!);
      } else if (nowMs >= entry.resendAtMs) {
        this.watch?.onUnanswered(entry.stages[0]!);
        entry.resends++;
        const waitMs = backoffMs(entry.patienceMs, entry.resends, entry.operation.ttlMs, this.host.random());
        entry.resendAtMs = nowMs + waitMs;
        this.send(id, entry, nowMs);
      }
    }
  }

  private settle(id: MessageId, entry: Outstanding): void {
    this.outstanding.delete(id);
    for (const child of entry.stages) child.release();
  }

  private send(id: MessageId, entry: Outstanding, nowMs: Millis): void {
    const { operation, stages, leadTime, requires } = entry;
    const first = stages[0]!;
    const targetAtMs = nowMs + leadTime.totalMs;
    if (stages.length === 1) {
      const sending = new Sending(operation, "direct", nowMs, targetAtMs, 0, false, requires);
      this.outbox.send(first, sending, leadTime, nowMs, id);
    } else {
      const sending = new Sending(operation, "pipeline", nowMs, targetAtMs, 0, false, requires);
      const addresses = stages.map((stage) => stage.address);
      this.outbox.send(first, sending, UNPREDICTED, nowMs, id, addresses);
    }
  }
}
