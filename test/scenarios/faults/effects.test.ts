/** What results say of faults: that a wrong context does harm until the next sync, and which faults never took effect. */
import { describe, expect, it } from "vitest";
import { reportHtml } from "../../../reports/html/page.js";
import { terminalReport } from "../../../reports/terminal.js";
import { type Results, resultsSchema } from "../../../scenarios/results.js";
import { exampleResults } from "../../reports/fixture.js";
import { kpi, results, VARIED } from "../small-mesh.js";

/** Cascades that do not sync: what an agent's context is decides whether it takes them in. */
const ACTING = VARIED.replaceAll("first:", "verb: act, first:");
const PUSH = "faults:\n  - wrongContext: { class: [A, B] }\n    at: 7 s\n";

describe("a wrong context", () => {
  it("makes conflicts of every operation after it", () => {
    const healthy = results(ACTING);
    const pushed = results(ACTING + PUSH);
    expect(kpi(healthy, "conflictRate").value).toBe(0);
    // 40 of the 70 machine agents have it, and everything is asked of all of them.
    expect(kpi(pushed, "conflictRate").value).toBeGreaterThan(0.4);
    expect(pushed.faults).toEqual([
      {
        name: "wrong-context-1",
        kind: "wrongContext",
        description: "pushes a wrong context to class A or B (40 nodes)",
        spells: [{ fromS: 7, untilS: 7 }],
        spellCount: 1,
        effects: 40,
        tookEffect: true,
      },
    ]);
  });

  it("is healed by the next sync", () => {
    // The cascades of `VARIED` sync: at most what is asked before the first of them meets the wrong context.
    const pushed = results(VARIED + PUSH);
    const acting = results(ACTING + PUSH);
    expect(kpi(pushed, "conflictRate").value).toBeLessThan(kpi(acting, "conflictRate").value! / 4);
  });

  it("changes nothing before it is pushed", () => {
    const [one, other] = [results(ACTING), results(ACTING + PUSH)];
    const first = one.fingerprint.perSecond.findIndex((print, second) => print !== other.fingerprint.perSecond[second]);
    expect(first).toBe(7);
  });
});

describe("a lead that is slow", () => {
  it("passes operations on so much later", () => {
    // Of the 10 ms that a lead takes for one: 490 more.
    const [healthy, slow] = [results(VARIED), results(`${VARIED}faults:\n  - slow: { times: 50, role: lead }\n`)];
    const atLeads = ({ cascadeSummary }: Results) =>
      cascadeSummary.levels.find(({ level }) => level === "leads")!.latencyMs!.p50;
    expect(slow.faults[0]).toMatchObject({ tookEffect: true });
    expect(atLeads(slow) - atLeads(healthy)).toBeGreaterThan(400);
    expect(atLeads(slow) - atLeads(healthy)).toBeLessThan(600);
  });
});

/** One agent, which is dead from the beginning, and nobody to replace it so soon. */
const DEAD = "  - name: dead\n    crash: { id: S1-C1-A1 }\n    at: 2 s\n    for: 27 s\n";

describe.each([
  "partition: { isolate: { id: S1-C1-A1 } }\n    at: 8 s\n    for: 1 ms",
  "packets: { loss: 100 %, of: { id: S1-C1-A1 } }\n    at: 8 s\n    for: 1 ms",
  "crash: { id: S1-C1-A1 }\n    at: 8 s\n    for: 5 s",
  "pause: { id: S1-C1-A1 }\n    at: 8 s\n    for: 5 s",
  "slow: { times: 3, id: S1-C1-A1 }\n    at: 8 s\n    for: 5 s",
  "memoryPressure: { id: S1-C1-A1, kills: 0 / h }\n    at: 8 s\n    for: 5 s",
  "wrongContext: { id: S1-C1-A1 }\n    at: 8 s",
  "byzantine: { how: lie, id: S1-C1-A1 }\n    at: 8 s\n    for: 5 s",
  "power: { off: machine, id: S1-C1-A1 }\n    at: 8 s\n    for: 5 s",
  "failures: { of: machine, mtbf: 100000 h }",
])("%s", (fault) => {
  it("of whom is dead, or for an instant, never takes effect", () => {
    const [, met] = results(`${VARIED}faults:\n${DEAD}  - name: idle\n    ${fault}\n`).faults;
    expect(met).toMatchObject({ name: "idle", effects: 0, tookEffect: false });
  });
});

describe("a fault that nobody met", () => {
  const never = results(`${ACTING}faults:\n  - name: too-rare\n    failures: { of: machine, mtbf: 100000 h }\n`);

  it("is told, with no effects", () => {
    expect(never.faults).toMatchObject([
      { name: "too-rare", spells: [], spellCount: 0, effects: 0, tookEffect: false },
    ]);
    expect(resultsSchema.safeParse(never).success).toBe(true);
  });

  it("makes a banner in both reports, beside the table", () => {
    expect(terminalReport(never, { colour: false })).toMatch(/INCONCLUSIVE never took effect: too-rare/);
    expect(reportHtml(never)).toContain("<b>Inconclusive:</b> too-rare never took effect");
  });

  it("of a run in which all took effect, the reports say no such thing", () => {
    const fine = exampleResults();
    expect(terminalReport(fine, { colour: false })).not.toContain("INCONCLUSIVE");
    expect(terminalReport(fine, { colour: false })).toMatch(/europe-cut-off +cuts off region eu-west +1 +41,200/);
    expect(reportHtml(fine)).not.toContain("Inconclusive");
    expect(reportHtml(fine)).toContain("<h2>Faults</h2>");
    expect(reportHtml({ ...fine, faults: [] })).not.toContain("<h2>Faults</h2>");
  });
});
