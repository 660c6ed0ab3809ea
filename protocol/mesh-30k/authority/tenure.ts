/**
 * Whether a process holds its office: pure decisions, which `Seat` carries out (option `takeover`). Time is counted in the
 * process's own ticks, on its oscillator; what a pause takes away from them shows on the wall clock, which is therefore
 * held against the lease as well.
 */
import type { Address, Millis } from "../../contract.js";
import type { Assertion, Vote } from "../messages.js";
import type { Variant } from "../options.js";
import type { Office } from "./office.js";

/** What a process has to do after a tick or a message. */
export type Step =
  | "nothing"
  /** Tell members, rival and superiors that it holds the office. */
  | "assert"
  /** Tell the rival that it is alive. */
  | "beat"
  /** Ask the members for their votes. */
  | "canvass"
  /** Begin to hold the office, and say so. */
  | "take"
  /** End to hold it. */
  | "resign"
  /** End to hold it, and say that the rival does. */
  | "hand-back";

export interface Tenure {
  readonly holds: boolean;
  readonly term: number;
  /** For which term it stands for election, and whether it only asks if it would be elected. */
  readonly candidateTerm: number;
  readonly isTrial: boolean;
  /** The highest term that it knows of, its own elections among them: what is to survive a crash. */
  readonly knownTerm: number;
  /** Number of the latest assertion, which members grant. */
  readonly serial: number;
  /** For how long it holds the office if nobody grants it any more; endless where nobody has to. */
  leaseMs(nowMs: Millis): Millis;
  /** Called once in each tick. */
  tick(nowMs: Millis): Step;
  /** Called before anything else is done: a process that was paused finds that its lease has run out. */
  look(nowMs: Millis): Step;
  /** The rival says that it holds the office, or who does. */
  hearRival(assertion: Assertion): Step;
  onGrant(member: Address, serial: number): void;
  onVote(member: Address, vote: Vote, nowMs: Millis): Step;
  /** Somebody knows of a later term than that in which it asserts to hold the office. */
  onOutdated(knownTerm: number): Step;
}

/** Ticks from one assertion to the next. */
const ASSERT_TICKS = 2;

/**
 * Document 10.3: the primary holds its office as long as it lives; the standby takes it over when it has not heard of the
 * primary for as long as a lease, and gives it back when it hears of it again. Neither knows what the other does.
 */
class TimeoutTenure implements Tenure {
  holds: boolean;
  readonly term = 1;
  readonly candidateTerm = 0;
  readonly isTrial = true;
  readonly knownTerm = 1;
  readonly serial = 0;
  private ticks = 0;
  private silentTicks = 0;

  constructor(
    private readonly isPrimary: boolean,
    private readonly patienceTicks: number,
  ) {
    this.holds = isPrimary;
  }

  leaseMs(): Millis {
    return Number.POSITIVE_INFINITY;
  }

  tick(): Step {
    this.ticks++;
    if (this.isPrimary) return this.ticks % ASSERT_TICKS === 0 ? "beat" : "nothing";
    this.silentTicks++;
    if (this.holds || this.silentTicks <= this.patienceTicks) return "nothing";
    this.holds = true;
    return "take";
  }

  look(): Step {
    return "nothing";
  }

  hearRival(): Step {
    if (this.isPrimary) return "nothing";
    this.silentTicks = 0;
    if (!this.holds) return "nothing";
    this.holds = false;
    return "hand-back";
  }

  onGrant(): void {
    // Nobody is asked.
  }

  onVote(): Step {
    return "nothing";
  }

  onOutdated(): Step {
    return "nothing";
  }
}

/** When an assertion left, in ticks and on the wall clock. */
interface Sent {
  readonly tick: number;
  readonly atMs: Millis;
}

const NEVER: Sent = { tick: Number.NEGATIVE_INFINITY, atMs: Number.NEGATIVE_INFINITY };

/** Serial numbers of one term. */
const SERIALS = 1 << 20;
/** Ticks between two attempts to be elected, beside the random ones. */
const RETRY_TICKS = 2;
/** Up to so many ticks more, drawn, lest two candidates stand at once again and again. */
const STAGGER_TICKS = 3;

/**
 * Elected by a majority of the members, for a term with a number of its own; holds the office by a lease that a majority
 * has granted, counted from when it asked for it, and stands for election when it has heard of no holder for longer than
 * a lease lasts. A member that granted a lease votes for nobody else until that lease has run out (Gray and Cheriton,
 * SOSP 1989; Raft 6.4.1), so that no two leases are ever valid at once.
 */
class ElectedTenure implements Tenure {
  holds: boolean;
  term: number;
  knownTerm: number;
  serial: number;
  private ticks = 0;
  private silentTicks = 0;
  private patience: number;
  candidateTerm = 0;
  /**
   * A vote that elects nobody binds the member all the same, so that candidates ask first whether they would have a
   * majority (Raft's pre-vote): else members would be bound one after the other, and nobody elected for long.
   */
  isTrial = true;
  /** When it last asked for votes. */
  private canvassed = NEVER;
  private readonly voted = new Set<Address>();
  /** The assertion by which it holds its lease: the latest that a majority has granted. */
  private lease: Sent = NEVER;
  /** The latest assertions of this term, by place in the term modulo their number. */
  private readonly recent: Sent[];
  /** How many members have granted each of them, or a later one. */
  private readonly grants: number[];
  /** The latest assertion that each member granted, by its place in the term; -1 for none. */
  private readonly granted: Int32Array;

  /**
   * @param isFounder whether the mesh begins with this process in office
   * @param knownTerm the highest term that an earlier process at its address knew of
   */
  constructor(
    private readonly office: Office,
    isFounder: boolean,
    private readonly leaseTicks: number,
    private readonly tickMs: Millis,
    private readonly random: () => number,
    nowMs: Millis,
    knownTerm: number,
  ) {
    const remembered = Math.ceil(leaseTicks / ASSERT_TICKS) + 1;
    this.recent = new Array<Sent>(remembered).fill(NEVER);
    this.grants = new Array<number>(remembered).fill(0);
    this.granted = new Int32Array(office.voterCount).fill(-1);
    this.holds = false;
    this.term = knownTerm;
    this.knownTerm = knownTerm;
    this.serial = knownTerm * SERIALS;
    this.patience = this.newPatience();
    if (isFounder) this.begin(1, { tick: 0, atMs: nowMs }, office.voters());
  }

  leaseMs(nowMs: Millis): Millis {
    const { tick, atMs } = this.lease;
    const byTicks = (this.leaseTicks - (this.ticks - tick)) * this.tickMs;
    return Math.max(0, Math.min(byTicks, atMs + this.leaseTicks * this.tickMs - nowMs));
  }

  tick(nowMs: Millis): Step {
    this.ticks++;
    if (!this.holds) return this.wait(nowMs);
    if (this.look(nowMs) === "resign") return "resign";
    if (this.ticks % ASSERT_TICKS !== 0) return "nothing";
    this.serial++;
    const slot = this.place % this.recent.length;
    this.recent[slot] = { tick: this.ticks, atMs: nowMs };
    this.grants[slot] = 0;
    return "assert";
  }

  look(nowMs: Millis): Step {
    return !this.holds || this.leaseMs(nowMs) > 0 ? "nothing" : this.resign();
  }

  hearRival({ term }: Assertion): Step {
    if (term < this.term) return "nothing";
    this.silentTicks = 0;
    this.patience = this.newPatience();
    if (term === this.term) return "nothing";
    this.term = term;
    this.knownTerm = Math.max(this.knownTerm, term);
    return this.holds ? this.resign() : "nothing";
  }

  /** It was elected by members that had forgotten of a term, and stands for a later one. */
  onOutdated(knownTerm: number): Step {
    this.knownTerm = Math.max(this.knownTerm, knownTerm);
    return this.holds && knownTerm > this.term ? this.resign() : "nothing";
  }

  onGrant(member: Address, serial: number): void {
    const index = this.office.voterIndexOf(member);
    const place = serial - this.term * SERIALS;
    if (!this.holds || index < 0 || place < 0 || place > this.place) return;
    const { recent, grants, granted, office } = this;
    const oldest = Math.max(0, this.place - recent.length + 1);
    for (let each = Math.max(granted[index]! + 1, oldest); each <= place; each++) {
      const slot = each % recent.length;
      grants[slot]!++;
      if (grants[slot]! >= office.majority && recent[slot]!.tick > this.lease.tick) this.lease = recent[slot]!;
    }
    granted[index] = Math.max(granted[index]!, place);
  }

  onVote(member: Address, { term, isTrial, isGranted, knownTerm }: Vote, nowMs: Millis): Step {
    this.knownTerm = Math.max(this.knownTerm, knownTerm);
    if (this.holds || term !== this.candidateTerm || isTrial !== this.isTrial) return "nothing";
    if (isGranted && this.office.voterIndexOf(member) >= 0) this.voted.add(member);
    if (this.voted.size < this.office.majority) return "nothing";
    if (isTrial) {
      this.isTrial = false;
      this.knownTerm = Math.max(this.knownTerm, term);
      return this.ask(nowMs);
    }
    this.begin(term, this.canvassed, [...this.voted]);
    return this.look(nowMs) === "resign" ? "nothing" : "take"; // the votes may have come too late
  }

  /** Place of the latest assertion in the term. */
  private get place(): number {
    return this.serial - this.term * SERIALS;
  }

  /** Holds the office for a new term, by a lease that `members` have granted since they were asked for it. */
  private begin(term: number, asked: Sent, members: readonly Address[]): void {
    this.holds = true;
    this.term = term;
    this.serial = term * SERIALS;
    this.recent.fill(NEVER);
    this.grants.fill(0);
    this.granted.fill(-1);
    this.recent[0] = asked;
    this.lease = NEVER;
    for (const member of members) this.onGrant(member, this.serial);
  }

  private resign(): Step {
    this.holds = false;
    this.silentTicks = 0;
    this.patience = this.newPatience();
    return "resign";
  }

  private wait(nowMs: Millis): Step {
    this.silentTicks++;
    if (this.silentTicks < this.patience) return "nothing";
    this.silentTicks = 0;
    this.patience = RETRY_TICKS + Math.floor(this.random() * STAGGER_TICKS);
    this.candidateTerm = Math.max(this.knownTerm, this.candidateTerm) + 1;
    this.isTrial = true;
    return this.ask(nowMs);
  }

  private ask(nowMs: Millis): Step {
    this.canvassed = { tick: this.ticks, atMs: nowMs };
    this.voted.clear();
    return "canvass";
  }

  /** Longer than the members' promises, so that their votes are to be had. */
  private newPatience(): number {
    return this.leaseTicks + 1 + Math.floor(this.random() * STAGGER_TICKS);
  }
}

export interface TenureSetup {
  readonly office: Office;
  readonly self: Address;
  /** Whether this is the first process ever at its address. */
  readonly isFirst: boolean;
  /** The highest term of the office that an earlier process at its address knew of; 1 where there was none. */
  readonly knownTerm: number;
  readonly leaseTicks: number;
  readonly tickMs: Millis;
  readonly random: () => number;
  readonly nowMs: Millis;
}

export const TENURES: Readonly<Record<Variant, (setup: TenureSetup) => Tenure>> = {
  "as-written": ({ office, self, leaseTicks }) => new TimeoutTenure(self === office.primary, leaseTicks),
  repaired: ({ office, self, isFirst, leaseTicks, tickMs, random, nowMs, knownTerm }) =>
    new ElectedTenure(office, isFirst && self === office.primary, leaseTicks, tickMs, random, nowMs, knownTerm),
};
