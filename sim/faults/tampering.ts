/** Messages that their sender, or somebody who has taken it over, tampers with before they go out. */
import type { Address } from "../../protocol/contract.js";
import type { Micros } from "../time.js";
import type { NodeFault } from "./fault-plan.js";
import { FaultSchedule } from "./fault-schedule.js";
import { type Faults, includes } from "./faults.js";

/** What tampering means in a protocol: the simulation knows nothing of it but the names of its ways. */
export interface Tampering<Message> {
  /**
   * What goes out instead of a message: nothing, or any number of messages, each to `to`; the message itself, the very
   * object, where it is left alone.
   * @param random uniform in [0, 1), from a stream of the fault's and the sender's own
   */
  tamper(way: string, from: Address, to: Address, message: Message, random: () => number): readonly Message[];
}

interface TamperFault extends NodeFault {
  readonly way: string;
}

export class Tamperer<Message> {
  private readonly schedule: FaultSchedule<TamperFault>;

  constructor(
    private readonly tampering: Tampering<Message>,
    private readonly faults: Faults,
  ) {
    this.schedule = new FaultSchedule(
      faults.plan.nodes.flatMap((fault) =>
        fault.trouble.kind === "tamper" ? [{ ...fault, way: fault.trouble.way }] : [],
      ),
    );
  }

  /** What goes out for a message now; undefined where it is the message itself. Of two faults, the second has what the first makes. */
  tampered(from: Address, to: Address, message: Message, nowUs: Micros): readonly Message[] | undefined {
    const underWay = this.schedule.at(nowUs);
    if (underWay.length === 0) return undefined;
    let outgoing: readonly Message[] = [message];
    let isTampered = false;
    for (const { fault, nodes, way } of underWay) {
      if (!includes(nodes, from)) continue;
      const random = this.faults.random(fault, "tamper");
      const uniform = () => random.uniform(from);
      outgoing = outgoing.flatMap((each) => {
        const instead = this.tampering.tamper(way, from, to, each, uniform);
        if (instead.length === 1 && instead[0] === each) return instead;
        this.faults.effects[fault]!++;
        isTampered = true;
        return instead;
      });
    }
    return isTampered ? outgoing : undefined;
  }
}
