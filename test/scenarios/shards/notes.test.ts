import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { MeshMeter } from "../../../scenarios/measure/mesh-meter.js";
import { Exchange, type MeshNotes } from "../../../scenarios/measure/mesh-notes.js";
import { NoteBuffer } from "../../../scenarios/shards/note-buffer.js";
import { NoteReader } from "../../../scenarios/shards/note-reader.js";

type Call = [method: string, ...given: unknown[]];

/** Keeps what it is told. */
function recorder(): { calls: Call[]; meter: MeshMeter } {
  const calls: Call[] = [];
  const meter = new Proxy(
    {},
    {
      get:
        (_, method) =>
        (...given: unknown[]) =>
          void calls.push([String(method), ...given]),
    },
  );
  return { calls, meter: meter as MeshMeter };
}

const FACT = { type: "took-in", tier: "lead", correlationId: 33 } as const;

function tellEverything(notes: MeshNotes, nowUs: number): void {
  notes.heartbeat(nowUs, 101, 7);
  notes.sent(nowUs, 102, 2 ** 40 + 5, 11, -1, Exchange.direct);
  notes.ready(nowUs, 102, 2 ** 40 + 5, 11, 49, Exchange.gather, -1, Number.NaN);
  notes.gathered(nowUs, 11, 49, 102);
  notes.passedOn(nowUs, 49, 412.25, 500);
  notes.fact(nowUs, 11, FACT);
}

describe("notes that were written down", () => {
  it("are read as they were told, of every kind", () => {
    const direct = recorder();
    tellEverything(direct.meter, 1_000);
    const read = recorder();
    const buffer = new NoteBuffer();
    tellEverything(buffer, 1_000);
    new NoteReader(1, read.meter).take(0, structuredClone(buffer.take()), 2_000);
    expect(read.calls).toEqual(direct.calls);
  });

  it("are handed out once, and any number of them", () => {
    const buffer = new NoteBuffer();
    for (let i = 0; i < 10_000; i++) buffer.heartbeat(i, i, i);
    expect(buffer.take().numbers).toHaveLength(50_000);
    expect(buffer.take().numbers).toHaveLength(0);
  });

  it("of several shards are read in the order of their events, whenever they come, and seconds close between them", () => {
    const events = fc.uniqueArray(
      fc.record({ atUs: fc.integer({ min: 0, max: 3_999_999 }), rank: fc.nat(50), shard: fc.nat(2) }),
      { selector: ({ atUs, rank }) => `${atUs}/${rank}`, maxLength: 60 },
    );
    fc.assert(
      fc.property(events, fc.integer({ min: 50_000, max: 900_000 }), (unordered, windowUs) => {
        const ordered = [...unordered].sort((a, b) => a.atUs - b.atUs || a.rank - b.rank);
        const { calls, meter } = recorder();
        const reader = new NoteReader(3, meter);
        for (let startUs = 0; startUs < 4_000_000; startUs += windowUs) {
          const untilUs = Math.min(startUs + windowUs - 1, 4_000_000);
          for (const shard of [2, 0, 1]) {
            const buffer = new NoteBuffer();
            for (const event of ordered) {
              if (event.shard !== shard || event.atUs < startUs || event.atUs > untilUs) continue;
              buffer.moment = { nowRank: event.rank };
              buffer.heartbeat(event.atUs, event.rank, 1);
              buffer.heartbeat(event.atUs, event.rank, 2);
            }
            reader.take(shard, buffer.take(), untilUs);
          }
        }
        const expected: Call[] = [];
        let second = 0;
        for (const { atUs, rank } of ordered) {
          while ((second + 1) * 1e6 <= atUs) expected.push(["onSecond", second++]);
          expected.push(["heartbeat", atUs, rank, 1], ["heartbeat", atUs, rank, 2]);
        }
        const lastUs = Math.min(Math.ceil(4_000_000 / windowUs) * windowUs - 1, 4_000_000);
        while ((second + 1) * 1e6 <= lastUs) expected.push(["onSecond", second++]);
        expect(calls).toEqual(expected);
      }),
    );
  });
});
