/** The state of the network's books at the end of each simulated second. */
import type { Simulation } from "../../sim/simulation.js";

export interface SecondBooks {
  readonly events: number;
  readonly sent: number;
  readonly delivered: number;
  readonly lost: number;
  readonly expired: number;
  readonly cut: number;
  readonly undelivered: number;
  readonly inFlight: number;
}

export class SecondBySecond {
  readonly rows: SecondBooks[] = [];
  private last: SecondBooks = {
    events: 0,
    sent: 0,
    delivered: 0,
    lost: 0,
    expired: 0,
    cut: 0,
    undelivered: 0,
    inFlight: 0,
  };

  constructor(private readonly simulation: Simulation<unknown, unknown>) {}

  close(second: number): void {
    const { transport, conservation, eventCount } = this.simulation;
    const { sent, delivered, lost, expired, cut, undelivered } = transport.counts;
    const { crossedOut, crossedIn } = conservation;
    // What is on its way from one part of the mesh to another is added up over all parts.
    const inFlight = conservation.inFlight + crossedOut - crossedIn;
    const now = { events: eventCount, sent, delivered, lost, expired, cut, undelivered, inFlight };
    const { last } = this;
    this.rows[second] = {
      events: now.events - last.events,
      sent: now.sent - last.sent,
      delivered: now.delivered - last.delivered,
      lost: now.lost - last.lost,
      expired: now.expired - last.expired,
      cut: now.cut - last.cut,
      undelivered: now.undelivered - last.undelivered,
      inFlight: now.inFlight,
    };
    this.last = now;
  }
}
