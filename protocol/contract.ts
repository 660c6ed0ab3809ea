/**
 * The contract between a protocol node and the machine that it runs on. A node is told what happens and asks its host
 * for what it needs; whether the host is the simulator or a process on a message bus, it cannot tell.
 */

/** A node's address on the mesh: a dense integer from 0, handed out when the mesh is laid out. */
export type Address = number;

/** Milliseconds, fractional; an instant of some machine's local clock, or a duration. */
export type Millis = number;

/** What a node wants to be reminded of when a timer fires: a small non-negative integer of its own choosing. */
export type TimerTag = number;

/** Names one pending timer of one node. */
export type TimerId = number;

/** What a node has saved: plain data, which nobody changes afterwards. */
export type Durable = Readonly<Record<string, unknown>>;

/** A piece of work for the machine's one processor, which serves one job at a time. */
export interface Job {
  /** 0 = background to 3 = critical. Higher goes first; within one priority, first come, first served. */
  readonly priority: 0 | 1 | 2 | 3;
  /** Complexity of the payload, >= 0; 0 is the standard payload. */
  readonly payloadWeight: number;
  /** How long the job may wait for the processor, in milliseconds. One that waits longer is never begun. */
  readonly ttlMs: Millis;
}

/**
 * How a job ended: it was worked off; it waited longer than its `ttlMs`; the processor's queue was full when it came;
 * or it was given up unanswered, as people do.
 */
export type JobOutcome = "finished" | "expired" | "rejected" | "ignored";

/**
 * What a protocol node may ask of the machine that it runs on. Every effect of a node goes through it.
 * Calls take effect at the instant of the handler that makes them.
 */
export interface Host<Message, Fact> {
  readonly self: Address;
  /** The local wall clock, in milliseconds. It drifts and may be stepped, forward or back. */
  now(): Millis;
  /** Uniform in [0, 1), from a stream of this node's own. */
  random(): number;
  /** Hands a message to the network, which may lose, delay or duplicate it. */
  send(to: Address, message: Message): void;
  /** Calls `wake(tag)` after `afterMs >= 0` of the local oscillator, which drifts but is never stepped. */
  setTimer(afterMs: Millis, tag: TimerTag): TimerId;
  /** Cancels a pending timer; one that has fired or was cancelled already is left alone. */
  cancelTimer(timer: TimerId): void;
  /** Queues a job for the processor; `done()` is called when it ends, one way or another. */
  work(job: Job): void;
  /** Keeps `state`, in place of what was kept before, so that it survives a crash of this process; nothing else does. */
  save(state: Durable): void;
  /**
   * Asks the platform for a fresh process of the node at `address`, in place of the one that is there, if any. It starts
   * after a while with what the node saved, or, where its machine is gone, never.
   */
  provision(address: Address): void;
  /** Asks the platform for a process of the node at `address` if there is none, be it that one stands still. */
  revive(address: Address): void;
  /** Reports something for KPIs and traces. It can never change behaviour. */
  observe(fact: Fact): void;
}

/** A protocol state machine. Handlers run to completion, one at a time; its state is reachable by itself alone. */
export interface Node<Message> {
  /**
   * Called once, before anything else.
   * @param saved what an earlier process of this node saved last; undefined where it saved nothing or there was none
   */
  start(saved?: Durable): void;
  receive(from: Address, message: Message): void;
  wake(tag: TimerTag): void;
  done(job: Job, outcome: JobOutcome): void;
}
