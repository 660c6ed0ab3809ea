/** Groups of nodes, and between which of them messages are concerned. */
import type { Address } from "../../protocol/contract.js";
import type { Reach } from "../../sim/faults/fault-plan.js";

/** A group's number is a byte, and group 0 holds whom no side names. */
export const MOST_SIDES = 255;

/** Side `n` becomes group `n + 1`. */
export function groupsOf(sides: readonly (readonly Address[])[], nodeCount: number): Uint8Array {
  const groupOf = new Uint8Array(nodeCount);
  sides.forEach((nodes, side) => {
    for (const address of nodes) groupOf[address] = side + 1;
  });
  return groupOf;
}

/** @param isConcerned whether messages from a side to another are; -1 stands for whom no side names */
export function reachOf(groupOf: Uint8Array, sides: number, isConcerned: (from: number, to: number) => boolean): Reach {
  const groups = sides + 1;
  const concerned = new Uint8Array(groups * groups);
  for (let from = 0; from < groups; from++) {
    for (let to = 0; to < groups; to++) concerned[from * groups + to] = isConcerned(from - 1, to - 1) ? 1 : 0;
  }
  return { groupOf, groups, concerned };
}
