/**
 * How long machines work and people take. A machine's job is its signatures plus processing, scaled by the payload's
 * weight, plus a cold start where its instance has to be started first. People acknowledge in minutes to hours, or never.
 */
import { type Column, columnOf, type NodeRows } from "../sim/node-rows.js";
import { RandomStreams } from "../sim/random.js";
import { IGNORED, type ServiceTimes } from "../sim/service-times.js";
import { type Micros, US_PER_MS } from "../sim/time.js";
import { ColdStarts } from "./cold-starts.js";
import type { HardwareId } from "./hardware.js";
import { lognormalQuantile, splitSpread } from "./lognormal.js";
import { openUniform } from "./normal.js";
import type { Site } from "./site.js";
import { speedOf } from "./speed.js";
import type { World } from "./world-shape.js";

/** What the work of one kind of hardware has in common; undefined for people. */
interface Profile {
  /** From job to job, around the agent's own median. */
  readonly sigma: number;
  readonly signingUs: number;
}

type ServiceJob = Parameters<ServiceTimes["serviceUs"]>[1];

/** How many cells service times keep of every node. */
export const SERVICE_CELLS = 4;

export class WorldServiceTimes implements ServiceTimes {
  private readonly random: RandomStreams;
  private readonly starts: ColdStarts;
  private readonly profiles: (Profile | undefined)[] = [];
  /** Index in `profiles`, by node. */
  private readonly profileOf: Uint8Array;
  /** Median of the agent's own standard processing, in us. */
  private readonly medianUs: Column;
  private readonly weightFactor: number;
  private readonly answer: World["people"]["acknowledgement"];

  /**
   * @param sites by node address
   * @param rows where the nodes' numbers are kept
   */
  constructor(world: World, sites: readonly Site[], seed: number, rows?: NodeRows) {
    this.random = new RandomStreams(seed, "service", sites.length, rows);
    this.starts = new ColdStarts(world, sites, seed, rows);
    this.medianUs = rows?.reserve(1) ?? columnOf(sites.length, 1);
    this.profileOf = new Uint8Array(sites.length);
    this.weightFactor = world.agents.payload.weightFactor;
    this.answer = world.people.acknowledgement;
    const ofAgent = new RandomStreams(seed, "processing", sites.length);
    const indices = new Map<HardwareId, number>();
    const { doubles, first, stride } = this.medianUs;
    for (const [address, { hardware }] of sites.entries()) {
      const { processingMs, withinShare, signingMs } = speedOf(world, hardware);
      const spread = splitSpread(processingMs?.sigma ?? 0, withinShare);
      const index = indices.get(hardware) ?? indices.size;
      if (!indices.has(hardware)) {
        this.profiles.push(processingMs && { sigma: spread.within, signingUs: signingMs * US_PER_MS });
      }
      indices.set(hardware, index);
      this.profileOf[address] = index;
      if (processingMs === undefined) continue;
      const place = openUniform(ofAgent.int32(address));
      doubles[address * stride + first] = lognormalQuantile(processingMs.median * US_PER_MS, spread.between, place);
    }
  }

  /** Jobs so far that had to wait for their instance to start. */
  get coldStarts(): number {
    return this.starts.count;
  }

  /** Two draws a job: how long it takes; and whether the instance is cold, or the person answers. */
  serviceUs(address: number, job: ServiceJob, nowUs: Micros, idleSinceUs: Micros): Micros {
    const { random, medianUs } = this;
    const u = openUniform(random.int32(address));
    const chance = openUniform(random.int32(address));
    const profile = this.profiles[this.profileOf[address]];
    if (profile === undefined) return this.answerUs(u, chance);
    const ownMedianUs = medianUs.doubles[address * medianUs.stride + medianUs.first];
    const standardUs = lognormalQuantile(ownMedianUs, profile.sigma, u);
    const processingUs = standardUs * (1 + this.weightFactor * job.payloadWeight);
    const startUs = this.starts.startUs(address, nowUs - idleSinceUs, chance);
    return Math.round(profile.signingUs + processingUs + startUs);
  }

  /** A person's acknowledgement. `u` chooses the component and the quantile in it, `chance` whether there is one. */
  private answerUs(u: number, chance: number): Micros {
    const { noAnswerRatio, promptShare, promptMedianMs, promptSigma, slowMedianMs, slowSigma } = this.answer;
    if (chance < noAnswerRatio) return IGNORED;
    const answerMs =
      u < promptShare
        ? lognormalQuantile(promptMedianMs, promptSigma, u / promptShare)
        : lognormalQuantile(slowMedianMs, slowSigma, (u - promptShare) / (1 - promptShare));
    return Math.round(answerMs * US_PER_MS);
  }
}
