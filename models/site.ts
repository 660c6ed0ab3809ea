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

/** How many agents share a machine: one where nothing is said of the hardware's machines. */
export function agentsPerMachine(world: World, hardware: HardwareId): number {
  const { host } = HARDWARE[hardware];
  return host === undefined ? 1 : world.hosts[host].agents;
}

/**
 * Puts nodes on machines, by node address. Class E agents of a region fill one board after the other. Class C and D
 * agents fill virtual machines and GPU nodes of their own group's, since what is rolled out together is placed together;
 * so sectors share no machine in a data centre. Everybody else has a machine alone. Nodes added at the end leave the
 * others where they are.
 * @param hardware by node address
 * @param regions by node address, indices in `World.regions`
 * @param groups by node address, such as the index of its cluster; left out, all nodes of a region are one
 */
export function placeSites(
  world: World,
  hardware: readonly HardwareId[],
  regions: readonly number[],
  groups: readonly number[] = regions,
): Site[] {
  assert(hardware.length === regions.length, "every node has a hardware and a region");
  const open = new Map<string, { machine: number; free: number }>();
  let machines = 0;
  return hardware.map((id, address) => {
    const region = regions[address]!;
    assert(world.regions[region], `node ${address} stands in region ${region}; there are ${world.regions.length}`);
    const { host, board } = HARDWARE[id];
    if (host === undefined) return { hardware: id, region, machine: machines++ };
    const key = board ? `${host} ${region}` : `${host} ${region} ${groups[address]!}`;
    let shared = open.get(key);
    if (shared === undefined || shared.free === 0) {
      shared = { machine: machines++, free: agentsPerMachine(world, id) };
      open.set(key, shared);
    }
    shared.free--;
    return { hardware: id, region, machine: shared.machine };
  });
}

/** One more than the highest machine id. */
export function machineCount(sites: readonly Site[]): number {
  return sites.reduce((count, site) => Math.max(count, site.machine + 1), 0);
}
