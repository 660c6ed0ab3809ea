/**
 * The judge of cuts: whether a mesh was settled at each instant at which calendar time is left out, so that nothing can have
 * come of the time that it did not live through. Settled is who has exactly one live holder in every office, whom all live
 * members follow. That no fault is under way there is the calendar's doing.
 */
import { Office } from "../../../protocol/mesh-30k/authority/office.js";
import type { Topology } from "../../../protocol/mesh-30k/topology.js";
import type { Micros } from "../../../sim/time.js";
import type { SplitBrainJudge } from "./split-brain-judge.js";

export interface UnsettledCut {
  readonly atUs: Micros;
  /** The first office that was not agreed on, by the address of its primary, and how many there were. */
  readonly office: number;
  readonly offices: number;
}

export class CutJudge {
  /** Cuts that were looked at. */
  cuts = 0;
  readonly unsettled: UnsettledCut[] = [];
  private readonly ahead: Micros[];
  private readonly membersOf: readonly (readonly number[])[];

  /** @param cutsUs ascending */
  constructor(
    topology: Topology,
    private readonly authority: SplitBrainJudge,
    cutsUs: readonly Micros[],
  ) {
    this.ahead = [...cutsUs].reverse();
    const offices = cutsUs.length === 0 ? 0 : topology.officeCount;
    this.membersOf = Array.from({ length: offices }, (_, id) => new Office(topology, id).members());
  }

  /** Called when everything before `nowUs` has happened. */
  advance(nowUs: Micros): void {
    while (this.ahead.length > 0 && this.ahead.at(-1)! <= nowUs) this.look(this.ahead.pop()!);
  }

  private look(atUs: Micros): void {
    this.cuts++;
    const open = this.membersOf.flatMap((members, office) => (this.isSettled(office, members, atUs) ? [] : [office]));
    if (open.length > 0) this.unsettled.push({ atUs, office: open[0]!, offices: open.length });
  }

  private isSettled(office: number, members: readonly number[], atUs: Micros): boolean {
    const { authority } = this;
    const holder = authority.soleHolder(office, atUs);
    if (holder === undefined) return false;
    return members.every((member) => !authority.isLive(member) || authority.masterOfMember(member) === holder);
  }
}
