/** Where nodes stand: on which hardware, in which region, on which machine. */
import assert from "node:assert";
import { HARDWARE, type HardwareId } from "./hardware.js";
import type { World } from "./world-shape.js";

export type { HardwareId } from "./hardware.js";

/** The place of one node. Sites are kept in an array, indexed by node address. */
export interface Site {
  readonly hardware: HardwareId;
  /** Index in `World.regions`. */
  readonly region: number;
  /** Dense id of the physical machine. What runs on one machine shares its clock; on a board, also its line. */
  readonly machine: number;
}

/** How many agents share a machine: a board's worth for class E, one for everybody else. */
export function agentsPerMachine(world: World, hardware: HardwareId): number {
  return HARDWARE[hardware].board ? world.hosts.board.agents : 1;
}

/**
 * Puts nodes on machines, by node address: class E agents of a region fill one board after the other, everybody else
 * has a machine alone. Nodes added at the end leave the others where they are.
 * @param hardware by node address
 * @param regions by node address, indices in `World.regions`
 */
export function placeSites(world: World, hardware: readonly HardwareId[], regions: readonly number[]): Site[] {
  assert(hardware.length === regions.length, "every node has a hardware and a region");
  const openBoard = world.regions.map(() => ({ machine: -1, free: 0 }));
  let machines = 0;
  return hardware.map((id, address) => {
    const region = regions[address]!;
    assert(region in openBoard, `node ${address} stands in region ${region}; there are ${openBoard.length}`);
    if (!HARDWARE[id].board) return { hardware: id, region, machine: machines++ };
    const board = openBoard[region]!;
    if (board.free === 0) {
      board.machine = machines++;
      board.free = agentsPerMachine(world, id);
    }
    board.free--;
    return { hardware: id, region, machine: board.machine };
  });
}

/** One more than the highest machine id. */
export function machineCount(sites: readonly Site[]): number {
  return sites.reduce((count, site) => Math.max(count, site.machine + 1), 0);
}
