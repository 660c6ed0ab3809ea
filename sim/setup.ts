/** What a simulation is made of: the world that it is put in, who watches it, what breaks, and which part of a mesh it is. */
import type { Address, Host, Millis, Node } from "../protocol/contract.js";
import type { Border } from "./border.js";
import type { BusMachinery } from "./bus/machinery.js";
import type { Clocks } from "./clock.js";
import type { EventQueue } from "./event-queue.js";
import type { EventKind, EventStore } from "./event-store.js";
import type { Faults } from "./faults/faults.js";
import type { Life } from "./faults/lives.js";
import type { Tampering } from "./faults/tampering.js";
import type { HostSpec } from "./hosts/host-plan.js";
import type { Links, Transport } from "./network.js";
import type { NodeRows } from "./node-rows.js";
import type { Platform } from "./platform.js";
import type { ServiceTimes } from "./service-times.js";
import type { Micros } from "./time.js";

/** What the engine needs to know of a protocol's messages. */
export interface Wire<Message> {
  /** Time to live on the network, in ms. */
  ttlMs(message: Message): Millis;
  /** A 32-bit hash of what the message says, for the payload layer of the fingerprint. */
  digest(message: Message): number;
  /** Left out, a checksum catches whatever is damaged. */
  damaged?(message: Message): Message | undefined;
  /** What it takes on a line, in bytes; asked where machines share one. */
  sizeBytes?(message: Message): number;
}

/** A node whose first process is not there when the simulation begins. */
export interface Arrival {
  readonly address: Address;
  /** When it is started. */
  readonly atUs: Micros;
}

/** Sees everything and can touch nothing: for KPIs, traces and judges. */
export interface Observer<Message, Fact> {
  onSend?(nowUs: Micros, from: Address, to: Address, message: Message): void;
  onFact?(nowUs: Micros, node: Address, fact: Fact): void;
  /** Called once for each second of virtual time, when everything before its end has happened. */
  onSecond?(second: number): void;
  /** The process of a node has ended, or a new one is there; it stands still, or goes on. Of first processes, told of those that arrive. */
  onLife?(nowUs: Micros, address: Address, life: Life): void;
  onEvent?(atUs: Micros, kind: EventKind, origin: Address, target: Address, datum: unknown): void;
}

export interface SimulationSetup<Message, Fact> {
  readonly seed: number;
  readonly nodeCount: number;
  readonly links: Links;
  readonly serviceTimes: ServiceTimes;
  readonly clocks: Clocks;
  readonly wire: Wire<Message>;
  readonly observer: Observer<Message, Fact>;
  /** How many jobs may wait at one processor. */
  readonly queueCapacity: number;
  /** Where this simulation ends, when it is a part of one; left out, every node is in it. */
  readonly border?: Border<Message>;
  /** What breaks, and when. Links, service times and clocks are the setup's own business: it wraps them. */
  readonly faults?: Faults;
  /** Left out, messages are sent as they are. */
  readonly tampering?: Tampering<Message>;
  /** Where fresh processes come from; left out, orders for them are ignored. */
  readonly platform?: Platform;
  /** Where the numbers of every node are kept, beside those that the world keeps there. */
  readonly rows?: NodeRows;
  /** Nodes that are not there from the beginning; left out, all are. */
  readonly arrivals?: readonly Arrival[];
  /** The machines that several nodes share, in the whole mesh; left out, every node has one of its own. */
  readonly hosts?: readonly HostSpec[];
  /** A bus above the network; left out, messages are datagrams. */
  readonly makeTransport?: (machinery: BusMachinery<Message>) => Transport<Message>;
  /** For tests: another event queue. */
  readonly makeQueue?: (store: EventStore) => EventQueue;
}

/** Makes the process of a node, on its host. */
export type Build<Message, Fact> = (host: Host<Message, Fact>) => Node<Message>;
