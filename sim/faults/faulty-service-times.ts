/** Service times where nodes are slowed down: a job takes as many times as long as the faults under way when it begins say together. */
import type { Address, Job } from "../../protocol/contract.js";
import { IGNORED, type ServiceTimes } from "../service-times.js";
import type { Micros } from "../time.js";
import type { NodeFault } from "./fault-plan.js";
import { FaultSchedule } from "./fault-schedule.js";
import { type Faults, includes } from "./faults.js";

export class FaultyServiceTimes implements ServiceTimes {
  private readonly schedule: FaultSchedule<SlowFault>;
  private readonly effects: number[];

  constructor(
    private readonly serviceTimes: ServiceTimes,
    faults: Faults,
  ) {
    this.schedule = new FaultSchedule(
      faults.plan.nodes.flatMap((fault) =>
        fault.trouble.kind === "slow" ? [{ ...fault, factor: fault.trouble.factor }] : [],
      ),
    );
    this.effects = faults.effects;
  }

  serviceUs(address: Address, job: Job, nowUs: Micros, idleSinceUs: Micros): Micros {
    const serviceUs = this.serviceTimes.serviceUs(address, job, nowUs, idleSinceUs);
    const underWay = this.schedule.at(nowUs);
    if (underWay.length === 0 || serviceUs === IGNORED) return serviceUs;
    let factor = 1;
    for (const slow of underWay) {
      if (!includes(slow.nodes, address)) continue;
      factor *= slow.factor;
      this.effects[slow.fault]!++;
    }
    return factor === 1 ? serviceUs : Math.round(serviceUs * factor);
  }
}

interface SlowFault extends NodeFault {
  readonly factor: number;
}
