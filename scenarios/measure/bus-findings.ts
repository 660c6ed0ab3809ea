/** What a run says of its message bus, and what a bus that promises something is held to. */
import { US_PER_S } from "../../sim/time.js";
import type { Outcome } from "../outcome.js";
import type { Results } from "../results.js";
import { greatest, rounded } from "./distribution.js";

/** Null where messages are datagrams. */
export function busFindings({ books, order, seconds, stage }: Outcome): Results["bus"] {
  const { bus } = stage.loaded.scenario.network;
  if (bus === undefined || books.bus === undefined || order === undefined) return null;
  const { unsent: _, ...judged } = order;
  const measured = seconds.filter((__, second) => second * US_PER_S >= stage.warmUpUs).map(({ sent }) => sent);
  const mean = measured.reduce((sum, sent) => sum + sent, 0) / measured.length;
  return {
    kind: bus.kind,
    sentPerSecond: measured.length === 0 ? null : { mean: rounded(mean), peak: greatest(measured) },
    ...books.bus,
    order: judged,
  };
}

/** The promises of document 8.1, as invariants; none of a bus that makes none. */
export function busInvariants(bus: Results["bus"], sent: number): Results["invariants"] {
  if (bus?.kind !== "at-least-once") return [];
  const { order, first, deadLetters, outstanding } = bus;
  return [
    { name: "order within clusters", checks: order.delivered, violations: order.outOfOrder },
    { name: "time to live on the bus", checks: order.delivered + order.repeated, violations: order.late },
    {
      name: "delivered at least once, or a dead letter",
      checks: sent,
      violations: Math.max(0, sent - first - deadLetters - outstanding),
    },
  ];
}
