/** What is known of one office in true time: which processes hold it, by what lease, and how many members obey each. */
import type { Address } from "../../../protocol/contract.js";
import type { Micros } from "../../../sim/time.js";

/** One of the two processes of an office. */
export class Claim {
  holds = false;
  term = 0;
  /** Until when it may hold it without being granted it again. */
  leaseUntilUs: Micros = Number.NEGATIVE_INFINITY;
  isLive = true;
  /** Members that run and carried out its orders last. */
  followers = 0;
  /** When it first acted towards a member in the overlap that lasts; undefined if it has not. */
  actedUs: Micros | undefined;
  /** Most followers at once in the incident that lasts. */
  mostFollowers = 0;

  constructor(readonly process: Address) {}

  /** Whether it takes itself to be in office, and runs. */
  isInOffice(nowUs: Micros): boolean {
    return this.holds && this.isLive && nowUs < this.leaseUntilUs;
  }
}

export class OfficeBooks {
  readonly claims: readonly [Claim, Claim];
  /** Since when both processes have held the office; undefined while they do not. */
  overlapUs: Micros | undefined;
  /** The highest term in which it was ever held. */
  highestTerm = 0;

  constructor(primary: Address, standby: Address, memberCount: number) {
    this.claims = [new Claim(primary), new Claim(standby)];
    this.claims[0].followers = memberCount;
  }

  claimOf(process: Address): Claim {
    return this.claims[0].process === process ? this.claims[0] : this.claims[1];
  }

  areBothInOffice(nowUs: Micros): boolean {
    return this.claims[0].isInOffice(nowUs) && this.claims[1].isInOffice(nowUs);
  }

  haveBothActed(): boolean {
    return this.claims.every((claim) => claim.actedUs !== undefined);
  }

  /** Until when the office is held without a break from `fromUs` on, if nothing changes; `fromUs` where nobody holds it. */
  heldUntilUs(fromUs: Micros): Micros {
    return this.claims.reduce(
      (latest, claim) => (claim.isInOffice(fromUs) ? Math.max(latest, claim.leaseUntilUs) : latest),
      fromUs,
    );
  }

  /** The earliest instant after `fromUs` at which a lease of those in office runs out; endless if none does. */
  nextLapseUs(fromUs: Micros): Micros {
    return this.claims.reduce(
      (earliest, claim) => (claim.isInOffice(fromUs) ? Math.min(earliest, claim.leaseUntilUs) : earliest),
      Number.POSITIVE_INFINITY,
    );
  }

  /** Members that obey the lesser of the two: of the lower term, or, in one term, of the fewer members. */
  misled(): number {
    const [a, b] = this.claims;
    if (a.term !== b.term) return a.term < b.term ? a.followers : b.followers;
    return Math.min(a.followers, b.followers);
  }
}
