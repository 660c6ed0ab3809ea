/** Draws in the distributions of the closed forms, from the engine's own random streams. */
import { lognormalQuantile } from "../../../models/lognormal.js";
import { openUniform } from "../../../models/normal.js";
import { RandomStreams } from "../../../sim/random.js";

/** One random stream. */
export class Draws {
  private readonly streams: RandomStreams;

  constructor(seed: number, purpose: string) {
    this.streams = new RandomStreams(seed, `validation-${purpose}`, 1);
  }

  uniform(): number {
    return this.streams.uniform(0);
  }

  exponential(mean: number): number {
    return -mean * Math.log1p(-this.uniform());
  }

  lognormal(median: number, sigma: number): number {
    return lognormalQuantile(median, sigma, openUniform(this.streams.int32(0)));
  }
}
