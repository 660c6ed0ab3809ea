/** The simulated machine as one node sees it: the contract's host, tied to one address. */
import type { Address, Durable, Host, Job, Millis, TimerId, TimerTag } from "../protocol/contract.js";
import type { Clocks } from "./clock.js";
import type { RandomStreams } from "./random.js";
import type { Micros } from "./time.js";

/** What a port needs of the simulation behind it. */
export interface Machinery<Message, Fact> {
  readonly nowUs: Micros;
  readonly clocks: Clocks;
  readonly random: RandomStreams;
  send(from: Address, to: Address, message: Message): void;
  setTimer(address: Address, afterMs: Millis, tag: TimerTag): TimerId;
  cancelTimer(address: Address, timer: TimerId): void;
  work(address: Address, job: Job): void;
  save(address: Address, state: Durable): void;
  provision(by: Address, address: Address): void;
  revive(by: Address, address: Address): void;
  observe(address: Address, fact: Fact): void;
}

export class Port<Message, Fact> implements Host<Message, Fact> {
  constructor(
    private readonly machinery: Machinery<Message, Fact>,
    readonly self: Address,
  ) {}

  now(): Millis {
    return this.machinery.clocks.wallMs(this.self, this.machinery.nowUs);
  }

  random(): number {
    return this.machinery.random.uniform(this.self);
  }

  send(to: Address, message: Message): void {
    this.machinery.send(this.self, to, message);
  }

  setTimer(afterMs: Millis, tag: TimerTag): TimerId {
    return this.machinery.setTimer(this.self, afterMs, tag);
  }

  cancelTimer(timer: TimerId): void {
    this.machinery.cancelTimer(this.self, timer);
  }

  work(job: Job): void {
    this.machinery.work(this.self, job);
  }

  save(state: Durable): void {
    this.machinery.save(this.self, state);
  }

  provision(address: Address): void {
    this.machinery.provision(this.self, address);
  }

  revive(address: Address): void {
    this.machinery.revive(this.self, address);
  }

  observe(fact: Fact): void {
    this.machinery.observe(this.self, fact);
  }
}
