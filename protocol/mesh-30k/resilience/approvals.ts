/** Mesh-wide operations that wait for a person's word (document 6.3, DEGRADED_SEVERE). Time is in seconds of the holder. */
import type { MessageId, TrinaryState } from "../messages.js";

interface Pending<Operation> {
  readonly operation: Operation;
  readonly untilS: number;
  /** The messages that ask, one to each person, and how many of those are not answered. */
  readonly asked: readonly MessageId[];
  open: number;
}

export type Verdict<Operation> = { readonly operation: Operation; readonly isApproved: boolean };

export class Approvals<Operation> {
  private readonly byMessage = new Map<MessageId, Pending<Operation>>();

  /** @param asked ids of the messages that put it to people; the first READY lets it run */
  wait(operation: Operation, asked: readonly MessageId[], untilS: number): void {
    const pending = { operation, untilS, asked, open: asked.length };
    for (const id of asked) this.byMessage.set(id, pending);
  }

  /** What an answer decides; undefined where it answers nothing here, or others may still say yes. */
  onAnswer(id: MessageId, state: TrinaryState): Verdict<Operation> | undefined {
    const pending = this.byMessage.get(id);
    if (pending === undefined) return undefined;
    this.byMessage.delete(id);
    pending.open--;
    if (state === 1) return this.decide(pending, true);
    return pending.open === 0 ? this.decide(pending, false) : undefined;
  }

  /** What nobody has answered in time. */
  expire(nowS: number): Verdict<Operation>[] {
    if (this.byMessage.size === 0) return [];
    const late = [...new Set(this.byMessage.values())].filter(({ untilS }) => nowS >= untilS);
    return late.map((pending) => this.decide(pending, false));
  }

  private decide(pending: Pending<Operation>, isApproved: boolean): Verdict<Operation> {
    for (const id of pending.asked) this.byMessage.delete(id);
    return { operation: pending.operation, isApproved };
  }
}
