/** How an agent measures its latency: the option `latencyEstimate`. */
import type { Millis } from "../contract.js";
import type { Coordinate, Echo } from "./messages.js";
import type { Variant } from "./options.js";
import { REPORT_TTL_MS } from "./parameters.js";

/** What a message says of how long it took. */
export type Timed = Pick<Coordinate, "createdAtMs" | "ttlMs"> & Echo;

/** What an agent learns of its latency from a message that it receives at `nowMs` of its own clock; NaN if nothing. */
export type LatencyEstimate = (message: Timed, nowMs: Millis) => Millis;

/** Document 3.1 and 4.1: one clock's reading minus another's, with the time that the sender held the message back. */
const acrossTwoClocks: LatencyEstimate = (message, nowMs) => nowMs - message.createdAtMs;

/**
 * A round trip on the agent's own clock: since it sent what the message echoes, less the time that the peer held it, as
 * RTCP does with LSR and DLSR (RFC 3550, 6.4.1). What would have taken longer than report and message live on their way, or less than
 * nothing, teaches nothing: the agent stood still meanwhile, or its clock was stepped. Who learned from it would be held for too slow to
 * be given work, and could learn nothing better without any.
 */
const roundTrip: LatencyEstimate = (message, nowMs) => {
  const sampleMs = nowMs - message.echoSentAtMs - message.echoHeldMs;
  return sampleMs < 0 || sampleMs > REPORT_TTL_MS + message.ttlMs ? Number.NaN : sampleMs;
};

export const LATENCY_ESTIMATES: Readonly<Record<Variant, LatencyEstimate>> = {
  "as-written": acrossTwoClocks,
  repaired: roundTrip,
};

/** One way, from the latency that an agent reports. Both variants halve it; only one of them has measured twice. */
export function oneWayMs(latencyMs: Millis): Millis {
  return latencyMs / 2;
}
