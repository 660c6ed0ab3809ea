/**
 * The fingerprint of a run: each event is hashed and the hashes are added up, second by second, so that the sum does not
 * depend on the order in which shards produce them. Two layers: `order` (what happened when, between whom) and `payload`
 * (what the messages said).
 */
import { mix32 } from "./random.js";
import type { Micros } from "./time.js";
import { US_PER_S } from "./time.js";

/** One simulated second's sums, two 32-bit lanes for each layer. */
export interface SecondPrint {
  readonly order: string;
  readonly payload: string;
}

/** Lanes of one second: order, order, payload, payload. */
const LANES = 4;

export class Fingerprint {
  private order0 = 0;
  private order1 = 0;
  private payload0 = 0;
  private payload1 = 0;
  /** The lanes of every closed second, one second after the other. */
  private readonly closed: number[] = [];

  /** Adds one event. `rank` names its origin and the origin's sequence number; `digest` is 0 where nothing is said. */
  add(at: Micros, kind: number, target: number, rank: number, digest: number): void {
    const low = mix32((at | 0) ^ Math.imul(target + 1, 0x9e3779b1) ^ (kind << 27));
    const high = mix32(low ^ (rank | 0) ^ Math.imul((rank / 4294967296) | 0, 0x85ebca77));
    this.order0 = (this.order0 + low) | 0;
    this.order1 = (this.order1 + high) | 0;
    if (digest !== 0) {
      const said = mix32(digest ^ high);
      this.payload0 = (this.payload0 + said) | 0;
      this.payload1 = (this.payload1 + mix32(said ^ low)) | 0;
    }
  }

  /** Closes every second that ends by `at`. */
  closeSecondsUntil(at: Micros): void {
    while ((this.closedSeconds + 1) * US_PER_S <= at) {
      this.closed.push(this.order0, this.order1, this.payload0, this.payload1);
      this.order0 = 0;
      this.order1 = 0;
      this.payload0 = 0;
      this.payload1 = 0;
    }
  }

  /** The closed seconds, in order. */
  get seconds(): SecondPrint[] {
    return Array.from({ length: this.closedSeconds }, (_, second) => {
      const [a, b, c, d] = this.closed.slice(second * LANES, (second + 1) * LANES);
      return { order: hex(a!, b!), payload: hex(c!, d!) };
    });
  }

  /** Both layers over the whole run so far: every second's sums, salted with its number, added up. */
  whole(): SecondPrint {
    const total = [0, 0, 0, 0];
    this.sums().forEach((sum, cell) => {
      const lane = cell % LANES;
      total[lane] = (total[lane]! + mix32(sum ^ Math.floor(cell / LANES))) | 0;
    });
    return { order: hex(total[0]!, total[1]!), payload: hex(total[2]!, total[3]!) };
  }

  /** The lanes of every second, the open one last, for adding to those of another part of the same run. */
  sums(): number[] {
    return [...this.closed, this.order0, this.order1, this.payload0, this.payload1];
  }

  /** The fingerprint of a run from the `sums` of its parts, all of which have come equally far. */
  static ofParts(parts: readonly (readonly number[])[]): Fingerprint {
    const all = new Fingerprint();
    const sums = parts[0]!.map((_, cell) => parts.reduce((sum, part) => (sum + part[cell]!) | 0, 0));
    const open = sums.splice(-LANES);
    for (const sum of sums) all.closed.push(sum);
    [all.order0, all.order1, all.payload0, all.payload1] = open as [number, number, number, number];
    return all;
  }

  private get closedSeconds(): number {
    return this.closed.length / LANES;
  }
}

function hex(high: number, low: number): string {
  return (high >>> 0).toString(16).padStart(8, "0") + (low >>> 0).toString(16).padStart(8, "0");
}
