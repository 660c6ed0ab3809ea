/**
 * The judge of authority: sees in true time who holds which office and on whom he acts, and finds split brains, stale
 * beliefs, leases that overlap and terms that go back. What each means stands in `docs/protocols.md`.
 */
import type { Address } from "../../../protocol/contract.js";
import { Office } from "../../../protocol/mesh-30k/authority/office.js";
import type { AuthorityFact, FollowsFact, ObeyedFact } from "../../../protocol/mesh-30k/facts.js";
import { cascadeNumberOf, isOfStandby, slotOf } from "../../../protocol/mesh-30k/operation.js";
import { ORCHESTRATOR, type Topology } from "../../../protocol/mesh-30k/topology.js";
import { type Micros, US_PER_MS, US_PER_S } from "../../../sim/time.js";
import { Calendar } from "../../quiet/calendar.js";
import { OfficeBooks } from "./office-books.js";
import { Vacancies } from "./vacancies.js";

export interface SplitBrain {
  readonly office: Address;
  readonly fromUs: Micros;
  /** Undefined while it lasts. */
  untilUs: Micros | undefined;
  severity: "dual-authority" | "conflicting-commit";
  /** The two processes, with the most members that obeyed each at once. */
  holders: readonly { readonly process: Address; readonly term: number; readonly members: number }[];
  /** Members that obeyed the lesser of the two, summed up over measured time. */
  memberSeconds: number;
}

/** Whose decision under a number has been taken in: bits. */
const OF_PRIMARY = 1;
const OF_STANDBY = 2;

export class SplitBrainJudge {
  readonly incidents: SplitBrain[] = [];
  readonly leases = { checks: 0, violations: 0 };
  readonly terms = { checks: 0, violations: 0 };
  /** Stale beliefs that are over. */
  private staleBeliefsOver = 0;
  private readonly offices: OfficeBooks[] = [];
  private readonly open = new Map<Address, SplitBrain>();
  /** When the followers of an open incident were last accounted for. */
  private readonly countedUs = new Map<Address, Micros>();
  /** Whose orders each member carried out last, and in which term it follows somebody. */
  private readonly masterOf: Int32Array;
  private readonly termOf: Float64Array;
  /** The whole second of each process's latest act. */
  private readonly actSecond: Int32Array;
  /** Whose decisions have been taken in under each number of orchestrators' cascades: one small entry a cascade of the run. */
  private readonly takenIn = new Map<number, number>();
  /** Whether the overlap of orchestrators that lasts has seen a number's second decision taken in. */
  private isDecidedTwice = false;
  private readonly vacancies: Vacancies;
  private readonly live: Uint8Array;

  /**
   * @param fromUs when measuring begins: incidents that ended before are not counted, nor member-seconds before
   * @param calendar by which time adds up that members are misled and offices vacant
   */
  constructor(
    private readonly topology: Topology,
    private readonly fromUs: Micros,
    private readonly calendar = Calendar.endless(),
  ) {
    this.vacancies = new Vacancies(topology.officeCount, fromUs, calendar);
    this.live = new Uint8Array(topology.nodeCount).fill(1);
    for (const newcomer of topology.newcomers()) this.live[newcomer] = 0;
    this.masterOf = new Int32Array(topology.nodeCount).fill(-1);
    this.termOf = new Float64Array(topology.nodeCount);
    this.actSecond = new Int32Array(topology.nodeCount).fill(-1);
    for (let id = 0; id < topology.officeCount; id++) {
      const office = new Office(topology, id);
      this.offices.push(new OfficeBooks(id, office.standby, office.voterCount));
      for (const member of office.members()) this.masterOf[member] = id;
    }
  }

  /** A process has told that it holds an office, by a lease in true time, or that it does not. */
  onAuthority(nowUs: Micros, process: Address, { office, term, holds, leaseMs }: AuthorityFact): void {
    const books = this.settled(office, nowUs);
    this.vacancies.account(office, books, nowUs);
    const claim = books.claimOf(process);
    if (holds && !claim.holds) this.checkTerm(books, term, leaseMs);
    claim.holds = holds;
    claim.term = term;
    claim.leaseUntilUs = holds ? nowUs + Math.round(leaseMs * US_PER_MS) : Number.NEGATIVE_INFINITY;
    if (holds && Number.isFinite(leaseMs)) this.checkLeases(books, nowUs);
    this.judge(office, books, nowUs);
  }

  onFollows(nowUs: Micros, member: Address, { office, holder, term }: FollowsFact): void {
    this.terms.checks++;
    if (term < this.termOf[member]!) this.terms.violations++;
    this.termOf[member] = term;
    this.change(nowUs, member, office, holder);
  }

  onObeyed(nowUs: Micros, member: Address, { office, process }: ObeyedFact): void {
    this.change(nowUs, member, office, process);
  }

  /**
   * A process has acted towards a member, which obeyed. Of each process, the first such act of each whole second counts,
   * since probes tell no more of it.
   * @returns whether it counts
   */
  onAct(nowUs: Micros, process: Address): boolean {
    const second = Math.floor(nowUs / US_PER_S);
    if (this.actSecond[process] === second) return false;
    this.actSecond[process] = second;
    const office = this.topology.officeOf(process);
    const books = this.settled(office, nowUs);
    if (books.overlapUs === undefined) return true;
    books.claimOf(process).actedUs ??= nowUs;
    this.judge(office, books, nowUs);
    return true;
  }

  /**
   * A member has taken a decision of an orchestrator in. The first one under its number may be from before the overlap: who
   * takes over numbers on from what he last heard of.
   */
  onTookIn(nowUs: Micros, correlationId: number): void {
    const cascade = cascadeNumberOf(correlationId);
    const slot = slotOf(cascade);
    const before = this.takenIn.get(slot) ?? 0;
    const now = before | (isOfStandby(cascade) ? OF_STANDBY : OF_PRIMARY);
    if (now === before) return;
    this.takenIn.set(slot, now);
    const books = this.settled(ORCHESTRATOR, nowUs);
    if (before === 0 || books.overlapUs === undefined) return;
    this.isDecidedTwice = true;
    const incident = this.open.get(ORCHESTRATOR);
    if (incident !== undefined) incident.severity = "conflicting-commit";
  }

  /** A process has come up, perhaps as the first of a newcomer, or gone down or been paused. */
  onLife(nowUs: Micros, address: Address, isRunning: boolean, isFresh: boolean): void {
    if (isFresh) this.begins(nowUs, address);
    this.noteRunning(nowUs, address, isRunning);
    if (this.topology.isAgent(address)) return;
    const office = this.topology.officeOf(address);
    const books = this.settled(office, nowUs);
    this.vacancies.account(office, books, nowUs);
    const claim = books.claimOf(address);
    claim.isLive = isRunning;
    if (isFresh) claim.holds = false;
    this.judge(office, books, nowUs);
  }

  /** Overlaps in which somebody took himself to be in office and reached nobody, those that last included. */
  get staleBeliefs(): number {
    const last = this.offices.filter(({ overlapUs }, office) => overlapUs !== undefined && !this.open.has(office));
    return this.staleBeliefsOver + last.length;
  }

  /** Accounts for the time up to `nowUs`, when the run ends. */
  finish(nowUs: Micros): void {
    for (const [office, books] of this.offices.entries()) {
      this.settled(office, nowUs);
      this.count(office, books, nowUs);
      this.vacancies.account(office, books, nowUs);
    }
  }

  /** For how long of the measured time an office had no live holder, in s; up to when it was last accounted for. */
  vacantS(office: Address): number {
    return this.vacancies.secondsOf(office);
  }

  /** Whether a process runs, as far as it was told of. */
  isLive(address: Address): boolean {
    return this.live[address] === 1;
  }

  /** Whether any live process holds an office now. */
  isHeld(office: Address, nowUs: Micros): boolean {
    return this.offices[office]!.claims.some((claim) => claim.isInOffice(nowUs));
  }

  /** The processes that run and hold an office now. */
  holdersOf(office: Address, nowUs: Micros): Address[] {
    return this.offices[office]!.claims.flatMap((claim) => (claim.isInOffice(nowUs) ? [claim.process] : []));
  }

  /** Whether two live processes hold an office now and both have acted on a member of it. */
  isSplit(office: Address, nowUs: Micros): boolean {
    const books = this.offices[office]!;
    return books.overlapUs !== undefined && books.haveBothActed() && books.areBothInOffice(nowUs);
  }

  /** Whether exactly one live process holds an office now, and which; undefined otherwise. */
  soleHolder(office: Address, nowUs: Micros): Address | undefined {
    const inOffice = this.offices[office]!.claims.filter((claim) => claim.isInOffice(nowUs));
    return inOffice.length === 1 ? inOffice[0]!.process : undefined;
  }

  /** Whose orders a member carried out, or whom it chose to follow, last. */
  masterOfMember(member: Address): Address {
    return this.masterOf[member]!;
  }

  /** A fresh process knows nothing of what an earlier one followed: it follows the primary until it hears of another. */
  private begins(nowUs: Micros, member: Address): void {
    this.termOf[member] = 0;
    const before = this.masterOf[member]!;
    if (before < 0) return; // nobody is above the orchestrator
    const office = this.topology.officeOf(before);
    if (before === office) return;
    const books = this.settled(office, nowUs);
    this.count(office, books, nowUs);
    this.move(books, member, office);
  }

  /** Who runs again obeys somebody, and who is gone or stands still obeys nobody. */
  private noteRunning(nowUs: Micros, member: Address, isRunning: boolean): void {
    if (this.isLive(member) === isRunning) return;
    this.live[member] = isRunning ? 1 : 0;
    const master = this.masterOf[member]!;
    if (master < 0) return; // nobody is above the orchestrator
    const office = this.topology.officeOf(master);
    const books = this.settled(office, nowUs);
    this.count(office, books, nowUs);
    books.claimOf(master).followers += isRunning ? 1 : -1;
    this.judge(office, books, nowUs);
  }

  private change(nowUs: Micros, member: Address, office: Address, process: Address): void {
    const books = this.settled(office, nowUs);
    this.count(office, books, nowUs);
    this.move(books, member, process);
    if (books.overlapUs !== undefined) books.claimOf(process).actedUs ??= nowUs;
    this.judge(office, books, nowUs);
  }

  private move(books: OfficeBooks, member: Address, process: Address): void {
    const before = this.masterOf[member]!;
    if (before === process) return;
    this.masterOf[member] = process;
    if (!this.isLive(member)) return;
    books.claimOf(before).followers--;
    books.claimOf(process).followers++;
  }

  /** An office's books, with what has happened by the lapse of leases until now. */
  private settled(office: Address, nowUs: Micros): OfficeBooks {
    const books = this.offices[office]!;
    if (books.overlapUs === undefined) return books;
    const lapseUs = books.nextLapseUs(books.overlapUs);
    if (lapseUs <= nowUs) this.judge(office, books, lapseUs);
    return books;
  }

  /** Looks whether an overlap or an incident begins or ends. */
  private judge(office: Address, books: OfficeBooks, nowUs: Micros): void {
    const areBoth = books.areBothInOffice(nowUs);
    if (!areBoth) {
      if (books.overlapUs !== undefined) this.endOverlap(office, books, nowUs);
      return;
    }
    if (books.overlapUs === undefined) {
      books.overlapUs = nowUs;
      for (const claim of books.claims) claim.actedUs = undefined;
      if (office === ORCHESTRATOR) this.isDecidedTwice = false;
    }
    const incident = this.open.get(office);
    if (incident === undefined && books.haveBothActed()) this.begin(office, books, nowUs);
    for (const claim of books.claims) claim.mostFollowers = Math.max(claim.mostFollowers, claim.followers);
  }

  private begin(office: Address, books: OfficeBooks, nowUs: Micros): void {
    for (const claim of books.claims) claim.mostFollowers = claim.followers;
    const incident: SplitBrain = {
      office,
      fromUs: nowUs,
      untilUs: undefined,
      severity: "dual-authority",
      holders: [],
      memberSeconds: 0,
    };
    if (office === ORCHESTRATOR && this.isDecidedTwice) incident.severity = "conflicting-commit";
    this.open.set(office, incident);
    this.countedUs.set(office, Math.max(nowUs, this.fromUs));
    this.describe(incident, books);
    this.incidents.push(incident);
  }

  private endOverlap(office: Address, books: OfficeBooks, nowUs: Micros): void {
    const incident = this.open.get(office);
    if (incident === undefined) {
      if (nowUs >= this.fromUs) this.staleBeliefsOver++;
    } else {
      this.count(office, books, nowUs);
      incident.untilUs = nowUs;
      this.describe(incident, books);
      this.open.delete(office);
      if (nowUs < this.fromUs) this.incidents.splice(this.incidents.indexOf(incident), 1);
    }
    books.overlapUs = undefined;
    for (const claim of books.claims) {
      claim.actedUs = undefined;
      claim.mostFollowers = 0;
    }
  }

  /** Adds the time since it was last looked at, for as many members as were misled meanwhile. */
  private count(office: Address, books: OfficeBooks, nowUs: Micros): void {
    const incident = this.open.get(office);
    if (incident === undefined) return;
    const { calendar } = this;
    const sinceUs = this.countedUs.get(office)!;
    const untilUs = Math.max(nowUs, sinceUs); // nothing counts before measuring begins
    const elapsedUs = calendar.calendarUs(untilUs) - calendar.calendarUs(sinceUs);
    incident.memberSeconds += (books.misled() * elapsedUs) / US_PER_S;
    this.countedUs.set(office, untilUs);
    this.describe(incident, books);
  }

  private describe(incident: SplitBrain, books: OfficeBooks): void {
    incident.holders = books.claims.map(({ process, term, mostFollowers, followers }) => ({
      process,
      term,
      members: Math.max(mostFollowers, followers),
    }));
  }

  private checkTerm(books: OfficeBooks, term: number, leaseMs: number): void {
    if (!Number.isFinite(leaseMs)) return; // as written there are no terms
    this.terms.checks++;
    if (term <= books.highestTerm) this.terms.violations++;
    books.highestTerm = Math.max(books.highestTerm, term);
  }

  private checkLeases(books: OfficeBooks, nowUs: Micros): void {
    this.leases.checks++;
    if (books.claims.every((claim) => claim.holds && nowUs < claim.leaseUntilUs)) this.leases.violations++;
  }
}
