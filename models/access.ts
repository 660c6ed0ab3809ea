/**
 * The access links: what stands between a machine and its region. An agent's own median is drawn once, from the spread
 * between agents of its class; boards also have, perhaps, a Wi-Fi hop, shared by all agents of the board.
 */
import { RandomStreams } from "../sim/random.js";
import { US_PER_MS } from "../sim/time.js";
import { HARDWARE } from "./hardware.js";
import { lognormalQuantile, splitSpread } from "./lognormal.js";
import { openUniform } from "./normal.js";
import { machineCount, type Site } from "./site.js";
import { speedOf } from "./speed.js";
import type { World } from "./world-shape.js";

/** Which draws one crossing takes. It depends on the hardware alone, never on a parameter, so that sweeps stay paired. */
const FIXED = 0;
/** One draw: the line. */
const LINE = 1;
/** Two draws: the line and the hop before it, which costs nothing on Ethernet. */
const WIRED_BOARD = 2;
const WIFI_BOARD = 3;

/** Fields of one node's link in `links`. */
const LINK_FIELDS = 4;
/** Of the node's own line. */
const MEDIAN_US = 0;
const SIGMA = 1;
/** Probability that a message gets through, and that it is not duplicated. */
const SURVIVAL = 2;
const SINGLE = 3;

export class Access {
  private readonly kind: Uint8Array;
  /** What one crossing needs, side by side: one cache miss instead of four. */
  private readonly links: Float64Array;
  private readonly hop: World["network"]["wifi"];
  private readonly hopMedianUs: { readonly typical: number; readonly slow: number; readonly cap: number };

  /** @param random streams by sender, from which every crossing draws */
  constructor(
    world: World,
    sites: readonly Site[],
    seed: number,
    private readonly random: RandomStreams,
  ) {
    this.kind = new Uint8Array(sites.length);
    this.links = new Float64Array(sites.length * LINK_FIELDS);
    this.hop = world.network.wifi;
    this.hopMedianUs = {
      typical: Math.exp(this.hop.typicalMu) * US_PER_MS,
      slow: Math.exp(this.hop.slowMu) * US_PER_MS,
      cap: this.hop.capMs * US_PER_MS,
    };
    const ofAgent = new RandomStreams(seed, "access", sites.length);
    const boards = drawBoards(seed, machineCount(sites));
    for (const [address, site] of sites.entries()) {
      const hardware = HARDWARE[site.hardware];
      const { accessMs, withinShare } = speedOf(world, site.hardware);
      const spread = splitSpread(accessMs.sigma, withinShare);
      const place = hardware.board ? boards.line[site.machine] : openUniform(ofAgent.int32(address));
      const onWifi = hardware.board && boards.wifi[site.machine] < world.hosts.board.wifiShare;
      const link = world.network[hardware.access];
      const hop = onWifi ? world.network.wifi : undefined;
      this.kind[address] =
        hardware.access === "dataCentre" ? FIXED : !hardware.board ? LINE : onWifi ? WIFI_BOARD : WIRED_BOARD;
      const at = address * LINK_FIELDS;
      this.links[at + MEDIAN_US] = lognormalQuantile(accessMs.median * US_PER_MS, spread.between, place);
      this.links[at + SIGMA] = spread.within;
      this.links[at + SURVIVAL] = (1 - link.lossRatio) * (1 - (hop?.lossRatio ?? 0));
      this.links[at + SINGLE] = (1 - link.duplicationRatio) * (1 - (hop?.duplicationRatio ?? 0));
    }
  }

  /** One crossing of a node's access link, in either direction, in us (fractional). Draws from the sender's stream. */
  delayUs(address: number, sender: number): number {
    const kind = this.kind[address];
    const link = address * LINK_FIELDS;
    const medianUs = this.links[link + MEDIAN_US];
    if (kind === FIXED) return medianUs;
    const lineUs = lognormalQuantile(medianUs, this.links[link + SIGMA], openUniform(this.random.int32(sender)));
    if (kind === LINE) return lineUs;
    const hopWord = this.random.int32(sender);
    return kind === WIFI_BOARD ? lineUs + this.hopUs(openUniform(hopWord)) : lineUs;
  }

  /** Probability that a message gets through the node's access link. */
  survival(address: number): number {
    return this.links[address * LINK_FIELDS + SURVIVAL];
  }

  /** Probability that the access link does not duplicate a message. */
  single(address: number): number {
    return this.links[address * LINK_FIELDS + SINGLE];
  }

  /** One Wi-Fi hop. One uniform chooses the component, and where it falls within the component's share, the quantile. */
  private hopUs(u: number): number {
    const { typicalShare, typicalSigma, slowSigma } = this.hop;
    const { typical, slow, cap } = this.hopMedianUs;
    const hopUs =
      u < typicalShare
        ? lognormalQuantile(typical, typicalSigma, u / typicalShare)
        : lognormalQuantile(slow, slowSigma, (u - typicalShare) / (1 - typicalShare));
    return Math.min(hopUs, cap);
  }
}

/** What is drawn once per machine: the place of its line among all lines, and of its board on the way to Wi-Fi. */
function drawBoards(seed: number, machines: number): { readonly line: Float64Array; readonly wifi: Float64Array } {
  const random = new RandomStreams(seed, "board", machines);
  const line = new Float64Array(machines);
  const wifi = new Float64Array(machines);
  for (let machine = 0; machine < machines; machine++) {
    line[machine] = openUniform(random.int32(machine));
    wifi[machine] = openUniform(random.int32(machine));
  }
  return { line, wifi };
}
