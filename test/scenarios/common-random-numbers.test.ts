/** Two variants of a scenario are compared message by message: what one change does not touch stays as it was. */
import { describe, expect, it } from "vitest";
import type { MeshMessage } from "../../protocol/mesh-30k/messages.js";
import { EventKind } from "../../sim/event-store.js";
import { finished, load, VARIED } from "./small-mesh.js";

interface Traced {
  /** Every event, in order. */
  readonly events: readonly string[];
  readonly arrivals: ReadonlySet<string>;
  readonly lost: number;
}

function traced(overrides: readonly string[]): Traced {
  const events: string[] = [];
  const arrivals = new Set<string>();
  const rehearsal = finished(load(VARIED, overrides), (atUs, kind, origin, target, datum) => {
    events.push(`${atUs} ${kind} ${origin} ${target}`);
    if (kind === EventKind.deliver) arrivals.add(`${atUs} ${origin} ${target} ${(datum as MeshMessage).type}`);
  });
  return { events, arrivals, lost: rehearsal.simulation.transport.counts.lost };
}

/** Reports go up the mesh and nobody answers them, so that a loss has no consequence for other messages. */
const REPORTS_ONLY = [
  "workload.intraCluster=0 / s",
  "workload.interCluster=0 / s",
  "workload.meshWide=0 / s",
  "workload.cascades=[]",
];

describe("losing 1 % of the messages", () => {
  const without = traced([...REPORTS_ONLY, "network.loss=0 %"]);
  const withLoss = traced([...REPORTS_ONLY, "network.loss=1 %"]);

  it("leaves the arrival of every surviving message where it was, to the microsecond", () => {
    expect(withLoss.lost).toBeGreaterThan(0);
    expect(without.lost).toBe(0);
    expect([...withLoss.arrivals].filter((arrival) => !without.arrivals.has(arrival))).toEqual([]);
    expect(without.arrivals.size - withLoss.arrivals.size).toBe(withLoss.lost);
  });

  it("loses about that many", () => {
    const sent = without.arrivals.size;
    const deviation = Math.sqrt(sent * 0.01 * 0.99);
    expect(Math.abs(withLoss.lost - sent * 0.01)).toBeLessThan(4 * deviation);
  });

  it("of all traffic changes nothing until the first lost message does not arrive, and then that alone", () => {
    const clean = traced(["network.loss=0 %"]).events;
    const lossy = traced(["network.loss=1 %"]).events;
    const first = clean.findIndex((event, at) => event !== lossy[at]);
    expect(clean[first]!.split(" ")[1]).toBe(String(EventKind.deliver));
    expect(lossy[first]).toBe(clean[first + 1]);
  });
});

it("doubling the distances between regions leaves every way inside a region as it was", () => {
  const near = traced([...REPORTS_ONLY, "network.loss=0 %"]);
  const far = traced([...REPORTS_ONLY, "network.loss=0 %", "world.regions.rttScale=2"]);
  const heartbeats = (run: Traced) => [...run.arrivals].filter((arrival) => arrival.endsWith("HEARTBEAT"));
  expect(heartbeats(far)).toEqual(heartbeats(near));
  expect(heartbeats(near).length).toBeGreaterThan(300);
  expect(far.arrivals).not.toEqual(near.arrivals);
});
