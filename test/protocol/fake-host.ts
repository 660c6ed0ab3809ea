/**
 * A machine for one protocol node under test: a clock moved by hand, and everything that the node asks for on record.
 * The local oscillator (`advance`) drives timers; the wall clock can be stepped apart from it (`stepClock`).
 */
import type {
  Address,
  Durable,
  Host,
  Job,
  JobOutcome,
  Millis,
  Node,
  TimerId,
  TimerTag,
} from "../../protocol/contract.js";
import type { Fact } from "../../protocol/mesh-30k/facts.js";
import type { MeshMessage } from "../../protocol/mesh-30k/messages.js";

export interface Sent<Message extends MeshMessage = MeshMessage> {
  readonly to: Address;
  readonly message: Message;
  /** On the oscillator, from 0. */
  readonly atMs: Millis;
}

type OfType<Union, Type> = Extract<Union, { readonly type: Type }>;

interface Timer {
  readonly id: TimerId;
  readonly dueMs: Millis;
  readonly tag: TimerTag;
}

export class FakeHost implements Host<MeshMessage, Fact> {
  readonly sent: Sent[] = [];
  readonly facts: Fact[] = [];
  /** Jobs that were not finished yet, oldest first. */
  readonly jobs: Job[] = [];
  private timers: Timer[] = [];
  private node: Node<MeshMessage> | undefined;
  private draws = 0;
  private timerCount = 0;
  private oscillatorMs = 0;

  /** What the node saved last. */
  saved: Durable | undefined;
  /** What it asked the platform to start. */
  readonly provisioned: Address[] = [];
  readonly revived: Address[] = [];

  /** @param randoms what `random()` returns, over and over */
  constructor(
    readonly self: Address,
    private clockOffsetMs: Millis = 0,
    private readonly randoms: readonly number[] = [0.5],
  ) {}

  /** Puts a node on this machine and starts it. */
  run<N extends Node<MeshMessage>>(node: N): N {
    this.node = node;
    node.start(this.saved);
    return node;
  }

  now(): Millis {
    return this.oscillatorMs + this.clockOffsetMs;
  }

  random(): number {
    return this.randoms[this.draws++ % this.randoms.length]!;
  }

  send(to: Address, message: MeshMessage): void {
    this.sent.push({ to, message, atMs: this.oscillatorMs });
  }

  setTimer(afterMs: Millis, tag: TimerTag): TimerId {
    if (!(afterMs >= 0)) throw new RangeError(`a timer after ${afterMs} ms; expected 0 or more`);
    const id = this.timerCount++;
    this.timers.push({ id, dueMs: this.oscillatorMs + afterMs, tag });
    return id;
  }

  cancelTimer(timer: TimerId): void {
    this.timers = this.timers.filter((pending) => pending.id !== timer);
  }

  work(job: Job): void {
    this.jobs.push(job);
  }

  save(state: Durable): void {
    this.saved = state;
  }

  revive(address: Address): void {
    this.revived.push(address);
  }

  provision(address: Address): void {
    this.provisioned.push(address);
  }

  observe(fact: Fact): void {
    this.facts.push(fact);
  }

  get elapsedMs(): Millis {
    return this.oscillatorMs;
  }

  /** When the next timer fires, on the oscillator; infinite if none is pending. */
  nextTimerMs(): Millis {
    return this.timers.reduce((next, timer) => Math.min(next, timer.dueMs), Number.POSITIVE_INFINITY);
  }

  /** Lets time pass and fires what falls due, in order of time, then of setting. */
  advance(byMs: Millis): void {
    this.advanceTo(this.oscillatorMs + byMs);
  }

  advanceTo(untilMs: Millis): void {
    for (let dueMs = this.nextTimerMs(); dueMs <= untilMs; dueMs = this.nextTimerMs()) {
      const timer = this.timers.find((pending) => pending.dueMs === dueMs)!;
      this.cancelTimer(timer.id);
      this.oscillatorMs = dueMs;
      this.node!.wake(timer.tag);
    }
    this.oscillatorMs = Math.max(this.oscillatorMs, untilMs);
  }

  /** Steps the wall clock, as a time server does; the oscillator goes on as before. */
  stepClock(byMs: Millis): void {
    this.clockOffsetMs += byMs;
  }

  deliver(from: Address, message: MeshMessage): void {
    this.node!.receive(from, message);
  }

  /** Ends the oldest job. */
  finish(outcome: JobOutcome = "finished"): void {
    const job = this.jobs.shift();
    if (job === undefined) throw new Error("the node has given this machine no work to finish");
    this.node!.done(job, outcome);
  }

  sentOf<Type extends MeshMessage["type"]>(type: Type): Sent<OfType<MeshMessage, Type>>[] {
    return this.sent.filter((sent) => sent.message.type === type) as Sent<OfType<MeshMessage, Type>>[];
  }

  factsOf<Type extends Fact["type"]>(type: Type): OfType<Fact, Type>[] {
    return this.facts.filter((fact) => fact.type === type) as OfType<Fact, Type>[];
  }
}
