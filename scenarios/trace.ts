/** A trace of events, for looking closely: what happened when, at whom, from whom. */
import type { Address } from "../protocol/contract.js";
import type { EventKind } from "../sim/event-store.js";

export type EventSink = (atUs: number, kind: EventKind, origin: Address, target: Address, datum: unknown) => void;
