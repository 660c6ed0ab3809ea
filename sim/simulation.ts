/**
 * One simulation: virtual time, the nodes, and the loop that takes the earliest event and lets it happen. Order is total:
 * time, then origin address, then the origin's own sequence number.
 */

import type { Address, Durable, Host, Job, JobOutcome, Millis, Node, TimerId, TimerTag } from "../protocol/contract.js";
import type { Books } from "./books.js";
import type { Border } from "./border.js";
import { isParcel } from "./bus/incoming.js";
import type { BusMachinery } from "./bus/machinery.js";
import { CalendarQueue } from "./calendar-queue.js";
import type { Clocks } from "./clock.js";
import { Appointment, type Command, type CommandDatum, CommandRanks, dueCommand } from "./command.js";
import { ensure } from "./ensure.js";
import type { EventQueue } from "./event-queue.js";
import { EventKind, EventStore, NONE, SEQUENCES } from "./event-store.js";
import type { Faults } from "./faults/faults.js";
import { type Life, type LifeSupport, Lives } from "./faults/lives.js";
import { Tamperer, type Tampering } from "./faults/tampering.js";
import { Fingerprint } from "./fingerprint.js";
import type { HostSpec } from "./hosts/host-plan.js";
import { type HostEngine, Hosts } from "./hosts/hosts.js";
import { NO_ROOM } from "./hosts/line.js";
import { ConservationJudge } from "./judges/conservation.js";
import { type Links, Network, type Transport } from "./network.js";
import { type Column, NodeRows } from "./node-rows.js";
import { Order, type Platform } from "./platform.js";
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

/** Whether what is on its way is a message, or a copy of one. */
function isMessage(kind: EventKind): boolean {
  return kind === EventKind.deliver || kind === EventKind.atBus;
}

/** How many cells the engine keeps of every node. */
export const NODE_CELLS = 4;

/** Makes the process of a node, on its host. */
type Build<Message, Fact> = (host: Host<Message, Fact>) => Node<Message>;

export class Simulation<Message, Fact>
  implements BusMachinery<Message>, Machinery<Message, Fact>, LifeSupport, HostEngine
{
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
  /** By address; undefined beyond the border and where no process is. */
  readonly nodes: (Node<Message> | undefined)[] = [];
  readonly ports: (Port<Message, Fact> | undefined)[] = [];
  /** What engine and world keep of every node. */
  readonly rows: NodeRows;
  readonly lives: Lives;
  private readonly builds: Build<Message, Fact>[] = [];
  private readonly arrivals: ReadonlyMap<Address, Micros>;
  private readonly tamperer: Tamperer<Message> | undefined;
  /** The shared machines; undefined where there are none. */
  readonly hosts: Hosts | undefined;
  private readonly store = new EventStore();
  private readonly queue: EventQueue;
  /** How many events each node has made itself. */
  private readonly sequence: Column;
  private readonly commandRanks = new CommandRanks();
  /** Jobs that were taken out of service on shared machines while their nodes stand still, and what is left of them. */
  private readonly withdrawn = new Map<Address, { readonly job: Job; readonly leftUs: Micros }>();
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
    this.arrivals = new Map((setup.arrivals ?? []).map(({ address, atUs }) => [address, atUs]));
    this.clocks = setup.clocks;
    this.serviceTimes = setup.serviceTimes;
    this.wire = setup.wire;
    this.border = setup.border;
    this.rows = setup.rows ?? new NodeRows(setup.nodeCount, NODE_CELLS);
    this.random = new RandomStreams(setup.seed, "protocol", setup.nodeCount, this.rows);
    this.sequence = this.rows.reserve(1);
    this.processors = new Processors(setup.nodeCount, setup.queueCapacity, this.rows);
    this.queue = setup.makeQueue?.(this.store) ?? this.calendarQueue();
    this.transport =
      setup.makeTransport?.(this) ?? new Network(setup.links, setup.wire.ttlMs, this, setup.wire.damaged);
    this.conservation = new ConservationJudge(this.transport.counts, this.store);
    const { faults, tampering, platform } = setup;
    this.lives = new Lives(this, this.store, this.processors, platform, faults, setup.nodeCount);
    this.tamperer = faults && tampering && new Tamperer(tampering, faults);
    const isBeyond = (address: Address) => this.border?.isBeyond(address) === true;
    this.hosts = setup.hosts && new Hosts(setup.hosts, setup.nodeCount, this, isBeyond);
  }

  /**
   * Puts a node on the next address; `build` is handed the host that the node will run on, now and whenever a process of
   * the node is started anew. Where the address is beyond the border, it is only counted.
   */
  attach(build: Build<Message, Fact>): Address {
    const address = this.nodes.length;
    ensure(address < this.setup.nodeCount, "more nodes than the simulation was set up for");
    const isHere = this.border?.isBeyond(address) !== true;
    const port = isHere ? new Port<Message, Fact>(this, address) : undefined;
    this.ports.push(port);
    const isAwaited = this.arrivals.has(address);
    this.nodes.push(isAwaited ? undefined : port && build(port));
    this.builds.push(build);
    return address;
  }

  /** Starts every node, in the order of their addresses. Called once, at time 0. */
  start(): void {
    ensure(this.nodes.length === this.setup.nodeCount, "fewer nodes than the simulation was set up for");
    this.lives.schedule();
    for (const [address, atUs] of this.arrivals) if (this.isHere(address)) this.lives.await(address, atUs);
    for (const [address, node] of this.nodes.entries()) node?.start(this.saved.get(address));
  }

  /** Lets `command` happen at a node at an instant that is not past. */
  command(atUs: Micros, address: Address, command: Command<Message>): void {
    this.insertCommand(atUs, address, command);
  }

  /** As `command`, with a command that `due` makes at that instant: what draws or schedules the next one has its place in `due`. */
  appoint(atUs: Micros, address: Address, due: () => Command<Message> | undefined): void {
    this.insertCommand(atUs, address, new Appointment(due));
  }

  private insertCommand(atUs: Micros, address: Address, datum: CommandDatum<Message>): void {
    ensure(atUs >= this.nowUs, "a command cannot happen in the past");
    this.insert(atUs, this.commandRanks.next(address), EventKind.command, address, datum);
  }

  /** Lets everything happen up to and including `untilUs`, or `maxEvents` of it; true when all of it has. */
  run(untilUs: Micros, maxEvents = Number.POSITIVE_INFINITY): boolean {
    ensure(untilUs >= this.nowUs, "time never goes back");
    const { store, queue, conservation, lives } = this;
    if (this.eventCount === 0) conservation.look(this.nowUs);
    let left = maxEvents;
    if (left <= 0) return false;
    for (let slot = queue.takeUntil(untilUs); slot !== NONE; slot = queue.takeUntil(untilUs)) {
      const at = store.at(slot);
      // Before the event counts as no longer pending.
      if (at >= this.nextSecondUs) this.closeSecondsUntil(at);
      if (lives.anyStruck && lives.struck[store.target(slot)] !== 0 && lives.takes(slot)) continue;
      const kind = store.kind(slot);
      if (kind === EventKind.cancelled) {
        store.remove(slot);
        continue;
      }
      this.nowUs = at;
      this.nowRank = store.rank(slot);
      this.take(slot, kind);
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
      lives: { ...this.lives.counts },
      effects: this.setup.faults === undefined ? [] : [...this.setup.faults.effects],
      inFlight: conservation.inFlight,
      crossedOut: conservation.crossedOut,
      crossedIn: conservation.crossedIn,
      checks: conservation.checks,
      violations: conservation.violations,
      hosts: this.hosts?.figures(this.nowUs) ?? [],
      fingerprint: this.fingerprint.sums(),
    };
  }

  private calendarQueue(): CalendarQueue {
    const ahead = new ReadAhead(this.store, this);
    return new CalendarQueue(this.store, (slots, count) => ahead.read(slots, count));
  }

  /** Takes an event out of the store, prints it and lets it happen, now. */
  private take(slot: number, kind: EventKind): void {
    const { store } = this;
    const target = store.target(slot);
    const rank = store.rank(slot);
    const datum = store.datum(slot);
    store.remove(slot);
    this.eventCount++;
    const said = kind === EventKind.deliver ? this.wire.digest(datum as Message) : 0;
    this.fingerprint.add(this.nowUs, kind, target, rank, said);
    if (this.observer.onEvent !== undefined) {
      this.observer.onEvent(this.nowUs, kind, Math.floor(rank / SEQUENCES), target, datum);
    }
    this.happen(kind, target, rank, datum);
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
        dueCommand(datum as CommandDatum<Message>)(node);
        return;
      case EventKind.expire:
        this.transport.counts.expired++;
        return;
      case EventKind.arrive:
        this.handOn(target, rank, datum);
        return;
      case EventKind.host:
        this.hosts!.look(datum as number);
        return;
      case EventKind.atBus:
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
      default:
        this.happenToLife(kind, target, datum);
    }
  }

  /** What happens to a node whose process is not there, or not what it was. */
  private happenToLife(kind: EventKind, target: Address, datum: unknown): void {
    const { lives } = this;
    switch (kind) {
      case EventKind.undelivered:
        this.countUndelivered();
        return;
      case EventKind.refused:
        lives.counts.commandsRefused++;
        dueCommand(datum as CommandDatum<Message>);
        return;
      case EventKind.troubleBegins:
        lives.begin(datum as number, target);
        return;
      case EventKind.troubleEnds:
        lives.endOf(datum as number, target);
        return;
      case EventKind.provision:
        lives.provision(target, datum as Order);
        return;
      case EventKind.birth:
        lives.birth(target);
        return;
    }
  }

  /** See `LifeSupport`, as all down to `onLife`. */
  isHere(address: Address): boolean {
    return this.border?.isBeyond(address) !== true;
  }

  bear(address: Address): void {
    this.hosts?.restart(address);
    const node = this.builds[address]!(this.ports[address]!);
    this.nodes[address] = node;
    node.start(this.saved.get(address));
  }

  remove(address: Address): void {
    this.nodes[address] = undefined;
    this.withdrawn.delete(address);
    this.hosts?.forget(address);
  }

  standStill(address: Address): boolean {
    const job = this.hosts?.jobOf(address);
    if (job === undefined) return false;
    this.withdrawn.set(address, { job, leftUs: this.hosts!.withdraw(address) });
    return true;
  }

  goOn(address: Address): void {
    const { job, leftUs } = this.withdrawn.get(address)!;
    this.withdrawn.delete(address);
    this.hosts!.begin(address, job, leftUs);
  }

  happenLate(slot: number): void {
    const kind = this.store.kind(slot);
    if (kind === EventKind.cancelled) {
      this.store.remove(slot);
      return;
    }
    this.take(slot, kind);
    this.conservation.check(this.nowUs);
  }

  fallDue(slot: number): void {
    this.nowUs = this.store.at(slot);
    this.store.setDatum(slot, dueCommand(this.store.datum(slot) as CommandDatum<Message>));
  }

  onLife(address: Address, life: Life): void {
    this.observer.onLife?.(this.nowUs, address, life);
  }

  nextSequence(origin: Address): number {
    const { doubles, first, stride } = this.sequence;
    return doubles[origin * stride + first]!;
  }

  /** See `Host.send`. */
  send(from: Address, to: Address, message: Message): void {
    const instead = this.tamperer?.tampered(from, to, message, this.nowUs);
    if (instead === undefined) this.hand(from, to, message);
    else for (const each of instead) this.hand(from, to, each);
  }

  private hand(from: Address, to: Address, message: Message): void {
    this.conservation.handedOver++;
    if (this.observer.onSend !== undefined) this.observer.onSend(this.nowUs, from, to, message);
    if (this.hosts?.sharesLine(from) === true) this.sendOverLine(from, to, message, this.hosts);
    else this.transport.transmit(from, to, message, this.nowUs);
  }

  /** The network has a message from when it has left the sender's machine. */
  private sendOverLine(from: Address, to: Address, message: Message, hosts: Hosts): void {
    const atUs = hosts.sentUs(from, this.wire.sizeBytes!(message));
    if (atUs !== NO_ROOM) {
      this.transport.transmit(from, to, message, atUs);
      return;
    }
    this.transport.counts.sent++;
    this.transport.counts.dropped++;
    this.setup.links.delayUs(from, to, this.nowUs); // as many draws as for one that gets through
  }

  deliverAt(atUs: Micros, from: Address, to: Address, message: Message): void {
    this.cross(atUs, from, to, EventKind.deliver, message);
  }

  /** See `BusMachinery`. */
  arriveAt(atUs: Micros, from: Address, to: Address, parcel: unknown): void {
    this.cross(atUs, from, to, EventKind.atBus, parcel);
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
    if (!this.lives.isRunning(to)) {
      this.countUndelivered();
      return false;
    }
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

  private countUndelivered(): void {
    this.transport.counts.undelivered++;
    this.conservation.undelivered++;
  }

  /** Puts what is sent into the future of its receiver, wherever it lives. */
  private cross(atUs: Micros, from: Address, to: Address, kind: EventKind, datum: unknown): void {
    if (this.border?.isBeyond(to) === true) this.letOut(atUs, from, to, kind, datum, this.border);
    else this.schedule(atUs, this.wayIn(to, kind), from, to, datum);
  }

  /** A message for a node that shares a line comes to the machine first. */
  private wayIn(to: Address, kind: EventKind): EventKind {
    return isMessage(kind) && this.hosts?.sharesLine(to) === true ? EventKind.arrive : kind;
  }

  /** Over the line of the receiver's machine, with the rank that the sender gave it: it is the same message. */
  private handOn(to: Address, rank: number, datum: unknown): void {
    const message = isParcel<Message>(datum) ? datum.message : (datum as Message);
    const atUs = this.hosts!.receivedUs(to, this.wire.sizeBytes!(message));
    const kind = this.transport.bus === undefined ? EventKind.deliver : EventKind.atBus;
    if (atUs === NO_ROOM) this.transport.counts.dropped++;
    else this.insert(atUs, rank, kind, to, datum);
  }

  /** Takes in what another part let out, with the rank that it was given there. */
  letIn(atUs: Micros, rank: number, to: Address, kind: EventKind, datum: unknown): void {
    ensure(atUs > this.nowUs, "a message came over the border after it was due");
    if (isMessage(kind)) this.conservation.crossedIn++;
    this.queue.insert(this.store.add(atUs, rank, this.wayIn(to, kind), to, datum));
  }

  private letOut(
    atUs: Micros,
    from: Address,
    to: Address,
    kind: EventKind,
    datum: unknown,
    border: Border<Message>,
  ): void {
    if (isMessage(kind)) this.conservation.crossedOut++;
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
  provision(by: Address, address: Address): void {
    this.order(by, address, Order.anew);
  }

  /** See `Host.revive`. */
  revive(by: Address, address: Address): void {
    this.order(by, address, Order.ifGone);
  }

  private order(by: Address, address: Address, order: Order): void {
    if (this.setup.platform === undefined) return;
    const atUs = this.nowUs + this.setup.platform.orderUs(by, address);
    const rank = this.nextRank(by);
    if (this.isHere(address)) this.insert(atUs, rank, EventKind.provision, address, order);
    else this.border!.cross(atUs, rank, address, EventKind.provision, order);
  }

  /** See `Host.observe`. */
  observe(address: Address, fact: Fact): void {
    this.observer.onFact?.(this.nowUs, address, fact);
  }

  /** See `Host.work`. */
  work(address: Address, job: Job): void {
    const { processors, nowUs, hosts } = this;
    if (hosts?.refuses(address) === true) {
      this.endUnbegun(address, job, EventKind.jobRejected);
      return;
    }
    if (processors.isFree(address)) {
      processors.counts.accepted++;
      hosts?.accept(address);
      this.begin(address, job);
      return;
    }
    processors.sweep(address, nowUs, this.onJobExpired);
    if (processors.enqueue(address, job, nowUs)) {
      processors.counts.accepted++;
      hosts?.accept(address);
    } else this.endUnbegun(address, job, EventKind.jobRejected);
  }

  private begin(address: Address, job: Job): void {
    this.processors.begin(address);
    const idleSinceUs = this.processors.idleSinceUs(address);
    const serviceUs = this.serviceTimes.serviceUs(address, job, this.nowUs, idleSinceUs);
    if (serviceUs === IGNORED) this.schedule(this.nowUs, EventKind.jobIgnored, address, address, job);
    else if (this.hosts?.sharesCores(address) === true) this.hosts.begin(address, job, serviceUs);
    else this.schedule(this.nowUs + serviceUs, EventKind.finished, address, address, job);
  }

  /** See `HostEngine.endJobAt`. */
  endJobAt(atUs: Micros, address: Address, job: Job): number {
    return this.schedule(atUs, EventKind.finished, address, address, job);
  }

  /** See `HostEngine.lookAt`. */
  lookAt(atUs: Micros, firstNode: Address, host: number): number {
    return this.schedule(atUs, EventKind.host, firstNode, firstNode, host);
  }

  /** See `HostEngine.cancelEvent`. */
  cancelEvent(slot: number): void {
    this.store.cancel(slot);
  }

  /** See `HostEngine.outOfMemory`. */
  outOfMemory(address: Address): void {
    this.lives.kill(address);
  }

  private finish(node: Node<Message>, address: Address, job: Job, outcome: JobOutcome): void {
    const { processors, nowUs, hosts } = this;
    const wasSharing = hosts?.sharesCores(address) === true && outcome === "finished";
    if (wasSharing) hosts.end(address);
    hosts?.release(address);
    processors.end(address);
    processors.counts[outcome]++;
    processors.noteActivity(address, nowUs);
    node.done(job, outcome);
    if (!processors.isBusy(address)) {
      const next = processors.next(address, nowUs, this.onJobExpired);
      if (next !== undefined) this.begin(address, next);
    }
    if (wasSharing) hosts.settleOf(address);
  }

  /** Tells a node, in an event of its own, about a job that was never begun. */
  private endUnbegun(address: Address, job: Job, kind: EventKind): void {
    if (kind === EventKind.jobExpired) {
      this.processors.counts.expired++;
      this.hosts?.release(address);
    } else this.processors.counts.rejected++;
    this.schedule(this.nowUs, kind, address, address, job);
  }

  private schedule(at: Micros, kind: EventKind, origin: Address, target: Address, datum: unknown): number {
    return this.insert(at, this.nextRank(origin), kind, target, datum);
  }

  nextRank(origin: Address): number {
    const { doubles, first, stride } = this.sequence;
    const at = origin * stride + first;
    const sequence = doubles[at]!;
    doubles[at] = sequence + 1;
    return origin * SEQUENCES + sequence;
  }

  insert(at: Micros, rank: number, kind: EventKind, target: Address, datum: unknown): number {
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
