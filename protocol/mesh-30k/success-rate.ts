/** The share of messages that an agent worked off in the last hour (document 4.1, `success_rate_last_hour`). */
import type { Millis } from "../contract.js";
import { Memory, type Stretch } from "./memory.js";

const BINS = 12;
const BIN_MS = 300_000;

/** Of the bin in progress. */
const BIN = 0;
const SUCCESSES = 1;
const FAILURES = 2;
/** Of all other bins that are not too old. */
const PAST_SUCCESSES = 3;
const PAST_FAILURES = 4;
const CELLS = 5;
/** Each of those bins, under its number modulo `BINS`: its successes and its failures. */
const PAST_FIELDS = 2;
const PAST_CELLS = BINS * PAST_FIELDS;

/** Counts in twelve bins of five minutes, so that an hour-old outcome is forgotten within five minutes. */
export class SuccessRate {
  private readonly cells: Float64Array;
  private readonly at: number;
  /** Taken when the first bin that holds something is closed. */
  private past: Stretch | undefined;

  constructor(private readonly memory = new Memory(CELLS)) {
    const { cells, at } = memory.take(CELLS);
    this.cells = cells;
    this.at = at;
  }

  record(nowMs: Millis, success: boolean): void {
    this.turnTo(nowMs);
    this.cells[this.at + (success ? SUCCESSES : FAILURES)]!++;
  }

  /** From 0 to 1; an agent that was never asked has failed at nothing. */
  value(nowMs: Millis): number {
    this.turnTo(nowMs);
    const { cells, at } = this;
    const successes = cells[at + SUCCESSES]! + cells[at + PAST_SUCCESSES]!;
    const failures = cells[at + FAILURES]! + cells[at + PAST_FAILURES]!;
    return successes + failures === 0 ? 1 : successes / (successes + failures);
  }

  /** Closes the bin in progress and forgets what is too old; a clock that was stepped back stays in the latest bin. */
  private turnTo(nowMs: Millis): void {
    const { cells, at } = this;
    const bin = Math.floor(nowMs / BIN_MS);
    if (bin <= cells[at + BIN]!) return;
    this.keep(cells[at + BIN]!, cells[at + SUCCESSES]!, cells[at + FAILURES]!);
    const tooOld = Math.min(bin, cells[at + BIN]! + BINS);
    for (let past = cells[at + BIN]! + 1; past <= tooOld; past++) this.keep(past, 0, 0);
    cells[at + BIN] = bin;
    cells[at + SUCCESSES] = 0;
    cells[at + FAILURES] = 0;
  }

  /** Puts a closed bin in the place of the one that is twelve bins older. */
  private keep(bin: number, successes: number, failures: number): void {
    if (this.past === undefined && successes === 0 && failures === 0) return; // nothing to keep yet
    this.past ??= this.memory.take(PAST_CELLS);
    const { cells, at, past } = this;
    const place = past.at + (bin % BINS) * PAST_FIELDS;
    cells[at + PAST_SUCCESSES]! += successes - past.cells[place]!;
    cells[at + PAST_FAILURES]! += failures - past.cells[place + 1]!;
    past.cells[place] = successes;
    past.cells[place + 1] = failures;
  }
}
