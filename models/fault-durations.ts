/** How long partitions and repairs last. Each takes the same two uniform numbers, whatever comes out. */
import { lognormalQuantile } from "./lognormal.js";
import type { World } from "./world-shape.js";

const MS_PER_MIN = 60_000;

/**
 * A mixture of two lognormals.
 * @param choice decides between short and long; both in (0, 1), ends excluded
 * @returns milliseconds
 */
export function partitionMs({ faults: { partitions } }: World, choice: number, p: number): number {
  const { shortShare, shortMedianMin, shortSigma, longMedianMin, longSigma } = partitions;
  const isShort = choice < shortShare;
  return MS_PER_MIN * lognormalQuantile(isShort ? shortMedianMin : longMedianMin, isShort ? shortSigma : longSigma, p);
}

/** @returns milliseconds; lognormal, `p` in (0, 1), ends excluded */
export function repairMs({ faults: { machine } }: World, p: number): number {
  return MS_PER_MIN * lognormalQuantile(machine.repairMedianMin, machine.repairSigma, p);
}
