/**
 * The randomness of one fault. Every use of it (whom, when, how long) has a stream of its own under the fault's name, so
 * that neither another fault nor another use shifts what it draws.
 */
import { openUniform } from "../../models/normal.js";
import { RandomStreams } from "../../sim/random.js";

export class KeyedDraw {
  private constructor(
    private readonly streams: RandomStreams,
    private readonly stream: number,
  ) {}

  /** @param use what is drawn, such as `partition-1/targets` */
  static of(seed: number, use: string): KeyedDraw {
    return new KeyedDraw(new RandomStreams(seed, `fault/${use}`, 1), 0);
  }

  /** One for each of `count` that draw independently. */
  static each(seed: number, use: string, count: number): KeyedDraw[] {
    const streams = new RandomStreams(seed, `fault/${use}`, count);
    return Array.from({ length: count }, (_, stream) => new KeyedDraw(streams, stream));
  }

  /** Uniform in (0, 1), ends excluded. */
  open(): number {
    return openUniform(this.streams.int32(this.stream));
  }

  /** A whole number from 0 to `count - 1`. */
  index(count: number): number {
    return Math.floor(this.streams.uniform(this.stream) * count);
  }

  /** Exponential. */
  exponential(mean: number): number {
    return -Math.log1p(-this.streams.uniform(this.stream)) * mean;
  }

  /** Which `count` of `items`, each choice equally likely, in the order of the draw; as many draws as are chosen. */
  chosen<Item>(items: readonly Item[], count: number): Item[] {
    const left = [...items];
    for (let at = 0; at < count; at++) {
      const other = at + this.index(left.length - at);
      [left[at], left[other]] = [left[other]!, left[at]!];
    }
    return left.slice(0, count);
  }
}
