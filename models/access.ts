/**
 * The access links: what stands between a machine and its region. An agent's own median is drawn once, from the spread
 * between agents of its class; boards also have, perhaps, a Wi-Fi hop, shared by all agents of the board.
 */
import { type Column, columnOf, type NodeRows } from "../sim/node-rows.js";
import { RandomStreams } from "../sim/random.js";
import { US_PER_MS } from "../sim/time.js";
import { HARDWARE, type HardwareId } from "./hardware.js";
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

/** What the access links of one kind of hardware have in common. */
interface Profile {
  readonly kind: number;
  /** From message to message, on the node's own line. */
  readonly sigma: number;
  /** Probability that a message gets through, and that it is not duplicated. */
  readonly survival: number;
  readonly single: number;
}

export class Access {
  private readonly profiles: Profile[] = [];
  /** Index in `profiles`, by node. */
  private readonly profileOf: Uint8Array;
  /** Median delay of the node's own line, in us. */
  private readonly medianUs: Column;
  private readonly hop: World["network"]["wifi"];
  private readonly hopMedianUs: { readonly typical: number; readonly slow: number; readonly cap: number };

  /** @param random streams by sender, from which every crossing draws */
  constructor(
    world: World,
    sites: readonly Site[],
    seed: number,
    private readonly random: RandomStreams,
    rows: NodeRows | undefined,
  ) {
    this.profileOf = new Uint8Array(sites.length);
    this.medianUs = rows?.reserve(1) ?? columnOf(sites.length, 1);
    this.hop = world.network.wifi;
    this.hopMedianUs = {
      typical: Math.exp(this.hop.typicalMu) * US_PER_MS,
      slow: Math.exp(this.hop.slowMu) * US_PER_MS,
      cap: this.hop.capMs * US_PER_MS,
    };
    const ofAgent = new RandomStreams(seed, "access", sites.length);
    const boards = drawBoards(seed, machineCount(sites));
    const indices = new Map<string, number>();
    const { doubles, first, stride } = this.medianUs;
    for (const [address, { hardware, machine }] of sites.entries()) {
      const { board } = HARDWARE[hardware];
      const onWifi = board && boards.wifi[machine] < world.hosts.board.wifiShare;
      const key = `${hardware} ${onWifi}`;
      const index = indices.get(key) ?? indices.size;
      if (!indices.has(key)) this.profiles.push(profileOf(world, hardware, onWifi));
      indices.set(key, index);
      this.profileOf[address] = index;
      const { accessMs, withinShare } = speedOf(world, hardware);
      const { between } = splitSpread(accessMs.sigma, withinShare);
      const place = board ? boards.line[machine] : openUniform(ofAgent.int32(address));
      doubles[address * stride + first] = lognormalQuantile(accessMs.median * US_PER_MS, between, place);
    }
  }

  /** One crossing of a node's access link, in either direction, in us (fractional). Draws from the sender's stream. */
  delayUs(address: number, sender: number): number {
    const { kind, sigma } = this.of(address);
    const { doubles, first, stride } = this.medianUs;
    const medianUs = doubles[address * stride + first];
    if (kind === FIXED) return medianUs;
    const lineUs = lognormalQuantile(medianUs, sigma, openUniform(this.random.int32(sender)));
    if (kind === LINE) return lineUs;
    const hopWord = this.random.int32(sender);
    return kind === WIFI_BOARD ? lineUs + this.hopUs(openUniform(hopWord)) : lineUs;
  }

  /** Probability that a message gets through the node's access link. */
  survival(address: number): number {
    return this.of(address).survival;
  }

  /** Probability that the access link does not duplicate a message. */
  single(address: number): number {
    return this.of(address).single;
  }

  private of(address: number): Profile {
    return this.profiles[this.profileOf[address]!]!;
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

function profileOf(world: World, hardware: HardwareId, onWifi: boolean): Profile {
  const { access, board } = HARDWARE[hardware];
  const { accessMs, withinShare } = speedOf(world, hardware);
  const link = world.network[access];
  const hop = onWifi ? world.network.wifi : undefined;
  return {
    kind: access === "dataCentre" ? FIXED : !board ? LINE : onWifi ? WIFI_BOARD : WIRED_BOARD,
    sigma: splitSpread(accessMs.sigma, withinShare).within,
    survival: (1 - link.lossRatio) * (1 - (hop?.lossRatio ?? 0)),
    single: (1 - link.duplicationRatio) * (1 - (hop?.duplicationRatio ?? 0)),
  };
}

/** What is drawn once per machine: the place of its line among all lines, and of its board on the way to Wi-Fi. */
export function drawBoards(
  seed: number,
  machines: number,
): { readonly line: Float64Array; readonly wifi: Float64Array } {
  const random = new RandomStreams(seed, "board", machines);
  const line = new Float64Array(machines);
  const wifi = new Float64Array(machines);
  for (let machine = 0; machine < machines; machine++) {
    line[machine] = openUniform(random.int32(machine));
    wifi[machine] = openUniform(random.int32(machine));
  }
  return { line, wifi };
}
