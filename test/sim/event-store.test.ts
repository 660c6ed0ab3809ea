import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EventKind, EventStore } from "../../sim/event-store.js";

const { cancelled, deliver, timer } = EventKind;

describe("the event store", () => {
  it("keeps apart what is in it while it grows far beyond its first capacity", () => {
    const store = new EventStore(2);
    const slots = Array.from({ length: 5_000 }, (_, i) => store.add(i * 1_000, 5_000 - i, timer, i % 7, `datum ${i}`));
    expect(new Set(slots).size).toBe(slots.length);
    slots.forEach((slot, i) => {
      const fields = [store.at(slot), store.rank(slot), store.kind(slot), store.target(slot), store.datum(slot)];
      expect(fields).toEqual([i * 1_000, 5_000 - i, timer, i % 7, `datum ${i}`]);
    });
  });

  it("never hands out a slot that is taken, and takes no more of them than events were ever pending at once", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 2 }), { maxLength: 300 }), (choices) => {
        const store = new EventStore(1);
        const pending = new Map<number, number>();
        let peak = 0;
        let highest = 0;
        choices.forEach((choice, id) => {
          const oldest = pending.keys().next();
          if (choice === 0 && !oldest.done) {
            store.remove(oldest.value);
            pending.delete(oldest.value);
            return;
          }
          const slot = store.add(id, id, timer, id, id);
          expect(pending.has(slot)).toBe(false);
          pending.set(slot, id);
          peak = Math.max(peak, pending.size);
          highest = Math.max(highest, slot);
        });
        for (const [slot, id] of pending) expect(store.datum(slot)).toBe(id);
        const capacity = 2 ** Math.ceil(Math.log2(Math.max(1, peak))); // it doubles as it grows
        expect(highest).toBeLessThan(capacity);
      }),
    );
  });

  it("counts the pending events of each kind through adding, cancelling and removing", () => {
    const store = new EventStore();
    const slots = [store.add(1, 1, deliver, 0, "a"), store.add(2, 2, timer, 0, 1), store.add(3, 3, timer, 0, 2)];
    expect([store.pending[deliver], store.pending[timer], store.pending[cancelled]]).toEqual([1, 2, 0]);
    store.cancel(slots[1]!);
    expect([store.pending[deliver], store.pending[timer], store.pending[cancelled]]).toEqual([1, 1, 1]);
    for (const slot of slots) store.remove(slot);
    expect([...store.pending]).toEqual([...store.pending].fill(0));
  });

  it("lets go of what a removed or cancelled event carried, so that memory is not held", () => {
    const store = new EventStore();
    const removed = store.add(1, 1, deliver, 0, { large: true });
    const dropped = store.add(1, 2, timer, 0, { large: true });
    store.remove(removed);
    store.cancel(dropped);
    expect([store.datum(removed), store.datum(dropped)]).toEqual([undefined, undefined]);
  });

  it("orders events by time, then rank, whatever slots they are in", () => {
    fc.assert(
      fc.property(fc.nat({ max: 3 }), fc.nat({ max: 3 }), fc.nat(), fc.nat(), (atA, atB, rankA, rankB) => {
        fc.pre(rankA !== rankB);
        const store = new EventStore();
        const a = store.add(atA, rankA, timer, 0, 0);
        const b = store.add(atB, rankB, timer, 0, 0);
        expect(store.before(a, b)).toBe(atA < atB || (atA === atB && rankA < rankB));
        expect(store.before(b, a)).toBe(!store.before(a, b));
      }),
    );
  });
});
