import { describe, expect, it } from "vitest";
import type { SharedLine } from "../../../sim/hosts/host-plan.js";
import { Line, NO_ROOM } from "../../../sim/hosts/line.js";
import { US_PER_S } from "../../../sim/time.js";
import { fixedLinks, type NodePlan, startedSimulationOf } from "../plain-world.js";

/** 1,000 bytes take 1 ms. */
const BITS_PER_S = 8_000_000;

describe("a line", () => {
  it("lets one message after the other through", () => {
    const line = new Line(BITS_PER_S, 10);
    expect([0, 0, 500, 10_000].map((us) => line.pass(1_000, us))).toEqual([1_000, 2_000, 3_000, 11_000]);
    expect(line.busyTotalUs).toBe(4_000);
  });

  it("keeps fractions of a us: a thousand messages of a quarter of a us take 250 us", () => {
    const line = new Line(BITS_PER_S, 1_000);
    let last = 0;
    for (let i = 0; i < 1_000; i++) last = line.pass(0.25, 0);
    expect(last).toBe(250);
  });

  it("drops what finds no room, and has room again when the first is through", () => {
    const line = new Line(BITS_PER_S, 2);
    expect([0, 0, 0, 999, 1_000].map((us) => line.pass(1_000, us))).toEqual([1_000, 2_000, NO_ROOM, NO_ROOM, 3_000]);
    expect(line.droppedTotal).toBe(2);
  });
});

/** Two nodes on one machine (0 and 1), one elsewhere (2); messages take 10 ms on the way, and 1 ms on the line. */
function arrivals(
  line: Omit<SharedLine, "bitsPerS">,
  sends: readonly (readonly [atMs: number, from: number, to: number])[],
) {
  const seen: string[] = [];
  const send: ((to: number) => void)[] = [];
  const node: NodePlan = (host) => ({
    start: () => {
      send[host.self] = (to) => host.send(to, "message");
    },
    receive: (from) => seen.push(`${from} to ${host.self} at ${host.now()}`),
  });
  const simulation = startedSimulationOf([node, node, node], {
    links: fixedLinks(10_000),
    wire: { ttlMs: () => Number.POSITIVE_INFINITY, digest: () => 0, sizeBytes: () => 1_000 },
    hosts: [{ kind: "board", nodes: [0, 1], line: { bitsPerS: BITS_PER_S, ...line } }],
  });
  for (const [atMs, from, to] of sends) simulation.command(atMs * 1_000, from, () => send[from]!(to));
  simulation.run(US_PER_S);
  const books = simulation.books();
  expect(books.violations).toBe(0);
  expect(books.messages.sent).toBe(books.messages.delivered + books.messages.dropped);
  return { seen, dropped: books.messages.dropped };
}

describe("the line of a machine", () => {
  const duplex = { room: 10, halfDuplex: false };

  it("is left by what its nodes send one by one, and not by what others send", () => {
    const { seen } = arrivals(duplex, [
      [0, 0, 2],
      [0, 1, 2],
      [0, 2, 2],
    ]);
    expect(seen).toEqual(["2 to 2 at 10", "0 to 2 at 11", "1 to 2 at 12"]);
  });

  it("is entered by what comes in the order in which it comes, whatever its receiver", () => {
    const { seen } = arrivals(duplex, [
      [0, 2, 1],
      [0, 2, 0],
      [5, 2, 0],
    ]);
    expect(seen).toEqual(["2 to 1 at 11", "2 to 0 at 12", "2 to 0 at 16"]);
  });

  it("has both directions wait for each other where it is half duplex, and not otherwise", () => {
    const both = [
      [0, 2, 0],
      [10.5, 1, 2],
    ] as const;
    // What comes at 10 ms takes the line until 11; what is sent at 10.5 ms leaves at 12, or at 11.5.
    expect(arrivals({ room: 10, halfDuplex: true }, both).seen).toEqual(["2 to 0 at 11", "1 to 2 at 22"]);
    expect(arrivals(duplex, both).seen).toEqual(["2 to 0 at 11", "1 to 2 at 21.5"]);
  });

  it("drops what finds no room in either direction, and the books say so", () => {
    const burst = (from: number, to: number) => Array.from({ length: 5 }, () => [0, from, to] as const);
    expect(arrivals({ room: 2, halfDuplex: false }, burst(0, 2)).dropped).toBe(3);
    expect(arrivals({ room: 2, halfDuplex: false }, burst(2, 0)).dropped).toBe(3);
  });
});
