/** Collects what faults come down to, and refuses what would take too much of memory. */
import type { Address } from "../../protocol/contract.js";
import type {
  ClockFault,
  ClockTrouble,
  FaultPlan,
  LinkFault,
  LinkTrouble,
  NodeFault,
  NodeTrouble,
  Reach,
} from "../../sim/faults/fault-plan.js";
import { type Span, TooManySpans } from "./spans.js";
import type { Unit } from "./target-nodes.js";

/** Spells of all faults of a run: 10 MB or so, and a year of a fault every five minutes. */
export const MOST_SPELLS = 100_000;

/** Bytes of all sets of nodes: two thousand different partitions of 30,000 nodes. */
const MOST_SET_BYTES = 64 * 2 ** 20;

/** More different sets of nodes than a run may have. */
export class TooManySets extends Error {}

export class PlanBuilder {
  private readonly links: LinkFault[] = [];
  private readonly nodes: NodeFault[] = [];
  private readonly clocks: ClockFault[] = [];
  private spells = 0;
  private setBytes = 0;

  /** How many spells there is room for. */
  get room(): number {
    return MOST_SPELLS - this.spells;
  }

  addLink(fault: number, { fromUs, untilUs }: Span, reach: Reach, trouble: LinkTrouble): void {
    this.count();
    this.links.push({ fault, fromUs, untilUs, reach, trouble });
  }

  addNodes(fault: number, { fromUs, untilUs }: Span, nodes: Int32Array, trouble: NodeTrouble): void {
    this.count();
    this.nodes.push({ fault, fromUs, untilUs, nodes, trouble });
  }

  addClock(fault: number, { fromUs, untilUs }: Span, nodes: Int32Array, trouble: ClockTrouble): void {
    this.count();
    this.clocks.push({ fault, fromUs, untilUs, nodes, trouble });
  }

  /** Counts a set of nodes that is kept for the whole run. @throws TooManySets */
  noteSet(bytes: number): void {
    this.setBytes += bytes;
    if (this.setBytes > MOST_SET_BYTES) throw new TooManySets();
  }

  plan(declared: number): FaultPlan {
    const { links, nodes, clocks } = this;
    return { declared, links, nodes, clocks };
  }

  private count(): void {
    if (this.room === 0) throw new TooManySpans(MOST_SPELLS);
    this.spells++;
  }
}

/** The nodes of units, ascending, each set kept once however often it is struck. */
export class NodeSets {
  private readonly sets = new Map<string, Int32Array>();

  constructor(private readonly builder: PlanBuilder) {}

  of(units: readonly Unit[]): Int32Array {
    const key = units.map(({ id }) => id).join(",");
    let set = this.sets.get(key);
    if (set === undefined) {
      set = Int32Array.from(units.flatMap(({ nodes }): readonly Address[] => nodes)).sort();
      this.builder.noteSet(set.byteLength);
      this.sets.set(key, set);
    }
    return set;
  }
}
