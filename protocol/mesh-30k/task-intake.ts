/**
 * Tasks that a lead or a coordinator is asked for: run, held while it is frozen (7.1), or kept and refused as the mode of
 * the mesh has it (6.3).
 */
import type { Host } from "../contract.js";
import type { Dispatch } from "./dispatch.js";
import type { Fact } from "./facts.js";
import type { MeshMessage, ModeOrder } from "./messages.js";
import { ModeGate } from "./resilience/mode-gate.js";
import { admitTask, patienceIn } from "./resilience/operational-mode.js";
import type { SavedState } from "./resilience/saved-state.js";
import type { Task } from "./task.js";

export class TaskIntake {
  readonly gate: ModeGate<Task>;
  isFrozen = false;
  private readonly heldWhileFrozen: Task[] = [];

  /** @param run hands a task out; asked anew with everything that was held or kept */
  constructor(
    private readonly scope: "cluster" | "sector",
    private readonly host: Host<MeshMessage, Fact>,
    private readonly dispatch: Dispatch,
    private readonly run: (task: Task) => void,
  ) {
    this.gate = new ModeGate(
      scope,
      (mode, task) => admitTask(mode, task.priority),
      (fact) => host.observe(fact),
    );
  }

  /** Whether a task is to be handed out now; otherwise it is held, kept or refused. */
  admits(task: Task): boolean {
    if (this.isFrozen) {
      this.heldWhileFrozen.push(task);
      return false;
    }
    return this.gate.pass(task) === "run";
  }

  /** Halts, or thaws and takes up what was held. */
  freeze(isFrozen: boolean): void {
    this.isFrozen = isFrozen;
    if (isFrozen) return;
    for (const task of this.heldWhileFrozen.splice(0)) this.run(task);
  }

  /**
   * Takes a mode in, unless a later one was taken before, and takes up what it lets through.
   * @param taken called before that, when the mode is in force
   */
  takeMode(order: ModeOrder, taken: () => void): void {
    if (!this.gate.apply(order)) return;
    this.dispatch.patience = patienceIn(order.mode);
    this.host.observe({ type: "mode-taken", mode: order.mode, number: order.number });
    taken();
    for (const task of this.gate.release()) {
      this.host.observe({ type: "operation-released", scope: this.scope, priority: task.priority });
      this.run(task);
    }
  }

  /** What the next process is to begin with. */
  saved(): Pick<SavedState, "mode" | "isFrozen"> {
    return { mode: this.gate.order, isFrozen: this.isFrozen };
  }

  /** Takes up the mode that an earlier process was in, halted or not. */
  resume({ mode: order, isFrozen }: Pick<SavedState, "mode" | "isFrozen">): void {
    this.isFrozen = isFrozen;
    if (order === undefined) return;
    this.gate.apply(order);
    this.dispatch.patience = patienceIn(order.mode);
  }
}
