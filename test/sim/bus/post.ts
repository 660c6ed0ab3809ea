/** Nodes that send at given instants over a bus, and a record of what is delivered when. */
import { AtLeastOnce, type AtLeastOnceSettings } from "../../../sim/bus/at-least-once.js";
import type { BusMachinery } from "../../../sim/bus/machinery.js";
import { EventKind } from "../../../sim/event-store.js";
import { OrderJudge } from "../../../sim/judges/order.js";
import { type Links, LOST } from "../../../sim/network.js";
import { RandomStreams } from "../../../sim/random.js";
import type { SimulationSetup } from "../../../sim/setup.js";
import type { Simulation } from "../../../sim/simulation.js";
import { US_PER_MS } from "../../../sim/time.js";
import { type NodePlan, startedSimulationOf } from "../plain-world.js";

export interface Note {
  readonly from: number;
  readonly to: number;
  readonly sentUs: number;
  readonly name: string;
}

export interface Delivered {
  readonly atMs: number;
  readonly note: Note;
}

/** Links whose delays in ms, or `LOST`, are given for each way, one after the other; then 1 ms. No copies. */
export function scripted(ways: Readonly<Record<string, readonly number[]>>): Links {
  const left = new Map(Object.entries(ways).map(([way, delays]) => [way, [...delays]]));
  return {
    delayUs: (from, to) => {
      const delayMs = left.get(`${from}-${to}`)?.shift() ?? 1;
      return delayMs === LOST ? LOST : delayMs * US_PER_MS;
    },
    duplicateDelayUs: () => 0,
  };
}

/** Links that lose, repeat and reorder, whatever a message's way; the random state is the sender's. */
export function randomLinks(
  seed: number,
  nodes: number,
  { loss, copies, jitterMs }: { loss: number; copies: number; jitterMs: number },
): Links {
  const random = new RandomStreams(seed, "test-links", nodes);
  const delay = (from: number) => 1 + Math.floor(random.uniform(from) * jitterMs * US_PER_MS);
  return {
    delayUs: (from) => {
      const delayUs = delay(from);
      return random.uniform(from) < loss ? LOST : delayUs;
    },
    duplicateDelayUs: (from) => {
      const delayUs = delay(from);
      return random.uniform(from) < copies ? delayUs : 0;
    },
  };
}

export const ORDERED = () => true;

/** 100 ms to wait, any number of deliveries, any number of messages at once, everything in order. */
export const PATIENT: AtLeastOnceSettings = {
  ackWaitUs: 100 * US_PER_MS,
  maxDeliveries: Number.POSITIVE_INFINITY,
  maxAckPending: 1000,
  isOrdered: ORDERED,
};

export interface Post {
  readonly simulation: Simulation<Note, unknown>;
  readonly delivered: Delivered[];
  readonly judge: OrderJudge<Note>;
}

/** When a message is sent, and on which way. */
export type Sending = readonly [atMs: number, from: number, to: number];

export interface PostOptions {
  readonly links: Links;
  readonly ttlMs?: number | ((note: Note) => number);
  readonly settings?: Partial<AtLeastOnceSettings>;
  /** In place of the bus that `settings` describe. */
  readonly makeTransport?: SimulationSetup<Note, unknown>["makeTransport"];
  /** Stands between the bus and the engine. */
  readonly through?: (machinery: BusMachinery<Note>) => BusMachinery<Note>;
  readonly makeQueue?: SimulationSetup<Note, unknown>["makeQueue"];
}

/** A simulation in which messages, named a, b, c, ..., are handed over; nothing of it has happened yet. */
export function post(sendings: readonly Sending[], options: PostOptions): Post {
  const { links, settings, makeQueue } = options;
  const given = options.ttlMs ?? 1000;
  const ttlMs = typeof given === "number" ? () => given : given;
  const through = options.through ?? ((machinery) => machinery);
  const makeTransport =
    options.makeTransport ??
    ((machinery) => new AtLeastOnce<Note>(links, ttlMs, through(machinery), { ...PATIENT, ...settings }));
  const delivered: Delivered[] = [];
  const judge = new OrderJudge<Note>(ORDERED, ttlMs);
  const nodes = 1 + Math.max(...sendings.flatMap(([, from, to]) => [from, to]));
  const simulation = startedSimulationOf<Note>(
    Array.from({ length: nodes }, () => receiver(delivered)),
    {
      links,
      makeTransport,
      ...(makeQueue !== undefined && { makeQueue }),
      wire: { ttlMs, digest: ({ name }) => name.charCodeAt(0) + 1 },
      observer: {
        onSend: (nowUs, from, to, note) => judge.onSend(nowUs, from, to, note),
        onEvent: (atUs, kind, from, to, datum) => {
          if (kind === EventKind.deliver) judge.onDelivered(atUs, from, to, datum as Note);
        },
      },
    },
  );
  for (const [index, [atMs, from, to]] of sendings.entries()) {
    const atUs = Math.round(atMs * US_PER_MS);
    const note = { from, to, sentUs: atUs, name: String.fromCharCode(97 + (index % 26)) };
    simulation.command(atUs, from, () => simulation.send(from, to, note));
  }
  return { simulation, delivered, judge };
}

function receiver(delivered: Delivered[]): NodePlan<Note> {
  return (host) => ({ receive: (_, note) => delivered.push({ atMs: host.now(), note }) });
}
