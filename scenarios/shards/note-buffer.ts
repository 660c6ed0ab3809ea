/**
 * Notes written down where they arise, to be read elsewhere: numbers one after the other, the rare facts beside them.
 * Each begins with its kind and with the place of its event in the total order.
 */
import type { Address } from "../../protocol/contract.js";
import { CASCADE_STRATEGIES, type CascadeStrategy } from "../../protocol/mesh-30k/cascade-plan.js";
import type { TrinaryState } from "../../protocol/mesh-30k/messages.js";
import type { Exchange, Life, MeshNotes, RareFact } from "../measure/mesh-notes.js";

/** Kinds of notes, and how many numbers each takes. */
export const NoteKind = {
  heartbeat: 0,
  sent: 1,
  ready: 2,
  gathered: 3,
  passedOn: 4,
  fact: 5,
  act: 6,
  life: 7,
  refused: 8,
} as const;
export const NOTE_LENGTHS = [5, 8, 10, 6, 6, 5, 4, 5, 5] as const;

/** What was noted in one stretch of time. */
export interface NoteChunk {
  readonly numbers: Float64Array;
  readonly facts: readonly RareFact[];
}

/** Where the events are that are noted: the rank of the one that is happening. */
export interface Moment {
  readonly nowRank: number;
}

const INITIAL_NUMBERS = 16_384;

export class NoteBuffer implements MeshNotes {
  /** Set before the first note. */
  moment: Moment = { nowRank: 0 };
  private numbers = new Float64Array(INITIAL_NUMBERS);
  /** Numbers noted and not taken. */
  length = 0;
  private facts: RareFact[] = [];

  heartbeat(nowUs: number, agent: Address, heartbeatNumber: number): void {
    const at = this.begin(NoteKind.heartbeat, nowUs);
    this.numbers[at] = agent;
    this.numbers[at + 1] = heartbeatNumber;
  }

  sent(nowUs: number, agent: Address, messageId: number, source: Address, correlationId: number, how: Exchange): void {
    const at = this.begin(NoteKind.sent, nowUs);
    const { numbers } = this;
    numbers[at] = agent;
    numbers[at + 1] = messageId;
    numbers[at + 2] = source;
    numbers[at + 3] = correlationId;
    numbers[at + 4] = how;
  }

  ready(
    nowUs: number,
    agent: Address,
    messageId: number,
    source: Address,
    correlationId: number,
    how: Exchange,
    state: TrinaryState,
    expectedReadyMs: number,
  ): void {
    const at = this.begin(NoteKind.ready, nowUs);
    const { numbers } = this;
    numbers[at] = agent;
    numbers[at + 1] = messageId;
    numbers[at + 2] = source;
    numbers[at + 3] = correlationId;
    numbers[at + 4] = how;
    numbers[at + 5] = state;
    numbers[at + 6] = expectedReadyMs;
  }

  gathered(nowUs: number, coordinator: Address, correlationId: number, agent: Address): void {
    const at = this.begin(NoteKind.gathered, nowUs);
    this.numbers[at] = coordinator;
    this.numbers[at + 1] = correlationId;
    this.numbers[at + 2] = agent;
  }

  passedOn(nowUs: number, correlationId: number, remainingMs: number, windowMs: number): void {
    const at = this.begin(NoteKind.passedOn, nowUs);
    this.numbers[at] = correlationId;
    this.numbers[at + 1] = remainingMs;
    this.numbers[at + 2] = windowMs;
  }

  act(nowUs: number, process: Address): void {
    const at = this.begin(NoteKind.act, nowUs);
    this.numbers[at] = process;
  }

  life(nowUs: number, address: Address, life: Life): void {
    const at = this.begin(NoteKind.life, nowUs);
    this.numbers[at] = address;
    this.numbers[at + 1] = life;
  }

  refused(nowUs: number, process: Address, strategy: CascadeStrategy): void {
    const at = this.begin(NoteKind.refused, nowUs);
    this.numbers[at] = process;
    this.numbers[at + 1] = CASCADE_STRATEGIES.indexOf(strategy);
  }

  fact(nowUs: number, node: Address, fact: RareFact): void {
    const at = this.begin(NoteKind.fact, nowUs);
    this.numbers[at] = node;
    this.numbers[at + 1] = this.facts.length;
    this.facts.push(fact);
  }

  /** Hands out what was noted since it was last asked. */
  take(): NoteChunk {
    const chunk = { numbers: this.numbers.slice(0, this.length), facts: this.facts };
    this.length = 0;
    this.facts = [];
    return chunk;
  }

  /** Where the numbers of a new note go, behind its kind and its event's place in the total order. */
  private begin(kind: number, nowUs: number): number {
    const at = this.length;
    this.length = at + NOTE_LENGTHS[kind]!;
    if (this.length > this.numbers.length) this.grow();
    this.numbers[at] = kind;
    this.numbers[at + 1] = nowUs;
    this.numbers[at + 2] = this.moment.nowRank;
    return at + 3;
  }

  private grow(): void {
    const numbers = new Float64Array(this.numbers.length * 2);
    numbers.set(this.numbers);
    this.numbers = numbers;
  }
}
