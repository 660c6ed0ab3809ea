/** What happens to nodes from outside: orders of operators, requests of users. */
import type { Address, Node } from "../protocol/contract.js";
import { SEQUENCES } from "./event-store.js";

/** It is handed the process that is there, does not happen where there is none, and waits while that stands still. */
export type Command<Message> = (node: Node<Message>) => void;

/**
 * A command that is only made when its time has come, which it does whether or not there is anybody to carry it out;
 * undefined where there is nothing more to do.
 */
export class Appointment<Message> {
  constructor(readonly due: () => Command<Message> | undefined) {}
}

const NOTHING = (): void => {};

/** What a command event carries. */
export type CommandDatum<Message> = Command<Message> | Appointment<Message>;

/** The command that a command event carries: one that is made now, where it is an appointment. */
export function dueCommand<Message>(datum: CommandDatum<Message>): Command<Message> {
  return datum instanceof Appointment ? (datum.due() ?? NOTHING) : datum;
}

/**
 * Commands are numbered apart from the events that a node makes itself, so that one more of them shifts no number that
 * others have: what happens before it is the same event for event.
 */
const FIRST_COMMAND = SEQUENCES / 2;

export class CommandRanks {
  /** How many commands each node was given, of those that were given any. */
  private readonly given = new Map<Address, number>();

  /** Rank of a node's next command. */
  next(address: Address): number {
    const sequence = this.given.get(address) ?? 0;
    this.given.set(address, sequence + 1);
    return address * SEQUENCES + FIRST_COMMAND + sequence;
  }
}
