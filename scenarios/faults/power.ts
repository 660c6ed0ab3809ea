/** Machines without power, and the clocks of boards when they come back. */
import { HARDWARE } from "../../models/hardware.js";
import type { Address } from "../../protocol/contract.js";
import type { ClockFault } from "../../sim/faults/fault-plan.js";
import { type Micros, US_PER_MS, US_PER_S } from "../../sim/time.js";
import type { FaultGround } from "./fault-ground.js";
import type { KeyedDraw } from "./keyed-draw.js";
import type { Span } from "./spans.js";

/**
 * A board has no battery clock: it goes on from a time that was saved before the power went, up to `behindS` earlier, and has
 * missed the time without power. Its first synchronisation comes within the shortest interval between two.
 * @param nodes without power; of other machines than boards nothing is said
 * @param draw two numbers for each board, whatever comes of it
 */
export function boardClocks(
  fault: number,
  nodes: Iterable<Address>,
  { fromUs, untilUs }: Span,
  {
    sites,
    world,
    idsOf,
    membersOf,
  }: Pick<FaultGround, "sites" | "world"> & {
    readonly idsOf: Int32Array;
    readonly membersOf: readonly (readonly Address[])[];
  },
  draw: KeyedDraw,
): ClockFault[] {
  const { unsynchronised, poll } = world.clocks;
  const boards = new Set<number>();
  for (const address of nodes) if (HARDWARE[sites[address]!.hardware].board) boards.add(idsOf[address]!);
  return [...boards].flatMap((board): ClockFault[] => {
    const savedBeforeUs = Math.round(draw.open() * unsynchronised.behindS * US_PER_S);
    const setAfterUs: Micros = Math.max(1, Math.round(draw.open() * poll.shortestS * US_PER_S));
    if (untilUs === Number.POSITIVE_INFINITY) return [];
    return [
      {
        fault,
        fromUs: untilUs,
        untilUs: untilUs + setAfterUs,
        nodes: Int32Array.of(membersOf[board]![0]!),
        trouble: { kind: "step", offsetMs: -(savedBeforeUs + untilUs - fromUs) / US_PER_MS },
      },
    ];
  });
}
