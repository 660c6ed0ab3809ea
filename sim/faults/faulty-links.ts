/**
 * Links on which faults strike. Every fault under way that concerns a message is told of it, in the order of declaration,
 * and so are the world's own links, so that all of them draw what they would draw without the others. What they do together:
 *
 * 1. A cut wins, and leaves no copy. Then what a rate limit drops, which is at the sender; then what the world loses or
 *    drops; then what any of the losses loses.
 * 2. Delays of all kinds add up, and are never less than the world's own. What is held sets out at the end of the last
 *    hold, whatever is under way then, and takes as long from there.
 * 3. There is one copy at most: the world's, delayed as its original is; or one that arrives as late as the latest
 *    duplicating fault has it. Damage strikes original and copy alike.
 */
import type { Address } from "../../protocol/contract.js";
import { CUT, DROPPED, type Links, LOST } from "../network.js";
import type { Micros } from "../time.js";
import type { LinkFault } from "./fault-plan.js";
import { FaultSchedule } from "./fault-schedule.js";
import type { Faults } from "./faults.js";
import {
  COPIES,
  CUTS,
  DAMAGES,
  DELAYS,
  DROPS,
  Fate,
  LOSES,
  SenderStates,
  type Strike,
  strikeOf,
} from "./link-troubles.js";

/** A fault of links, ready to strike. */
interface Striker extends LinkFault {
  readonly strike: Strike;
}

export class FaultyLinks implements Links {
  private readonly schedule: FaultSchedule<Striker>;
  private readonly effects: number[];
  private readonly fate = new Fate();
  /** Of the message that `delayUs` was last asked about: which faults struck, and what each of them did. */
  private readonly struckBy: number[] = [];
  private readonly deeds: number[] = [];
  private copyDelayUs: Micros = 0;
  private damaged = false;

  /** @param nodeCount of the whole mesh */
  constructor(
    private readonly links: Links,
    faults: Faults,
    nodeCount: number,
  ) {
    const states = new SenderStates(nodeCount);
    this.schedule = new FaultSchedule(
      faults.plan.links.map((fault) => ({ ...fault, strike: strikeOf(fault, faults, states) })),
    );
    this.effects = faults.effects;
  }

  delayUs(from: Address, to: Address, nowUs: Micros): Micros {
    const delayUs = this.links.delayUs(from, to, nowUs);
    this.copyDelayUs = this.links.duplicateDelayUs(from, to, nowUs);
    this.damaged = this.links.isDamaged?.() === true;
    const underWay = this.schedule.at(nowUs);
    if (underWay.length === 0) return delayUs;
    const all = this.struck(underWay, from, to, nowUs);
    return all === 0 ? delayUs : this.verdict(all, delayUs, nowUs);
  }

  duplicateDelayUs(): Micros {
    return this.copyDelayUs;
  }

  isDamaged(): boolean {
    return this.damaged;
  }

  /** Lets every fault that concerns the message strike; what they do, taken together. */
  private struck(underWay: readonly Striker[], from: Address, to: Address, nowUs: Micros): number {
    const { fate, struckBy, deeds } = this;
    fate.clear();
    struckBy.length = 0;
    deeds.length = 0;
    let all = 0;
    for (const striker of underWay) {
      const { groupOf, groups, concerned } = striker.reach;
      if (concerned[groupOf[from]! * groups + groupOf[to]!] === 0) continue;
      const deed = striker.strike(from, nowUs, fate);
      if (deed === 0) continue;
      struckBy.push(striker.fault);
      deeds.push(deed);
      all |= deed;
    }
    return all;
  }

  private verdict(all: number, delayUs: Micros, nowUs: Micros): Micros {
    const { fate } = this;
    if ((all & CUTS) !== 0) return this.end(CUTS, CUT);
    if ((all & DROPS) !== 0) return this.end(DROPS, DROPPED);
    const arrives = delayUs !== LOST && delayUs !== DROPPED;
    if (!arrives && this.copyDelayUs === 0) return delayUs;
    if ((all & LOSES) !== 0) return this.end(LOSES, LOST);
    const laterUs = fate.addedUs + Math.max(0, fate.releaseUs - nowUs);
    let effective = DELAYS;
    if ((all & DAMAGES) !== 0) {
      this.damaged = true;
      effective |= DAMAGES;
    }
    if (this.copyDelayUs > 0) this.copyDelayUs += laterUs;
    else if (fate.copyLagUs > 0) {
      this.copyDelayUs = delayUs + laterUs + fate.copyLagUs;
      effective |= COPIES;
    }
    this.note(effective);
    return arrives ? delayUs + laterUs : delayUs;
  }

  /** The message goes no further, nor does a copy of it. */
  private end(deed: number, verdict: Micros): Micros {
    this.copyDelayUs = 0;
    this.damaged = false;
    this.note(deed);
    return verdict;
  }

  /** The faults that did one of these things have taken effect. */
  private note(effective: number): void {
    const { struckBy, deeds, effects } = this;
    for (let i = 0; i < deeds.length; i++) if ((deeds[i]! & effective) !== 0) effects[struckBy[i]!]!++;
  }
}
