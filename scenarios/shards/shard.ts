/** One shard of a mesh: its part on a simulation of its own, what it noted, and what is to go to other shards. */
import type { Address } from "../../protocol/contract.js";
import type { MeshMessage } from "../../protocol/mesh-30k/messages.js";
import { revive } from "../../protocol/mesh-30k/wire.js";
import type { Border } from "../../sim/border.js";
import { isParcel } from "../../sim/bus/incoming.js";
import { type EventKind, SEQUENCES } from "../../sim/event-store.js";
import { type Micros, US_PER_S } from "../../sim/time.js";
import type { NodeMemory } from "../node-memory.js";
import type { Report } from "../outcome.js";
import { Part } from "../part.js";
import type { Stage } from "../stage.js";
import { NoteBuffer, type NoteChunk } from "./note-buffer.js";
import type { ShardPlan } from "./shard-plan.js";

/** Messages on their way from one shard to another; plain data once they have been copied. */
export interface Crossings {
  readonly atUs: number[];
  readonly rank: number[];
  readonly to: Address[];
  /** A message, what a bus sends from one of its ends to another, or an order for a fresh process. */
  readonly kind: EventKind[];
  readonly data: unknown[];
}

class Outbound implements Border<MeshMessage> {
  /** By shard. */
  crossings: Crossings[];

  constructor(
    private readonly own: number,
    private readonly plan: ShardPlan,
  ) {
    this.crossings = none(plan.shardCount);
  }

  isBeyond(address: Address): boolean {
    return this.plan.shardOf[address] !== this.own;
  }

  cross(atUs: Micros, rank: number, to: Address, kind: EventKind, datum: unknown): void {
    const crossings = this.crossings[this.plan.shardOf[to]!]!;
    crossings.atUs.push(atUs);
    crossings.rank.push(rank);
    crossings.to.push(to);
    crossings.kind.push(kind);
    crossings.data.push(datum);
  }
}

export class Shard {
  private readonly notes = new NoteBuffer();
  private readonly outbound: Outbound;
  private readonly part: Part;

  constructor(
    private readonly stage: Stage,
    private readonly plan: ShardPlan,
    own: number,
    memory: NodeMemory,
  ) {
    this.outbound = new Outbound(own, plan);
    this.part = new Part(stage, this.notes, { border: this.outbound, memory });
    this.notes.moment = this.part.simulation;
  }

  /** How far it has come, and how many events that took. */
  get nowUs(): Micros {
    return this.part.simulation.nowUs;
  }

  get events(): number {
    return this.part.simulation.eventCount;
  }

  /** Where it stands, in words. */
  get place(): string {
    const { nowUs, nowRank, eventCount } = this.part.simulation;
    const origin = this.stage.topology.nameOf(Math.floor(nowRank / SEQUENCES));
    return `at ${(nowUs / US_PER_S).toFixed(6)} s, in event ${nowRank % SEQUENCES} of ${origin}, its ${eventCount}th`;
  }

  /** Lets everything happen up to and including `untilUs`; all that can come over until then must have come. */
  run(untilUs: Micros): void {
    this.part.simulation.run(untilUs);
  }

  /** What is to go to each shard since it was last asked, by shard. */
  takeOut(): readonly Crossings[] {
    const { crossings } = this.outbound;
    this.outbound.crossings = none(this.plan.shardCount);
    return crossings;
  }

  /** Takes in a copy of what another shard put out. */
  takeIn({ atUs, rank, to, kind, data }: Crossings): void {
    data.forEach((datum, i) => {
      this.part.simulation.letIn(atUs[i]!, rank[i]!, to[i]!, kind[i]!, revived(datum));
    });
  }

  /** How many numbers the notes are that have not been taken. */
  get noteNumbers(): number {
    return this.notes.length;
  }

  takeNotes(): NoteChunk {
    return this.notes.take();
  }

  report(): Report {
    return this.part.report();
  }
}

/** Gives the message in a copy of what crossed its methods back. */
function revived(datum: unknown): unknown {
  // A number is an acknowledgement, nothing an order for a process.
  if (typeof datum === "number" || datum === undefined) return datum;
  if (!isParcel<MeshMessage>(datum)) return revive(datum as MeshMessage);
  return { ...datum, message: revive(datum.message) };
}

function none(shardCount: number): Crossings[] {
  return Array.from({ length: shardCount }, () => ({ atUs: [], rank: [], to: [], kind: [], data: [] }));
}
