/**
 * Reads what the next events will need before they happen. With many nodes, nothing of a node is in the processor's cache
 * when its event comes, and handling it waits for memory again and again; read in advance for a handful of events, one
 * kind of thing after the other, those waits overlap. What is read is thrown away: no result depends on it.
 */
import type { Node } from "../protocol/contract.js";
import type { EventStore } from "./event-store.js";
import type { NodeRows } from "./node-rows.js";

/** What the engine keeps of every node, by address. */
export interface PerNode<Message> {
  readonly nodes: readonly (Node<Message> | undefined)[];
  readonly ports: readonly ({ readonly self: number } | undefined)[];
  readonly rows: NodeRows;
}

export class ReadAhead<Message> {
  /** A compiler leaves out what nobody can see the result of. */
  private sink = 0;

  constructor(
    private readonly store: EventStore,
    private readonly of: PerNode<Message>,
  ) {}

  /** @param slots of which the first `count` are about to happen */
  read(slots: Int32Array, count: number): void {
    const { store, of } = this;
    const { nodes, ports, rows } = of;
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const target = store.target(slots[i]!);
      sum += rows.touch(target);
      if (nodes[target] !== undefined && ports[target] !== undefined) sum++;
    }
    for (let i = 0; i < count; i++) {
      const slot = slots[i]!;
      const target = store.target(slot);
      sum += ports[target]?.self ?? 0;
      if (typeof store.datum(slot) === "object") sum++;
      if (nodes[target]?.receive !== undefined) sum++;
    }
    this.sink += sum;
  }
}
