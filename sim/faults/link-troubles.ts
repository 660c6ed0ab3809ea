/** What each kind of link trouble does to one message that it concerns, and the state that it keeps of the sender. */
import type { Address } from "../../protocol/contract.js";
import type { RandomStreams } from "../random.js";
import { type Micros, US_PER_S } from "../time.js";
import type { LinkFault, LinkTrouble } from "./fault-plan.js";
import type { Faults } from "./faults.js";

/** What a trouble does to a message, as bits. */
export const CUTS = 1;
export const DROPS = 2;
export const LOSES = 4;
export const DELAYS = 8;
export const COPIES = 16;
export const DAMAGES = 32;

/** What the troubles under way have made of one message so far. */
export class Fate {
  addedUs: Micros = 0;
  /** When the message may set out. */
  releaseUs: Micros = 0;
  /** How long after the message its copy arrives; 0 where no trouble has made one. */
  copyLagUs: Micros = 0;

  clear(): void {
    this.addedUs = 0;
    this.releaseUs = 0;
    this.copyLagUs = 0;
  }
}

/**
 * One trouble, which is told of every message that it concerns and takes the same draws for each, whatever it does itself
 * and whatever other troubles do.
 * @returns what it does, as bits
 */
export type Strike = (from: Address, nowUs: Micros, fate: Fate) => number;

type Of<Kind extends LinkTrouble["kind"]> = Extract<LinkTrouble, { kind: Kind }>;

/** How a fault of links strikes. Faults that are declared as one share streams and state. */
export function strikeOf({ fault, untilUs, trouble }: LinkFault, faults: Faults, states: SenderStates): Strike {
  switch (trouble.kind) {
    case "cut":
      return () => CUTS;
    case "loss":
      return loss(trouble, faults.random(fault, "loss"));
    case "burst-loss":
      return burstLoss(trouble, faults.random(fault, "burst-loss"), states.bytes(fault));
    case "delay":
      return delay(trouble, faults.random(fault, "delay"));
    case "duplicate":
      return duplicate(trouble, faults.random(fault, "duplicate"));
    case "reorder":
      return reorder(trouble, faults.random(fault, "reorder"));
    case "corrupt":
      return corrupt(trouble, faults.random(fault, "corrupt"));
    case "rate-limit":
      return rateLimit(trouble, states.doubles(fault));
    case "hold":
      return hold(untilUs);
  }
}

/** What declared faults keep of every sender. */
export class SenderStates {
  private readonly byteColumns = new Map<number, Uint8Array>();
  private readonly doubleColumns = new Map<number, Float64Array>();

  constructor(private readonly senders: number) {}

  bytes(fault: number): Uint8Array {
    const column = this.byteColumns.get(fault) ?? new Uint8Array(this.senders);
    this.byteColumns.set(fault, column);
    return column;
  }

  doubles(fault: number): Float64Array {
    const column = this.doubleColumns.get(fault) ?? new Float64Array(this.senders);
    this.doubleColumns.set(fault, column);
    return column;
  }
}

function loss({ ratio }: Of<"loss">, random: RandomStreams): Strike {
  return (from) => (random.uniform(from) < ratio ? LOSES : 0);
}

/** States of a sender's way; that of one that has sent nothing yet is drawn from the stationary distribution. */
const UNKNOWN = 0;
const GOOD = 1;
const BAD = 2;

/** Gilbert (1960), Elliott (1963): a step of the chain for every message, then a loss by the state that it leads to. */
function burstLoss(trouble: Of<"burst-loss">, random: RandomStreams, states: Uint8Array): Strike {
  const { toBad, toGood, lossInBad, lossInGood } = trouble;
  // A chain that never moves is in neither state for good: it begins, and stays, good.
  const stationaryBad = toBad === 0 ? 0 : toBad / (toBad + toGood);
  return (from) => {
    const step = random.uniform(from);
    const chance = random.uniform(from);
    const before = states[from];
    const isBad = before === UNKNOWN ? step < stationaryBad : before === BAD ? step >= toGood : step < toBad;
    states[from] = isBad ? BAD : GOOD;
    return chance < (isBad ? lossInBad : lossInGood) ? LOSES : 0;
  };
}

function delay({ delayUs, jitterUs }: Of<"delay">, random: RandomStreams): Strike {
  return (from, _, fate) => {
    const added = Math.round(delayUs + jitterUs * random.uniform(from));
    fate.addedUs += added;
    return added > 0 ? DELAYS : 0;
  };
}

/** Two troubles that copy one message make one copy of it, the later one. */
function duplicate({ ratio, lagUs }: Of<"duplicate">, random: RandomStreams): Strike {
  return (from, _, fate) => {
    const chance = random.uniform(from);
    const lag = Math.max(1, Math.ceil(lagUs * random.uniform(from)));
    if (chance >= ratio) return 0;
    fate.copyLagUs = Math.max(fate.copyLagUs, lag);
    return COPIES;
  };
}

function reorder({ ratio, delayUs }: Of<"reorder">, random: RandomStreams): Strike {
  return (from, _, fate) => {
    const chance = random.uniform(from);
    const held = Math.ceil(delayUs * random.uniform(from));
    if (chance >= ratio || held === 0) return 0;
    fate.addedUs += held;
    return DELAYS;
  };
}

function corrupt({ ratio }: Of<"corrupt">, random: RandomStreams): Strike {
  return (from) => (random.uniform(from) < ratio ? DAMAGES : 0);
}

/** One message sets out every 1/`perSecond`; the state is when the next one may. */
function rateLimit({ perSecond, queue }: Of<"rate-limit">, nextUs: Float64Array): Strike {
  const gapUs = US_PER_S / perSecond;
  return (from, nowUs, fate) => {
    const freeUs = Math.max(nowUs, nextUs[from]!);
    const waitUs = freeUs - nowUs;
    // Those that wait set out 1, 2, ... gaps before this one would, and after now; rounding must not make one more of them.
    if (waitUs > 0 && Math.ceil(waitUs / gapUs - 1e-9) - 1 >= queue) return DROPS;
    nextUs[from] = freeUs + gapUs;
    if (waitUs === 0) return 0;
    fate.addedUs += Math.ceil(waitUs);
    return DELAYS;
  };
}

/** What is held for ever never sets out, which is a cut. */
function hold(untilUs: Micros): Strike {
  if (untilUs === Number.POSITIVE_INFINITY) return () => CUTS;
  return (_from, _nowUs, fate) => {
    fate.releaseUs = Math.max(fate.releaseUs, untilUs);
    return DELAYS;
  };
}
