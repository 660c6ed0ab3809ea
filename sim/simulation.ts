/**
 * One simulation: virtual time, the nodes, and the loop that takes the earliest event and lets it happen. What
 * becomes of messages on their way is the mail's business, what becomes of jobs that of `Jobs`.
 */

import type { Address, Durable, Job, Millis, Node, TimerId, TimerTag } from "../protocol/contract.js";
import { Agenda } from "./agenda.js";
import type { Books } from "./books.js";
import { CalendarQueue } from "./calendar-queue.js";
import type { Clocks } from "./clock.js";
import { Appointment, type Command, type CommandDatum, CommandRanks, dueCommand } from "./command.js";
import { ensure } from "./ensure.js";
import { EventKind, type EventStore, NONE, SEQUENCES } from "./event-store.js";
import { type Life, type LifeSupport, Lives } from "./faults/lives.js";
import { Fingerprint } from "./fingerprint.js";
import { type HostEngine, Hosts } from "./hosts/hosts.js";
import { Jobs } from "./jobs.js";
import type { ConservationJudge } from "./judges/conservation.js";
import { Mail, type Surroundings } from "./mail.js";
import type { Transport } from "./network.js";
import { NodeRows } from "./node-rows.js";
import { Order } from "./platform.js";
import { type Machinery, Port } from "./port.js";
import { Processors } from "./processor.js";
import { RandomStreams } from "./random.js";
import { ReadAhead } from "./read-ahead.js";
import type { Build, Observer, SimulationSetup } from "./setup.js";
import type { Micros } from "./time.js";
import { US_PER_S } from "./time.js";

/** How many cells the engine keeps of every node. */
export const NODE_CELLS = 4;

export class Simulation<Message, Fact>
  implements Machinery<Message, Fact>, Surroundings<Message>, LifeSupport, HostEngine
{
  nowUs: Micros = 0;
  /** Rank of the event that is happening: with `nowUs`, its place in the total order. */
  nowRank = 0;
  /** Events that have happened. */
  eventCount = 0;
  readonly agenda: Agenda;
  readonly fingerprint = new Fingerprint();
  readonly processors: Processors;
  readonly observer: Observer<Message, Fact>;
  readonly clocks: Clocks;
  readonly random: RandomStreams;
  /** By address; undefined beyond the border and where no process is. */
  readonly nodes: (Node<Message> | undefined)[] = [];
  readonly ports: (Port<Message, Fact> | undefined)[] = [];
  /** What engine and world keep of every node. */
  readonly rows: NodeRows;
  readonly lives: Lives;
  /** The shared machines; undefined where there are none. */
  readonly hosts: Hosts | undefined;
  readonly conservation: ConservationJudge;
  readonly transport: Transport<Message>;
  private readonly mail: Mail<Message, Fact>;
  private readonly jobs: Jobs;
  private readonly builds: Build<Message, Fact>[] = [];
  private readonly arrivals: ReadonlyMap<Address, Micros>;
  private readonly commandRanks = new CommandRanks();
  /** What each node saved last, of those that saved anything. */
  private readonly saved = new Map<Address, Durable>();
  private nextSecondUs: Micros = US_PER_S;

  constructor(private readonly setup: SimulationSetup<Message, Fact>) {
    const { seed, nodeCount, faults, platform, hosts } = setup;
    this.observer = setup.observer;
    this.arrivals = new Map((setup.arrivals ?? []).map(({ address, atUs }) => [address, atUs]));
    this.clocks = setup.clocks;
    this.rows = setup.rows ?? new NodeRows(nodeCount, NODE_CELLS);
    this.random = new RandomStreams(seed, "protocol", nodeCount, this.rows);
    this.agenda = new Agenda(this.rows, setup.makeQueue ?? ((store) => this.calendarQueue(store)));
    this.processors = new Processors(nodeCount, setup.queueCapacity, this.rows);
    this.lives = new Lives(this, this.agenda, this.processors, platform, faults, nodeCount);
    this.hosts = hosts && new Hosts(hosts, nodeCount, this, (address) => !this.isHere(address));
    this.jobs = new Jobs(this, this.agenda, this.processors, setup.serviceTimes, this.hosts);
    this.mail = new Mail(setup, this);
    this.transport = this.mail.transport;
    this.conservation = this.mail.conservation;
  }

  /**
   * Puts a node on the next address; `build` is handed the host that the node will run on, now and whenever a process of
   * the node is started anew. Where the address is beyond the border, it is only counted.
   */
  attach(build: Build<Message, Fact>): Address {
    const address = this.nodes.length;
    ensure(address < this.setup.nodeCount, "more nodes than the simulation was set up for");
    const port = this.isHere(address) ? new Port<Message, Fact>(this, address) : undefined;
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
    this.agenda.insert(atUs, this.commandRanks.next(address), EventKind.command, address, datum);
  }

  /** Lets everything happen up to and including `untilUs`, or `maxEvents` of it; true when all of it has. */
  run(untilUs: Micros, maxEvents = Number.POSITIVE_INFINITY): boolean {
    ensure(untilUs >= this.nowUs, "time never goes back");
    const { conservation, lives } = this;
    const { store, queue } = this.agenda;
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

  private calendarQueue(store: EventStore): CalendarQueue {
    const ahead = new ReadAhead(store, this);
    return new CalendarQueue(store, (slots, count) => ahead.read(slots, count));
  }

  /** Takes an event out of the store, prints it and lets it happen, now. */
  private take(slot: number, kind: EventKind): void {
    const { store } = this.agenda;
    const target = store.target(slot);
    const rank = store.rank(slot);
    const datum = store.datum(slot);
    store.remove(slot);
    this.eventCount++;
    const said = kind === EventKind.deliver ? this.setup.wire.digest(datum as Message) : 0;
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
        this.mail.receive(node, Math.floor(rank / SEQUENCES), target, datum as Message);
        return;
      case EventKind.timer:
        node.wake(datum as TimerTag);
        return;
      case EventKind.finished:
        this.jobs.finish(node, target, datum as Job, "finished");
        return;
      case EventKind.jobIgnored:
        this.jobs.finish(node, target, datum as Job, "ignored");
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
        this.mail.handOn(target, rank, datum);
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
        this.mail.countUndelivered();
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

  /** See `Surroundings`. */
  isRunning(address: Address): boolean {
    return this.lives.isRunning(address);
  }

  /** See `LifeSupport`, as all down to `onLife`. */
  isHere(address: Address): boolean {
    return this.setup.border?.isBeyond(address) !== true;
  }

  bear(address: Address): void {
    this.hosts?.restart(address);
    const node = this.builds[address]!(this.ports[address]!);
    this.nodes[address] = node;
    node.start(this.saved.get(address));
  }

  remove(address: Address): void {
    this.nodes[address] = undefined;
    this.jobs.forget(address);
  }

  standStill(address: Address): boolean {
    return this.jobs.standStill(address);
  }

  goOn(address: Address): void {
    this.jobs.goOn(address);
  }

  happenLate(slot: number): void {
    const kind = this.agenda.store.kind(slot);
    if (kind === EventKind.cancelled) {
      this.agenda.store.remove(slot);
      return;
    }
    this.take(slot, kind);
    this.conservation.check(this.nowUs);
  }

  fallDue(slot: number): void {
    this.nowUs = this.agenda.store.at(slot);
    this.agenda.store.setDatum(slot, dueCommand(this.agenda.store.datum(slot) as CommandDatum<Message>));
  }

  onLife(address: Address, life: Life): void {
    this.observer.onLife?.(this.nowUs, address, life);
  }

  /** See `Host.send`. */
  send(from: Address, to: Address, message: Message): void {
    this.mail.send(from, to, message);
  }

  /** See `Mail.letIn`. */
  letIn(atUs: Micros, rank: number, to: Address, kind: EventKind, datum: unknown): void {
    this.mail.letIn(atUs, rank, to, kind, datum);
  }

  /** See `Host.setTimer`. A timer is named by its slot and by the sequence number that tells it from later ones. */
  setTimer(address: Address, afterMs: Millis, tag: TimerTag): TimerId {
    ensure(afterMs >= 0, "a timer cannot fire in the past");
    const at = this.nowUs + this.clocks.trueDurationUs(address, afterMs, this.nowUs);
    const slot = this.agenda.schedule(at, EventKind.timer, address, address, tag);
    return slot * SEQUENCES + (this.agenda.store.rank(slot) - address * SEQUENCES);
  }

  /** See `Host.cancelTimer`. */
  cancelTimer(address: Address, timer: TimerId): void {
    const slot = Math.floor(timer / SEQUENCES);
    const rank = address * SEQUENCES + (timer % SEQUENCES);
    const isPending = this.agenda.store.rank(slot) === rank && this.agenda.store.datum(slot) !== undefined;
    if (isPending && this.agenda.store.kind(slot) === EventKind.timer) this.agenda.store.cancel(slot);
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
    const rank = this.agenda.nextRank(by);
    if (this.isHere(address)) this.agenda.insert(atUs, rank, EventKind.provision, address, order);
    else this.setup.border!.cross(atUs, rank, address, EventKind.provision, order);
  }

  /** See `Host.observe`. */
  observe(address: Address, fact: Fact): void {
    this.observer.onFact?.(this.nowUs, address, fact);
  }

  /** See `Host.work`. */
  work(address: Address, job: Job): void {
    this.jobs.take(address, job);
  }

  /** See `HostEngine.endJobAt`. */
  endJobAt(atUs: Micros, address: Address, job: Job): number {
    return this.agenda.schedule(atUs, EventKind.finished, address, address, job);
  }

  /** See `HostEngine.lookAt`. */
  lookAt(atUs: Micros, firstNode: Address, host: number): number {
    return this.agenda.schedule(atUs, EventKind.host, firstNode, firstNode, host);
  }

  /** See `HostEngine.cancelEvent`. */
  cancelEvent(slot: number): void {
    this.agenda.store.cancel(slot);
  }

  /** See `HostEngine.outOfMemory`. */
  outOfMemory(address: Address): void {
    this.lives.kill(address);
  }

  private closeSecondsUntil(at: Micros): void {
    this.fingerprint.closeSecondsUntil(at);
    while (this.nextSecondUs <= at) {
      this.observer.onSecond?.(this.nextSecondUs / US_PER_S - 1);
      this.nextSecondUs += US_PER_S;
    }
  }
}
