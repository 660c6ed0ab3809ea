/**
 * One simulation: virtual time, the nodes, and the loop that takes the earliest event and lets it happen. Order is total:
 * time, then origin address, then the origin's own sequence number.
 */

import type { Address, Durable, Host, Job, JobOutcome, Millis, Node, TimerId, TimerTag } from "../protocol/contract.js";
import type { Books } from "./books.js";
import type { Border } from "./border.js";
import type { BusMachinery } from "./bus/machinery.js";
import { CalendarQueue } from "./calendar-queue.js";
import type { Clocks } from "./clock.js";
import { ensure } from "./ensure.js";
import type { EventQueue } from "./event-queue.js";
import { EventKind, EventStore, NONE, SEQUENCES } from "./event-store.js";
import { Fingerprint } from "./fingerprint.js";
import { ConservationJudge } from "./judges/conservation.js";
import { type Links, Network, type Transport } from "./network.js";
import { type Column, NodeRows } from "./node-rows.js";
import { type Machinery, Port } from "./port.js";
import { Processors } from "./processor.js";
import { RandomStreams } from "./random.js";
import { ReadAhead } from "./read-ahead.js";
import { IGNORED, type ServiceTimes } from "./service-times.js";
import type { Micros } from "./time.js";
import { US_PER_S } from "./time.js";

/** What the engine needs to know of a protocol's messages. */
export interface Wire<Message> {
  /** Time to live on the network, in ms. */
  ttlMs(message: Message): Millis;
  /** A 32-bit hash of what the message says, for the payload layer of the fingerprint. */
  digest(message: Message): number;
}

/** Sees everything and can touch nothing: for KPIs, traces and judges. */
export interface Observer<Message, Fact> {
  onSend?(nowUs: Micros, from: Address, to: Address, message: Message): void;
  onFact?(nowUs: Micros, node: Address, fact: Fact): void;
  /** Called once for each second of virtual time, when everything before its end has happened. */
  onSecond?(second: number): void;
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
  /** Where the numbers of every node are kept, beside those that the world keeps there. */
  readonly rows?: NodeRows;
  /** A bus above the network; left out, messages are datagrams. */
  readonly makeTransport?: (machinery: BusMachinery<Message>) => Transport<Message>;
  /** For tests: another event queue. */
  readonly makeQueue?: (store: EventStore) => EventQueue;
}

/**
 * Commands are numbered apart from the events that a node makes itself, so that one more of them shifts no number that
 * others have: what happens before it is the same event for event.
 */
const FIRST_COMMAND = SEQUENCES / 2;

/** How many cells the engine keeps of every node. */
export const NODE_CELLS = 4;

/** Something from outside that happens at a node: an operator's order, a user's request. */
export type Command = () => void;

export class Simulation<Message, Fact> implements BusMachinery<Message>, Machinery<Message, Fact> {
  nowUs: Micros = 0;
  /** Rank of the event that is happening: with `nowUs`, its place in the total order. */
  nowRank = 0;
  /** Events that have happened. */
  eventCount = 0;
  readonly fingerprint = new Fingerprint();
  readonly processors: Processors;
  readonly transport: Transport<Message>;
  readonly conservation: ConservationJudge;
  readonly observer: Observer<Message, Fact>;
  readonly clocks: Clocks;
  readonly random: RandomStreams;
  /** By address; undefined beyond the border. */
  readonly nodes: (Node<Message> | undefined)[] = [];
  readonly ports: (Port<Message, Fact> | undefined)[] = [];
  /** What engine and world keep of every node. */
  readonly rows: NodeRows;
  private readonly store = new EventStore();
  private readonly queue: EventQueue;
  /** How many events each node has made itself. */
  private readonly sequence: Column;
  /** How many commands each node was given, of those that were given any. */
  private readonly commandSequence = new Map<Address, number>();
  /** What each node saved last, of those that saved anything. */
  private readonly saved = new Map<Address, Durable>();
  private readonly serviceTimes: ServiceTimes;
  private readonly wire: Wire<Message>;
  private readonly border: Border<Message> | undefined;
  private nextSecondUs: Micros = US_PER_S;
  /** Made once, not for each job that ends. */
  private readonly onJobExpired = (address: Address, job: Job) => this.endUnbegun(address, job, EventKind.jobExpired);

  constructor(private readonly setup: SimulationSetup<Message, Fact>) {
    this.observer = setup.observer;
    this.clocks = setup.clocks;
    this.serviceTimes = setup.serviceTimes;
    this.wire = setup.wire;
    this.border = setup.border;
    this.rows = setup.rows ?? new NodeRows(setup.nodeCount, NODE_CELLS);
    this.random = new RandomStreams(setup.seed, "protocol", setup.nodeCount, this.rows);
    this.sequence = this.rows.reserve(1);
    this.processors = new Processors(setup.nodeCount, setup.queueCapacity, this.rows);
    this.queue = setup.makeQueue?.(this.store) ?? this.calendarQueue();
    this.transport = setup.makeTransport?.(this) ?? new Network(setup.links, setup.wire.ttlMs, this);
    this.conservation = new ConservationJudge(this.transport.counts, this.store);
  }

  /**
   * Puts a node on the next address; `build` is handed the host that the node will run on. Where the address is beyond
   * the border, it is only counted.
   */
  attach(build: (host: Host<Message, Fact>) => Node<Message>): Address {
    const address = this.nodes.length;
    ensure(address < this.setup.nodeCount, "more nodes than the simulation was set up for");
    const isHere = this.border?.isBeyond(address) !== true;
    const port = isHere ? new Port<Message, Fact>(this, address) : undefined;
    this.ports.push(port);
    this.nodes.push(port && build(port));
    return address;
  }

  /** Starts every node, in the order of their addresses. Called once, at time 0. */
  start(): void {
    ensure(this.nodes.length === this.setup.nodeCount, "fewer nodes than the simulation was set up for");
    for (const [address, node] of this.nodes.entries()) node?.start(this.saved.get(address));
  }

  /** Lets `command` happen at a node at an instant that is not past. */
  command(atUs: Micros, address: Address, command: Command): void {
    ensure(atUs >= this.nowUs, "a command cannot happen in the past");
    const sequence = this.commandSequence.get(address) ?? 0;
    this.commandSequence.set(address, sequence + 1);
    const rank = address * SEQUENCES + FIRST_COMMAND + sequence;
    this.insert(atUs, rank, EventKind.command, address, command);
  }

  /** Lets everything happen up to and including `untilUs`, or `maxEvents` of it; true when all of it has. */
  run(untilUs: Micros, maxEvents = Number.POSITIVE_INFINITY): boolean {
    ensure(untilUs >= this.nowUs, "time never goes back");
    const { store, queue, conservation } = this;
    if (this.eventCount === 0) conservation.look(this.nowUs);
    let left = maxEvents;
    if (left <= 0) return false;
    for (let slot = queue.takeUntil(untilUs); slot !== NONE; slot = queue.takeUntil(untilUs)) {
      const at = store.at(slot);
      const kind = store.kind(slot);
      const target = store.target(slot);
      const rank = store.rank(slot);
      const datum = store.datum(slot);
      // Before the event counts as no longer pending.
      if (at >= this.nextSecondUs) this.closeSecondsUntil(at);
      store.remove(slot);
      if (kind === EventKind.cancelled) continue;
      this.nowUs = at;
      this.nowRank = rank;
      this.eventCount++;
      const said = kind === EventKind.deliver ? this.wire.digest(datum as Message) : 0;
      this.fingerprint.add(at, kind, target, rank, said);
      if (this.observer.onEvent !== undefined) {
        this.observer.onEvent(at, kind, Math.floor(rank / SEQUENCES), target, datum);
      }
      this.happen(kind, target, rank, datum);
      conservation.check(at);
      if (--left <= 0) return false;
    }
    this.nowUs = untilUs;
    this.closeSecondsUntil(untilUs);
    conservation.look(untilUs);
    return true;
  }

  /** What has been counted so far. */
  books(): Books {
    const { conservation, transport, processors } = this;
    return {
      events: this.eventCount,
      messages: { ...transport.counts },
      ...(transport.busCounts !== undefined && { bus: { ...transport.busCounts } }),
      jobs: { ...processors.counts },
      inFlight: conservation.inFlight,
      crossedOut: conservation.crossedOut,
      crossedIn: conservation.crossedIn,
      checks: conservation.checks,
      violations: conservation.violations,
      fingerprint: this.fingerprint.sums(),
    };
  }

  private calendarQueue(): CalendarQueue {
    const ahead = new ReadAhead(this.store, this);
    return new CalendarQueue(this.store, (slots, count) => ahead.read(slots, count));
  }

  private happen(kind: EventKind, target: Address, rank: number, datum: unknown): void {
    const node = this.nodes[target]!;
    switch (kind) {
      case EventKind.deliver:
        this.receive(node, Math.floor(rank / SEQUENCES), target, datum as Message);
        return;
      case EventKind.timer:
        node.wake(datum as TimerTag);
        return;
      case EventKind.finished:
        this.finish(node, target, datum as Job, "finished");
        return;
      case EventKind.jobIgnored:
        this.finish(node, target, datum as Job, "ignored");
        return;
      case EventKind.jobExpired:
        node.done(datum as Job, "expired");
        return;
      case EventKind.jobRejected:
        node.done(datum as Job, "rejected");
        return;
      case EventKind.command:
        (datum as Command)();
        return;
      case EventKind.expire:
        this.transport.counts.expired++;
        return;
      case EventKind.arrive:
        this.transport.bus!.arrive(rank, Math.floor(rank / SEQUENCES), target, datum, this.nowUs);
        return;
      case EventKind.acknowledge:
        this.transport.bus!.acknowledge(Math.floor(rank / SEQUENCES), target, datum as number, this.nowUs);
        return;
      case EventKind.busTimer:
        this.transport.bus!.wake(datum, this.nowUs);
        return;
      case EventKind.held:
        this.transport.bus!.timeUp(datum, this.nowUs);
        return;
    }
  }

  /** See `Host.send`. */
  send(from: Address, to: Address, message: Message): void {
    this.conservation.handedOver++;
    if (this.observer.onSend !== undefined) this.observer.onSend(this.nowUs, from, to, message);
    this.transport.transmit(from, to, message, this.nowUs);
  }

  deliverAt(atUs: Micros, from: Address, to: Address, message: Message): void {
    this.cross(atUs, from, to, EventKind.deliver, message);
  }

  /** See `BusMachinery`. */
  arriveAt(atUs: Micros, from: Address, to: Address, parcel: unknown): void {
    this.cross(atUs, from, to, EventKind.arrive, parcel);
  }

  /** See `BusMachinery`. */
  acknowledgeAt(atUs: Micros, from: Address, to: Address, sequence: number): void {
    this.cross(atUs, from, to, EventKind.acknowledge, sequence);
  }

  /** See `BusMachinery`. */
  wakeAt(atUs: Micros, owner: Address, about: unknown): void {
    this.schedule(atUs, EventKind.busTimer, owner, owner, about);
  }

  /** See `BusMachinery`. */
  holdUntil(atUs: Micros, owner: Address, copy: unknown): number {
    return this.schedule(atUs, EventKind.held, owner, owner, copy);
  }

  /** See `BusMachinery`. */
  release(hold: number): void {
    this.store.cancel(hold);
  }

  /** See `BusMachinery`. */
  deliverLater(atUs: Micros, rank: number, to: Address, message: Message): void {
    ensure(atUs > this.nowUs, "a message that is delivered later is not delivered now");
    this.insert(atUs, rank, EventKind.deliver, to, message);
  }

  /** See `BusMachinery`. To fingerprint and observers it is a delivery like any other. */
  handOver(rank: number, from: Address, to: Address, message: Message): boolean {
    this.fingerprint.add(this.nowUs, EventKind.deliver, to, rank, this.wire.digest(message));
    this.observer.onEvent?.(this.nowUs, EventKind.deliver, from, to, message);
    this.receive(this.nodes[to]!, from, to, message);
    return true;
  }

  private receive(node: Node<Message>, from: Address, to: Address, message: Message): void {
    this.transport.counts.delivered++;
    this.conservation.received++;
    node.receive(from, message);
    this.processors.noteActivity(to, this.nowUs);
  }

  /** Puts what is sent into the future of its receiver, wherever it lives. */
  private cross(atUs: Micros, from: Address, to: Address, kind: EventKind, datum: unknown): void {
    if (this.border?.isBeyond(to) === true) this.letOut(atUs, from, to, kind, datum, this.border);
    else this.schedule(atUs, kind, from, to, datum);
  }

  /** Takes in what another part let out, with the rank that it was given there. */
  letIn(atUs: Micros, rank: number, to: Address, kind: EventKind, datum: unknown): void {
    ensure(atUs > this.nowUs, "a message came over the border after it was due");
    if (kind !== EventKind.acknowledge) this.conservation.crossedIn++;
    this.queue.insert(this.store.add(atUs, rank, kind, to, datum));
  }

  private letOut(
    atUs: Micros,
    from: Address,
    to: Address,
    kind: EventKind,
    datum: unknown,
    border: Border<Message>,
  ): void {
    if (kind !== EventKind.acknowledge) this.conservation.crossedOut++;
    border.cross(atUs, this.nextRank(from), to, kind, datum);
  }

  expireAt(atUs: Micros, from: Address, to: Address, message: Message): void {
    this.schedule(atUs, EventKind.expire, from, to, message);
  }

  /** See `Host.setTimer`. A timer is named by its slot and by the sequence number that tells it from later ones. */
  setTimer(address: Address, afterMs: Millis, tag: TimerTag): TimerId {
    ensure(afterMs >= 0, "a timer cannot fire in the past");
    const at = this.nowUs + this.clocks.trueDurationUs(address, afterMs, this.nowUs);
    const slot = this.schedule(at, EventKind.timer, address, address, tag);
    return slot * SEQUENCES + (this.store.rank(slot) - address * SEQUENCES);
  }

  /** See `Host.cancelTimer`. */
  cancelTimer(address: Address, timer: TimerId): void {
    const slot = Math.floor(timer / SEQUENCES);
    const rank = address * SEQUENCES + (timer % SEQUENCES);
    const isPending = this.store.rank(slot) === rank && this.store.datum(slot) !== undefined;
    if (isPending && this.store.kind(slot) === EventKind.timer) this.store.cancel(slot);
  }

  /** See `Host.save`. */
  save(address: Address, state: Durable): void {
    this.saved.set(address, state);
  }

  /** See `Host.provision`. */
  provision(_by: Address, _address: Address): void {
    // Nothing dies here yet, so that nothing has to be replaced.
  }

  /** See `Host.observe`. */
  observe(address: Address, fact: Fact): void {
    this.observer.onFact?.(this.nowUs, address, fact);
  }

  /** See `Host.work`. */
  work(address: Address, job: Job): void {
    const { processors, nowUs } = this;
    if (processors.isFree(address)) {
      processors.counts.accepted++;
      this.begin(address, job);
      return;
    }
    processors.sweep(address, nowUs, this.onJobExpired);
    if (processors.enqueue(address, job, nowUs)) processors.counts.accepted++;
    else this.endUnbegun(address, job, EventKind.jobRejected);
  }

  private begin(address: Address, job: Job): void {
    this.processors.begin(address);
    const idleSinceUs = this.processors.idleSinceUs(address);
    const serviceUs = this.serviceTimes.serviceUs(address, job, this.nowUs, idleSinceUs);
    if (serviceUs === IGNORED) this.schedule(this.nowUs, EventKind.jobIgnored, address, address, job);
    else this.schedule(this.nowUs + serviceUs, EventKind.finished, address, address, job);
  }

  private finish(node: Node<Message>, address: Address, job: Job, outcome: JobOutcome): void {
    const { processors, nowUs } = this;
    processors.end(address);
    processors.counts[outcome]++;
    processors.noteActivity(address, nowUs);
    node.done(job, outcome);
    if (processors.isBusy(address)) return;
    const next = processors.next(address, nowUs, this.onJobExpired);
    if (next !== undefined) this.begin(address, next);
  }

  /** Tells a node, in an event of its own, about a job that was never begun. */
  private endUnbegun(address: Address, job: Job, kind: EventKind): void {
    if (kind === EventKind.jobExpired) this.processors.counts.expired++;
    else this.processors.counts.rejected++;
    this.schedule(this.nowUs, kind, address, address, job);
  }

  private schedule(at: Micros, kind: EventKind, origin: Address, target: Address, datum: unknown): number {
    return this.insert(at, this.nextRank(origin), kind, target, datum);
  }

  private nextRank(origin: Address): number {
    const { doubles, first, stride } = this.sequence;
    const at = origin * stride + first;
    const sequence = doubles[at]!;
    doubles[at] = sequence + 1;
    return origin * SEQUENCES + sequence;
  }

  private insert(at: Micros, rank: number, kind: EventKind, target: Address, datum: unknown): number {
    const slot = this.store.add(at, rank, kind, target, datum);
    this.queue.insert(slot);
    return slot;
  }

  private closeSecondsUntil(at: Micros): void {
    this.fingerprint.closeSecondsUntil(at);
    while (this.nextSecondUs <= at) {
      this.observer.onSecond?.(this.nextSecondUs / US_PER_S - 1);
      this.nextSecondUs += US_PER_S;
    }
  }
}
