/** What the threads of a run tell each other. */
import type { MessagePort } from "node:worker_threads";
import type { Scenario } from "../language/schema.js";
import type { NodeMemory } from "../node-memory.js";
import type { Report } from "../outcome.js";
import type { NoteChunk } from "./note-buffer.js";
import type { ShardPlan } from "./shard-plan.js";

/** What a shard's thread is started with. */
export interface ShardOrders {
  readonly own: number;
  readonly scenario: Scenario;
  readonly plan: ShardPlan;
  /** Memory of the `Meeting`. */
  readonly shared: SharedArrayBuffer;
  readonly memory: NodeMemory;
  /** To each other shard; undefined for itself. */
  readonly ports: readonly (MessagePort | undefined)[];
}

/** What a shard's thread tells. */
export type FromShard =
  /** Its part of the mesh stands, and the first event is next. */
  | { readonly type: "built" }
  | { readonly type: "notes"; readonly chunk: NoteChunk; readonly untilUs: number; readonly events: number }
  | { readonly type: "report"; readonly report: Report; readonly isOver: boolean }
  | { readonly type: "failed"; readonly place: string; readonly reason: string };
