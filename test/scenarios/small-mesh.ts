/** Small meshes for tests of whole runs: a scenario in text with everything in it, and what a run of it says. */
import type { ImpedanceClass } from "../../protocol/mesh-30k/impedance-class.js";
import { resultsJson } from "../../reports/json.js";
import type { KpiId } from "../../scenarios/kpis.js";
import { type LoadedScenario, parseScenario } from "../../scenarios/language/load.js";
import { type Findings, findingsOf } from "../../scenarios/measure/results-of.js";
import { Rehearsal } from "../../scenarios/rehearsal.js";
import type { Results } from "../../scenarios/results.js";
import type { EventSink } from "../../scenarios/trace.js";

/** All classes, two continents, all traffic and all strategies on 80 agents, in half a minute. */
export const VARIED = `name: varied
description: a little of everything
seed: 7
warmUp: 6 s
duration: 24 s
mesh:
  sectors: 2
  clustersPerSector: 4
  agentsPerCluster: 10
  classes: { A: 20, B: 20, C: 10, D: 10, E: 10, F: 10 }
placement:
  orchestrator: eastus
  sectors: { eastus: 1, westeurope: 1 }
workload:
  intraCluster: 4 / s
  interCluster: 2 / s
  meshWide: 12 / min
  cascades:
    - { strategy: wave, every: 12 s, first: 8 s }
    - { strategy: parallel, every: 12 s, first: 12 s, window: 500 ms }
    - { strategy: priority_first, every: 12 s, first: 16 s }
`;

export const LABELS = { version: "0.0.0-test", reproduce: "rehearse run varied.yaml", partial: false } as const;

/** Any number of events at once: the run goes to its end. */
const ALL = Number.POSITIVE_INFINITY;

export function load(text: string, overrides: readonly string[] = [], seed?: number): LoadedScenario {
  return parseScenario(text, "s.yaml", overrides, seed);
}

/** A whole run, in slices of `sliceEvents`. */
export function finished(loaded: LoadedScenario, onEvent?: EventSink, sliceEvents = ALL): Rehearsal {
  const rehearsal = new Rehearsal(loaded, onEvent);
  while (!rehearsal.advance(sliceEvents));
  return rehearsal;
}

export function findings(text: string, overrides: readonly string[] = [], seed?: number): Findings {
  return findingsOf(finished(load(text, overrides, seed)).outcome(), LABELS);
}

export function results(text: string, overrides: readonly string[] = [], seed?: number): Results {
  return findings(text, overrides, seed).results;
}

/** The bytes of `results.json`. */
export function jsonOf(rehearsal: Rehearsal): string {
  return resultsJson(findingsOf(rehearsal.outcome(), LABELS).results);
}

export function kpi(from: Results, id: KpiId): Results["kpis"][number] {
  return from.kpis.find((each) => each.id === id)!;
}

export function classRow(from: Results, id: ImpedanceClass): Results["classes"][number] {
  return from.classes.find((row) => row.class === id)!;
}

/** The first simulated second in which two runs differ; -1 if none. */
export function firstDifference(one: Results, other: Results): number {
  return one.fingerprint.perSecond.findIndex((print, second) => print !== other.fingerprint.perSecond[second]);
}
