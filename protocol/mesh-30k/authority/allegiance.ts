/**
 * Whom a member obeys: the process that holds the office above it, and what the member has promised it (option `takeover`).
 * Time is counted in the member's own ticks, on its oscillator: its wall clock may be stepped.
 */
import type { Address } from "../../contract.js";
import { Memory } from "../memory.js";
import type { Assertion } from "../messages.js";
import type { Variant } from "../options.js";

const HOLDER = 0;
const TERM = 1;
/** Serial number of the holder's latest assertion, for as long as the member grants it. */
const GRANT = 2;
/** Ticks for which it has promised to vote for nobody else. */
const PROMISED = 3;
const VOTED_TERM = 4;
/** Whose orders it carried out last, or, as written, whom it has come to follow since. */
const OBEYED = 5;
const CELLS = 6;

/** What of it survives a crash: a member that forgot for which term it has voted could vote for that again. */
export interface DurableAllegiance {
  readonly holder: Address;
  readonly term: number;
  readonly votedTerm: number;
}

export interface Allegiance {
  /** The process that the member takes for the holder. */
  readonly holder: Address;
  /** The highest term that it follows or has voted for. */
  readonly knownTerm: number;
  /** The serial number that the member grants, for its next report; 0 where it grants none. */
  readonly grant: number;
  readonly term: number;
  /** What is to survive a crash; undefined where nothing has changed since the mesh began. */
  saved(): DurableAllegiance | undefined;
  restore(saved: DurableAllegiance): void;
  /** Called once in each of the member's ticks. */
  tick(): void;
  /** A process says that it holds the office, or who does. @returns whether the member follows another one now */
  hear(assertion: Assertion): boolean;
  /** Whether an assertion is of a term that is over. */
  isOutdated(assertion: Assertion): boolean;
  /** Whether it votes for a candidate, or, in a trial, whether it would. */
  vote(term: number, isTrial: boolean): boolean;
  /** Whether it carries out what a process of the office orders. */
  obeys(process: Address): boolean;
  /** Notes whose orders are carried out; whether they are another's than the last. */
  noteObeyed(process: Address): boolean;
}

/** What both variants keep. */
abstract class Member {
  protected readonly cells: Float64Array;
  protected readonly at: number;

  constructor(primary: Address, memory: Memory) {
    const { cells, at } = memory.take(CELLS);
    this.cells = cells;
    this.at = at;
    cells[at + HOLDER] = primary;
    cells[at + OBEYED] = primary;
    cells[at + TERM] = 1;
  }

  get holder(): Address {
    return this.cells[this.at + HOLDER]!;
  }

  get term(): number {
    return this.cells[this.at + TERM]!;
  }

  get knownTerm(): number {
    return Math.max(this.term, this.cells[this.at + VOTED_TERM]!);
  }

  get grant(): number {
    return this.cells[this.at + GRANT]!;
  }

  noteObeyed(process: Address): boolean {
    const { cells, at } = this;
    if (cells[at + OBEYED] === process) return false;
    cells[at + OBEYED] = process;
    return true;
  }
}

/** Document 10.3: whoever says last that it is in control, is. */
class ObedientMember extends Member implements Allegiance {
  tick(): void {
    // Nothing is promised.
  }

  saved(): undefined {
    return undefined;
  }

  restore(): void {
    // Nothing is saved.
  }

  isOutdated(): boolean {
    return false;
  }

  hear({ holder }: Assertion): boolean {
    const isNew = holder !== this.holder;
    this.cells[this.at + HOLDER] = holder;
    // Who says that it follows somebody has to say so when it carries out another's orders after that.
    if (isNew) this.cells[this.at + OBEYED] = holder;
    return isNew;
  }

  vote(): boolean {
    return false;
  }

  obeys(): boolean {
    return true;
  }
}

/**
 * Follows the holder of the highest term, promises it for the length of its lease to vote for nobody else, and obeys
 * nobody else. A process that has just started may have promised something before; it waits until that is past.
 */
class SwornMember extends Member implements Allegiance {
  /** @param promiseTicks longer than a lease, as long as no two oscillators differ by more than `PROMISE_MARGIN` allows for */
  constructor(
    primary: Address,
    memory: Memory,
    private readonly promiseTicks: number,
  ) {
    super(primary, memory);
    this.cells[this.at + PROMISED] = promiseTicks;
  }

  tick(): void {
    const { cells, at } = this;
    if (cells[at + PROMISED]! > 0) cells[at + PROMISED]!--;
  }

  saved(): DurableAllegiance | undefined {
    const { holder, term } = this;
    const votedTerm = this.cells[this.at + VOTED_TERM]!;
    return this.knownTerm === 1 ? undefined : { holder, term, votedTerm };
  }

  restore(saved: DurableAllegiance): void {
    const { cells, at } = this;
    cells[at + HOLDER] = saved.holder;
    cells[at + TERM] = saved.term;
    cells[at + VOTED_TERM] = saved.votedTerm;
  }

  isOutdated({ term }: Assertion): boolean {
    return term < this.term;
  }

  /** A vote binds against the holder of an earlier term, too: the candidate may have been elected by it. */
  hear({ holder, term, serial }: Assertion): boolean {
    const { cells, at } = this;
    if (term < this.term || (term < cells[at + VOTED_TERM]! && cells[at + PROMISED]! > 0)) return false;
    const isNew = holder !== this.holder || term > this.term;
    // A repeated or overtaken assertion promises nothing anew.
    if (isNew || serial > this.grant) {
      cells[at + GRANT] = serial;
      cells[at + PROMISED] = this.promiseTicks;
    }
    cells[at + HOLDER] = holder;
    cells[at + TERM] = term;
    cells[at + VOTED_TERM] = Math.max(cells[at + VOTED_TERM]!, term);
    return isNew;
  }

  vote(term: number, isTrial: boolean): boolean {
    const { cells, at } = this;
    if (cells[at + PROMISED]! > 0 || term <= cells[at + VOTED_TERM]! || term <= this.term) return false;
    if (isTrial) return true;
    cells[at + VOTED_TERM] = term;
    cells[at + PROMISED] = this.promiseTicks;
    return true;
  }

  obeys(process: Address): boolean {
    return process === this.holder;
  }
}

/**
 * Ticks of a promise beyond those of a lease: the tick that may be over at once, and one for what oscillators differ by. Of a
 * lease of six ticks that is a sixth, more than any that works (models: 100 ppm).
 */
const PROMISE_MARGIN = 2;

/** @param leaseTicks how long a lease lasts, in ticks of the member */
export function allegiance(takeover: Variant, primary: Address, leaseTicks: number, memory = new Memory()): Allegiance {
  return takeover === "as-written"
    ? new ObedientMember(primary, memory)
    : new SwornMember(primary, memory, leaseTicks + PROMISE_MARGIN);
}
