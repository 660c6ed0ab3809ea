/**
 * Which members of an office have not been heard of for long, so that its process can have those started again that are
 * gone. Time is counted in ticks of the process.
 */
import type { Address } from "../../contract.js";
import type { Office } from "./office.js";

export class RollCall {
  private ticks = 0;
  /** By place among the members that vote: the tick in which each was heard of last, or named as absent. */
  private readonly heard: Int32Array;

  constructor(private readonly office: Office) {
    this.heard = new Int32Array(office.voterCount);
  }

  /** From now on, as if everybody had just been heard of. */
  begin(): void {
    this.heard.fill(this.ticks);
  }

  hear(member: Address): void {
    const place = this.office.voterIndexOf(member);
    if (place >= 0) this.heard[place] = this.ticks;
  }

  /** Called once in each tick. @returns who has been silent for `patience` ticks, or for as many again since last named */
  tick(patience: number): Address[] {
    this.ticks++;
    const absent = this.office.voters().filter((_, place) => this.ticks - this.heard[place]! >= patience);
    for (const member of absent) this.hear(member);
    return absent;
  }
}
