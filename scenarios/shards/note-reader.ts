/**
 * Reads the notes of all shards in the total order of the events over the whole mesh, and hands them to the meter, which
 * cannot tell them from those of a mesh in one piece.
 */

import { CASCADE_STRATEGIES } from "../../protocol/mesh-30k/cascade-plan.js";
import type { TrinaryState } from "../../protocol/mesh-30k/messages.js";
import { type Micros, US_PER_S } from "../../sim/time.js";
import type { MeshMeter } from "../measure/mesh-meter.js";
import type { Exchange, Life } from "../measure/mesh-notes.js";
import { NOTE_LENGTHS, type NoteChunk, NoteKind } from "./note-buffer.js";

/** The notes of one shard that have not been read. */
class NoteStream {
  /** No note of an event up to then is missing. */
  untilUs: Micros = -1;
  /** The next note's event; endless where there is none. */
  atUs = Number.POSITIVE_INFINITY;
  rank = Number.POSITIVE_INFINITY;
  private readonly chunks: NoteChunk[] = [];
  private cursor = 0;

  append(chunk: NoteChunk, untilUs: Micros): void {
    this.untilUs = untilUs;
    if (chunk.numbers.length === 0) return;
    this.chunks.push(chunk);
    if (this.chunks.length === 1) this.look();
  }

  /** Whether its next event comes before one of another shard. */
  isBefore(atUs: Micros, rank: number): boolean {
    return this.atUs < atUs || (this.atUs === atUs && this.rank < rank);
  }

  /** Hands the next note over and goes on to the one after it. */
  readInto(meter: MeshMeter): void {
    const { numbers, facts } = this.chunks[0]!;
    const at = this.cursor;
    const kind = numbers[at]!;
    hand(meter, kind, numbers, at + 1, facts);
    this.cursor = at + NOTE_LENGTHS[kind]!;
    if (this.cursor === numbers.length) {
      this.chunks.shift();
      this.cursor = 0;
    }
    this.look();
  }

  private look(): void {
    const chunk = this.chunks[0];
    this.atUs = chunk === undefined ? Number.POSITIVE_INFINITY : chunk.numbers[this.cursor + 1]!;
    this.rank = chunk === undefined ? Number.POSITIVE_INFINITY : chunk.numbers[this.cursor + 2]!;
  }
}

export class NoteReader {
  private readonly streams: readonly NoteStream[];
  private nextSecondUs: Micros = US_PER_S;

  constructor(
    shardCount: number,
    private readonly meter: MeshMeter,
  ) {
    this.streams = Array.from({ length: shardCount }, () => new NoteStream());
  }

  /** How far the notes of all shards have been read. */
  get untilUs(): Micros {
    return Math.min(...this.streams.map((stream) => stream.untilUs));
  }

  /** Takes what a shard noted up to and including `untilUs`, and reads as far as all shards have come. */
  take(shard: number, chunk: NoteChunk, untilUs: Micros): void {
    this.streams[shard]!.append(chunk, untilUs);
    this.read(this.untilUs);
  }

  private read(untilUs: Micros): void {
    for (;;) {
      const next = this.streams.reduce((a, b) => (b.isBefore(a.atUs, a.rank) ? b : a));
      if (next.atUs > untilUs) break;
      this.closeSecondsUntil(next.atUs);
      next.readInto(this.meter);
    }
    this.closeSecondsUntil(untilUs);
  }

  private closeSecondsUntil(atUs: Micros): void {
    while (this.nextSecondUs <= atUs) {
      this.meter.onSecond(this.nextSecondUs / US_PER_S - 1);
      this.nextSecondUs += US_PER_S;
    }
  }
}

function hand(meter: MeshMeter, kind: number, n: Float64Array, at: number, facts: NoteChunk["facts"]): void {
  const nowUs = n[at]!;
  // Behind it stands the rank.
  const [a, b, c] = [n[at + 2]!, n[at + 3]!, n[at + 4]!];
  switch (kind) {
    case NoteKind.heartbeat:
      meter.heartbeat(nowUs, a, b);
      return;
    case NoteKind.sent:
      meter.sent(nowUs, a, b, c, n[at + 5]!, n[at + 6] as Exchange);
      return;
    case NoteKind.ready:
      meter.ready(nowUs, a, b, c, n[at + 5]!, n[at + 6] as Exchange, n[at + 7] as TrinaryState, n[at + 8]!);
      return;
    case NoteKind.gathered:
      meter.gathered(nowUs, a, b, c);
      return;
    case NoteKind.passedOn:
      meter.passedOn(nowUs, a, b, c);
      return;
    case NoteKind.act:
      meter.act(nowUs, a);
      return;
    case NoteKind.life:
      meter.life(nowUs, a, b as Life);
      return;
    case NoteKind.refused:
      meter.refused(nowUs, a, CASCADE_STRATEGIES[b]!);
      return;
    case NoteKind.fact:
      meter.fact(nowUs, a, facts[b]!);
      return;
  }
}
