/** What results say of faults: that a wrong context does harm until the next sync, and which faults never took effect. */
import { describe, expect, it } from "vitest";
import { reportHtml } from "../../../reports/html/page.js";
import { terminalReport } from "../../../reports/terminal.js";
import { resultsSchema } from "../../../scenarios/results.js";
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
