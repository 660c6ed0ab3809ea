import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { compiled } from "../../reports/html/charts/chart.js";
import { chartsOf } from "../../reports/html/figures.js";
import { embeddedJson, html } from "../../reports/html/markup.js";
import { mapData } from "../../reports/html/mesh-map.js";
import { reportHtml } from "../../reports/html/page.js";
import { type Results, resultsSchema } from "../../scenarios/results.js";
import { exampleBus, exampleResults } from "./fixture.js";
import { hostileResults, longResults, sparseResults, stormyResults, wildResults } from "./odd-results.js";

/** The page without its libraries and data. */
function visible(results: Results): string {
  return reportHtml(results).replace(/<script[\s\S]*?<\/script>/g, "");
}

test("the fixtures are results", () => {
  for (const results of [exampleResults(), sparseResults(), wildResults(), hostileResults(), stormyResults()]) {
    expect(() => resultsSchema.parse(results)).not.toThrow();
  }
});

test("equal results make equal pages", () => {
  expect(reportHtml(exampleResults())).toBe(reportHtml(exampleResults()));
});

test("the page holds every KPI, class, cascade, option, invariant and kind", () => {
  const results = exampleResults();
  const page = visible(results);
  const names = [
    ...results.kpis.flatMap(({ title, definition }) => [title, definition.replaceAll(" %", "\u00a0%")]),
    ...results.classes.map((row) => `${row.class} ${row.name}`),
    ...results.cascades.map(({ startedAtS }) => `${startedAtS.toFixed(1)} s`),
    ...Object.keys(results.protocol),
    ...results.hosts.map(({ firstAgent }) => firstAgent),
    ...results.invariants.map(({ name }) => name),
    ...results.messages.byKind.map(({ kind }) => kind),
    results.reproduce,
    results.fingerprint.run,
  ];
  for (const name of names) expect(page).toContain(name.replaceAll("'", "&#39;"));
  expect(page).toContain("89.997 %");
});

test("the page holds every figure of a message bus, and nothing of one where messages are datagrams", () => {
  expect(visible(exampleResults())).not.toContain("Message bus");
  const page = visible({ ...exampleResults(), bus: exampleBus() });
  expect(page).toContain("<h2>Message bus: at-least-once</h2>");
  const { kind: _, overflowed: __, sentPerSecond: ___, order, ...counts } = exampleBus();
  for (const figure of [...Object.values(counts), ...Object.values(order)]) {
    expect(page).toContain(`>${figure.toLocaleString("en-US")}</td>`);
  }
  expect(page).toMatch(/after a later one<\/th><td class="number bad">3</);
  const pubsub = visible({ ...exampleResults(), bus: { ...exampleBus(), kind: "pubsub", overflowed: 4_711 } });
  expect(pubsub).toContain(">4,711</td>");
  expect(pubsub).not.toContain("dead letters");
});

test("a KPI that the scenario ignores is marked as not judged", () => {
  const results = exampleResults();
  expect(visible(results)).not.toContain("not judged");
  const missed = results.kpis.find((kpi) => kpi.verdict === "missed")!;
  missed.gated = false;
  const [, card = ""] = visible(results).split('<article class="card missed unjudged">');
  expect(card.slice(0, card.indexOf("</article>"))).toMatch(
    new RegExp(`<h3>${missed.title}</h3>[^]*not judged: the scenario ignores it`),
  );
});

test("the page holds every incident, recovery and office that was held twice", () => {
  const page = visible(exampleResults());
  for (const { where } of exampleResults().incidents.list) expect(page).toContain(`>${where}</th>`);
  expect(page).toMatch(
    /degraded mode<\/td><td[^>]*>115 s<\/td><td[^>]*>160 s<\/td><td[^>]*>45 s<\/td><td[^>]*>DEGRADED_MODERATE</,
  );
  expect(page).toContain("orchestrator (term 1, 120 members) and orchestrator-standby (term 1, 80 members)");
  // Beyond its target of 15 min.
  expect(page).toMatch(/SECTOR_PARTITION[\s\S]*?<td class="number bad">20 min</);
  expect(page).toMatch(/CLUSTER_PARTITION[\s\S]*?<td class="number">2 min</);
  expect(page).toContain("the mesh came back: in FULL and agreed 31.5 s after the last fault");
});

test("a mesh that is stuck says so at the top, with what is stuck", () => {
  const results = exampleResults();
  const liveness = {
    ...results.liveness,
    verdict: "missed" as const,
    agreedAfterS: null,
    stuck: ["S3: two in office"],
  };
  const page = visible({ ...results, liveness });
  const top = page.slice(page.indexOf("<header>"), page.indexOf("</header>"));
  expect(top).toContain(
    "<b>The mesh did not come back</b> within 2 min of the end of the last fault. Stuck: S3: two in office.",
  );
});

test("a page of a mesh without sectors, where nothing was to break, has no map and says that nothing failed", () => {
  const page = visible(sparseResults());
  expect(page).not.toMatch(/id="map"|after the last fault/);
  expect(page).toContain("No split brain, no outage");
  expect(page).toContain("Nothing failed that could have recovered.");
});

test("a mesh of more clusters than a browser can show is mapped sector by sector, in the gravest state of each", () => {
  const results = exampleResults();
  const cluster = (name: string, changes: number[]) => ({ name, class: "A" as const, changes });
  const quiet = Array.from({ length: 50 }, (_, at) => cluster(`C${at}`, []));
  const sectors = Array.from({ length: 100 }, (_, at) => ({
    name: `S${at + 1}`,
    changes: [] as number[],
    clusters: quiet,
  }));
  sectors[4] = {
    name: "S5",
    changes: [10, 1, 40, 0],
    clusters: [...quiet, cluster("x", [20, 4, 30, 0]), cluster("y", [25, 2, 35, 0])],
  };
  const data = mapData({
    ...results,
    map: { stepS: 1, orchestrator: { name: "orchestrator", changes: [] }, sectors },
  })!;
  expect(data.sectors[4]).toEqual({ row: ["S5", 10, 1, 20, 4, 30, 2, 35, 1, 40, 0], clusters: [] });
  expect(data.sectors[0]!.row).toEqual(["S1"]);
});

test("partial runs and violated invariants stand at the top", () => {
  const top = (page: string) => page.slice(page.indexOf("<header>"), page.indexOf("</header>"));
  expect(top(visible(exampleResults()))).not.toContain("banner");
  const page = visible({
    ...exampleResults(),
    partial: true,
    invariants: [{ name: "conservation", checks: 9, violations: 2 }],
  });
  expect(page).toMatch(/banner"><b>Partial\.<\/b> The run was interrupted/);
  expect(page).toMatch(/banner bad"><b>Invariant violated:<\/b> conservation, 2 times/);
});

test("nothing in the results can become markup", () => {
  const page = reportHtml(hostileResults());
  expect(page).not.toContain("<script>alert");
  expect(page).not.toContain("<img");
  expect(page.match(/<script/g)).toHaveLength(4);
  expect(page.match(/<\/script/g)).toHaveLength(4);
  expect(page).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
});

test("markup escapes text and data alike", () => {
  expect(html`<b title="${`"'`}">${"<&>"}</b>`.text).toBe('<b title="&quot;&#39;">&lt;&amp;&gt;</b>');
  const text = embeddedJson({ a: "</script><!--\u2028\u2029&" }).text;
  expect(text).not.toMatch(/[<>&\u2028\u2029]/);
  expect(JSON.parse(text)).toEqual({ a: "</script><!--\u2028\u2029&" });
});

test("the policy lets in this page's scripts and style by their hashes and nothing else", () => {
  const page = reportHtml(exampleResults());
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!.replaceAll("&#39;", "'");
  expect(policy).toMatch(/^default-src 'none'; script-src 'sha256-/);
  expect(policy).not.toMatch(/unsafe|https?:|data:|\*/);
  const inline = [...page.matchAll(/<(script|style)>([\s\S]*?)<\/\1>/g)];
  expect(inline).toHaveLength(3);
  for (const [, , text] of inline) {
    expect(policy).toContain(`'sha256-${createHash("sha256").update(text!).digest("base64")}'`);
  }
  expect(page).not.toMatch(/ (style|onclick|onload|src|href)="/);
});

test("Vega-Lite has nothing to warn of, whatever the results", () => {
  for (const results of [exampleResults(), sparseResults(), wildResults(), hostileResults(), stormyResults()]) {
    for (const chart of chartsOf(results)) {
      const warnings: string[] = [];
      compiled(chart, (warning) => warnings.push(warning));
      expect(warnings, chart.id).toEqual([]);
    }
  }
});

test("the page stays small", () => {
  expect(reportHtml(exampleResults()).length).toBeLessThan(1_000_000);
});

test("a run of ten hours makes a page that a browser can show: means of spans of time, the slowest cascades", () => {
  const results = longResults();
  const charts = new Map(chartsOf(results).map((chart) => [chart.id, chart]));
  const rows = (id: string) => charts.get(id)!.panels[0]!.data.series!.rows;
  // 36,000 s in at most 720 points are spans of 60 s; every other second has 4,000 acknowledgements, all have 6,000 heartbeats.
  expect(rows("message-rate")).toHaveLength(600);
  expect(rows("message-rate")[0]).toEqual([60, 6_000, 2_000, "europe-cut-off"]);
  expect(charts.get("message-rate")!.caption).toContain("mean of 60 s");
  // Six cascades in a minute, half of them with 100 %, half with 50 %.
  expect(rows("hit-rate")).toHaveLength(600);
  expect(rows("hit-rate")[0]).toEqual([60, 0.75, 1, "europe-cut-off"]);
  expect(charts.get("hit-rate")!.caption).toContain("mean of 60 s");

  const page = visible(results);
  expect(page.match(/<tr/g)!.length).toBeLessThan(600);
  expect(page).toContain("The 300 slowest of 3,600 cascades");
  for (const shown of [60, 10_060, 20_060]) expect(page).toContain(`>${shown.toFixed(1)} s<`);
  expect(page.length).toBeLessThan(600_000);
});

test("a run of minutes is drawn second by second, cascade by cascade", () => {
  const results = exampleResults();
  const charts = new Map(chartsOf(results).map((chart) => [chart.id, chart]));
  expect(charts.get("message-rate")!.panels[0]!.data.series!.rows).toHaveLength(300);
  expect(charts.get("hit-rate")!.panels[0]!.data.series!.rows).toHaveLength(results.cascades.length);
  for (const id of ["message-rate", "hit-rate"]) expect(charts.get(id)!.caption).not.toContain("mean of");
});
