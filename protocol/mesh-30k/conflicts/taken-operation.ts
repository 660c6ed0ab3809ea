/**
 * Which mesh-wide operation a node took in last: its slot (the number of the cascade), what it was told to do, by whom.
 * Another payload in the same slot is a contradiction (document 5.1): two authorities have filled it.
 */
import type { Address } from "../../contract.js";
import { Memory } from "../memory.js";
import type { Coordinate } from "../messages.js";
import { cascadeNumberOf } from "../operation.js";
import type { Stamp } from "./lamport.js";

const SLOT = 0;
const HASH = 1;
const SOURCE = 2;
const STAMP = 3;
const CELLS = 4;

export class TakenOperation {
  private readonly cells: Float64Array;
  private readonly at: number;

  constructor(memory = new Memory(CELLS)) {
    const { cells, at } = memory.take(CELLS);
    this.cells = cells;
    this.at = at;
  }

  /** The number of the cascade; 0 before the first. */
  get slot(): number {
    return this.cells[this.at + SLOT]!;
  }

  get hash(): number {
    return this.cells[this.at + HASH]!;
  }

  /** Who handed it over. */
  get source(): Address {
    return this.cells[this.at + SOURCE]!;
  }

  get stamp(): Stamp {
    return this.cells[this.at + STAMP]!;
  }

  note(message: Coordinate): void {
    if (message.correlationId < 0) return;
    const { cells, at } = this;
    cells[at + SLOT] = cascadeNumberOf(message.correlationId);
    cells[at + HASH] = message.payloadHash;
    cells[at + SOURCE] = message.sourceId;
    cells[at + STAMP] = message.stamp;
  }

  contradicts(message: Coordinate): boolean {
    if (message.correlationId < 0 || message.payloadHash === this.hash) return false;
    return this.slot !== 0 && cascadeNumberOf(message.correlationId) === this.slot;
  }
}
