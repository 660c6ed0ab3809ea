/**
 * Clocks that are wrong. What the faults under way on a machine do to its clock adds up; whatever node of the machine reads
 * it, it shows the same. Timers follow the oscillator, at the rate that it has when they are set.
 */
import type { Address, Millis } from "../../protocol/contract.js";
import type { Clocks, FreeRunningClocks } from "../clock.js";
import { type Micros, US_PER_MS } from "../time.js";
import type { ClockFault } from "./fault-plan.js";
import { FaultSchedule } from "./fault-schedule.js";
import { type Faults, includes } from "./faults.js";

const PPM = 1e-6;

interface WrongClocks extends ClockFault {
  /** Ascending. */
  readonly machines: Int32Array;
}

export class FaultyClocks implements Clocks {
  private readonly schedule: FaultSchedule<WrongClocks>;
  private readonly effects: number[];

  /** @param machineOf the machine that each node stands on, by address */
  constructor(
    private readonly clocks: FreeRunningClocks,
    faults: Faults,
    private readonly machineOf: Int32Array,
  ) {
    this.schedule = new FaultSchedule(
      faults.plan.clocks.map((fault) => ({ ...fault, machines: machinesOf(fault.nodes, machineOf) })),
    );
    this.effects = faults.effects;
  }

  /** A fault has taken effect when a clock is read that it makes show something else. */
  wallMs(address: Address, trueUs: Micros): Millis {
    const underWay = this.schedule.at(trueUs);
    if (underWay.length === 0) return this.clocks.wallMs(address, trueUs);
    const freeSinceUs = this.freeSinceUs(underWay, address);
    const setMs = this.clocks.wallMs(address, trueUs);
    let shownMs = freeSinceUs === undefined ? setMs : this.clocks.freeWallMs(address, freeSinceUs, trueUs);
    const wasSet = shownMs !== setMs;
    for (const fault of underWay) {
      if (!includes(fault.machines, this.machineOf[address]!)) continue;
      const offMs = offsetMs(fault, trueUs);
      shownMs += offMs;
      const isOff = fault.trouble.kind === "unsynchronised" ? wasSet : offMs !== 0;
      if (isOff) this.effects[fault.fault]!++;
    }
    return shownMs;
  }

  trueDurationUs(address: Address, durationMs: Millis, nowUs: Micros): Micros {
    const underWay = this.schedule.at(nowUs);
    if (underWay.length === 0) return this.clocks.trueDurationUs(address, durationMs, nowUs);
    let countedMs = durationMs;
    for (const { machines, trouble } of underWay) {
      if (trouble.kind === "drift" && includes(machines, this.machineOf[address]!)) {
        countedMs /= 1 + trouble.ppm * PPM;
      }
    }
    const freeSinceUs = this.freeSinceUs(underWay, address);
    return freeSinceUs === undefined
      ? this.clocks.trueDurationUs(address, countedMs, nowUs)
      : this.clocks.freeTrueDurationUs(address, countedMs, freeSinceUs);
  }

  /** Since when nobody has set the node's clock, or undefined. */
  private freeSinceUs(underWay: readonly WrongClocks[], address: Address): Micros | undefined {
    let sinceUs: Micros | undefined;
    for (const { machines, trouble, fromUs } of underWay) {
      if (trouble.kind !== "unsynchronised" || !includes(machines, this.machineOf[address]!)) continue;
      if (sinceUs === undefined || fromUs < sinceUs) sinceUs = fromUs;
    }
    return sinceUs;
  }
}

/** How much more the clock shows because of one fault. */
function offsetMs({ trouble, fromUs }: ClockFault, trueUs: Micros): Millis {
  switch (trouble.kind) {
    case "step":
      return trouble.offsetMs;
    case "drift":
      return ((trueUs - fromUs) / US_PER_MS) * trouble.ppm * PPM;
    case "strobe":
      return (trueUs - fromUs) % trouble.periodUs < trouble.periodUs / 2 ? trouble.offsetMs : 0;
    case "unsynchronised":
      return 0;
  }
}

/** The machines that nodes stand on, ascending, each once. */
function machinesOf(nodes: Int32Array, machineOf: Int32Array): Int32Array {
  const machines = Int32Array.from(nodes, (node) => machineOf[node]!).sort();
  return machines.filter((machine, i) => machine !== machines[i - 1]);
}
