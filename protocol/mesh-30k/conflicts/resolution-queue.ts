/** What is to be resolved, by priority, then age (document 5.1, `PriorityQueue`): a binary heap. */
import type { ConflictCase } from "./conflict-case.js";

export class ResolutionQueue {
  private readonly heap: ConflictCase[] = [];

  /** Cases that were pushed and not taken, those among them that were settled elsewhere. */
  get size(): number {
    return this.heap.length;
  }

  push(item: ConflictCase): void {
    const { heap } = this;
    let at = heap.length;
    heap.push(item);
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      if (!goesBefore(item, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = item;
  }

  /** Takes the next case that nobody has begun or settled; undefined if there is none. */
  pop(): ConflictCase | undefined {
    for (let next = this.take(); next !== undefined; next = this.take()) if (next.state === "queued") return next;
    return undefined;
  }

  private take(): ConflictCase | undefined {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && goesBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!goesBefore(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}

/** Age is the order of logging here, since clocks may be stepped. */
function goesBefore(a: ConflictCase, b: ConflictCase): boolean {
  return a.priority === b.priority ? a.sequence < b.sequence : a.priority > b.priority;
}
