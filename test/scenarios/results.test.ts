/** What a run leaves behind fits together: results, the series, the agents' rows and the published schema. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { MeshMessage } from "../../protocol/mesh-30k/messages.js";
import { findingsOf } from "../../scenarios/measure/results-of.js";
import { resultsSchema } from "../../scenarios/results.js";
import { runScenario } from "../../scenarios/run-scenario.js";
import { EventKind } from "../../sim/event-store.js";
import { finished, jsonOf, kpi, LABELS, load, results as resultsOf, VARIED } from "./small-mesh.js";

const rehearsal = finished(load(VARIED));
const { results, series, agents } = findingsOf(rehearsal.outcome(), LABELS);
const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);

describe("results.json", () => {
  const published = z.fromJSONSchema(
    JSON.parse(readFileSync(new URL("../../scenarios/results.schema.json", import.meta.url), "utf8")),
  );
  const written: unknown = JSON.parse(jsonOf(rehearsal));

  it("of a real run fits the schema, and loses nothing by it", () => {
    expect(resultsSchema.parse(written)).toEqual(results);
  });

  it("fits the published schema, which refuses what does not", () => {
    expect(published.safeParse(written).error).toBeUndefined();
    expect(published.safeParse({ ...(written as object), events: 1.5 }).success).toBe(false);
    expect(published.safeParse({ ...(written as object), kpis: [{}] }).success).toBe(false);
    expect(published.safeParse({ ...(written as object), format: "another" }).success).toBe(false);
  });

  it.each<[name: string, overrides: string[]]>([
    ["without any workload", ["workload.cascades=[]", "workload.intraCluster=0 / s", "workload.interCluster=0 / s"]],
    ["of people alone", ["mesh.classes={ F: 80 }"]],
    [
      "of one sector, one cluster, one agent",
      ["mesh={ sectors: 1, clustersPerSector: 1, agentsPerCluster: 1, classes: { D: 1 } }"],
    ],
    ["in which every message is lost", ["network.loss=100 %"]],
    ["without warm-up", ["warmUp=0 s"]],
    ["shorter than a second", ["warmUp=0 s", "duration=100 ms", "workload.cascades=[]"]],
  ])("of a run %s fits it, too", (_, overrides) => {
    expect(() => jsonOf(finished(load(VARIED, overrides)))).not.toThrow();
  });

  it("has no figure of a class that the mesh does not have", () => {
    const run = findingsOf(finished(load(VARIED, ["mesh.classes={ A: 80 }"])).outcome(), LABELS).results;
    expect(run.classes.map((row) => row.class)).toEqual(["A"]);
  });
});

describe("the parts of a run agree", () => {
  it("the series adds up to the whole, second by second", () => {
    expect(series.map((row) => row.second)).toEqual(Array.from({ length: 30 }, (_, second) => second));
    expect(sum(series.map((row) => row.sent))).toBe(results.messages.sent);
    expect(sum(series.map((row) => row.delivered))).toBe(results.messages.delivered);
    expect(sum(series.map((row) => row.lost))).toBe(results.messages.lost);
    expect(sum(series.map((row) => row.events))).toBe(results.events);
    expect(series.at(-1)!.inFlight).toBe(results.messages.inFlight);
    expect(series.filter((row) => row.measured).map((row) => row.second)).toEqual(
      Array.from({ length: 24 }, (_, index) => 6 + index),
    );
  });

  it("the chart of message rates holds every message, those of the last second and of the very end, too", () => {
    const charted = (of: typeof results) => sum(of.charts.messageRate.map((row) => row.sent));
    expect(charted(results)).toBe(results.messages.sent);
    // The last cascade begins with the last instant.
    const atTheEnd = resultsOf(VARIED, ["workload.cascades=[{ strategy: wave, every: 12 s, first: 6 s }]"]);
    expect(atTheEnd.cascades.at(-1)!.startedAtS).toBe(30);
    expect(charted(atTheEnd)).toBe(atTheEnd.messages.sent);
    expect(Math.max(...atTheEnd.charts.messageRate.map((row) => row.second))).toBe(29);
  });

  it("agents received what was delivered of coordination messages, and nothing that was lost", () => {
    const { agents: deaf } = findingsOf(finished(load(VARIED, ["network.loss=100 %"])).outcome(), LABELS);
    expect(sum(deaf.map((row) => row.received))).toBe(0);
    let delivered = 0;
    const { topology } = rehearsal.stage;
    const heard = finished(
      load(VARIED, ["network.loss=2 %", "network.duplication=2 %"]),
      (_at, kind, _from, to, datum) => {
        const isMessage = kind === EventKind.deliver && topology.isAgent(to);
        if (isMessage && (datum as MeshMessage).type === "COORDINATE") delivered++;
      },
    );
    expect(sum(findingsOf(heard.outcome(), LABELS).agents.map((row) => row.received))).toBe(delivered);
  });

  it("the agents' hits and targets are their classes', and the cascades'", () => {
    for (const { class: name, hits, targeted } of results.classes) {
      const members = agents.filter((row) => row.class === name);
      expect(sum(members.map((row) => row.hits)), name).toBe(hits);
      expect(sum(members.map((row) => row.targeted)), name).toBe(targeted);
    }
    const machines = results.classes.filter((row) => row.machine);
    expect(sum(machines.map((row) => row.hits))).toBe(sum(results.cascades.map((cascade) => cascade.hits)));
    expect(sum(series.map((row) => row.hits))).toBe(sum(results.cascades.map((cascade) => cascade.hits)));
    expect(sum(series.map((row) => row.targeted))).toBe(sum(results.cascades.map((cascade) => cascade.targeted)));
  });

  it("every targeted agent is a hit, early, late or never", () => {
    for (const { targeted, hits, early, late, never } of results.classes) {
      expect(hits + early + late + never).toBe(targeted);
      expect(Math.min(hits, early, late, never)).toBeGreaterThanOrEqual(0);
    }
  });

  it("histograms hold every value of their quantiles", () => {
    for (const { impedanceMs, impedanceHistogram } of results.classes) {
      expect(sum(impedanceHistogram.counts)).toBe(impedanceMs!.count);
    }
    for (const { latencyMs, histogram } of results.cascadeSummary.levels) {
      expect(sum(histogram.counts)).toBe(latencyMs!.count);
    }
  });

  it("levels of a cascade follow each other", () => {
    for (const { levelMs } of results.cascades.filter((cascade) => cascade.strategy === "wave")) {
      expect(levelMs.sectors!).toBeLessThan(levelMs.leads!);
      expect(levelMs.leads!).toBeLessThan(levelMs.agents!);
    }
  });
});

describe("a cascade that the end of the run cuts off", () => {
  // It begins a twentieth of a second before the end, when no agent can have been READY yet.
  const cut = findingsOf(
    finished(
      load(VARIED, ["duration=10.05 s", "workload.cascades=[{ strategy: parallel, every: 5 s, first: 6 s }]"]),
    ).outcome(),
    LABELS,
  );
  const { cascades, classes, cascadeSummary, charts } = cut.results;

  it("does not count against the protocol: its windows had not closed", () => {
    expect(kpi(cut.results, "arrivalWindowHitRate")).toMatchObject({ value: 1, samples: 140 });
    expect(kpi(cut.results, "cascadeLatencyP95")).toMatchObject({ samples: 2, verdict: "holds" });
  });

  it("is listed, and in none of the sums", () => {
    expect(cascades.map((cascade) => cascade.counted)).toEqual([true, true, false]);
    expect(cascades.at(-1)).toMatchObject({ status: "unfinished", targeted: 70, latencyMs: null, knownMs: null });
    const machines = classes.filter((row) => row.machine);
    expect(sum(machines.map((row) => row.targeted))).toBe(140);
    expect(sum(cut.agents.map((row) => row.targeted))).toBe(140);
    expect(sum(cut.agents.map((row) => row.hits))).toBe(140);
    expect(cascadeSummary.count).toBe(2);
    expect(new Set(charts.hitRate.map((point) => point.atS))).toEqual(new Set([6, 11]));
  });
});

describe("cascades that fail before they reach any agent", () => {
  const failing = resultsOf(VARIED, [
    "network.loss=60 %",
    "workload.cascades=[{ strategy: wave, every: 3 s, first: 1 s }]",
  ]);

  it("are missed by all that they were aimed at, and later than all that arrive", () => {
    expect(failing.cascades.map(({ targeted, sent }) => [targeted, sent])).toEqual(new Array(8).fill([70, 0]));
    expect(kpi(failing, "arrivalWindowHitRate")).toMatchObject({ value: 0, samples: 560, verdict: "missed" });
    expect(kpi(failing, "cascadeLatencyP95")).toMatchObject({ value: null, samples: 8, verdict: "missed" });
  });
});

describe("scatter-gathers", () => {
  it("of leads of people alone had nobody to ask, and count neither for nor against", () => {
    const [wave] = results.cascades.filter((cascade) => cascade.strategy === "wave");
    expect(wave!.status).toBe("SUCCESS");
    const leads = results.gathers.find((row) => row.tier === "lead")!;
    const peopleLeads = results.classes.find((row) => row.class === "F")!.clusters;
    const waves = results.cascades.filter((cascade) => cascade.strategy === "wave").length;
    expect(leads.empty).toBe(waves * peopleLeads);
    expect(leads.ended).toBe(waves * (results.mesh.clusters - peopleLeads));
    expect(kpi(results, "coordinationSuccess").samples).toBe(sum(results.gathers.map((row) => row.ended)));
  });
});

it("the network's books balance at the end of every second: what is neither here nor gone is on its way", () => {
  const { series: seconds, results: run } = findingsOf(
    finished(load(VARIED, ["network.duplication=0"])).outcome(),
    LABELS,
  );
  let inFlight = 0;
  for (const { sent, delivered, lost, expired, inFlight: stated } of seconds) {
    inFlight += sent - delivered - lost - expired;
    expect(stated).toBe(inFlight);
  }
  expect(run.messages.inFlight).toBe(inFlight);
});

describe("a run that is interrupted", () => {
  it("says so, and covers the time until then", async () => {
    const interruption = new AbortController();
    const { results: partial } = await runScenario(load(VARIED, ["duration=24 h"]), {
      version: "0",
      reproduce: "",
      threads: 1,
      signal: interruption.signal,
      onProgress: () => interruption.abort(),
    });
    expect(partial.partial).toBe(true);
    expect(partial.events).toBeGreaterThan(0);
    expect(partial.scenario.durationS).toBeGreaterThan(0);
    expect(partial.scenario.durationS).toBeLessThan(3600);
    expect(partial.fingerprint.perSecond.length).toBe(Math.floor(partial.scenario.durationS + 6));
  });

  it("before it began measures nothing and judges nothing", async () => {
    const { results: none } = await runScenario(load(VARIED), {
      version: "0",
      reproduce: "",
      threads: 1,
      signal: AbortSignal.abort(),
    });
    expect(none).toMatchObject({ partial: true, events: 0, cascades: [] });
    expect(new Set(none.kpis.map((each) => each.verdict))).toEqual(new Set(["not-exercised"]));
    expect(() => resultsSchema.parse(none)).not.toThrow();
  });

  it("is no other run: what it has of it has the same fingerprints", async () => {
    const interruption = new AbortController();
    const { results: partial } = await runScenario(load(VARIED, ["duration=24 h"]), {
      version: "0",
      reproduce: "",
      threads: 1,
      signal: interruption.signal,
      onProgress: () => interruption.abort(),
    });
    expect(partial.fingerprint.perSecond.slice(0, 30)).toEqual(results.fingerprint.perSecond);
  });
});
