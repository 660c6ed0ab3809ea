/** The machine as a role sees it that plays while its process holds an office: what it asked for ends with the tenure. */
import type { Address, Durable, Host, Job, Millis, TimerId, TimerTag } from "../../contract.js";
import type { Fact } from "../facts.js";
import type { MeshMessage } from "../messages.js";

/** Tags of a tenure's timers carry its number, modulo this; 0 are the seat's own. */
const TENURES = 1024;

/** What passes through the seat. */
interface Gate {
  sendFor(to: Address, message: MeshMessage): void;
  saveRole(state: Durable): void;
}

export function isOwnTag(tag: TimerTag): boolean {
  return tag % TENURES === 0;
}

export class RoleHost implements Host<MeshMessage, Fact> {
  readonly self: Address;
  private readonly mark: number;
  private readonly jobs = new Set<Job>();

  /** @param tenure counts the tenures of the process */
  constructor(
    private readonly host: Host<MeshMessage, Fact>,
    private readonly gate: Gate,
    tenure: number,
  ) {
    this.self = host.self;
    this.mark = 1 + (tenure % (TENURES - 1));
  }

  now(): Millis {
    return this.host.now();
  }

  random(): number {
    return this.host.random();
  }

  send(to: Address, message: MeshMessage): void {
    this.gate.sendFor(to, message);
  }

  setTimer(afterMs: Millis, tag: TimerTag): TimerId {
    return this.host.setTimer(afterMs, tag * TENURES + this.mark);
  }

  cancelTimer(timer: TimerId): void {
    this.host.cancelTimer(timer);
  }

  work(job: Job): void {
    this.jobs.add(job);
    this.host.work(job);
  }

  save(state: Durable): void {
    this.gate.saveRole(state);
  }

  provision(address: Address): void {
    this.host.provision(address);
  }

  revive(address: Address): void {
    this.host.revive(address);
  }

  observe(fact: Fact): void {
    this.host.observe(fact);
  }

  /** The role's own tag of a timer that fired; undefined of one that was set in another tenure. */
  tagOf(tag: TimerTag): TimerTag | undefined {
    return tag % TENURES === this.mark ? Math.floor(tag / TENURES) : undefined;
  }

  /** Whether a job that has ended was given to the processor in this tenure. */
  ends(job: Job): boolean {
    return this.jobs.delete(job);
  }
}
