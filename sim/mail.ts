/**
 * The way of messages: from the hand of a node over its machine's line, the network and whatever stands above it, and the
 * border between parts of a mesh, to the node that it is for. Counts what the judge of conservation needs.
 */
import type { Address, Node } from "../protocol/contract.js";
import type { Agenda } from "./agenda.js";
import type { Border } from "./border.js";
import { isParcel } from "./bus/incoming.js";
import type { BusMachinery } from "./bus/machinery.js";
import { ensure } from "./ensure.js";
import { EventKind } from "./event-store.js";
import { Tamperer } from "./faults/tampering.js";
import type { Fingerprint } from "./fingerprint.js";
import type { Hosts } from "./hosts/hosts.js";
import { NO_ROOM } from "./hosts/line.js";
import { ConservationJudge } from "./judges/conservation.js";
import { Network, type Transport } from "./network.js";
import type { Processors } from "./processor.js";
import type { SimulationSetup } from "./setup.js";
import type { Micros } from "./time.js";

/** What mail needs of the simulation around it. */
export interface Surroundings<Message> {
  readonly nowUs: Micros;
  readonly agenda: Agenda;
  readonly fingerprint: Fingerprint;
  readonly processors: Processors;
  readonly hosts: Hosts | undefined;
  /** By address; undefined where no process is. */
  readonly nodes: readonly (Node<Message> | undefined)[];
  /** Whether a node's process is there and does not stand still. */
  isRunning(address: Address): boolean;
}

/** Whether what is on its way is a message, or a copy of one. */
function isMessage(kind: EventKind): boolean {
  return kind === EventKind.deliver || kind === EventKind.atBus;
}

export class Mail<Message, Fact> implements BusMachinery<Message> {
  readonly transport: Transport<Message>;
  readonly conservation: ConservationJudge;
  private readonly tamperer: Tamperer<Message> | undefined;
  private readonly border: Border<Message> | undefined;
  private readonly agenda: Agenda;

  constructor(
    private readonly setup: SimulationSetup<Message, Fact>,
    private readonly around: Surroundings<Message>,
  ) {
    const { wire, links, faults, tampering, makeTransport, border } = setup;
    this.border = border;
    this.agenda = around.agenda;
    this.transport = makeTransport?.(this) ?? new Network(links, wire.ttlMs, this, wire.damaged);
    this.conservation = new ConservationJudge(this.transport.counts, this.agenda.store);
    this.tamperer = faults && tampering && new Tamperer(tampering, faults);
  }

  /** A node hands a message over. */
  send(from: Address, to: Address, message: Message): void {
    const instead = this.tamperer?.tampered(from, to, message, this.around.nowUs);
    if (instead === undefined) this.post(from, to, message);
    else for (const each of instead) this.post(from, to, each);
  }

  /** A message has come to its node. */
  receive(node: Node<Message>, from: Address, to: Address, message: Message): void {
    this.transport.counts.delivered++;
    this.conservation.received++;
    node.receive(from, message);
    this.around.processors.noteActivity(to, this.around.nowUs);
  }

  /** A message has come to a node that is down. */
  countUndelivered(): void {
    this.transport.counts.undelivered++;
    this.conservation.undelivered++;
  }

  /** A message comes from its receiver's machine, over whose line it goes with the rank that the sender gave it. */
  handOn(to: Address, rank: number, datum: unknown): void {
    const message = isParcel<Message>(datum) ? datum.message : (datum as Message);
    const atUs = this.around.hosts!.receivedUs(to, this.setup.wire.sizeBytes!(message));
    const kind = this.transport.bus === undefined ? EventKind.deliver : EventKind.atBus;
    if (atUs === NO_ROOM) this.transport.counts.dropped++;
    else this.agenda.insert(atUs, rank, kind, to, datum);
  }

  /** Takes in what another part let out, with the rank that it was given there. */
  letIn(atUs: Micros, rank: number, to: Address, kind: EventKind, datum: unknown): void {
    ensure(atUs > this.around.nowUs, "a message came over the border after it was due");
    if (isMessage(kind)) this.conservation.crossedIn++;
    this.agenda.insert(atUs, rank, this.wayIn(to, kind), to, datum);
  }

  /** See `Delivery`, as `expireAt`. */
  deliverAt(atUs: Micros, from: Address, to: Address, message: Message): void {
    this.cross(atUs, from, to, EventKind.deliver, message);
  }

  expireAt(atUs: Micros, from: Address, to: Address, message: Message): void {
    this.agenda.schedule(atUs, EventKind.expire, from, to, message);
  }

  /** See `BusMachinery`, as all down to `handOver`. */
  arriveAt(atUs: Micros, from: Address, to: Address, parcel: unknown): void {
    this.cross(atUs, from, to, EventKind.atBus, parcel);
  }

  acknowledgeAt(atUs: Micros, from: Address, to: Address, sequence: number): void {
    this.cross(atUs, from, to, EventKind.acknowledge, sequence);
  }

  wakeAt(atUs: Micros, owner: Address, about: unknown): void {
    this.agenda.schedule(atUs, EventKind.busTimer, owner, owner, about);
  }

  holdUntil(atUs: Micros, owner: Address, copy: unknown): number {
    return this.agenda.schedule(atUs, EventKind.held, owner, owner, copy);
  }

  release(hold: number): void {
    this.agenda.store.cancel(hold);
  }

  deliverLater(atUs: Micros, rank: number, to: Address, message: Message): void {
    ensure(atUs > this.around.nowUs, "a message that is delivered later is not delivered now");
    this.agenda.insert(atUs, rank, EventKind.deliver, to, message);
  }

  /** To fingerprint and observers it is a delivery like any other. */
  handOver(rank: number, from: Address, to: Address, message: Message): boolean {
    const { around, setup } = this;
    if (!around.isRunning(to)) {
      this.countUndelivered();
      return false;
    }
    around.fingerprint.add(around.nowUs, EventKind.deliver, to, rank, setup.wire.digest(message));
    setup.observer.onEvent?.(around.nowUs, EventKind.deliver, from, to, message);
    this.receive(around.nodes[to]!, from, to, message);
    return true;
  }

  private post(from: Address, to: Address, message: Message): void {
    const { nowUs, hosts } = this.around;
    const { observer } = this.setup;
    this.conservation.handedOver++;
    if (observer.onSend !== undefined) observer.onSend(nowUs, from, to, message);
    if (hosts?.sharesLine(from) === true) this.sendOverLine(from, to, message, hosts);
    else this.transport.transmit(from, to, message, nowUs);
  }

  /** The network has a message from when it has left the sender's machine. */
  private sendOverLine(from: Address, to: Address, message: Message, hosts: Hosts): void {
    const atUs = hosts.sentUs(from, this.setup.wire.sizeBytes!(message));
    if (atUs !== NO_ROOM) {
      this.transport.transmit(from, to, message, atUs);
      return;
    }
    this.transport.counts.sent++;
    this.transport.counts.dropped++;
    this.setup.links.delayUs(from, to, this.around.nowUs); // as many draws as for one that gets through
  }

  /** Puts what is sent into the future of its receiver, wherever it lives. */
  private cross(atUs: Micros, from: Address, to: Address, kind: EventKind, datum: unknown): void {
    if (this.border?.isBeyond(to) === true) this.letOut(atUs, from, to, kind, datum, this.border);
    else this.agenda.schedule(atUs, this.wayIn(to, kind), from, to, datum);
  }

  /** A message for a node that shares a line comes to the machine first. */
  private wayIn(to: Address, kind: EventKind): EventKind {
    return isMessage(kind) && this.around.hosts?.sharesLine(to) === true ? EventKind.arrive : kind;
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
    border.cross(atUs, this.agenda.nextRank(from), to, kind, datum);
  }
}
