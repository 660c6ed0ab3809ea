/** What the nodes save to come back after a crash: plain data, written by an earlier process of the same node. */
import type { Address, Durable } from "../../contract.js";
import type { DurableAllegiance } from "../authority/allegiance.js";
import type { DurableConflicts } from "../conflicts/durable-conflicts.js";
import { type Stamp, UNSTAMPED } from "../conflicts/lamport.js";
import type { Joined } from "../joining/admission.js";
import type { CircuitOrder, ModeOrder } from "../messages.js";
import type { FailureClass } from "./failure-class.js";

export interface SavedContext {
  readonly current: number;
  readonly previous: number;
  readonly payload: string | undefined;
  readonly stamp: Stamp;
}

/** Why an agent was put into quarantine (document 6.1, "forensic analysis"): kept for people to read. */
export interface ForensicRecord {
  readonly agent: Address;
  readonly failure: FailureClass;
  readonly evidence: string;
  /** On the lead's clock. */
  readonly atMs: number;
}

export interface SavedState {
  readonly context: SavedContext;
  /** Of an agent: whom it obeys; undefined where that has not changed since the mesh began. */
  readonly allegiance: DurableAllegiance | undefined;
  /** Whether it was halted (7.1, `freeze`); of all but agents. */
  readonly isFrozen: boolean;
  /** The first sequence number that no earlier process has set aside. */
  readonly nextId: number;
  readonly mode: ModeOrder | undefined;
  /** Of a lead and a coordinator: failures counted in all its life. */
  readonly failures: number;
  /** Of a lead. */
  readonly knownContexts: readonly number[];
  readonly forensics: readonly ForensicRecord[];
  /** Of a lead: agents that have joined since the mesh began; undefined where none has. */
  readonly joined: Joined | undefined;
  /** Of a coordinator and the orchestrator: whose breakers are not closed, and whose totals of failures are known. */
  readonly turnedBreakers: readonly number[];
  readonly totals: readonly (readonly [Address, number])[];
  /** Of these, too: the orders in force that cut parts of the mesh off, whoever gave them. */
  readonly circuits: readonly CircuitOrder[];
  /** Of the orchestrator. */
  readonly lastCascade: number;
  /** Of all but agents: conflicts that are not settled, and the Lamport time. */
  readonly conflicts: DurableConflicts | undefined;
  readonly lamport: number;
}

/** What a holder of an office hands on to the next of what it knows of failures. */
export type HandedOn = Partial<
  Pick<
    SavedState,
    "mode" | "isFrozen" | "failures" | "totals" | "turnedBreakers" | "circuits" | "knownContexts" | "joined"
  >
>;

const NOTHING: SavedState = {
  context: { current: 0, previous: 0, payload: undefined, stamp: UNSTAMPED },
  allegiance: undefined,
  isFrozen: false,
  nextId: 0,
  mode: undefined,
  failures: 0,
  knownContexts: [],
  forensics: [],
  joined: undefined,
  turnedBreakers: [],
  totals: [],
  circuits: [],
  lastCascade: 0,
  conflicts: undefined,
  lamport: 0,
};

/**
 * What an earlier process saved, with what it did not save at its beginnings.
 * @param handedOn what the other process of the office knew later
 */
export function savedState(saved: Durable | undefined, handedOn: HandedOn = {}): SavedState {
  return { ...NOTHING, ...(saved as Partial<SavedState> | undefined), ...handedOn };
}

export function toSave(state: Partial<SavedState>): Durable {
  return { ...state };
}
