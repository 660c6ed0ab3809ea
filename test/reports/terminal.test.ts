import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { terminalReport } from "../../reports/terminal.js";
import type { Results } from "../../scenarios/results.js";
import { exampleBus, exampleResults, TIMING } from "./fixture.js";

const plain = (results = exampleResults()) =>
  terminalReport(results, { colour: false, timing: TIMING, reportPath: "runs/mesh-30k/report.html" });
const lineWith = (text: string, words: string) => text.split("\n").find((line) => line.includes(words)) ?? "";

describe("the report in the terminal", () => {
  test("says what ran", () => {
    const head = plain().trimStart().split("\n").slice(0, 2).join(" ");
    for (const fact of ["mesh-30k", "seed 42", "30,000 agents", "5 min simulated"]) expect(head).toContain(fact);
  });

  test("shows every KPI with value, target, interval and verdict", () => {
    const text = plain();
    for (const { title } of exampleResults().kpis) expect(lineWith(text, title)).not.toBe("");
    expect(lineWith(text, "Coordination success rate")).toMatch(/99\.59 %\s+≥ 99 %\s+99\.52 to 99\.66 %\s+holds$/);
    expect(lineWith(text, "Recovery time")).toMatch(/–\s+≤ 300 s\s+–\s+not exercised$/);
  });

  test("a KPI just missed never looks like a pass", () => {
    expect(lineWith(plain(), "Impedance prediction accuracy")).toMatch(/89\.997 %\s+≥ 90 %.*MISSED$/);
  });

  test("a verdict that does not count says so, and is not shouted", () => {
    const results = exampleResults();
    for (const kpi of results.kpis) kpi.gated = false;
    const text = plain(results);
    expect(lineWith(text, "Impedance prediction accuracy")).toMatch(/missed \(not judged\)$/);
    expect(lineWith(text, "Coordination success rate")).toMatch(/holds \(not judged\)$/);
    expect(lineWith(text, "Recovery time")).toMatch(/not exercised$/);
    for (const line of text.split("\n")) expect(line.length, line).toBeLessThanOrEqual(100);
    expect(plain()).not.toContain("not judged");
  });

  test("shows every class, people marked as beside the KPIs", () => {
    const text = plain();
    for (const row of exampleResults().classes) expect(lineWith(text, `${row.class} ${row.name}`)).not.toBe("");
    expect(lineWith(text, "E local")).toMatch(/3,000\s+90,000\s+95\.10 %\s+95\.29 %\s+94\.15 %\s+89\.20 %/);
    expect(lineWith(text, "F human")).toContain("F human *");
  });

  test("tells speed, memory and cascades, and ends with the line that reproduces the run", () => {
    const text = plain();
    expect(lineWith(text, "cascades")).toMatch(/30 · latency p50 \d+ ms · p95 \d+ ms · p99 \d+ ms/);
    expect(lineWith(text, "events/s")).toContain("41,873,112 · 4,268,412 events/s");
    expect(lineWith(text, "peak memory")).toContain("36.7 times real time");
    expect(text).toContain("runs/mesh-30k/report.html");
    expect(text).toContain("fingerprint 0123456789abcdef");
    expect(text.trimEnd().split("\n").at(-1)).toBe("  rehearse run scenarios/mesh-30k.yaml --seed 42");
  });

  test("tells what the message bus did, where there is one", () => {
    expect(plain()).not.toContain("redelivered");
    const text = plain({ ...exampleResults(), bus: exampleBus() });
    expect(lineWith(text, "redelivered")).toMatch(
      /bus +at-least-once · 111,489 messages\/s · 16,425 redelivered · 12 dead · 3 out of order$/,
    );
    const pubsub = plain({ ...exampleResults(), bus: { ...exampleBus(), kind: "pubsub", overflowed: 4_711 } });
    expect(lineWith(pubsub, "dropped")).toContain("pubsub · 111,489 messages/s · 4,711 dropped · 3 out of order");
  });

  test("tells split brains, incidents, modes, recovery and liveness", () => {
    const text = plain();
    expect(lineWith(text, "authority")).toMatch(
      /split brains: mesh 1, cluster 1 · 1 with conflicting commits · 1 stale belief$/,
    );
    expect(lineWith(text, "incidents")).toMatch(/sector: 1 outage · cluster: 2 outages · cluster: 1 breaker opened$/);
    expect(lineWith(text, "modes  ")).toMatch(/FULL 80\.0 % · LIGHT 5\.0 %/);
    expect(lineWith(text, "recovery")).toMatch(
      /cluster at most 2 min of 5 min · sector at most 20 min of 15 min, 1 not/,
    );
    expect(lineWith(text, "liveness")).toMatch(/FULL and agreed 31\.5 s after the last fault$/);
    const results = exampleResults();
    const stuck = {
      ...results.liveness,
      verdict: "missed" as const,
      agreedAfterS: null,
      stuck: ["S3: two in office"],
    };
    expect(lineWith(plain({ ...results, liveness: stuck }), "liveness")).toMatch(
      /NOT BACK within 2 min of the last fault: S3: two in office$/,
    );
  });

  test("says nothing of what did not happen", () => {
    const results = exampleResults();
    const authority = { ...results.authority, staleBeliefs: 0 };
    const modes = results.resilience.modes.map((row) => ({ ...row, seconds: row.mode === "FULL" ? 300 : 0 }));
    const quiet: Results = {
      ...results,
      authority,
      resilience: { ...results.resilience, modes },
      incidents: { byKind: [], list: [] },
      faults: [],
      recoveries: { byClass: [], list: [] },
    };
    expect(plain(quiet)).not.toMatch(/authority|incidents|modes|recovery |liveness/);
  });

  test("does without timing and path where a run is read back", () => {
    const text = terminalReport(exampleResults(), { colour: false });
    expect(text).not.toMatch(/peak memory|report\.html/);
  });

  test("marks a partial run, and a violated invariant", () => {
    expect(plain()).not.toMatch(/PARTIAL|VIOLATED/);
    const results = {
      ...exampleResults(),
      partial: true,
      invariants: [{ name: "conservation", checks: 9, violations: 2 }],
    };
    expect(plain(results)).toMatch(/PARTIAL {2}the run was interrupted/);
    expect(plain(results)).toMatch(/VIOLATED +invariant conservation: 2 times/);
  });

  test("is at most 100 columns wide, even for long names", () => {
    const results = exampleResults();
    results.scenario.name = "a very long name ".repeat(20);
    results.kpis[0]!.title = "a very long title ".repeat(9);
    results.classes[0]!.name = "a very long class ".repeat(9);
    for (const text of [plain(), plain(results)]) {
      for (const line of text.split("\n")) expect(line.length, line).toBeLessThanOrEqual(100);
    }
  });

  test("colours say nothing that words do not", () => {
    const coloured = terminalReport(exampleResults(), {
      colour: true,
      timing: TIMING,
      reportPath: "runs/mesh-30k/report.html",
    });
    expect(coloured).toContain("\u001b[");
    expect(plain()).not.toContain("\u001b");
    expect(stripVTControlCharacters(coloured)).toBe(plain());
  });

  test("control characters in a scenario's name do not reach the terminal", () => {
    const results = exampleResults();
    results.scenario.name = "evil\u001b]0;title\u0007\u001b[2J";
    results.reproduce = "rehearse run x\u001b[1A";
    for (const control of ["\u0007", "\u001b"]) expect(plain(results)).not.toContain(control);
  });
});
