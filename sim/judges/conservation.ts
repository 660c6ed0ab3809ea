/**
 * The judge of conservation: at every instant, every message that a node handed over, and every copy that the network
 * owned up to, is delivered, lost, expired, dropped, cut off, undelivered or still in flight. What nodes hand over and
 * receive, what comes to nodes that are down, and what is in flight, is counted by the engine and the event store; only the
 * network's own excuses are taken from its books.
 */
import { EventKind, type EventStore } from "../event-store.js";
import type { MessageCounts } from "../network.js";
import type { Micros } from "../time.js";

/** Events that a message, or a copy of one, is on its way in. */
const IN_FLIGHT = [EventKind.deliver, EventKind.expire, EventKind.arrive, EventKind.atBus, EventKind.held];

export class ConservationJudge {
  checks = 0;
  violations = 0;
  /** When the books first failed to balance, in µs, or undefined. */
  firstViolationUs: Micros | undefined;
  /** Messages that nodes handed over, and messages that nodes received. */
  handedOver = 0;
  received = 0;
  /** Messages that came to a node that was down. */
  undelivered = 0;
  /** Messages that went to another part of the mesh, and that came from one. */
  crossedOut = 0;
  crossedIn = 0;

  constructor(
    private readonly books: MessageCounts,
    private readonly events: EventStore,
  ) {}

  /** Messages that are on their way here, by the count of the event store. */
  get inFlight(): number {
    const { pending } = this.events;
    return IN_FLIGHT.reduce((sum, kind) => sum + pending[kind]!, 0);
  }

  /** Looks after an event. */
  check(nowUs: Micros): void {
    this.checks++;
    this.look(nowUs);
  }

  /** Looks between two events; before the first one, say, or after the last. */
  look(nowUs: Micros): void {
    const { duplicated, lost, expired, dropped, cut } = this.books;
    const came = this.handedOver + duplicated + this.crossedIn;
    const went = this.received + this.undelivered + lost + expired + dropped + cut + this.crossedOut;
    if (came === went + this.inFlight) return;
    this.violations++;
    this.firstViolationUs ??= nowUs;
  }
}
