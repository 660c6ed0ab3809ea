/**
 * The last syncs that a coordinator, a lead or the orchestrator has issued or passed on, whether or not they reached a
 * quorum: what it can vouch for when it is asked whether a context was ever in order (document 5.1,
 * `BRANCH_AND_RECONCILE`), and what it can hand on again.
 */
import { payloadHash } from "../integrity.js";
import type { Stamp } from "./lamport.js";

export interface KnownSync {
  readonly hash: number;
  readonly payload: string;
  readonly stamp: Stamp;
  /** How many were READY with it, as far as the node gathered them. */
  readonly confirmations: number;
}

/** Divergence above 10 syncs is a priority of its own (5.1), and has to be told from less. */
const KEPT = 16;

export class KnownSyncs {
  /** The newest last. */
  private readonly list: KnownSync[] = [];

  /** Notes a sync; a damaged one is nobody's context. */
  note({ payloadHash: hash, payload, stamp }: { payloadHash: number; payload: string; stamp: Stamp }): void {
    if (this.of(hash) !== undefined || payloadHash(payload) !== hash) return;
    this.list.push({ hash, payload, stamp, confirmations: 0 });
    if (this.list.length > KEPT) this.list.shift();
  }

  /** Notes how many were READY with a sync when it was gathered here. */
  confirm(hash: number, ready: number): void {
    const at = this.list.findIndex((sync) => sync.hash === hash);
    const sync = this.list[at];
    if (sync !== undefined && ready > sync.confirmations) this.list[at] = { ...sync, confirmations: ready };
  }

  of(hash: number): KnownSync | undefined {
    return this.list.find((sync) => sync.hash === hash);
  }

  /**
   * How many syncs lie between two contexts, as far as is known. One that is not known here counts as just before the
   * oldest that is, or just after the newest, by its stamp. The context before the first sync has hash 0 and stamp 0.
   */
  distance(a: { hash: number; stamp: Stamp }, b: { hash: number; stamp: Stamp }): number {
    if (a.hash === b.hash) return 0;
    return Math.max(1, Math.abs(this.placeOf(a) - this.placeOf(b)));
  }

  /** From 1 for the oldest known. */
  private placeOf({ hash, stamp }: { hash: number; stamp: Stamp }): number {
    const place = this.list.findIndex((sync) => sync.hash === hash);
    if (place >= 0) return place + 1;
    return this.list.filter((sync) => sync.stamp <= stamp).length;
  }
}
