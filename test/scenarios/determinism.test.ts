import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { Rehearsal } from "../../scenarios/rehearsal.js";
import type { Results } from "../../scenarios/results.js";
import { EventKind } from "../../sim/event-store.js";
import { US_PER_S } from "../../sim/time.js";
import { laidOutMesh } from "./laid-out-mesh.js";
import { finished, firstDifference, jsonOf, load, results, VARIED } from "./small-mesh.js";

const expected = jsonOf(finished(load(VARIED)));
const expectedResults = JSON.parse(expected) as Results;

it("the run that all this rests on is no empty one", () => {
  expect(expectedResults.events).toBeGreaterThan(5000);
  expect(expectedResults.cascades.map((cascade) => cascade.strategy)).toEqual([
    ...["wave", "parallel", "priority_first"],
    ...["wave", "parallel", "priority_first"],
  ]);
  expect(expectedResults.fingerprint.perSecond).toHaveLength(30);
  expect(new Set(expectedResults.fingerprint.perSecond).size).toBe(30);
});

describe("the same seed writes the same bytes into results.json", () => {
  it("twice in a row", () => {
    expect(jsonOf(finished(load(VARIED)))).toBe(expected);
  });

  it("in another process", () => {
    const child = fileURLToPath(new URL("./determinism-child.ts", import.meta.url));
    expect(execFileSync(process.execPath, ["--import", "tsx", child], { encoding: "utf8" })).toBe(expected);
  });

  it("alone, or in turns with others in one process, of the same seed and of another", () => {
    const batch = [load(VARIED), load(VARIED), load(VARIED, ["protocol.preset=as-written"], 8)].map(
      (loaded) => new Rehearsal(loaded),
    );
    const slices = [100, 130, 170];
    let left = batch;
    while (left.length > 0) left = left.filter((each) => !each.advance(slices[batch.indexOf(each)]!));
    expect(batch.slice(0, 2).map(jsonOf)).toEqual([expected, expected]);
  });

  it("with a trace of every event or without", () => {
    let seen = 0;
    const traced = finished(load(VARIED), () => {
      seen++;
    });
    expect(jsonOf(traced)).toBe(expected);
    expect(seen).toBe(expectedResults.events);
  });

  it("with every delivered message frozen: no node changes what it was sent", () => {
    const freezing = finished(load(VARIED), (_atUs, kind, _origin, _target, datum) => {
      if (kind === EventKind.deliver) Object.freeze(datum);
    });
    expect(jsonOf(freezing)).toBe(expected);
  });

  it.each([1, 7, 100_000])("in slices of %i events", (sliceEvents) => {
    expect(jsonOf(finished(load(VARIED), undefined, sliceEvents))).toBe(expected);
  });

  it("with the keys of the scenario in another order, which has the same sha256", () => {
    const reordered = stringify(reversed(parse(VARIED)));
    expect(reordered.indexOf("workload")).toBeLessThan(reordered.indexOf("name"));
    expect(load(reordered).sha256).toBe(load(VARIED).sha256);
    expect(jsonOf(finished(load(reordered)))).toBe(expected);
  });
});

describe("what is added changes nothing for the others", () => {
  const prints = (extras: Parameters<typeof laidOutMesh>[1]) => {
    const { simulation } = laidOutMesh(load(VARIED), extras);
    simulation.run(30 * US_PER_S);
    return simulation.fingerprint.seconds.map((second) => `${second.order}${second.payload}`);
  };

  it.each([0, 1, 30])("by %i idle agents at the end of the mesh", (idleNodes) => {
    expect(prints({ idleNodes })).toEqual(expectedResults.fingerprint.perSecond);
  });

  it("by a probe on everything that can be observed", () => {
    const seen = { onSend: 0, onFact: 0, onSecond: 0, onEvent: 0 };
    const observer = Object.fromEntries(
      (Object.keys(seen) as (keyof typeof seen)[]).map((name) => [name, () => void seen[name]++]),
    );
    expect(prints({ observer })).toEqual(expectedResults.fingerprint.perSecond);
    expect(seen.onSecond).toBe(30);
    for (const count of [seen.onSend, seen.onFact, seen.onEvent]) expect(count).toBeGreaterThan(500);
  });
});

describe("runs that differ", () => {
  it("by their seed do so from the first second on, in every second, and keep their scenario's other fields", () => {
    const other = results(VARIED, [], 8);
    expect(other.fingerprint.run).not.toBe(expectedResults.fingerprint.run);
    expect(firstDifference(expectedResults, other)).toBe(0);
    other.fingerprint.perSecond.forEach((print, second) => {
      expect(print, `second ${second}`).not.toBe(expectedResults.fingerprint.perSecond[second]);
    });
    expect(other.mesh).toEqual(expectedResults.mesh);
  });

  it("from some instant on say in which second that was: the parallel cascade of second 12 is heavier", () => {
    const heavier = results(VARIED, ["workload.cascades[1].payloadWeight=4"]);
    expect(firstDifference(expectedResults, heavier)).toBe(12);
  });

  it("in nothing that happens, but in what is asked of it, have the same order and payload", () => {
    const judged = results(VARIED, ["thresholds.cascadeLatencyP95=<= 1 ms"]);
    expect(judged.fingerprint.perSecond).toEqual(expectedResults.fingerprint.perSecond);
    expect(judged.fingerprint.kpis).not.toBe(expectedResults.fingerprint.kpis);
    expect(judged.fingerprint.run).not.toBe(expectedResults.fingerprint.run);
    expect(judged.scenario.sha256).not.toBe(expectedResults.scenario.sha256);
  });
});

/** The same document, with the keys of every map the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reversed(inner)]),
  );
}
