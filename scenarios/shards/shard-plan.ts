/**
 * Which sectors of a mesh go to which shard. Shards run side by side for as long as nothing can come over from another:
 * the least delay between two regions that lie in different shards (the lookahead of a conservative simulation; Chandy
 * and Misra 1979). So regions that are near each other belong together, as long as no shard grows much heavier than the
 * others, since all wait for the heaviest.
 */
import { leastDelayUs } from "../../models/links.js";
import type { Site } from "../../models/site.js";
import { ORCHESTRATOR, type Topology } from "../../protocol/mesh-30k/topology.js";
import { type Micros, US_PER_S } from "../../sim/time.js";
import type { Stage } from "../stage.js";

export interface ShardPlan {
  readonly shardCount: number;
  /** By node address. */
  readonly shardOf: Uint16Array;
  /** No message needs less from one shard to another; endless where there is only one. */
  readonly lookaheadUs: Micros;
}

/** What cannot be cut: a sector, with those that share a machine with it. The orchestrator is one, too, and its standby. */
interface Unit {
  readonly region: number;
  readonly sectors: number[];
  nodes: number;
}

/** Measured (docs/performance.md): what a node costs in a simulated second, and what it costs that shards meet. */
const NODE_US_PER_SECOND = 7;
const MEETING_US = 60;

const ORCHESTRATOR_SECTOR = -1;
const STANDBY_SECTOR = -2;

/** One way to cut. */
interface Cut {
  readonly shardCount: number;
  readonly shardOfUnit: Uint16Array;
  readonly lookaheadUs: Micros;
  /** Nodes of the heaviest shard. */
  readonly mostNodes: number;
}

/**
 * The cut that is fastest by what shards are known to cost; one shard where no cut gains anything.
 * @param most how many shards there may be
 * @param force cut the mesh into that many even where that is slower, if it has enough units
 */
export function planShards(stage: Stage, most: number, force = false): ShardPlan {
  const sites = stage.placeNodes();
  const units = unitsOf(stage, sites);
  const delays = new Delays(stage, units);
  const cuts = delays.distinct().flatMap((apartUs) => {
    const groups = delays.groups(apartUs).sort((a, b) => weight(b, units) - weight(a, units));
    const counts = Array.from({ length: Math.min(most, groups.length) }, (_, index) => index + 1);
    return counts.map((count) => cut(groups, count, units, delays));
  });
  const wanted = Math.max(...cuts.map((each) => each.shardCount));
  const best = (force ? cuts.filter((each) => each.shardCount === wanted) : cuts).reduce((a, b) =>
    costUs(b) < costUs(a) ? b : a,
  );
  const { shardCount, shardOfUnit, lookaheadUs } = best;
  return { shardCount, shardOf: shardOfNodes(stage, units, shardOfUnit), lookaheadUs };
}

/** What a simulated second costs in wall-clock time. */
function costUs({ mostNodes, lookaheadUs }: Cut): number {
  return mostNodes * NODE_US_PER_SECOND + (US_PER_S / lookaheadUs) * MEETING_US;
}

/** The heaviest group first, each to the lightest shard. */
function cut(groups: readonly (readonly number[])[], shardCount: number, units: readonly Unit[], delays: Delays): Cut {
  const load = new Array<number>(shardCount).fill(0);
  const shardOfUnit = new Uint16Array(units.length);
  for (const group of groups) {
    const lightest = load.indexOf(Math.min(...load));
    load[lightest]! += weight(group, units);
    for (const unit of group) shardOfUnit[unit] = lightest;
  }
  return { shardCount, shardOfUnit, lookaheadUs: delays.across(shardOfUnit), mostNodes: Math.max(...load) };
}

function weight(group: readonly number[], units: readonly Unit[]): number {
  return group.reduce((sum, unit) => sum + units[unit]!.nodes, 0);
}

function unitsOf({ topology }: Stage, sites: readonly Site[]): Unit[] {
  const orchestrator = { region: sites[0]!.region, sectors: [ORCHESTRATOR_SECTOR], nodes: 1 };
  const standbyRegion = sites[topology.standbyOf(ORCHESTRATOR)]!.region;
  const standby = { region: standbyRegion, sectors: [STANDBY_SECTOR], nodes: 1 };
  const bySector = connectedSectors(topology, sites);
  const units = new Map<number, Unit>();
  for (const sector of topology.sectors) {
    const root = bySector(sector.index);
    const unit = units.get(root) ?? { region: sites[sector.coordinator]!.region, sectors: [], nodes: 0 };
    units.set(root, unit);
    unit.sectors.push(sector.index);
    const clusters = topology.clusters.slice(sector.firstCluster, sector.firstCluster + sector.clusterCount);
    unit.nodes += clusters.reduce((sum, cluster) => sum + 2 + cluster.size, 2);
  }
  return [orchestrator, standby, ...units.values()];
}

/** One sector to stand for all that are connected with a sector by shared machines (union-find). */
function connectedSectors(topology: Topology, sites: readonly Site[]): (sector: number) => number {
  const parent = topology.sectors.map((sector) => sector.index);
  const root = (sector: number): number => {
    while (parent[sector] !== sector) sector = parent[sector] = parent[parent[sector]!]!;
    return sector;
  };
  const sectorOfMachine = new Map<number, number>();
  for (const { sector, firstAgent, size } of topology.clusters) {
    for (const { machine } of sites.slice(firstAgent, firstAgent + size)) {
      const other = sectorOfMachine.get(machine);
      if (other !== undefined) parent[root(sector)] = root(other);
      sectorOfMachine.set(machine, sector);
    }
  }
  return root;
}

function shardOfNodes({ topology }: Stage, units: readonly Unit[], shardOfUnit: Uint16Array): Uint16Array {
  const shardOf = new Uint16Array(topology.nodeCount);
  for (const [index, { sectors }] of units.entries()) {
    for (const sector of sectors) {
      const shard = shardOfUnit[index]!;
      if (sector < 0) {
        shardOf[sector === ORCHESTRATOR_SECTOR ? ORCHESTRATOR : topology.standbyOf(ORCHESTRATOR)] = shard;
        continue;
      }
      const { coordinator, firstCluster, clusterCount } = topology.sectors[sector]!;
      shardOf[coordinator] = shard;
      shardOf[topology.standbyOf(coordinator)] = shard;
      for (const cluster of topology.clusters.slice(firstCluster, firstCluster + clusterCount)) {
        shardOf[cluster.lead] = shard;
        shardOf[topology.standbyOf(cluster.lead)] = shard;
        shardOf.fill(shard, cluster.firstAgent, cluster.firstAgent + cluster.size);
      }
    }
  }
  return shardOf;
}

/** The least delays between units. */
class Delays {
  private readonly byRegion: number[][];

  constructor(
    { world }: Stage,
    private readonly units: readonly Unit[],
  ) {
    const regions = world.regions.map((_, region) => region);
    this.byRegion = regions.map((from) =>
      regions.map((to) => Math.max(1, Math.min(leastDelayUs(world, from, to), leastDelayUs(world, to, from)))),
    );
  }

  distinct(): Micros[] {
    const regions = [...new Set(this.units.map((unit) => unit.region))];
    return [...new Set(regions.flatMap((from) => regions.map((to) => this.byRegion[from]![to]!)))];
  }

  /** The least delay between units of different shards. */
  across(shardOfUnit: Uint16Array): Micros {
    const shards = this.byRegion.map(() => new Set<number>());
    for (const [unit, { region }] of this.units.entries()) shards[region]!.add(shardOfUnit[unit]!);
    let least = Number.POSITIVE_INFINITY;
    for (const [from, row] of this.byRegion.entries()) {
      for (const [to, delayUs] of row.entries()) {
        const areEmpty = shards[from]!.size === 0 || shards[to]!.size === 0;
        if (!areEmpty && new Set([...shards[from]!, ...shards[to]!]).size > 1) least = Math.min(least, delayUs);
      }
    }
    return least;
  }

  /** Units that are connected by delays of less than `apartUs`. */
  groups(apartUs: Micros): number[][] {
    const all = this.units.map((_, unit) => unit);
    const regions = new Set(this.units.map((unit) => unit.region));
    const groups: number[][] = [];
    for (const first of regions) {
      regions.delete(first);
      const near = [first];
      for (const member of near) {
        for (const other of regions) {
          if (this.byRegion[member]![other]! >= apartUs) continue;
          regions.delete(other);
          near.push(other);
        }
      }
      const members = all.filter((unit) => near.includes(this.units[unit]!.region));
      const areTogether = near.length > 1 || this.byRegion[first]![first]! < apartUs;
      groups.push(...(areTogether ? [members] : members.map((unit) => [unit])));
    }
    return groups;
  }
}
