/**
 * Keyed random streams: one for each (seed, purpose, address), so that adding an agent, a fault or a probe shifts no
 * other stream. Every stream is a xoshiro128** generator (Blackman and Vigna, 2021); its four words lie side by side in
 * one typed array, because 30,000 closures of a library generator cost 20 times the memory and their cache misses more
 * than the draws. `seedrandom` turns seed and purpose into the key.
 */

import seedrandom from "seedrandom";
import { ensure } from "./ensure.js";
import { columnOf, type NodeRows } from "./node-rows.js";

const TWO_TO_MINUS_53 = 1 / 9007199254740992;

/** Words of one stream's state, and the cells of 8 bytes that they take. */
const WORDS = 4;
const CELLS = 2;

/** A bank of independent streams for one purpose, one stream for each address from 0 to `count - 1`. */
export class RandomStreams {
  private readonly words: Int32Array;
  private readonly first: number;
  private readonly stride: number;

  /**
   * @param seed the seed of the run, any integer
   * @param purpose what the draws decide, such as `link`; different purposes are independent
   * @param count number of streams
   * @param rows where the streams' states are kept, that of stream `n` with all else of node `n`
   */
  constructor(seed: number, purpose: string, count: number, rows?: NodeRows) {
    ensure(Number.isSafeInteger(seed), "a seed is an integer");
    ensure(rows === undefined || rows.count === count, "a stream for each node");
    const source = seedrandom.alea(`${seed}/${purpose}`);
    const keyLow = source.int32();
    const keyHigh = source.int32();
    const { doubles, first, stride } = rows?.reserve(CELLS) ?? columnOf(count, CELLS);
    this.words = new Int32Array(doubles.buffer);
    this.first = first * 2;
    this.stride = stride * 2;
    for (let stream = 0; stream < count; stream++) {
      if (rows?.isBeyond(stream) === true) continue;
      const at = stream * this.stride + this.first;
      for (let word = 0; word < WORDS; word++)
        this.words[at + word] = keyedWord(keyLow, keyHigh, stream * WORDS + word);
      this.words[at]! |= 1; // the all-zero state is a fixed point
    }
  }

  /** The next 32 bits of a stream, as a signed integer. */
  int32(stream: number): number {
    const words = this.words;
    const i = stream * this.stride + this.first;
    const s1 = words[i + 1]!;
    const result = scrambled(s1);
    const s2 = words[i + 2]! ^ words[i]!;
    const s3 = words[i + 3]! ^ s1;
    words[i + 1] = s1 ^ s2;
    words[i] = words[i]! ^ s3;
    words[i + 2] = s2 ^ (s1 << 9);
    words[i + 3] = (s3 << 11) | (s3 >>> 21);
    return result;
  }

  /**
   * The next number of a stream, uniform in [0, 1) with 53 bits: the upper bits of the next two words, as `int32` gives
   * them, but with the state read and written once for both.
   */
  uniform(stream: number): number {
    const { words } = this;
    const i = stream * this.stride + this.first;
    let s0 = words[i]!;
    let s1 = words[i + 1]!;
    let s2 = words[i + 2]!;
    let s3 = words[i + 3]!;
    const high = scrambled(s1);
    s2 ^= s0;
    s3 ^= s1;
    const t1 = s1 ^ s2;
    const t0 = s0 ^ s3;
    s2 ^= s1 << 9;
    s3 = (s3 << 11) | (s3 >>> 21);
    s0 = t0;
    s1 = t1;
    const low = scrambled(s1);
    s2 ^= s0;
    s3 ^= s1;
    words[i] = s0 ^ s3;
    words[i + 1] = s1 ^ s2;
    words[i + 2] = s2 ^ (s1 << 9);
    words[i + 3] = (s3 << 11) | (s3 >>> 21);
    return ((high >>> 5) * 67108864 + (low >>> 6)) * TWO_TO_MINUS_53;
  }
}

/** What xoshiro128** makes of a word of its state. */
function scrambled(word: number): number {
  const five = Math.imul(word, 5);
  return Math.imul((five << 7) | (five >>> 25), 9);
}

/** Word `index` of the stream states under a 64-bit key: two rounds of the murmur3 finaliser over key and index. */
function keyedWord(keyLow: number, keyHigh: number, index: number): number {
  return mix32(mix32((index + 0x9e3779b9) ^ keyLow) ^ keyHigh);
}

/** The murmur3 finaliser: every bit of the input reaches every bit of the output. */
export function mix32(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
