/** Follows each cascade in true time: who was aimed at, who was READY when, when each level took it in. */
import type { Address } from "../../protocol/contract.js";
import type { CascadeStrategy } from "../../protocol/mesh-30k/cascade-plan.js";
import type { AimedFact } from "../../protocol/mesh-30k/facts.js";
import { IMPEDANCE_CLASSES, type ImpedanceClass } from "../../protocol/mesh-30k/impedance-class.js";
import { US_PER_MS } from "../../sim/time.js";

/** The share of targeted machine agents that must be READY for the cascade to have arrived (part 11, 5.2). */
export const REQUIRED_SHARE = 0.95;

interface Aim {
  readonly targetUs: number;
  readonly windowUs: number;
}

/** How the agents of one class fared in one cascade. */
export class ClassTally {
  targeted = 0;
  skipped = 0;
  sent = 0;
  hits = 0;
  early = 0;
  late = 0;
  gathered = 0;

  /** Targeted and never READY. */
  get never(): number {
    return this.targeted - this.hits - this.early - this.late;
  }
}

export class CascadeRecord {
  status = "unfinished";
  endedUs: number | undefined;
  /** From the decision until READY, for each machine agent, in order of becoming so; µs. */
  readonly readyAfterUs: number[] = [];
  readonly levelUs = { sectors: [] as number[], leads: [] as number[] };
  readonly gathers = { started: 0, achieved: 0 };
  private readonly tallies = new Map<ImpedanceClass, ClassTally>();
  private readonly aims = new Map<number, Aim>();

  constructor(
    readonly id: number,
    readonly strategy: CascadeStrategy,
    readonly startedUs: number,
  ) {}

  of(agentClass: ImpedanceClass): ClassTally {
    let tally = this.tallies.get(agentClass);
    if (tally === undefined) {
      tally = new ClassTally();
      this.tallies.set(agentClass, tally);
    }
    return tally;
  }

  /** Over machine agents. */
  sum(field: keyof ClassTally): number {
    return IMPEDANCE_CLASSES.reduce((sum, name) => (name === "F" ? sum : sum + this.of(name)[field]), 0);
  }

  aim(source: Address, fact: AimedFact, nowUs: number): void {
    const targetUs = nowUs + fact.targetInMs * US_PER_MS;
    this.aims.set(aimKey(source, fact.correlationId), { targetUs, windowUs: fact.windowMs * US_PER_MS });
  }

  aimOf(source: Address, correlationId: number): Aim | undefined {
    return this.aims.get(aimKey(source, correlationId));
  }

  /** From the decision until `share` of the targeted machine agents were READY, in µs; undefined if they never were. */
  latencyUs(): number | undefined {
    const needed = Math.ceil(REQUIRED_SHARE * this.sum("targeted"));
    return needed === 0 ? undefined : this.readyAfterUs[needed - 1];
  }
}

/** A source aims once in each phase. */
function aimKey(source: Address, correlationId: number): number {
  return source * 16 + (correlationId % 16);
}
