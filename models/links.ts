/**
 * The links of the world: a message crosses the sender's access link, a route (the backbone between regions, or a zone
 * inside one) and the receiver's access link. Delay, loss and duplication of each message are drawn here; queues
 * and partitions are not modelled, and buses stand above the links.
 */
import { type Links, LOST } from "../sim/network.js";
import type { NodeRows } from "../sim/node-rows.js";
import { RandomStreams } from "../sim/random.js";
import { type Micros, US_PER_MS } from "../sim/time.js";
import { Access } from "./access.js";
import { lognormalQuantile } from "./lognormal.js";
import { openUniform } from "./normal.js";
import type { Site } from "./site.js";
import type { World } from "./world-shape.js";

/** Fields of one route in `routes`. */
const ROUTE_FIELDS = 4;
/** Between regions: median one-way delay in us. Inside a region: least one-way delay. */
const BASE_US = 0;
/** Between regions: sigma. Inside a region: width of the uniform delay, in us. */
const SPREAD = 1;
/** Probability that a message gets through the route, and that the route does not duplicate it. */
const SURVIVAL = 2;
const SINGLE = 3;

/** How many cells the links keep of every node. */
export const LINK_CELLS = 3;

export class WorldLinks implements Links {
  private readonly random: RandomStreams;
  private readonly access: Access;
  private readonly regionOf: Uint16Array;
  private readonly regionCount: number;
  private readonly routes: Float64Array;
  private readonly lagUs: number;
  /** Delay of the copy of the message that `delayUs` was last asked about; 0 if there is none. */
  private copyDelayUs: Micros = 0;

  /**
   * @param sites by node address
   * @param rows where the nodes' numbers are kept
   */
  constructor(world: World, sites: readonly Site[], seed: number, rows?: NodeRows) {
    this.random = new RandomStreams(seed, "link", sites.length, rows);
    this.access = new Access(world, sites, seed, this.random, rows);
    this.regionOf = Uint16Array.from(sites, (site) => site.region);
    this.regionCount = world.regions.length;
    this.routes = routeTable(world);
    this.lagUs = world.network.duplicate.lagMs * US_PER_MS;
  }

  /** Draws, in this order: route, copy, loss, then what either access link takes. */
  delayUs(from: number, to: number, _nowUs: Micros): Micros {
    const { random, access, routes } = this;
    const fromRegion = this.regionOf[from];
    const toRegion = this.regionOf[to];
    const route = (fromRegion * this.regionCount + toRegion) * ROUTE_FIELDS;
    const u = openUniform(random.int32(from));
    const copyU = openUniform(random.int32(from));
    const lossU = openUniform(random.int32(from));
    const base = routes[route + BASE_US];
    const spread = routes[route + SPREAD];
    const routeUs = fromRegion === toRegion ? base + spread * u : lognormalQuantile(base, spread, u);
    const delayUs = Math.max(1, Math.round(routeUs + access.delayUs(from, from) + access.delayUs(to, from)));

    if (lossU >= routes[route + SURVIVAL] * access.survival(from) * access.survival(to)) {
      this.copyDelayUs = 0;
      return LOST;
    }
    const copyRatio = 1 - routes[route + SINGLE] * access.single(from) * access.single(to);
    // Where a draw below the ratio falls is itself uniform: it places the copy behind the first.
    this.copyDelayUs = copyU < copyRatio ? delayUs + Math.round((copyU / copyRatio) * this.lagUs) : 0;
    return delayUs;
  }

  duplicateDelayUs(_from: number, _to: number, _nowUs: Micros): Micros {
    return this.copyDelayUs;
  }
}

/** No draw of `openUniform` is smaller. */
const LEAST_UNIFORM = openUniform(-2147483648);

/** A delay between two regions that no message ever falls below, whatever its accesses add, in us; 0 is possible. */
export function leastDelayUs(world: World, fromRegion: number, toRegion: number): Micros {
  const { rttP50Ms, jitterSigma, zoneRttLowMs } = world.routes;
  if (fromRegion === toRegion) return Math.floor((zoneRttLowMs / 2) * US_PER_MS);
  const medianUs = (rttP50Ms[fromRegion]![toRegion]! / 2) * US_PER_MS;
  return Math.floor(lognormalQuantile(medianUs, jitterSigma[fromRegion]![toRegion]!, LEAST_UNIFORM));
}

/** The routes between all pairs of regions, one way being half a round trip. */
function routeTable(world: World): Float64Array {
  const { routes, network } = world;
  const table = new Float64Array(world.regions.length * world.regions.length * ROUTE_FIELDS);
  let at = 0;
  for (const [row, rttsMs] of routes.rttP50Ms.entries()) {
    for (const [column, rttMs] of rttsMs.entries()) {
      const inside = row === column;
      const { lossRatio, duplicationRatio } = inside ? network.zone : network.backbone;
      const baseMs = (inside ? routes.zoneRttLowMs : rttMs) / 2;
      const widthMs = (routes.zoneRttHighMs - routes.zoneRttLowMs) / 2;
      table[at + BASE_US] = baseMs * US_PER_MS;
      table[at + SPREAD] = inside ? widthMs * US_PER_MS : routes.jitterSigma[row]![column]!;
      table[at + SURVIVAL] = 1 - lossRatio;
      table[at + SINGLE] = 1 - duplicationRatio;
      at += ROUTE_FIELDS;
    }
  }
  return table;
}
