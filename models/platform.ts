/**
 * The platforms that start fresh processes: an isolate at the edge in milliseconds, a function in its cold start, a container
 * in seconds, a GPU's process when its model is loaded. Nobody starts a person.
 */
import { NEVER_STARTS, type Platform } from "../sim/platform.js";
import { RandomStreams } from "../sim/random.js";
import { type Micros, US_PER_MS } from "../sim/time.js";
import { lognormalQuantile } from "./lognormal.js";
import { openUniform } from "./normal.js";
import type { Site } from "./site.js";
import type { World } from "./world-shape.js";

export class WorldPlatform implements Platform {
  /** Made when first something is started, which in most runs nothing is. */
  private random: RandomStreams | undefined;

  /** @param sites by node address */
  constructor(
    private readonly world: World,
    private readonly sites: readonly Site[],
    private readonly seed: number,
  ) {}

  /** Half a median round trip between the regions, or the longest of ways inside one: never less than a message may take. */
  orderUs(by: number, address: number): Micros {
    const { rttP50Ms, zoneRttHighMs } = this.world.routes;
    const from = this.sites[by]!.region;
    const to = this.sites[address]!.region;
    const rttMs = from === to ? zoneRttHighMs : rttP50Ms[from]![to]!;
    return Math.max(1, Math.ceil((rttMs / 2) * US_PER_MS));
  }

  /** Two draws, whatever is started. */
  startUpUs(address: number): Micros {
    this.random ??= new RandomStreams(this.seed, "platform", this.sites.length);
    const u = openUniform(this.random.int32(address));
    const share = openUniform(this.random.int32(address));
    return Math.max(1, Math.round(this.startUpMs(address, u, share) * US_PER_MS));
  }

  private startUpMs(address: number, u: number, share: number): number {
    const { coldStarts, platforms } = this.world;
    const logNormal = ({ startMedianMs, startSigma }: { startMedianMs: number; startSigma: number }) =>
      lognormalQuantile(startMedianMs, startSigma, u);
    switch (this.sites[address]!.hardware) {
      case "A": {
        const { startLowMs, startHighMs } = coldStarts.A;
        return startLowMs + (startHighMs - startLowMs) * share;
      }
      case "B": {
        const { initMu, initSigma, startLowMs, startHighMs } = coldStarts.B;
        return lognormalQuantile(Math.exp(initMu), initSigma, u) + startLowMs + (startHighMs - startLowMs) * share;
      }
      case "D":
        return logNormal(platforms.gpu);
      case "E":
        return logNormal(platforms.board);
      case "F":
        return NEVER_STARTS;
      default:
        return logNormal(platforms.container);
    }
  }
}
