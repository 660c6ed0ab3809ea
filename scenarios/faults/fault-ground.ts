/** What faults strike: every node with its class, role, place and host, and the wholes that nodes stand on or belong to. */
import { HARDWARE } from "../../models/hardware.js";
import { machineCount, type Site } from "../../models/site.js";
import type { World } from "../../models/world.js";
import type { Address } from "../../protocol/contract.js";
import { CLASS_NAMES, type ImpedanceClass } from "../../protocol/mesh-30k/impedance-class.js";
import { ORCHESTRATOR, type Topology } from "../../protocol/mesh-30k/topology.js";
import type { Role, Whole } from "../language/fault-target.js";

/** Availability zones of a region, as the three large clouds have them. */
export const ZONES = 3;

const NONE = -1;

export class FaultGround {
  readonly nodeCount: number;
  readonly machineCount: number;
  /** By node: dense ids of what it stands on; -1 where there is none of the kind. */
  private readonly wholes = new Map<Whole, Int32Array>();
  private readonly members = new Map<Whole, readonly (readonly Address[])[]>();

  /** @param sites by address; those of a topology's nodes */
  constructor(
    readonly topology: Topology,
    readonly sites: readonly Site[],
    readonly world: World,
  ) {
    this.nodeCount = topology.nodeCount;
    this.machineCount = machineCount(sites);
  }

  roleOf(address: Address): Role {
    const { topology } = this;
    if (address >= topology.firstStandby) return "standby";
    if (address === ORCHESTRATOR) return "orchestrator";
    if (address < topology.firstLead) return "coordinator";
    return address < topology.firstAgent ? "lead" : "agent";
  }

  /** Undefined for coordinators and leads. */
  classOf(address: Address): ImpedanceClass | undefined {
    const { hardware } = this.sites[address]!;
    return Object.hasOwn(CLASS_NAMES, hardware) ? (hardware as ImpedanceClass) : undefined;
  }

  /** Zero-based; -1 for the orchestrator. A standby belongs where its office does. */
  sectorOf(address: Address): number {
    const office = this.topology.officeOf(address);
    if (office === ORCHESTRATOR) return NONE;
    if (office < this.topology.firstLead) return office - 1;
    return this.topology.clusters[this.clusterOf(address)]!.sector;
  }

  /** Zero-based over the whole mesh; -1 for orchestrator and coordinators. */
  clusterOf(address: Address): number {
    const { topology } = this;
    const office = topology.officeOf(address);
    if (office < topology.firstLead) return NONE;
    return office < topology.firstAgent ? office - topology.firstLead : topology.clusterOf(address).index;
  }

  /**
   * From 1: clusters take the zones of their region in turn, coordinators by their sector, the orchestrator is in the first;
   * a standby is in the zone after that of its primary.
   */
  zoneOf(address: Address): number {
    const cluster = this.clusterOf(address);
    const turn = cluster === NONE ? Math.max(0, this.sectorOf(address)) : cluster;
    const shift = this.roleOf(address) === "standby" ? 1 : 0;
    return 1 + ((turn + shift) % ZONES);
  }

  /** A dense id of the whole of that kind which each node stands on or belongs to, by address; -1 where there is none. */
  idsOf(whole: Whole): Int32Array {
    let ids = this.wholes.get(whole);
    if (ids === undefined) {
      ids = this.idsOfNodes(whole);
      this.wholes.set(whole, ids);
    }
    return ids;
  }

  /** The nodes of each whole of a kind, by its id; addresses ascend. */
  membersOf(whole: Whole): readonly (readonly Address[])[] {
    let members = this.members.get(whole);
    if (members === undefined) {
      const found: Address[][] = [];
      this.idsOf(whole).forEach((id, address) => {
        if (id === NONE) return;
        while (found.length <= id) found.push([]);
        found[id]!.push(address);
      });
      members = found;
      this.members.set(whole, members);
    }
    return members;
  }

  private idsOfNodes(whole: Whole): Int32Array {
    const { sites } = this;
    const machineOf = (address: Address) => sites[address]!.machine;
    switch (whole) {
      case "machine":
        return this.each(machineOf);
      case "board":
        return this.dense((address) => (HARDWARE[sites[address]!.hardware].board ? machineOf(address) : NONE));
      case "rack": {
        const rackOfMachine = this.racks();
        return this.each((address) => rackOfMachine[machineOf(address)]!);
      }
      case "cluster":
        return this.each((address) => this.clusterOf(address));
      case "sector":
        return this.each((address) => this.sectorOf(address));
      case "zone":
        return this.dense((address) => sites[address]!.region * ZONES + this.zoneOf(address) - 1);
      case "region":
        return this.dense((address) => sites[address]!.region);
    }
  }

  private each(idOf: (address: Address) => number): Int32Array {
    return Int32Array.from({ length: this.nodeCount }, (_, address) => idOf(address));
  }

  /** Ids from 0 without gaps, in the order in which the nodes' own first appear. */
  private dense(idOf: (address: Address) => number): Int32Array {
    const ids = new Map<number, number>([[NONE, NONE]]);
    return this.each((address) => {
      const id = idOf(address);
      if (!ids.has(id)) ids.set(id, ids.size - 1);
      return ids.get(id)!;
    });
  }

  /** Rack by machine: those of a region that stand in a data centre fill one after the other. */
  private racks(): Int32Array {
    const { machines } = this.world.faults.rack;
    const racks = new Int32Array(this.machineCount).fill(NONE);
    const open = this.world.regions.map(() => ({ rack: NONE, free: 0 }));
    let count = 0;
    for (const { machine, hardware, region } of this.sites) {
      if (racks[machine] !== NONE || HARDWARE[hardware].access === "residential") continue;
      const place = open[region]!;
      if (place.free === 0) {
        place.rack = count++;
        place.free = machines;
      }
      place.free--;
      racks[machine] = place.rack;
    }
    return racks;
  }
}
