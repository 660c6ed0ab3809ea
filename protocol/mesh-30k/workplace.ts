/**
 * What every role works with, whatever its level: gathers, single messages, a desk for conflicts, and what of all that
 * outlives a crash.
 */
import type { Durable, Host, Millis } from "../contract.js";
import type { OfficeState } from "./authority/office-state.js";
import type { Child } from "./child.js";
import { ConflictDesk } from "./conflicts/conflict-desk.js";
import type { DisputedWork } from "./conflicts/conflict-messages.js";
import type { ConflictRole } from "./conflicts/conflict-role.js";
import type { DurableConflicts } from "./conflicts/durable-conflicts.js";
import { type HandedConflicts, handedBy } from "./conflicts/handover.js";
import type { ContextMemory } from "./context-memory.js";
import { Coordination } from "./coordination.js";
import { Dispatch } from "./dispatch.js";
import type { Fact } from "./facts.js";
import { LeadTimeEstimator } from "./lead-time.js";
import type { Acknowledge, MeshMessage, MessageId } from "./messages.js";
import { type Operation, repairOperation } from "./operation.js";
import type { ProtocolOptions } from "./options.js";
import type { Parameters } from "./parameters.js";
import { type HandedOn, type SavedState, savedState, toSave } from "./resilience/saved-state.js";

/** What a role keeps of its own, beside what every role keeps. */
export type OwnState = Omit<Partial<SavedState>, "context" | "nextId" | "conflicts" | "lamport">;

/** An operation that an answer found fault with, as far as it is known. */
interface Disputed {
  readonly operation: Operation | undefined;
  readonly requires: readonly string[];
}

export class Workplace {
  readonly coordination: Coordination;
  readonly dispatch: Dispatch;
  readonly conflicts: ConflictDesk;
  private openConflicts: DurableConflicts | undefined;
  private isResuming = false;
  private readonly handsOnConflicts: boolean;

  /** @param own what the role wants saved of its own, asked whenever something is saved */
  constructor(
    private readonly host: Host<MeshMessage, Fact>,
    role: ConflictRole,
    options: ProtocolOptions,
    private readonly parameters: Parameters,
    private readonly context: ContextMemory,
    private readonly own: () => OwnState,
  ) {
    this.handsOnConflicts = options.takeover === "repaired";
    const estimator = new LeadTimeEstimator(options);
    this.coordination = new Coordination(host, role.tier, options, parameters, estimator, context);
    this.dispatch = new Dispatch(host, this.coordination.outbox, this.coordination.resends);
    this.conflicts = new ConflictDesk(host, role, options.conflicts, this.coordination, context);
    this.conflicts.onChange = (open) => {
      this.openConflicts = open;
      this.persist();
    };
    this.coordination.outbox.ids.onReserve = () => this.persist();
    context.onAdopt = () => this.persist();
  }

  /** Saves what a later process of the node is to have. While one resumes, what it has is not complete. */
  persist(): void {
    if (this.isResuming) return;
    const { context, coordination, openConflicts: conflicts } = this;
    const nextId = coordination.outbox.ids.end;
    const lamport = coordination.lamport.time;
    this.host.save(toSave({ context: context.saved(), nextId, conflicts, lamport, ...this.own() }));
  }

  /**
   * Takes up what an earlier process saved, and what the one before it in office handed on.
   * @param restore takes up what is the role's own
   */
  resume(saved: Durable | undefined, inherited: OfficeState | undefined, restore: (state: SavedState) => void): void {
    if (saved === undefined && inherited === undefined) return;
    this.isResuming = true;
    const state = savedState(saved, inherited?.resilience);
    this.openConflicts = state.conflicts;
    this.context.restore(state.context);
    this.coordination.resume(state, inherited);
    this.conflicts.restore(state.conflicts);
    restore(state);
    this.isResuming = false;
    this.persist();
  }

  /** See `Role.officeState`. */
  handOn(progress: number, resilience: HandedOn): OfficeState {
    const conflicts = this.handsOnConflicts ? handedBy(this.host.self, this.openConflicts) : undefined;
    return { progress, ...this.coordination.handedOn(), resilience, ...(conflicts !== undefined && { conflicts }) };
  }

  /** See `Role.takeLeft`. */
  takeLeft(left: HandedConflicts | undefined): void {
    if (left !== undefined) this.conflicts.inherit(left);
    else this.conflicts.forgetInherited();
  }

  /** What an answer found fault with; asked before the answer is taken in, which ends what it answers. */
  disputedBy(ack: Acknowledge): Disputed {
    const work = ack.conflict && this.dispatch.workOf(ack.messageId);
    const operation = work?.operation ?? (ack.conflict && this.coordination.operationOf(ack.correlationId));
    return { operation, requires: work?.requires ?? [] };
  }

  /** Gives work to an agent, as a message of its own. @param wayMs to where the agent's latency counts from */
  give(child: Child, work: DisputedWork, wayMs?: Millis): MessageId {
    const { dispatch, coordination, host, parameters } = this;
    const leadTime = coordination.leadTimeOf(child, work.payloadWeight, host.now(), wayMs);
    const operation = repairOperation(work, work.payloadHash, parameters.taskTtlMs, work.stamp);
    return dispatch.submit(operation, [child], leadTime, work.requires);
  }
}
