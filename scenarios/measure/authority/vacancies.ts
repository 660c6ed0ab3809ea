/** For how long offices had no live holder, in true time: the price of electing one (docs/protocols.md, "Offices and takeover"). */
import type { Address } from "../../../protocol/contract.js";
import { type Micros, US_PER_S } from "../../../sim/time.js";
import type { Calendar } from "../../quiet/calendar.js";
import type { OfficeBooks } from "./office-books.js";

export class Vacancies {
  private readonly accountedUs: Float64Array;
  private readonly vacantUs: Float64Array;

  /** @param fromUs when measuring begins; what was vacant before does not count */
  constructor(
    offices: number,
    fromUs: Micros,
    private readonly calendar: Calendar,
  ) {
    this.accountedUs = new Float64Array(offices).fill(fromUs);
    this.vacantUs = new Float64Array(offices);
  }

  /** Accounts for the time up to `nowUs`, before what an office's books say changes. */
  account(office: Address, books: OfficeBooks, nowUs: Micros): void {
    const sinceUs = this.accountedUs[office]!;
    if (nowUs <= sinceUs) return;
    const heldUntilUs = Math.min(nowUs, books.heldUntilUs(sinceUs));
    // From when measuring begins, which is in no cut.
    this.vacantUs[office]! += this.calendar.calendarUs(nowUs) - this.calendar.calendarUs(heldUntilUs);
    this.accountedUs[office] = nowUs;
  }

  /** In s of calendar time. */
  secondsOf(office: Address): number {
    return this.vacantUs[office]! / US_PER_S;
  }
}
