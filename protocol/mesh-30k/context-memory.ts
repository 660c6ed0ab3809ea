/**
 * The context that a node has loaded, by its hash (document 2.3, `current_context_hash`), and the ones before. A `sync`
 * operation replaces it. The one before is still accepted, because neighbours do not take a sync in at the same instant;
 * the older ones tell where a divergent lineage left that of others (document 5.1).
 */
import { type Stamp, UNSTAMPED } from "./conflicts/lamport.js";
import { Memory } from "./memory.js";
import type { SavedContext } from "./resilience/saved-state.js";

const CURRENT = 0;
const PREVIOUS = 1;
/** How many contexts are remembered, the current one first: enough to find where lineages part, few numbers an agent. */
const LINEAGE = 8;
const STAMP = LINEAGE;
const CELLS = STAMP + 1;

/** A context as one holder of an office hands it on to the next. */
export interface InheritedContext {
  readonly contextHash: number;
  readonly contextPayload: string | undefined;
  readonly contextStamp: Stamp;
}

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

  /** Begins with what an earlier holder of the office had, if there was one. */
  inherit(state: InheritedContext): void {
    if (state.contextPayload !== undefined && state.contextStamp >= this.stamp)
      this.adopt(state.contextHash, state.contextPayload, state.contextStamp);
  }

  /** When the sync that brought it was decided on, and by whom; 0 before the first. */
  get stamp(): Stamp {
    return this.cells[this.at + STAMP]!;
  }

  /** Hashes, the current context first. 0 stands for the one before the first sync. */
  lineage(): number[] {
    return [...this.cells.subarray(this.at, this.at + LINEAGE)];
  }

  adopt(hash: number, payload: string, stamp: Stamp = UNSTAMPED): void {
    if (hash === this.currentHash) return;
    const { cells, at } = this;
    cells.copyWithin(at + PREVIOUS, at + CURRENT, at + LINEAGE - 1);
    cells[at + CURRENT] = hash;
    cells[at + STAMP] = stamp;
    this.payload = payload;
    this.onAdopt();
  }

  /** As data, for saving. */
  saved(): SavedContext {
    const { currentHash: current, payload, stamp } = this;
    return { current, previous: this.cells[this.at + PREVIOUS]!, payload, stamp };
  }

  /** Holds what an earlier process held. */
  restore({ current, previous, payload, stamp }: SavedContext): void {
    this.cells[this.at + CURRENT] = current;
    this.cells[this.at + PREVIOUS] = previous;
    this.cells[this.at + STAMP] = stamp;
    this.payload = payload;
  }

  accepts(hash: number): boolean {
    return hash === this.currentHash || hash === this.cells[this.at + PREVIOUS];
  }
}
