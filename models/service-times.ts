/**
 * How long machines work and people take. A machine's job is its signatures plus processing, scaled by the payload's
 * weight, plus a cold start where its instance has to be started first. People acknowledge in minutes to hours, or never.
 */
import { RandomStreams } from "../sim/random.js";
import { IGNORED, type ServiceTimes } from "../sim/service-times.js";
import { type Micros, US_PER_MS } from "../sim/time.js";
import { ColdStarts } from "./cold-starts.js";
import { lognormalQuantile, splitSpread } from "./lognormal.js";
import { openUniform } from "./normal.js";
import type { Site } from "./site.js";
import { speedOf } from "./speed.js";
import type { World } from "./world-shape.js";

/** Fields of one machine in `machines`. */
const MACHINE_FIELDS = 4;
/** Of the agent's own standard processing. */
const MEDIAN_US = 0;
const SIGMA = 1;
const SIGNING_US = 2;

type ServiceJob = Parameters<ServiceTimes["serviceUs"]>[1];

export class WorldServiceTimes implements ServiceTimes {
  private readonly random: RandomStreams;
  private readonly starts: ColdStarts;
  private readonly person: Uint8Array;
  /** What one call needs, side by side: one cache miss instead of three. */
  private readonly machines: Float64Array;
  private readonly weightFactor: number;
  private readonly answer: World["people"]["acknowledgement"];

  /** @param sites by node address */
  constructor(world: World, sites: readonly Site[], seed: number) {
    this.random = new RandomStreams(seed, "service", sites.length);
    this.starts = new ColdStarts(world, sites, seed);
    this.person = new Uint8Array(sites.length);
    this.machines = new Float64Array(sites.length * MACHINE_FIELDS);
    this.weightFactor = world.agents.payload.weightFactor;
    this.answer = world.people.acknowledgement;
    const ofAgent = new RandomStreams(seed, "processing", sites.length);
    for (const [address, site] of sites.entries()) {
      const { processingMs, withinShare, signingMs } = speedOf(world, site.hardware);
      if (processingMs === undefined) {
        this.person[address] = 1;
        continue;
      }
      const spread = splitSpread(processingMs.sigma, withinShare);
      const place = openUniform(ofAgent.int32(address));
      const machine = address * MACHINE_FIELDS;
      this.machines[machine + MEDIAN_US] = lognormalQuantile(processingMs.median * US_PER_MS, spread.between, place);
      this.machines[machine + SIGMA] = spread.within;
      this.machines[machine + SIGNING_US] = signingMs * US_PER_MS;
    }
  }

  /** Jobs so far that had to wait for their instance to start. */
  get coldStarts(): number {
    return this.starts.count;
  }

  /** Two draws a job: how long it takes; and whether the instance is cold, or the person answers. */
  serviceUs(address: number, job: ServiceJob, nowUs: Micros, idleSinceUs: Micros): Micros {
    const { random, machines } = this;
    const u = openUniform(random.int32(address));
    const chance = openUniform(random.int32(address));
    if (this.person[address] === 1) return this.answerUs(u, chance);
    const machine = address * MACHINE_FIELDS;
    const standardUs = lognormalQuantile(machines[machine + MEDIAN_US], machines[machine + SIGMA], u);
    const processingUs = standardUs * (1 + this.weightFactor * job.payloadWeight);
    const startUs = this.starts.startUs(address, nowUs - idleSinceUs, chance);
    return Math.round(machines[machine + SIGNING_US] + processingUs + startUs);
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
