/**
 * Cold starts of classes A and B: whether an agent's instance is still there when work comes, and how long it takes to
 * start another. How long is drawn from a stream that only cold starts use, so that the rest of an agent's draws do not
 * depend on how often it was cold.
 */
import { type Column, columnOf, type NodeRows } from "../sim/node-rows.js";
import { RandomStreams } from "../sim/random.js";
import { type Micros, US_PER_MS } from "../sim/time.js";
import { lognormalQuantile } from "./lognormal.js";
import { openUniform } from "./normal.js";
import type { Site } from "./site.js";
import type { World } from "./world-shape.js";

/** How long a start takes: LN(initMedianUs, initSigma), plus uniform from `lowUs` over `spanUs`. */
interface StartTime {
  readonly initMedianUs: number;
  readonly initSigma: number;
  readonly lowUs: number;
  readonly spanUs: number;
}

/** Marks hardware that is always warm. */
const NEVER = Number.POSITIVE_INFINITY;

export class ColdStarts {
  /** Cold starts so far. */
  count = 0;
  private readonly durations: RandomStreams;
  /** How long the platform keeps the agent's idle instance. */
  private readonly keepAliveUs: Column;
  private readonly serverless: Uint8Array;
  private readonly meanLifetimeUs: readonly [edge: number, serverless: number];
  private readonly startTimes: readonly [edge: StartTime, serverless: StartTime];

  constructor(world: World, sites: readonly Site[], seed: number, rows: NodeRows | undefined) {
    const { A, B } = world.coldStarts;
    this.durations = new RandomStreams(seed, "cold-start", sites.length);
    this.keepAliveUs = rows?.reserve(1) ?? columnOf(sites.length, 1);
    this.serverless = Uint8Array.from(sites, (site) => (site.hardware === "B" ? 1 : 0));
    this.meanLifetimeUs = [A.meanLifetimeMs * US_PER_MS, B.meanLifetimeMs * US_PER_MS];
    this.startTimes = [
      { initMedianUs: 0, initSigma: 0, ...uniformUs(A.startLowMs, A.startHighMs) },
      {
        initMedianUs: Math.exp(B.initMu) * US_PER_MS,
        initSigma: B.initSigma,
        ...uniformUs(B.startLowMs, B.startHighMs),
      },
    ];
    const ofAgent = new RandomStreams(seed, "keep-alive", sites.length);
    const { doubles, first, stride } = this.keepAliveUs;
    for (const [address, { hardware }] of sites.entries()) {
      const at = address * stride + first;
      doubles[at] = NEVER;
      if (hardware !== "A" && hardware !== "B") continue;
      const { keepAliveLowMs, keepAliveHighMs } = world.coldStarts[hardware];
      const { lowUs, spanUs } = uniformUs(keepAliveLowMs, keepAliveHighMs);
      doubles[at] = lowUs + spanUs * openUniform(ofAgent.int32(address));
    }
  }

  /**
   * What starting the instance adds to a job that begins after `idleUs` without work, in us (fractional); 0 when it is warm.
   * @param u uniform in (0, 1): decides whether it is
   */
  startUs(address: number, idleUs: Micros, u: number): number {
    const { doubles, first, stride } = this.keepAliveUs;
    const keepAliveUs = doubles[address * stride + first];
    if (keepAliveUs === NEVER) return 0;
    const platform = this.serverless[address];
    const idleLives = idleUs / this.meanLifetimeUs[platform];
    // Warm with probability exp(-idleLives), which is never below 1 - idleLives: that spares most calls the exp.
    if (idleUs <= keepAliveUs && (u < 1 - idleLives || u < Math.exp(-idleLives))) return 0;
    this.count++;
    const { initMedianUs, initSigma, lowUs, spanUs } = this.startTimes[platform];
    const initUs = lognormalQuantile(initMedianUs, initSigma, openUniform(this.durations.int32(address)));
    return initUs + lowUs + spanUs * openUniform(this.durations.int32(address));
  }
}

function uniformUs(lowMs: number, highMs: number): { readonly lowUs: number; readonly spanUs: number } {
  return { lowUs: lowMs * US_PER_MS, spanUs: (highMs - lowMs) * US_PER_MS };
}
