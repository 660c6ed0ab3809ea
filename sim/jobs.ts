/** The work of nodes: from when a job is handed over until its node is told how it ended, alone or on shared machines. */
import type { Address, Job, JobOutcome, Node } from "../protocol/contract.js";
import type { Agenda } from "./agenda.js";
import { EventKind } from "./event-store.js";
import type { Hosts } from "./hosts/hosts.js";
import type { Processors } from "./processor.js";
import { IGNORED, type ServiceTimes } from "./service-times.js";
import type { Micros } from "./time.js";

export class Jobs {
  /** Jobs that were taken out of service on shared machines while their nodes stand still, and what is left of them. */
  private readonly withdrawn = new Map<Address, { readonly job: Job; readonly leftUs: Micros }>();
  /** Made once, not for each job that ends. */
  private readonly onExpired = (address: Address, job: Job) => this.endUnbegun(address, job, EventKind.jobExpired);

  constructor(
    private readonly time: { readonly nowUs: Micros },
    private readonly agenda: Agenda,
    private readonly processors: Processors,
    private readonly serviceTimes: ServiceTimes,
    private readonly hosts: Hosts | undefined,
  ) {}

  /** A node hands a job to its processor. */
  take(address: Address, job: Job): void {
    const { processors, hosts } = this;
    const { nowUs } = this.time;
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
    processors.sweep(address, nowUs, this.onExpired);
    if (processors.enqueue(address, job, nowUs)) {
      processors.counts.accepted++;
      hosts?.accept(address);
    } else this.endUnbegun(address, job, EventKind.jobRejected);
  }

  /** The job in service is over. */
  finish<Message>(node: Node<Message>, address: Address, job: Job, outcome: JobOutcome): void {
    const { processors, hosts } = this;
    const { nowUs } = this.time;
    const wasSharing = hosts?.sharesCores(address) === true && outcome === "finished";
    if (wasSharing) hosts.end(address);
    hosts?.release(address);
    processors.end(address);
    processors.counts[outcome]++;
    processors.noteActivity(address, nowUs);
    node.done(job, outcome);
    if (!processors.isBusy(address)) {
      const next = processors.next(address, nowUs, this.onExpired);
      if (next !== undefined) this.begin(address, next);
    }
    if (wasSharing) hosts.settleOf(address);
  }

  /** Takes the job of a node out of service on shared cores; false where there is none. */
  standStill(address: Address): boolean {
    const job = this.hosts?.jobOf(address);
    if (job === undefined) return false;
    this.withdrawn.set(address, { job, leftUs: this.hosts!.withdraw(address) });
    return true;
  }

  /** Puts it back. */
  goOn(address: Address): void {
    const { job, leftUs } = this.withdrawn.get(address)!;
    this.withdrawn.delete(address);
    this.hosts!.begin(address, job, leftUs);
  }

  /** The process that was to do it is gone. */
  forget(address: Address): void {
    this.withdrawn.delete(address);
    this.hosts?.forget(address);
  }

  private begin(address: Address, job: Job): void {
    const { agenda, hosts } = this;
    const { nowUs } = this.time;
    this.processors.begin(address);
    const serviceUs = this.serviceTimes.serviceUs(address, job, nowUs, this.processors.idleSinceUs(address));
    if (serviceUs === IGNORED) agenda.schedule(nowUs, EventKind.jobIgnored, address, address, job);
    else if (hosts?.sharesCores(address) === true) hosts.begin(address, job, serviceUs);
    else agenda.schedule(nowUs + serviceUs, EventKind.finished, address, address, job);
  }

  /** Tells a node, in an event of its own, about a job that was never begun. */
  private endUnbegun(address: Address, job: Job, kind: EventKind): void {
    if (kind === EventKind.jobExpired) {
      this.processors.counts.expired++;
      this.hosts?.release(address);
    } else this.processors.counts.rejected++;
    this.agenda.schedule(this.time.nowUs, kind, address, address, job);
  }
}
