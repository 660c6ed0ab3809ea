/**
 * The processes of nodes: when they end, stand still, go on and are started anew. Where troubles of one node overlap:
 *
 * - A process that is ended (by a crash, by power that goes, by a platform that is to put a fresh one in its place) loses
 *   all but what it saved. A pause that it was in is over, and does not hold up the next process.
 * - A node that has crashed starts again when the last of the crashes is over that have struck since it last started; one
 *   that was provisioned meanwhile owes nothing to crashes before that. A crash ends a process that is coming up, too. One
 *   that strikes a node that is down takes effect where it would keep it down for longer.
 * - While the power is off, nothing starts. It is a crash besides.
 * - Of pauses that overlap, the last to end counts. A pause strikes nothing where there is no process.
 * - A node whose first process has yet to come is no crashed one: only power that is off holds it up, until it is back.
 */
import type { Address } from "../../protocol/contract.js";
import type { Agenda } from "../agenda.js";
import { EventKind, NONE, SEQUENCES } from "../event-store.js";
import { NEVER_STARTS, Order, type Platform } from "../platform.js";
import type { Processors } from "../processor.js";
import type { Micros } from "../time.js";
import type { NodeFault } from "./fault-plan.js";
import type { Faults } from "./faults.js";

/** What became of processes, and of what they were to do. */
export interface LifeCounts {
  /** Processes that ended, and that were started in their place. */
  ended: number;
  started: number;
  /** First processes of nodes that were not there from the beginning. */
  joined: number;
  paused: number;
  /** Orders for fresh processes that a platform carried out, and that it could not. */
  provisioned: number;
  provisionsRefused: number;
  /** Commands for nodes that were down: work that nobody took. */
  commandsRefused: number;
}

export type Life = "up" | "down" | "paused" | "resumed" | "joined";

/** What lives need of the simulation. */
export interface LifeSupport {
  readonly nowUs: Micros;
  /** Whether the node belongs to this part of the mesh. */
  isHere(address: Address): boolean;
  /** Makes a new process of the node, and removes the old one. */
  bear(address: Address): void;
  remove(address: Address): void;
  /** Takes a job out of service on shared cores; false where there is none. `goOn` puts it back. */
  standStill(address: Address): boolean;
  goOn(address: Address): void;
  /** Lets an event that was put off happen now. */
  happenLate(slot: number): void;
  /** The time of a command has come, although its node cannot carry it out now. */
  fallDue(slot: number): void;
  onLife(address: Address, life: Life): void;
}

/** Numbers of spells in the ranks of nodes: beyond those of commands. What ends comes before what begins at one instant. */
const FIRST_END = (SEQUENCES / 4) * 3;
const FIRST_BEGIN = (SEQUENCES / 8) * 7;

/** What is known of a node that something has happened to. */
class LifeOf {
  isUp = true;
  /** Whether there has been no process yet. */
  isUnborn = false;
  /** Events of its own with numbers below this are those of an earlier process. */
  bornSequence = 0;
  /** Until when what has struck it keeps it down, off and still. */
  downUntilUs: Micros = 0;
  unpoweredUntilUs: Micros = 0;
  pausedUntilUs: Micros = 0;
  /** The fault that keeps its power off. */
  unpoweredBy = NONE;
  /** Since when it stands still, or `NONE`. */
  pausedAtUs: Micros = NONE;
  /** Rank of the event that a fresh process will be there with, or `NONE`. */
  birthRank = NONE;
  /** How much later its job in service ends than is scheduled. */
  owedUs: Micros = 0;
  /** Whether its job was taken out of service on shared cores while it stands still. */
  isWithdrawn = false;
  /** The end of its job in service where that has come while it stood still. */
  heldEnd = NONE;
  /** What came while it stood still, in order: slots that are still pending. */
  readonly putOff: number[] = [];
}

export class Lives {
  readonly counts: LifeCounts = {
    ended: 0,
    started: 0,
    joined: 0,
    paused: 0,
    provisioned: 0,
    provisionsRefused: 0,
    commandsRefused: 0,
  };
  /** By address, whether anything has ever happened to the life of the node; asked at every event once `anyStruck`. */
  readonly struck: Uint8Array;
  anyStruck = false;
  private readonly lives = new Map<Address, LifeOf>();

  constructor(
    private readonly support: LifeSupport,
    private readonly agenda: Agenda,
    private readonly processors: Processors,
    private readonly platform: Platform | undefined,
    private readonly faults: Faults | undefined,
    nodeCount: number,
  ) {
    this.struck = new Uint8Array(nodeCount);
  }

  /** Puts every spell of the plan that ends processes or makes them stand still among the pending events. */
  schedule(): void {
    const { support } = this;
    for (const [place, { fromUs, untilUs, nodes, trouble }] of this.spells.entries()) {
      if (trouble.kind === "slow" || trouble.kind === "tamper") continue;
      for (const address of nodes) {
        if (!support.isHere(address)) continue;
        const first = address * SEQUENCES + place;
        this.agenda.insert(fromUs, first + FIRST_BEGIN, EventKind.troubleBegins, address, place);
        if (untilUs === Number.POSITIVE_INFINITY) continue;
        this.agenda.insert(untilUs, first + FIRST_END, EventKind.troubleEnds, address, place);
      }
    }
  }

  /** The first process of a node is not there yet, and comes at an instant. */
  await(address: Address, atUs: Micros): void {
    const { support } = this;
    const life = this.of(address);
    life.isUp = false;
    life.isUnborn = true;
    life.birthRank = this.agenda.nextRank(address);
    this.agenda.insert(atUs, life.birthRank, EventKind.birth, address, undefined);
    support.remove(address);
  }

  /**
   * Looks at an event whose time has come and whose node has been struck before. What belongs to an earlier process is
   * cancelled, and what comes to no process becomes an event of another kind.
   * @returns whether it is put off: then the slot stays pending
   */
  takes(slot: number): boolean {
    const { store } = this.agenda;
    const life = this.lives.get(store.target(slot))!;
    switch (store.kind(slot)) {
      case EventKind.deliver:
        if (!life.isUp) store.turnInto(slot, EventKind.undelivered);
        return this.putsOff(life, slot);
      case EventKind.atBus:
        return this.putsOff(life, slot);
      case EventKind.command:
        if (!life.isUp) store.turnInto(slot, EventKind.refused);
        else if (life.pausedAtUs !== NONE) this.support.fallDue(slot);
        return this.putsOff(life, slot);
      case EventKind.timer:
      case EventKind.jobExpired:
      case EventKind.jobRejected:
        if (this.isVoid(life, slot)) return false;
        return this.putsOff(life, slot);
      case EventKind.finished:
      case EventKind.jobIgnored:
        if (this.isVoid(life, slot)) return false;
        return this.postpones(life, slot);
      case EventKind.birth:
        if (life.birthRank !== store.rank(slot)) store.cancel(slot);
        return false;
      default:
        return false;
    }
  }

  /** Whether there is a process that does not stand still. */
  isRunning(address: Address): boolean {
    if (this.struck[address] === 0) return true;
    const { isUp, pausedAtUs } = this.lives.get(address)!;
    return isUp && pausedAtUs === NONE;
  }

  /** A spell of the plan begins at a node. */
  begin(place: number, address: Address): void {
    const { fault, untilUs, trouble } = this.spells[place]!;
    const life = this.of(address);
    if (trouble.kind === "pause") {
      if (life.isUp) this.pause(address, life, fault, untilUs);
      return;
    }
    if (life.isUnborn && trouble.kind === "crash") return;
    const isForLonger = untilUs > life.downUntilUs;
    if (isForLonger) life.downUntilUs = untilUs;
    if (trouble.kind === "power-off" && untilUs > life.unpoweredUntilUs) {
      life.unpoweredUntilUs = untilUs;
      life.unpoweredBy = fault;
    }
    const isComingUp = life.birthRank !== NONE;
    if (life.isUnborn && isComingUp) return; // whether it takes effect shows when the first process is due
    life.birthRank = NONE;
    if (life.isUp || isComingUp || isForLonger) this.faults!.effects[fault]!++;
    if (life.isUp) this.end(address, life);
  }

  /** A spell of the plan ends at a node. */
  endOf(place: number, address: Address): void {
    const { nowUs } = this.support;
    const life = this.of(address);
    if (this.spells[place]!.trouble.kind === "pause") {
      if (life.pausedAtUs !== NONE && nowUs >= life.pausedUntilUs) this.resume(address, life);
    } else if (!life.isUp && life.birthRank === NONE && nowUs >= life.downUntilUs) this.bear(address, life);
  }

  /** The platform of a node is told to start a fresh process of it. One that is coming up is the one that is meant. */
  provision(address: Address, order: Order = Order.anew): void {
    const { platform, support } = this;
    if (platform === undefined || (order === Order.ifGone && this.isThere(address))) return;
    const life = this.of(address);
    if (life.birthRank !== NONE || life.isUnborn) return;
    const isPowered = support.nowUs >= life.unpoweredUntilUs;
    if (!isPowered) this.faults!.effects[life.unpoweredBy]!++;
    const startUpUs = isPowered ? platform.startUpUs(address) : NEVER_STARTS;
    if (startUpUs === NEVER_STARTS) {
      this.counts.provisionsRefused++;
      return;
    }
    this.counts.provisioned++;
    if (life.isUp) this.end(address, life);
    life.birthRank = this.agenda.nextRank(address);
    this.agenda.insert(support.nowUs + startUpUs, life.birthRank, EventKind.birth, address, undefined);
  }

  /** Whether there is a process, be it that it stands still. */
  private isThere(address: Address): boolean {
    return this.struck[address] === 0 || this.lives.get(address)!.isUp;
  }

  /** A process is killed by its machine, which has no memory left. */
  kill(address: Address): void {
    const life = this.of(address);
    if (life.isUp) this.end(address, life);
  }

  /** The process that a platform was told to start is there, or the first one of a node that was not there before. */
  birth(address: Address): void {
    const life = this.of(address);
    if (life.isUnborn && this.support.nowUs < life.unpoweredUntilUs) {
      this.faults!.effects[life.unpoweredBy]!++;
      life.birthRank = NONE;
    } else this.bear(address, life);
  }

  private get spells(): readonly NodeFault[] {
    return this.faults?.plan.nodes ?? [];
  }

  private of(address: Address): LifeOf {
    let life = this.lives.get(address);
    if (life === undefined) {
      life = new LifeOf();
      this.lives.set(address, life);
      this.struck[address] = 1;
      this.anyStruck = true;
    }
    return life;
  }

  private isVoid(life: LifeOf, slot: number): boolean {
    const { store } = this.agenda;
    if (store.rank(slot) - store.target(slot) * SEQUENCES >= life.bornSequence) return false;
    store.cancel(slot);
    return true;
  }

  private putsOff(life: LifeOf, slot: number): boolean {
    if (life.pausedAtUs === NONE) return false;
    life.putOff.push(slot);
    return true;
  }

  /** The end of a job comes as much later as its node has stood still. */
  private postpones(life: LifeOf, slot: number): boolean {
    if (life.pausedAtUs !== NONE) {
      life.heldEnd = slot;
      return true;
    }
    if (life.owedUs === 0) return false;
    const { owedUs } = life;
    life.owedUs = 0;
    this.reschedule(slot, owedUs);
    return true;
  }

  private reschedule(slot: number, laterUs: Micros): void {
    const { store } = this.agenda;
    const [at, rank, kind, target] = [store.at(slot), store.rank(slot), store.kind(slot), store.target(slot)];
    const datum = store.datum(slot);
    store.remove(slot);
    this.agenda.insert(at + laterUs, rank, kind, target, datum);
  }

  private pause(address: Address, life: LifeOf, fault: number, untilUs: Micros): void {
    this.faults!.effects[fault]!++;
    life.pausedUntilUs = Math.max(life.pausedUntilUs, untilUs);
    if (life.pausedAtUs !== NONE) return;
    life.pausedAtUs = this.support.nowUs;
    life.isWithdrawn = this.support.standStill(address);
    this.counts.paused++;
    this.support.onLife(address, "paused");
  }

  private resume(address: Address, life: LifeOf): void {
    const { support } = this;
    const pausedUs = support.nowUs - life.pausedAtUs;
    life.pausedAtUs = NONE;
    life.pausedUntilUs = 0;
    if (life.isWithdrawn) support.goOn(address);
    else if (this.processors.isBusy(address)) life.owedUs += pausedUs;
    life.isWithdrawn = false;
    if (life.heldEnd !== NONE) {
      this.reschedule(life.heldEnd, life.owedUs);
      life.heldEnd = NONE;
      life.owedUs = 0;
    }
    support.onLife(address, "resumed");
    for (const slot of life.putOff.splice(0)) support.happenLate(slot);
  }

  private end(address: Address, life: LifeOf): void {
    const { support } = this;
    const { store } = this.agenda;
    this.counts.ended++;
    this.processors.abort(address);
    life.isUp = false;
    life.bornSequence = this.agenda.nextSequence(address);
    life.pausedAtUs = NONE;
    life.pausedUntilUs = 0;
    life.owedUs = 0;
    life.isWithdrawn = false;
    if (life.heldEnd !== NONE) store.remove(life.heldEnd);
    life.heldEnd = NONE;
    support.remove(address);
    support.onLife(address, "down");
    for (const slot of life.putOff.splice(0)) {
      if (store.kind(slot) === EventKind.deliver) store.turnInto(slot, EventKind.undelivered);
      else if (store.kind(slot) === EventKind.command) store.turnInto(slot, EventKind.refused);
      else if (store.kind(slot) !== EventKind.atBus) store.cancel(slot);
      support.happenLate(slot);
    }
  }

  private bear(address: Address, life: LifeOf): void {
    const isFirst = life.isUnborn;
    if (isFirst) this.counts.joined++;
    else this.counts.started++;
    life.isUnborn = false;
    life.isUp = true;
    life.downUntilUs = 0;
    life.birthRank = NONE;
    this.processors.noteActivity(address, this.support.nowUs);
    this.support.onLife(address, isFirst ? "joined" : "up");
    this.support.bear(address);
  }
}
