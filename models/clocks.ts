/**
 * The clocks of the machines. A clock runs at its oscillator's rate and is set now and then, by a step that leaves a
 * residual offset. Between two settings it is a straight line, keyed by (seed, machine, number of the setting), so that
 * what a clock shows is a pure function of the seed and of true time.
 */
import type { FreeRunningClocks } from "../sim/clock.js";
import { mix32, RandomStreams } from "../sim/random.js";
import { type Micros, US_PER_MS, US_PER_S } from "../sim/time.js";
import { HARDWARE, type Hardware } from "./hardware.js";
import { normalQuantile, openUniform } from "./normal.js";
import { machineCount, type Site } from "./site.js";
import type { World } from "./world-shape.js";

const US_PER_DAY = 86_400 * US_PER_S;
const PPM = 1e-6;

/** Fields of one machine's current line in `lines`: the clock shows baseMs + (true - startUs) x msPerUs. */
const LINE_FIELDS = 4;
const START_US = 0;
const END_US = 1;
const BASE_MS = 2;
const MS_PER_US = 3;

/** Fields of one machine in `machines`: what is drawn once. */
const MACHINE_FIELDS = 8;
/** Constant rate error, and the daily wave on it; ratios. */
const RATE = 0;
const DAILY_RATE = 1;
/** Where in its day the machine stands at true time 0, as a share of a day. */
const DAY_PHASE = 2;
const POLL_US = 3;
/** First synchronisation after true time 0, in [0, poll). */
const FIRST_SYNC_US = 4;
const RESIDUAL_MS = 5;
/** How far behind the clock is before its first synchronisation; NaN when it starts synchronised. */
const BEHIND_MS = 6;

export class WorldClocks implements FreeRunningClocks {
  private readonly machineOf: Int32Array;
  private readonly machines: Float64Array;
  private readonly lines: Float64Array;
  /** A line that is asked for beside the current one. */
  private readonly otherLine = new Float64Array(LINE_FIELDS);
  private readonly epochMs: number;
  private readonly key: number;

  /**
   * @param sites by node address
   * @param memory of `WorldClocks.bytes`, where the parts of a mesh share it, none of which asks for another's clocks
   */
  constructor(world: World, sites: readonly Site[], seed: number, memory?: ArrayBufferLike) {
    const machines = machineCount(sites);
    const buffer = memory ?? new ArrayBuffer(WorldClocks.bytes(machines));
    this.machineOf = Int32Array.from(sites, (site) => site.machine);
    this.machines = new Float64Array(buffer, 0, machines * MACHINE_FIELDS);
    this.lines = new Float64Array(buffer, this.machines.byteLength); // empty spans: drawn when first asked
    drawMachines(this.machines, world, sites, seed);
    this.epochMs = world.clocks.epochMs;
    this.key = new RandomStreams(seed, "clock-residual", 1).int32(0);
  }

  static bytes(machines: number): number {
    return machines * (MACHINE_FIELDS + LINE_FIELDS) * Float64Array.BYTES_PER_ELEMENT;
  }

  wallMs(address: number, trueUs: Micros): number {
    const line = this.lineAt(address, trueUs);
    const { lines } = this;
    return lines[line + BASE_MS] + (trueUs - lines[line + START_US]) * lines[line + MS_PER_US];
  }

  trueDurationUs(address: number, durationMs: number, nowUs: Micros): Micros {
    return Math.round(durationMs / this.lines[this.lineAt(address, nowUs) + MS_PER_US]);
  }

  freeWallMs(address: number, sinceUs: Micros, trueUs: Micros): number {
    const { otherLine } = this;
    this.draw(this.machineOf[address], sinceUs, otherLine, 0);
    return otherLine[BASE_MS] + (trueUs - otherLine[START_US]) * otherLine[MS_PER_US];
  }

  freeTrueDurationUs(address: number, durationMs: number, sinceUs: Micros): Micros {
    this.draw(this.machineOf[address], sinceUs, this.otherLine, 0);
    return Math.round(durationMs / this.otherLine[MS_PER_US]);
  }

  /** Where the line in force is kept, drawn anew when the clock has been set since. */
  private lineAt(address: number, trueUs: Micros): number {
    const machine = this.machineOf[address];
    const line = machine * LINE_FIELDS;
    const { lines } = this;
    if (trueUs >= lines[line + END_US] || trueUs < lines[line + START_US]) this.draw(machine, trueUs, lines, line);
    return line;
  }

  /** The line that is in force at an instant, put into `lines` at `line`. */
  private draw(machine: number, trueUs: Micros, lines: Float64Array, line: number): void {
    const { machines } = this;
    const at = machine * MACHINE_FIELDS;
    const pollUs = machines[at + POLL_US];
    const setting = Math.floor((trueUs - machines[at + FIRST_SYNC_US]) / pollUs);
    const startUs = machines[at + FIRST_SYNC_US] + setting * pollUs;
    const day = (startUs + pollUs / 2) / US_PER_DAY + machines[at + DAY_PHASE];
    const rateNow = machines[at + RATE] + machines[at + DAILY_RATE] * Math.sin(2 * Math.PI * day);
    const behindMs = machines[at + BEHIND_MS];
    const offsetMs =
      setting < 0 && !Number.isNaN(behindMs)
        ? -behindMs
        : machines[at + RESIDUAL_MS] * normalQuantile(openUniform(mix32(mix32(machine ^ this.key) + setting)));
    lines[line + START_US] = startUs;
    lines[line + END_US] = startUs + pollUs;
    lines[line + BASE_MS] = this.epochMs + startUs / US_PER_MS + offsetMs;
    lines[line + MS_PER_US] = (1 + rateNow) / US_PER_MS;
  }
}

/** A machine is of the hardware of the first node on it. Each takes the same draws, whatever its hardware. */
function drawMachines(machines: Float64Array, world: World, sites: readonly Site[], seed: number): void {
  const { rate, poll, residual, unsynchronised } = world.clocks;
  const count = machines.length / MACHINE_FIELDS;
  const random = new RandomStreams(seed, "clock", count);
  const hardwareOf = new Map<number, Hardware>();
  for (const site of sites) if (!hardwareOf.has(site.machine)) hardwareOf.set(site.machine, HARDWARE[site.hardware]);
  for (let machine = 0; machine < count; machine++) {
    const hardware = hardwareOf.get(machine) ?? HARDWARE.C; // an id that no node uses
    const draw = () => openUniform(random.int32(machine));
    const crystal = hardware.oscillator === "crystal";
    const dailyPpm = crystal && hardware.access !== "hosted" ? rate.dailyCrystalPpm : rate.dailyServerPpm;
    const ppm = (crystal ? rate.crystalSigmaPpm : rate.vmSigmaPpm) * normalQuantile(draw());
    const clippedPpm = Math.max(-rate.clipPpm, Math.min(rate.clipPpm, ppm));
    const uncorrected = (1 - rate.correctedShare) * PPM;
    const dayPhase = draw();
    const pollS = poll.shortestS * Math.exp(Math.log(poll.longestS / poll.shortestS) * draw());
    const pollUs = Math.round(pollS * US_PER_S);
    const firstSyncUs = Math.floor(draw() * pollUs);
    const powerCut = draw() < unsynchronised.boardShare;
    const behindMs = unsynchronised.behindS * 1_000 * draw();
    const at = machine * MACHINE_FIELDS;
    machines[at + RATE] = clippedPpm * uncorrected;
    machines[at + DAILY_RATE] = dailyPpm * uncorrected;
    machines[at + DAY_PHASE] = dayPhase;
    machines[at + POLL_US] = pollUs;
    machines[at + FIRST_SYNC_US] = firstSyncUs;
    machines[at + RESIDUAL_MS] = hardware.timeSource === "internet" ? residual.internetMs : residual.dataCentreMs;
    machines[at + BEHIND_MS] = hardware.board && powerCut ? behindMs : Number.NaN;
  }
}
