/**
 * What breaks in a simulated world, and when: plain data, worked out before a run from its seed and scenario, the same in
 * every shard. Whatever the scenario calls a fault (a dead board, a region cut off, a flapping link) comes down to these.
 */
import type { Micros } from "../time.js";

/** A stretch of time in which something is broken. */
export interface Spell {
  /** Which of the declared faults it is of: an index from 0 to `FaultPlan.declared - 1`. */
  readonly fault: number;
  readonly fromUs: Micros;
  /** The first instant at which it is whole again; infinite where it never is. */
  readonly untilUs: Micros;
}

/** Which messages a fault of links concerns, by the groups that sender and receiver are in. */
export interface Reach {
  /** By address, from 0 to `groups - 1`. */
  readonly groupOf: Uint8Array;
  readonly groups: number;
  /** 1 where messages from the group of the row to the group of the column are concerned; row by row. */
  readonly concerned: Uint8Array;
}

/** What happens to a message that a fault concerns, at the instant at which it is sent. */
export type LinkTrouble =
  /** It is lost: a partition. */
  | { readonly kind: "cut" }
  | { readonly kind: "loss"; readonly ratio: number }
  /**
   * Gilbert-Elliott: each sender's way is good or bad, and may change with every message. Probabilities of turning bad,
   * of turning good again, and of losing a message in either state.
   */
  | {
      readonly kind: "burst-loss";
      readonly toBad: number;
      readonly toGood: number;
      readonly lossInBad: number;
      readonly lossInGood: number;
    }
  /** It takes longer: by `delayUs`, and by up to `jitterUs` more, uniformly. */
  | { readonly kind: "delay"; readonly delayUs: Micros; readonly jitterUs: Micros }
  /** A second copy of it arrives up to `lagUs` after the first. */
  | { readonly kind: "duplicate"; readonly ratio: number; readonly lagUs: Micros }
  /** It is held up for up to `delayUs`, so that later ones overtake it. */
  | { readonly kind: "reorder"; readonly ratio: number; readonly delayUs: Micros }
  /** It is damaged on the way. */
  | { readonly kind: "corrupt"; readonly ratio: number }
  /** Each sender's way carries so many in a second; others wait, and are dropped where `queue` of them wait already. */
  | { readonly kind: "rate-limit"; readonly perSecond: number; readonly queue: number }
  /** It is held and goes on its way when the spell is over. */
  | { readonly kind: "hold" };

export interface LinkFault extends Spell {
  readonly reach: Reach;
  readonly trouble: LinkTrouble;
}

export type NodeTrouble =
  /** The process is gone, and what it did not save with it. At the end of the spell it starts again, if there is one. */
  | { readonly kind: "crash" }
  /** The machine is gone as well: nothing can be started there before the end of the spell. */
  | { readonly kind: "power-off" }
  /** It does nothing and notices nothing; afterwards it goes on where it was. */
  | { readonly kind: "pause" }
  /** Its work takes `factor` times as long. */
  | { readonly kind: "slow"; readonly factor: number }
  /** What it sends is tampered with, in a way that the simulation's `Tampering` knows by this name. */
  | { readonly kind: "tamper"; readonly way: string };

/** What happens to nodes, whose addresses ascend. */
export interface NodeFault extends Spell {
  readonly nodes: Int32Array;
  readonly trouble: NodeTrouble;
}

export type ClockTrouble =
  /** The wall clock shows `offsetMs` more for as long as the spell lasts. */
  | { readonly kind: "step"; readonly offsetMs: number }
  /** The oscillator runs faster by `ppm` millionths. What adds up is taken back when the spell is over. */
  | { readonly kind: "drift"; readonly ppm: number }
  /** The wall clock jumps by `offsetMs` and back again, each for half of `periodUs`. */
  | { readonly kind: "strobe"; readonly offsetMs: number; readonly periodUs: Micros }
  /** It is not set any more, and goes on as its oscillator does. */
  | { readonly kind: "unsynchronised" };

/** What happens to the clocks of machines: of all on which one of the nodes stands. */
export interface ClockFault extends Spell {
  readonly nodes: Int32Array;
  readonly trouble: ClockTrouble;
}

export interface FaultPlan {
  /** How many faults are declared; each is of any number of spells. */
  readonly declared: number;
  /**
   * What each declared fault's own random streams are keyed by, so that they stay what they are whatever else is declared
   * before it; left out, its index.
   */
  readonly keys?: readonly string[];
  readonly links: readonly LinkFault[];
  readonly nodes: readonly NodeFault[];
  readonly clocks: readonly ClockFault[];
}
