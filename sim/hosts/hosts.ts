/**
 * All shared machines of a simulation. Whatever changes on one (a job comes or ends, it gets hot) may put off or bring
 * forward the end of the job that is through first there; `settle` sees to it. A machine's nodes are all in one part of a
 * mesh, so that no other part touches it.
 */
import type { Address, Job } from "../../protocol/contract.js";
import { NONE } from "../event-store.js";
import type { Micros } from "../time.js";
import { Host } from "./host.js";
import type { HostFigures } from "./host-figures.js";
import type { HostSpec } from "./host-plan.js";

/** What shared machines need of the simulation around them. */
export interface HostEngine {
  readonly nowUs: Micros;
  /** Schedules the end of a job and returns its slot. */
  endJobAt(atUs: Micros, address: Address, job: Job): number;
  /** Schedules that something happens on a machine, in the name of its first node, and returns the slot. */
  lookAt(atUs: Micros, firstNode: Address, host: number): number;
  cancelEvent(slot: number): void;
  /** The machine is out of memory and this node's process is killed. */
  outOfMemory(address: Address): void;
}

/** What a node shares, as bits. */
const CORES = 1;
const STOCK = 2;
const LINE = 4;

/** Whether its nodes could ever hold each other up, or heat could: a machine where they cannot needs no looking after. */
function isContended({ sharing, nodes }: HostSpec): boolean {
  if (sharing === undefined) return false;
  const { cores, coreShare, jobWritesPerS, cardWritesPerS, heat } = sharing;
  return heat !== undefined || nodes.length * coreShare > cores || nodes.length * jobWritesPerS > cardWritesPerS;
}

export class Hosts {
  private readonly hosts: (Host | undefined)[];
  private readonly hostOf: Int32Array;
  /** By node, which of the above. */
  private readonly shared: Uint8Array;
  /** Jobs that a node has accepted and that have not ended. */
  private readonly held: Int32Array;
  /** By node, whether its process is gone. */
  private readonly down: Uint8Array;

  /**
   * @param specs the machines of the whole mesh
   * @param isBeyond whether a node is in another part of the mesh
   */
  constructor(
    specs: readonly HostSpec[],
    nodeCount: number,
    private readonly engine: HostEngine,
    isBeyond: (address: Address) => boolean,
  ) {
    this.hostOf = new Int32Array(nodeCount).fill(NONE);
    this.shared = new Uint8Array(nodeCount);
    this.held = new Int32Array(nodeCount);
    this.down = new Uint8Array(nodeCount);
    const isIdle = (spec: HostSpec) => !isContended(spec) && spec.storage === undefined && spec.line === undefined;
    this.hosts = specs.map((spec, index) =>
      isIdle(spec) || isBeyond(spec.nodes[0]!) ? undefined : new Host(spec, index),
    );
    for (const [index, spec] of specs.entries()) {
      const { nodes, storage, line } = spec;
      const bits = (isContended(spec) ? CORES : 0) | (storage ? STOCK : 0) | (line ? LINE : 0);
      for (const node of nodes) {
        this.hostOf[node] = index;
        this.shared[node] = bits;
      }
    }
  }

  sharesCores(address: Address): boolean {
    return (this.shared[address]! & CORES) !== 0;
  }

  sharesLine(address: Address): boolean {
    return (this.shared[address]! & LINE) !== 0;
  }

  /** Begins a job of a node that shares cores. */
  begin(address: Address, job: Job, serviceUs: Micros): void {
    const host = this.of(address);
    host.work!.add(address, job, serviceUs, this.engine.nowUs);
    this.settle(host);
  }

  /** The event has come that ends a job of a node that shares cores. `settleOf` has to follow. */
  end(address: Address): void {
    const host = this.of(address);
    host.endSlot = NONE;
    host.endOf = NONE;
    host.endUs = Number.POSITIVE_INFINITY;
    host.work!.remove(address, this.engine.nowUs);
  }

  settleOf(address: Address): void {
    this.settle(this.of(address));
  }

  /** The job of a node that is in service on shared cores; undefined where there is none. */
  jobOf(address: Address): Job | undefined {
    return this.sharesCores(address) ? this.of(address).work!.jobOf(address) : undefined;
  }

  /**
   * Takes the job of a node out of service, because the node stops or pauses. `begin` with what is left goes on with it.
   * @returns the service that it still needs, in us; 0 where the node shares no cores or was not at work
   */
  withdraw(address: Address): number {
    const { nowUs } = this.engine;
    if (!this.sharesCores(address)) return 0;
    const host = this.of(address);
    if (!host.work!.has(address)) return 0;
    const leftUs = host.work!.remove(address, nowUs);
    this.settle(host);
    return leftUs;
  }

  /** Whether a job is turned away because the disk is full. Counted. */
  refuses(address: Address): boolean {
    if ((this.shared[address]! & STOCK) === 0) return false;
    const host = this.of(address);
    if (!host.stock!.isDiskFull(this.engine.nowUs)) return false;
    host.refusals++;
    return true;
  }

  /** The node has accepted a job. Where that is more than memory holds, somebody will be killed, in an event of its own. */
  accept(address: Address): void {
    if ((this.shared[address]! & STOCK) === 0) return;
    const host = this.of(address);
    this.held[address]!++;
    host.stock!.log(this.engine.nowUs);
    host.stock!.hold();
    this.lookForMemory(host);
  }

  /** A job that the node had accepted has ended. */
  release(address: Address): void {
    if ((this.shared[address]! & STOCK) === 0 || this.held[address] === 0) return;
    this.held[address]!--;
    this.of(address).stock!.release(1);
  }

  /** The node's process is gone, with its jobs and its memory. Said again, it changes nothing. */
  forget(address: Address): void {
    this.withdraw(address);
    if ((this.shared[address]! & STOCK) === 0 || this.down[address] === 1) return;
    const stock = this.of(address).stock!;
    stock.release(this.held[address]!);
    stock.noteProcess(false);
    this.held[address] = 0;
    this.down[address] = 1;
  }

  /** The node's process has been started again. */
  restart(address: Address): void {
    if (this.down[address] === 0) return;
    const host = this.of(address);
    this.down[address] = 0;
    host.stock!.noteProcess(true);
    this.lookForMemory(host);
  }

  /** When a message that the node sends has left its machine; `NO_ROOM` (see `Line`) where the line drops it. */
  sentUs(from: Address, sizeBytes: number): Micros {
    return this.of(from).up!.pass(sizeBytes, this.engine.nowUs);
  }

  /** When a message that has come to the node's machine is with the node; `NO_ROOM` (see `Line`) where the line drops it. */
  receivedUs(to: Address, sizeBytes: number): Micros {
    return this.of(to).down!.pass(sizeBytes, this.engine.nowUs);
  }

  /** What was scheduled with `lookAt` has come: it may be time for a step, and memory may be full. */
  look(index: number): void {
    const host = this.hosts[index]!;
    const { nowUs } = this.engine;
    if (host.stepUs <= nowUs) {
      host.stepSlot = NONE;
      host.stepUs = Number.POSITIVE_INFINITY;
    }
    if (host.work !== undefined) this.settle(host);
    if (host.stock?.isMemoryFull === true) this.kill(host);
  }

  /** Of every machine that is in this part of the mesh. */
  figures(nowUs: Micros): HostFigures[] {
    return this.hosts.flatMap((host) => host?.figures(nowUs) ?? []);
  }

  private lookForMemory(host: Host): void {
    if (host.stock!.isMemoryFull) this.engine.lookAt(this.engine.nowUs, host.firstNode, host.index);
  }

  /**
   * The one that holds most, and of equals the first, as the kernel does it by memory; then the next, if that freed some and
   * was not enough.
   */
  private kill(host: Host): void {
    let victim: Address = NONE;
    for (const node of host.spec.nodes) {
      if (this.down[node] === 0 && (victim === NONE || this.held[node]! > this.held[victim]!)) victim = node;
    }
    if (victim === NONE) return;
    const before = host.stock!.memoryInUseBytes;
    host.kills++;
    this.engine.outOfMemory(victim);
    if (host.stock!.memoryInUseBytes < before) this.lookForMemory(host);
  }

  private of(address: Address): Host {
    return this.hosts[this.hostOf[address]!]!;
  }

  /** Sees to it that the next end of a job and the next step are where they belong. */
  private settle(host: Host): void {
    const { work, temperature } = host;
    const { nowUs } = this.engine;
    if (temperature !== undefined) {
      const isStep = temperature.advance(nowUs);
      if (isStep) work!.setSpeed(temperature.speed, nowUs);
      else work!.advance(nowUs);
      temperature.setLoad(work!.load);
      this.settleStep(host, temperature.nextStepUs());
    }
    if (work!.count === 0) {
      this.dropEnd(host);
      return;
    }
    const endUs = Math.max(nowUs, work!.firstThroughUs());
    if (work!.first === host.endOf && endUs === host.endUs) return;
    this.dropEnd(host);
    host.endOf = work!.first;
    host.endUs = endUs;
    host.endSlot = this.engine.endJobAt(endUs, host.endOf, work!.firstJob);
  }

  private dropEnd(host: Host): void {
    if (host.endSlot !== NONE) this.engine.cancelEvent(host.endSlot);
    host.endSlot = NONE;
    host.endOf = NONE;
    host.endUs = Number.POSITIVE_INFINITY;
  }

  /** A look that comes too early finds nothing and asks again; so only one that would come too late is moved. */
  private settleStep(host: Host, stepUs: Micros): void {
    if (stepUs >= host.stepUs) return;
    if (host.stepSlot !== NONE) this.engine.cancelEvent(host.stepSlot);
    host.stepUs = stepUs;
    host.stepSlot = this.engine.lookAt(stepUs, host.firstNode, host.index);
  }
}
