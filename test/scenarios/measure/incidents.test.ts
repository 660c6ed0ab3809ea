import { describe, expect, it } from "vitest";
import { activeAgents } from "../../../scenarios/measure/service/active-agents.js";
import { SERVICE_STATES } from "../../../scenarios/results.js";
import { findings, VARIED } from "../small-mesh.js";

describe("a run in which a cluster loses its power", () => {
  const { results, incidents } = findings(`${VARIED}
faults:
  - name: cluster-lost
    crash: { whole: cluster, id: S1-C1 }
    at: 10 s
    for: 6 s
`);
  const down = results.incidents.list.filter(({ where }) => where === "S1-C1");

  it("lists its outage from the instant of the crash, as incidents.json does", () => {
    expect(down.map(({ kind, scope, fromS }) => [kind, scope, fromS])).toContainEqual(["outage", "cluster", 10]);
    const told = incidents.filter(({ kind }) => kind === "cluster-out-of-service");
    const listed = results.incidents.list.filter(({ kind, scope }) => kind === "outage" && scope === "cluster");
    expect(listed.map(({ where, fromS }) => [where, fromS]).sort()).toEqual(
      told.map(({ where, atS }) => [where, Math.round(atS * 1_000) / 1_000]).sort(),
    );
  });

  it("counts what it lists", () => {
    for (const { kind, scope, count, totalS, longestS } of results.incidents.byKind) {
      const listed = results.incidents.list.filter((one) => one.kind === kind && one.scope === scope);
      const lastedS = listed.map(({ fromS, untilS }) => (untilS ?? 30) - fromS);
      expect(count).toBe(listed.length);
      expect(totalS).toBeCloseTo(
        lastedS.reduce((sum, s) => sum + s, 0),
        2,
      );
      expect(longestS).toBeCloseTo(Math.max(...lastedS), 2);
    }
  });

  it("maps it as all down until its agents run again", () => {
    const cluster = results.map!.sectors[0]!.clusters[0]!;
    expect(cluster.name).toBe("S1-C1");
    const states = cluster.changes.flatMap((value, at) => (at % 2 === 1 ? [SERVICE_STATES[value]!] : []));
    const first = states.indexOf("all-down");
    expect(cluster.changes[2 * first]).toBe(10);
    // It comes back at 16 s, and that second shows what is amiss in it still.
    expect(cluster.changes[2 * first + 2]).toBe(16);
  });

  it("shows fewer agents active from then on", () => {
    const { spanS, points } = results.charts.activeAgents;
    expect(spanS).toBe(1);
    expect(points).toHaveLength(30);
    expect(points[9]!.mean).toBe(1);
    expect(points[10]!.mean).toBeLessThan(0.95);
  });
});

describe("the share of active agents", () => {
  it("is kept second by second, and in spans of seconds where there are many", () => {
    expect(activeAgents([10, 5], 10)).toEqual({
      spanS: 1,
      points: [
        { atS: 0, mean: 1, least: 1 },
        { atS: 1, mean: 0.5, least: 0.5 },
      ],
    });
    const long = activeAgents(
      Array.from({ length: 7_201 }, (_, second) => (second % 3 === 0 ? 4 : 10)),
      10,
    );
    expect(long.spanS).toBe(3);
    expect(long.points[0]).toEqual({ atS: 0, mean: 0.8, least: 0.4 });
    expect(long.points.at(-1)).toEqual({ atS: 7_200, mean: 0.4, least: 0.4 });
  });

  it("is that of before where a second was skipped, and nothing where there is nobody", () => {
    const skipped: number[] = [10];
    skipped[3] = 5;
    expect(activeAgents(skipped, 10).points.map(({ mean }) => mean)).toEqual([1, 1, 1, 0.5]);
    expect(activeAgents([0, 0], 0).points).toEqual([]);
  });
});
