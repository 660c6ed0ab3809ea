import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { ReferenceQueue } from "../../sim/event-queue.js";
import { CHATTER_US, type ChatterOptions, chatter, printsOf } from "./chatter.js";
import { SEED } from "./plain-world.js";

function printsAfterRun(options: ChatterOptions = {}): unknown {
  const simulation = chatter(options);
  simulation.run(CHATTER_US);
  return printsOf(simulation);
}

const expected = printsAfterRun();

describe("the same seed gives the same fingerprint in every second", () => {
  it("twice in a row", () => {
    expect(printsAfterRun()).toEqual(expected);
  });

  it("in another process", () => {
    const module = JSON.stringify(new URL("./chatter.ts", import.meta.url).href);
    const script = `
      const { chatter, CHATTER_US, printsOf } = await import(${module});
      const simulation = chatter();
      simulation.run(CHATTER_US);
      console.log(JSON.stringify(printsOf(simulation)));`;
    const node = ["--import", "tsx", "--input-type=module", "--eval", script];
    const printed = execFileSync(process.execPath, node, { encoding: "utf8" });
    expect(JSON.parse(printed)).toEqual(expected);
  });

  it("with every event, message, fact and second observed, or none", () => {
    let observed = 0;
    const count = () => {
      observed++;
    };
    const observer = { onEvent: count, onSend: count, onFact: count, onSecond: count };
    expect(printsAfterRun({ observer })).toEqual(expected);
    expect(observed).toBeGreaterThan(10_000);
  });

  it("with the reference queue in place of the calendar queue", () => {
    expect(printsAfterRun({ makeQueue: (store) => new ReferenceQueue(store) })).toEqual(expected);
  });

  it("run a few events at a time, or up to a few instants", () => {
    const inEvents = chatter();
    while (!inEvents.run(CHATTER_US, 7));
    expect(printsOf(inEvents)).toEqual(expected);
    const inInstants = chatter();
    for (let atUs = 0; atUs < CHATTER_US; atUs += 333_333) inInstants.run(atUs);
    inInstants.run(CHATTER_US);
    expect(printsOf(inInstants)).toEqual(expected);
  });

  it("alone, or in turns with others in one process", () => {
    const ours = chatter();
    const others = [chatter({ seed: SEED + 1 }), chatter()];
    while (!ours.run(CHATTER_US, 100)) for (const other of others) other.run(CHATTER_US, 130);
    expect(printsOf(ours)).toEqual(expected);
  });

  it("with an idle node more at the end of the mesh, or thirty", () => {
    expect(printsAfterRun({ idleNodes: 1 })).toEqual(expected);
    expect(printsAfterRun({ idleNodes: 30 })).toEqual(expected);
  });
});

describe("the fingerprint tells runs apart", () => {
  it("of different seeds, in every second", () => {
    const other = printsAfterRun({ seed: SEED + 1 }) as typeof ours;
    const ours = expected as { seconds: { order: string; payload: string }[]; whole: { order: string } };
    expect(other.whole).not.toEqual(ours.whole);
    other.seconds.forEach((print, second) => {
      expect(print.order).not.toBe(ours.seconds[second]!.order);
      expect(print.payload).not.toBe(ours.seconds[second]!.payload);
    });
  });

  it("one of which had one more event, from the second of that event on and not before", () => {
    const simulation = chatter();
    simulation.run(4_400_000);
    simulation.command(4_500_000, 3, () => {});
    simulation.run(CHATTER_US);
    const ours = (expected as { seconds: { order: string }[] }).seconds;
    const differing = simulation.fingerprint.seconds.findIndex((print, second) => print.order !== ours[second]!.order);
    expect(differing).toBe(4);
  });
});
