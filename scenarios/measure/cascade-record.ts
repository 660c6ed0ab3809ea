/** One cascade in true time: who was targeted, who was READY when, when each level took it in, how its gathers ended. */
import type { Address } from "../../protocol/contract.js";
import type { CascadeStrategy } from "../../protocol/mesh-30k/cascade-plan.js";
import type { Tier } from "../../protocol/mesh-30k/facts.js";
import { IMPEDANCE_CLASSES, type ImpedanceClass } from "../../protocol/mesh-30k/impedance-class.js";
import { US_PER_MS, US_PER_S } from "../../sim/time.js";
import { Distribution } from "./distribution.js";
import { FirstTimes } from "./first-times.js";
import { GatherBooks } from "./gather-books.js";
import type { Population } from "./population.js";

/** The share of targeted agents that must be READY for the cascade to have arrived (part 11, 5.2). */
export const REQUIRED_SHARE = 0.95;

/** Longer than any message of a cascade lives and any queue of machines takes. */
const STRAGGLERS_US = 120 * US_PER_S;

/** What agents are judged by, in true µs: READY within `windowUs` of `targetUs`. */
export interface Aim {
  readonly targetUs: number;
  readonly windowUs: number;
}

type Arrival = "hits" | "early" | "late";

/** How the agents of one class fared in one cascade. */
export class ClassTally {
  skipped = 0;
  sent = 0;
  hits = 0;
  early = 0;
  late = 0;
  gathered = 0;
  /** READY minus target time, in ms. */
  readonly arrivalErrors = new Distribution();
  /** By how much the lead time of the skipped fell short, in ms; undefined while nobody was skipped. */
  shortfalls: Distribution | undefined;

  constructor(public targeted: number) {}

  /** Targeted and never READY. */
  get never(): number {
    return this.targeted - this.hits - this.early - this.late;
  }
}

type Counted = "targeted" | "skipped" | "sent" | "hits" | "early" | "late" | "gathered" | "never";

/** The levels above the agents; each node of them counts once. */
class LevelTimes {
  /** From the decision, in order; µs. */
  readonly afterUs: number[] = [];
  private readonly nodes = new Set<Address>();

  note(node: Address, afterUs: number): void {
    if (this.nodes.has(node)) return;
    this.nodes.add(node);
    this.afterUs.push(afterUs);
  }
}

export class CascadeRecord {
  status = "unfinished";
  endedUs: number | undefined;
  /** Whether it was over before the run was; one that the end of the run cut off counts in no KPI. */
  isCounted = false;
  /** From the decision until READY, for each agent of whom the KPIs speak, in order of becoming so; µs. */
  readonly readyAfterUs: number[] = [];
  readonly levels = { sectors: new LevelTimes(), leads: new LevelTimes() };
  readonly gathers: Readonly<Record<Tier, GatherBooks>> = {
    orchestrator: new GatherBooks(),
    sector: new GatherBooks(),
    lead: new GatherBooks(),
  };
  /** What has happened to which agent. */
  readonly first: FirstTimes;
  private readonly tallies: ReadonlyMap<ImpedanceClass, ClassTally>;
  private readonly aims = new Map<number, Aim>();
  /** The initiator's own target time, where all below inherit it. */
  private inherited: Aim | undefined;
  /** When the last of the windows that are known of closes. */
  private closedAtUs = Number.NEGATIVE_INFINITY;

  /** @param population of whom the KPIs speak: a cascade is aimed at all of them */
  constructor(
    readonly id: number,
    readonly strategy: CascadeStrategy,
    readonly startedUs: number,
    private readonly population: Population,
  ) {
    this.first = new FirstTimes(population.firstAgent, population.agentCount);
    this.tallies = new Map(IMPEDANCE_CLASSES.map((name) => [name, new ClassTally(population.countOf(name))]));
  }

  of(agentClass: ImpedanceClass): ClassTally {
    return this.tallies.get(agentClass)!;
  }

  /** Over the agents of whom the KPIs speak. */
  sum(field: Counted): number {
    return this.population.classes.reduce((sum, name) => sum + this.of(name)[field], 0);
  }

  /** The initiator has passed the operation on with the target time that all below inherit; the first word counts. */
  inherit(aim: Aim): void {
    this.inherited ??= aim;
    this.keepOpenFor(this.inherited);
  }

  /** A node aims at agents; its own target time is what they are judged by unless it is inherited. */
  aim(source: Address, correlationId: number, own: Aim): void {
    const aim = this.inherited ?? own;
    const key = aimKey(source, correlationId);
    if (this.aims.has(key)) return; // a copy of the operation: the first word counts
    this.aims.set(key, aim);
    this.keepOpenFor(aim);
  }

  aimOf(source: Address, correlationId: number): Aim | undefined {
    return this.aims.get(aimKey(source, correlationId));
  }

  /** A targeted agent became READY, for the first time. */
  arrive(agentClass: ImpedanceClass, nowUs: number, aim: Aim): Arrival {
    const tally = this.of(agentClass);
    const errorUs = nowUs - aim.targetUs;
    const arrival = errorUs < -aim.windowUs ? "early" : errorUs > aim.windowUs ? "late" : "hits";
    tally[arrival]++;
    tally.arrivalErrors.add(errorUs / US_PER_MS);
    if (this.population.includes(agentClass)) this.readyAfterUs.push(nowUs - this.startedUs);
    return arrival;
  }

  /** Whether no message of it can be on its way any more. */
  isSpentAt(nowUs: number): boolean {
    return this.isOverAt(nowUs - STRAGGLERS_US);
  }

  /** Whether the initiator has ended it and every window that was aimed at has closed. */
  isOverAt(nowUs: number): boolean {
    return this.endedUs !== undefined && this.closedAtUs <= nowUs;
  }

  /** From the decision until `REQUIRED_SHARE` of the targeted agents were READY, in µs; undefined if never. */
  latencyUs(): number | undefined {
    return atShare(this.readyAfterUs, this.sum("targeted"));
  }

  private keepOpenFor(aim: Aim): void {
    this.closedAtUs = Math.max(this.closedAtUs, aim.targetUs + aim.windowUs);
  }
}

/** When `REQUIRED_SHARE` of `total` had come to pass; undefined if that never was. Times are in order. */
export function atShare(timesUs: readonly number[], total: number): number | undefined {
  return timesUs[Math.ceil(total * REQUIRED_SHARE) - 1];
}

/** A source aims once in each phase. */
function aimKey(source: Address, correlationId: number): number {
  return source * 16 + (correlationId % 16);
}
