/**
 * The judge of liveness: after the last fault is over, the mesh must be whole again within a stated time: every office held
 * by one process that all its living members obey, every registry by a map of all clusters that was taken since, the mode FULL,
 * 95 % of the agents active. Where it is not, it says what is stuck.
 */
import type { Address } from "../../../protocol/contract.js";
import { Office } from "../../../protocol/mesh-30k/authority/office.js";
import type { OperationalMode } from "../../../protocol/mesh-30k/resilience/operational-mode.js";
import type { Topology } from "../../../protocol/mesh-30k/topology.js";
import { type Micros, US_PER_S } from "../../../sim/time.js";
import { Calendar } from "../../quiet/calendar.js";
import type { Results } from "../../results.js";
import type { SplitBrainJudge } from "../authority/split-brain-judge.js";
import type { AvailabilityMeter } from "../availability-meter.js";
import { rounded } from "../distribution.js";
import { AVAILABLE_SHARE } from "../outages.js";
import type { RegistryWatch } from "./registry-watch.js";

/** So many things that are stuck are named. */
const MOST_NAMED = 20;

/** What the judge goes by. */
export interface Seen {
  readonly authority: SplitBrainJudge;
  readonly availability: AvailabilityMeter;
  readonly registries: RegistryWatch;
  readonly isRunning: (node: Address) => boolean;
}

export class LivenessJudge {
  mode: OperationalMode = "FULL";
  private agreedUs: Micros | undefined;
  private stuck: string[] = [];
  private readonly offices: readonly Office[];

  /**
   * @param healedUs when the last fault is over; undefined where nothing breaks, infinite where something never heals
   * @param withinUs how long the mesh may take
   */
  constructor(
    private readonly topology: Topology,
    private readonly seen: Seen,
    private readonly healedUs: Micros | undefined,
    private readonly withinUs: Micros,
  ) {
    this.offices = Array.from({ length: topology.officeCount }, (_, id) => new Office(topology, id));
  }

  /**
   * Looks once a second, after the last fault is over until the mesh is whole. It is called before what happens at `nowUs`,
   * so that a look at the very instant of the last fault would be one at the mesh before it.
   */
  look(nowUs: Micros): void {
    if (this.healedUs === undefined || nowUs <= this.healedUs || this.agreedUs !== undefined) return;
    this.stuck = this.whatIsStuck(nowUs);
    if (this.stuck.length === 0) this.agreedUs = nowUs;
  }

  /** How long the mesh took, in s; undefined where it was not to be seen. */
  tookS(nowUs: Micros): number | undefined {
    if (this.healedUs === undefined || this.healedUs > nowUs) return undefined;
    if (this.agreedUs !== undefined) return (this.agreedUs - this.healedUs) / US_PER_S;
    return nowUs - this.healedUs > this.withinUs ? Number.POSITIVE_INFINITY : undefined;
  }

  results(nowUs: Micros, calendar = Calendar.endless()): Results["liveness"] {
    const tookS = this.tookS(nowUs);
    const withinS = this.withinUs / US_PER_S;
    const unseen = this.stuck.length > 0 ? ("undecided" as const) : ("not-exercised" as const);
    const isSeen = this.healedUs !== undefined && this.healedUs <= nowUs;
    return {
      lastFaultEndsS: isSeen ? rounded(calendar.calendarUs(this.healedUs) / US_PER_S) : null,
      agreedAfterS: tookS === undefined || tookS === Number.POSITIVE_INFINITY ? null : rounded(tookS),
      withinS,
      verdict: tookS === undefined ? unseen : tookS <= withinS ? "holds" : "missed",
      stuck: this.agreedUs === undefined && isSeen ? this.stuck.slice(0, MOST_NAMED) : [],
    };
  }

  private whatIsStuck(nowUs: Micros): string[] {
    const stuck: string[] = [];
    if (this.mode !== "FULL") stuck.push(`the mode is ${this.mode}`);
    const { authority, isRunning } = this.seen;
    const { active, agentCount } = this.seen.availability;
    if (active < AVAILABLE_SHARE * agentCount) stuck.push(`${active} of ${agentCount} agents are active`);
    for (const office of this.offices) {
      const holder = authority.soleHolder(office.id, nowUs);
      const name = this.topology.nameOf(office.id);
      if (holder === undefined) {
        stuck.push(`${name}: ${authority.isHeld(office.id, nowUs) ? "two are in office" : "nobody is in office"}`);
        continue;
      }
      const astray = office.members().filter((member) => {
        return isRunning(member) && authority.masterOfMember(member) !== holder;
      });
      if (astray.length > 0) stuck.push(`${name}: ${astray.length} members obey somebody else`);
      if (office.scope === "sector") stuck.push(...this.whatIsAmiss(name, holder));
    }
    return stuck;
  }

  /** Registries agree where each coordinator goes by a map of all clusters that it has taken in since. */
  private whatIsAmiss(name: string, coordinator: Address): string[] {
    const known = this.seen.registries.knownSince(this.healedUs!, coordinator);
    if (known === undefined) return [`${name}: its registry is as it was before the last fault was over`];
    const { length } = this.topology.clusters;
    return known === length ? [] : [`${name}: its registry knows ${known} of ${length} clusters`];
  }
}
