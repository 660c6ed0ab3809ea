/** When to send to each target so that all are READY at the target time: the quarterback calculation (document 3.1). */
import type { Millis } from "../contract.js";
import type { LeadTime } from "./messages.js";
import type { Variant } from "./options.js";

export interface Scheduled {
  readonly status: "SCHEDULED";
  readonly sendAtMs: Millis;
}

export interface Skipped {
  readonly status: "SKIP";
  readonly reason: "insufficient_lead_time";
  readonly wouldNeedMs: Millis;
  readonly availableMs: Millis;
}

export type SendDecision = Scheduled | Skipped;

/**
 * When to send to a target with this lead time; all instants on the sender's clock.
 * @param windowMs half width of the arrival window around the target time
 */
export type SendPolicy = (leadTime: LeadTime, targetAtMs: Millis, windowMs: Millis, nowMs: Millis) => SendDecision;

function skip(leadTime: LeadTime, targetAtMs: Millis, nowMs: Millis): Skipped {
  return {
    status: "SKIP",
    reason: "insufficient_lead_time",
    wouldNeedMs: leadTime.totalMs,
    availableMs: targetAtMs - nowMs,
  };
}

/** The option `lateSend`. */
export const SEND_POLICIES: Readonly<Record<Variant, SendPolicy>> = {
  /** Document 3.1: who cannot make the target time with the buffer to spare is skipped. */
  "as-written": (leadTime, targetAtMs, _windowMs, nowMs) => {
    const sendAtMs = targetAtMs - leadTime.totalMs;
    return sendAtMs < nowMs ? skip(leadTime, targetAtMs, nowMs) : { status: "SCHEDULED", sendAtMs };
  },
  /** Who can still make the window is sent to at once: late by less than the window is a hit. */
  repaired: (leadTime, targetAtMs, windowMs, nowMs) => {
    const sendAtMs = targetAtMs - leadTime.totalMs;
    if (sendAtMs >= nowMs) return { status: "SCHEDULED", sendAtMs };
    const readyAtMs = nowMs + leadTime.networkMs + leadTime.processingMs;
    return readyAtMs <= targetAtMs + windowMs
      ? { status: "SCHEDULED", sendAtMs: nowMs }
      : skip(leadTime, targetAtMs, nowMs);
  },
};

/** The start of the bucket in which a send time falls: sends of one bucket leave together (document 3.2, phase 3). */
export function batchStart(sendAtMs: Millis, batchMs: Millis): Millis {
  return Math.floor(sendAtMs / batchMs) * batchMs;
}
