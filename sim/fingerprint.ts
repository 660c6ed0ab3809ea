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

export class Fingerprint {
  private order0 = 0;
  private order1 = 0;
  private payload0 = 0;
  private payload1 = 0;
  private total = new Int32Array(4);
  private second = 0;
  /** Closed seconds in order. */
  readonly seconds: SecondPrint[] = [];

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
    while ((this.second + 1) * US_PER_S <= at) {
      this.seconds.push({ order: hex(this.order0, this.order1), payload: hex(this.payload0, this.payload1) });
      this.fold();
      this.second++;
    }
  }

  /** Both layers over the whole run so far. */
  whole(): SecondPrint {
    const [a, b, c, d] = this.total;
    return {
      order: hex((a! + mix32(this.order0 ^ this.second)) | 0, (b! + mix32(this.order1 ^ this.second)) | 0),
      payload: hex((c! + mix32(this.payload0 ^ this.second)) | 0, (d! + mix32(this.payload1 ^ this.second)) | 0),
    };
  }

  /** Adds the open second, salted with its number, to the total, and opens the next. */
  private fold(): void {
    const sums = [this.order0, this.order1, this.payload0, this.payload1];
    for (let i = 0; i < 4; i++) this.total[i] = (this.total[i]! + mix32(sums[i]! ^ this.second)) | 0;
    this.order0 = 0;
    this.order1 = 0;
    this.payload0 = 0;
    this.payload1 = 0;
  }
}

function hex(high: number, low: number): string {
  return (high >>> 0).toString(16).padStart(8, "0") + (low >>> 0).toString(16).padStart(8, "0");
}
