/** Fault plans for tests, from as little as a test says. */
import type {
  ClockFault,
  ClockTrouble,
  FaultPlan,
  LinkFault,
  LinkTrouble,
  NodeFault,
  NodeTrouble,
  Reach,
} from "../../../sim/faults/fault-plan.js";
import { US_PER_MS } from "../../../sim/time.js";

/** Every message between `nodeCount` nodes. */
export function everybody(nodeCount: number): Reach {
  return { groupOf: new Uint8Array(nodeCount), groups: 1, concerned: Uint8Array.of(1) };
}

/** Messages from one of `from` to one of `to`, and no others. */
export function oneWay(nodeCount: number, from: readonly number[], to: readonly number[]): Reach {
  // Groups: neither, sender, receiver, both.
  const groupOf = Uint8Array.from({ length: nodeCount }, (_, address) => {
    return (from.includes(address) ? 1 : 0) + (to.includes(address) ? 2 : 0);
  });
  const concerned = new Uint8Array(16);
  for (const sender of [1, 3]) for (const receiver of [2, 3]) concerned[sender * 4 + receiver] = 1;
  return { groupOf, groups: 4, concerned };
}

export type Span = readonly [fromMs: number, untilMs: number];

const spell = (fault: number, [fromMs, untilMs]: Span) => ({
  fault,
  fromUs: fromMs * US_PER_MS,
  untilUs: untilMs * US_PER_MS,
});

export function linkFault(fault: number, span: Span, reach: Reach, trouble: LinkTrouble): LinkFault {
  return { ...spell(fault, span), reach, trouble };
}

export function nodeFault(fault: number, span: Span, nodes: readonly number[], trouble: NodeTrouble): NodeFault {
  return { ...spell(fault, span), nodes: Int32Array.from(nodes), trouble };
}

export function clockFault(fault: number, span: Span, nodes: readonly number[], trouble: ClockTrouble): ClockFault {
  return { ...spell(fault, span), nodes: Int32Array.from(nodes), trouble };
}

/** As many faults are declared as have spells. */
export function planOf({ links = [], nodes = [], clocks = [] }: Partial<FaultPlan>): FaultPlan {
  const highest = Math.max(-1, ...[...links, ...nodes, ...clocks].map(({ fault }) => fault));
  return { declared: highest + 1, links, nodes, clocks };
}

/** From the start of the run until for ever. */
export const ALWAYS: Span = [0, Number.POSITIVE_INFINITY];
