/** Packs what a timer is for, and for which of several, into the one integer that a host keeps. */
import type { TimerTag } from "../contract.js";

export const TimerKind = { heartbeat: 0, summary: 1, map: 2, sweep: 3, gather: 4, conflict: 7 } as const;
export type TimerKind = (typeof TimerKind)[keyof typeof TimerKind];

const KINDS = 8;

export function timerTag(kind: TimerKind, number = 0): TimerTag {
  return number * KINDS + kind;
}

export function timerKind(tag: TimerTag): TimerKind {
  return (tag % KINDS) as TimerKind;
}

export function timerNumber(tag: TimerTag): number {
  return Math.floor(tag / KINDS);
}
