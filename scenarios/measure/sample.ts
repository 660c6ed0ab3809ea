/** A sample of fixed size, drawn by hash: the same whatever else is measured, and mergeable. */
import { mix32 } from "../../sim/random.js";

interface Drawn<T> {
  readonly hash: number;
  readonly value: T;
}

/** Keeps the `size` values with the smallest hashes. */
export class BottomSample<T> {
  private drawn: Drawn<T>[] = [];
  private limit = Number.POSITIVE_INFINITY;

  constructor(private readonly size: number) {}

  /** @param key names the value; a value is drawn or not by its key alone */
  offer(key: number, make: () => T): void {
    const hash = mix32((key | 0) ^ Math.imul((key / 4294967296) | 0, 0x9e3779b1)) >>> 0;
    if (hash >= this.limit) return;
    this.drawn.push({ hash, value: make() });
    if (this.drawn.length >= this.size * 2) this.cut();
  }

  values(): T[] {
    this.cut();
    return this.drawn.map((entry) => entry.value);
  }

  private cut(): void {
    this.drawn.sort((a, b) => a.hash - b.hash);
    this.drawn.length = Math.min(this.drawn.length, this.size);
    if (this.drawn.length === this.size) this.limit = this.drawn[this.size - 1]!.hash;
  }
}
