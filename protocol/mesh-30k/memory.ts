/**
 * Where the parts of a node keep their numbers: stretches of a few long arrays, those of one node side by side. What a
 * handler reads then lies in few cache lines, which at 30,000 agents is most of what it costs; an object for each part
 * and a box for each number would be some dozens.
 */

/** A stretch of an array: the cells from `at` on. */
export interface Stretch {
  readonly cells: Float64Array;
  readonly at: number;
}

export class Memory {
  private cells = new Float64Array(0);
  private used = 0;
  /** Stretches that were given back, by length. */
  private readonly free = new Map<number, Stretch[]>();

  /** @param chunkCells how many cells are set aside at a time: those of one node, or of many */
  constructor(private readonly chunkCells = 512) {}

  /** The next `count` cells, all 0. */
  take(count: number): Stretch {
    const again = this.free.get(count)?.pop();
    if (again !== undefined) {
      again.cells.fill(0, again.at, again.at + count);
      return again;
    }
    if (this.used + count > this.cells.length) {
      this.cells = new Float64Array(Math.max(count, this.chunkCells));
      this.used = 0;
    }
    const at = this.used;
    this.used += count;
    return { cells: this.cells, at };
  }

  /** Gives a stretch of `count` cells back, for whoever next takes as many. */
  give(stretch: Stretch, count: number): void {
    const stretches = this.free.get(count);
    if (stretches === undefined) this.free.set(count, [stretch]);
    else stretches.push(stretch);
  }
}
