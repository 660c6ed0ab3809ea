/**
 * The context that a node has loaded, by its hash (document 2.3, `current_context_hash`). A `sync` operation replaces
 * it. The one before is still accepted, because neighbours do not take a sync in at the same instant.
 */
import { Memory } from "./memory.js";
import type { SavedContext } from "./resilience/saved-state.js";

const CURRENT = 0;
const PREVIOUS = 1;
const CELLS = 2;

export class ContextMemory {
  /** The context itself, as far as this node has to hand it on; undefined before the first. */
  payload: string | undefined;
  /** Called when another context was adopted: to save it. */
  onAdopt: () => void = () => undefined;
  private readonly cells: Float64Array;
  private readonly at: number;

  constructor(memory = new Memory(CELLS)) {
    const { cells, at } = memory.take(CELLS);
    this.cells = cells;
    this.at = at;
  }

  get currentHash(): number {
    return this.cells[this.at + CURRENT]!;
  }

  adopt(hash: number, payload: string): void {
    if (hash === this.currentHash) return;
    this.cells[this.at + PREVIOUS] = this.currentHash;
    this.cells[this.at + CURRENT] = hash;
    this.payload = payload;
    this.onAdopt();
  }

  /** As data, for saving. */
  saved(): SavedContext {
    return { current: this.currentHash, previous: this.cells[this.at + PREVIOUS]!, payload: this.payload };
  }

  /** Holds what an earlier process held. */
  restore({ current, previous, payload }: SavedContext): void {
    this.cells[this.at + CURRENT] = current;
    this.cells[this.at + PREVIOUS] = previous;
    this.payload = payload;
  }

  accepts(hash: number): boolean {
    return hash === this.currentHash || hash === this.cells[this.at + PREVIOUS];
  }
}
