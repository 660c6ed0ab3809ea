/**
 * What `allocationsOfMainScenario` measures in a process of its own: runs a tenth of the main scenario's mesh and prints
 * how often its young generation was filled.
 */
import { constants, PerformanceObserver } from "node:perf_hooks";
import { setImmediate as nextTurn } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { fromDist } from "./from-dist.js";

/** A tenth of the main scenario's mesh. */
const REDUCED = [
  "mesh.sectors=10",
  "mesh.classes={ A: 1000, B: 800, C: 500, D: 200, E: 300, F: 200 }",
  "warmUp=10 s",
  "duration=20 s",
];

const { Rehearsal } = await fromDist<typeof import("../scenarios/rehearsal.js")>("scenarios/rehearsal");
const { loadScenario } = await fromDist<typeof import("../scenarios/language/load.js")>("scenarios/language/load");

let scavenges = 0;
const observer = new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    const { detail } = entry as unknown as { readonly detail: { readonly kind: number } };
    if (detail.kind === constants.NODE_PERFORMANCE_GC_MINOR) scavenges++;
  }
});
observer.observe({ entryTypes: ["gc"] });

const path = fileURLToPath(new URL("../scenarios/mesh-30k.yaml", import.meta.url));
const rehearsal = new Rehearsal(loadScenario(path, REDUCED));
await nextTurn();
const before = scavenges;
while (!rehearsal.advance(50_000)) await nextTurn();
await nextTurn();
console.log(JSON.stringify({ events: rehearsal.simulation.eventCount, scavenges: scavenges - before }));
