/** The faults of one simulation: their plan, how often each has taken effect so far, and the randomness that each has of its own. */
import { ensure } from "../ensure.js";
import { RandomStreams } from "../random.js";
import type { FaultPlan, Spell } from "./fault-plan.js";

export class Faults {
  /** How often each declared fault has taken effect: counts that add up over the parts of a simulation. */
  readonly effects: number[];
  private readonly streams = new Map<string, RandomStreams>();

  /**
   * @param nodeCount of the whole mesh, whatever part of it the simulation holds
   * @throws Error where the plan makes no sense: a spell that ends before it begins, a fault that is not declared
   */
  constructor(
    readonly plan: FaultPlan,
    private readonly seed: number,
    private readonly nodeCount: number,
  ) {
    for (const spells of [plan.links, plan.nodes, plan.clocks]) for (const spell of spells) checkSpell(spell, plan);
    ensure(plan.keys === undefined || plan.keys.length === plan.declared, "a key for each declared fault");
    this.effects = new Array<number>(plan.declared).fill(0);
  }

  /** The streams, by address, that a declared fault draws from for one purpose: nobody else's, whatever else is declared. */
  random(fault: number, purpose: string): RandomStreams {
    const key = `fault/${this.plan.keys?.[fault] ?? fault}/${purpose}`;
    const known = this.streams.get(key);
    if (known !== undefined) return known;
    const streams = new RandomStreams(this.seed, key, this.nodeCount);
    this.streams.set(key, streams);
    return streams;
  }
}

function checkSpell({ fault, fromUs, untilUs }: Spell, { declared }: FaultPlan): void {
  ensure(Number.isInteger(fault) && fault >= 0 && fault < declared, "a spell is of one of the declared faults");
  ensure(Number.isInteger(fromUs) && fromUs >= 0, "a spell begins at a whole microsecond of the run");
  ensure(Number.isInteger(untilUs) || untilUs === Number.POSITIVE_INFINITY, "a spell ends at a whole microsecond");
  ensure(untilUs > fromUs, "a spell ends after it has begun");
}

/** Whether an address, or a machine, is among those that ascend in `sorted`. */
export function includes(sorted: Int32Array, wanted: number): boolean {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low < sorted.length && sorted[low] === wanted;
}
