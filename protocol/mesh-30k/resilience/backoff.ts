/** Exponential backoff with jitter (document 6.1, TRANSIENT_NETWORK): how long to wait before trying again. */
import type { Millis } from "../../contract.js";

const FACTOR = 2;
/** Waits are spread over [1 - this, 1] of their length, so that those who failed together do not try together. */
const JITTER = 0.25;

/**
 * @param attempt 0 for the wait after the first try
 * @param random uniform in [0, 1)
 */
export function backoffMs(firstMs: Millis, attempt: number, longestMs: Millis, random: number): Millis {
  let waitMs = firstMs;
  for (let i = 0; i < attempt && waitMs < longestMs; i++) waitMs *= FACTOR;
  return Math.min(waitMs, longestMs) * (1 - JITTER * random);
}
