/**
 * What measuring a mesh rests on, in the order in which it happens over the whole mesh: few kinds of notes, the frequent
 * ones made of numbers alone, so that they can be written down where they arise and read elsewhere.
 */
import type { Address } from "../../protocol/contract.js";
import type { CascadeStrategy } from "../../protocol/mesh-30k/cascade-plan.js";
import type { Fact, GatheredFact, ReadyFact, RoutedFact, UnfinishedFact } from "../../protocol/mesh-30k/facts.js";
import type { TrinaryState } from "../../protocol/mesh-30k/messages.js";

/** Of what kind the exchange is that a coordination message begins. */
export const Exchange = {
  /** One message to one agent, which is routed to. */
  direct: 0,
  /** A message of a scatter-gather. */
  gather: 1,
  /** Put to a person, outside the operation's quorum. */
  checkpoint: 2,
} as const;
export type Exchange = (typeof Exchange)[keyof typeof Exchange];

/** What can become of a process. */
export const Life = { down: 0, up: 1, paused: 2, resumed: 3, joined: 4 } as const;
export type Life = (typeof Life)[keyof typeof Life];

/** Facts that are told as they are, but for leases, which are in true time and not in that of their holders' clocks. */
export type RareFact =
  | Exclude<Fact, ReadyFact | UnfinishedFact | GatheredFact | RoutedFact>
  | (RoutedFact & { readonly scope: "mesh" });

/** Instants are in true µs and never go back from one note to the next. */
export interface MeshNotes {
  /** An agent's heartbeat has left. */
  heartbeat(nowUs: number, agent: Address, heartbeatNumber: number): void;
  /** A message to an agent that an answer is awaited of has left, perhaps not for the first time. */
  sent(nowUs: number, agent: Address, messageId: number, source: Address, correlationId: number, how: Exchange): void;
  /**
   * An agent is READY, or has found a conflict.
   * @param expectedReadyMs from sending until then, as predicted; NaN where nothing was
   */
  ready(
    nowUs: number,
    agent: Address,
    messageId: number,
    source: Address,
    correlationId: number,
    how: Exchange,
    state: TrinaryState,
    expectedReadyMs: number,
  ): void;
  /** An agent's answer has reached the coordinator that sent to it. */
  gathered(nowUs: number, coordinator: Address, correlationId: number, agent: Address): void;
  /** The orchestrator has handed an operation to a coordinator, for passing on, with so much time left. */
  passedOn(nowUs: number, correlationId: number, remainingMs: number, windowMs: number): void;
  /** A process has acted on a member of its office, which obeyed; at least the first time in each whole second. */
  act(nowUs: number, process: Address): void;
  /** A node's process has come up afresh or gone down, has been paused or resumed, or is the first one of a newcomer. */
  life(nowUs: number, address: Address, life: Life): void;
  /** An operator has asked a process for a cascade that does not take itself to be in office. */
  refused(nowUs: number, process: Address, strategy: CascadeStrategy): void;
  fact(nowUs: number, node: Address, fact: RareFact): void;
}
