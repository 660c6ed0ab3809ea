/**
 * What a scenario is: one mesh, one protocol, one world, one workload, for a time. Its sections stand in files of their
 * own. What comes in is a parsed YAML document; what goes out carries its units in its names.
 */
import { z } from "zod";
import { KPI_IDS, KPIS, type KpiId } from "../kpis.js";
import { atLeastOnce, bus, chosenBus, pubsub } from "./bus-section.js";
import { checkFaultTimes, faultsSection } from "./faults-section.js";
import { duration, number, positiveDuration, ratio, text, wholeNumber } from "./fields.js";
import { meshSection, placementSection } from "./mesh-section.js";
import { protocolSection } from "./protocol-section.js";
import { quietSection } from "./quiet-section.js";
import { threshold } from "./threshold.js";
import { workloadSection } from "./workload-section.js";

const networkSection = z
  .strictObject({
    loss: ratio().optional().describe("Share of messages that every link loses, in place of the models' own figures."),
    duplication: ratio()
      .optional()
      .describe("Share of messages that every link delivers twice, in place of the models' own figures."),
    bus: bus(),
    pubsub: pubsub.prefault({}).describe("The bus that `bus: pubsub` chooses."),
    atLeastOnce: atLeastOnce.prefault({}).describe("The bus that `bus: at-least-once` chooses."),
  })
  .transform(({ loss, duplication, bus: kind, ...settings }) => ({
    ...chosenBus(kind, settings),
    ...(loss !== undefined && { lossRatio: loss }),
    ...(duplication !== undefined && { duplicationRatio: duplication }),
  }));

const thresholdOf = (id: KpiId) =>
  threshold(KPIS[id]).optional().describe(`${KPIS[id].title}: ${KPIS[id].definition}.`);

const thresholdsSection = z.strictObject(
  Object.fromEntries(KPI_IDS.map((id) => [id, thresholdOf(id)])) as Record<KpiId, ReturnType<typeof thresholdOf>>,
);

export const scenarioSchema = z
  .strictObject({
    name: text(/^[a-z0-9]+(-[a-z0-9]+)*$/, "a name in kebab case, such as mesh-30k").describe(
      "Short name, in kebab case; results carry it.",
    ),
    description: text(/\S/, "a sentence that says what is rehearsed").describe("What the scenario rehearses, and why."),
    seed: wholeNumber(0, Number.MAX_SAFE_INTEGER)
      // One that is fixed, so that a run can be repeated; which one does not matter.
      .prefault(1)
      .describe("Where all randomness comes from: the same seed gives the same run, to the last bit."),
    duration: positiveDuration().describe("Measured time, after warm-up."),
    warmUp: duration()
      // Twelve heartbeats, and about twenty messages for each agent: every profiler has the samples that it wants.
      .prefault("60 s")
      .describe("Time before measuring starts, in which profilers fill and cold starts pass."),
    mesh: meshSection.describe("How many agents, of which classes, in which hierarchy."),
    placement: placementSection.prefault({}).describe("Which regions the mesh stands in."),
    protocol: protocolSection.prefault({}).describe("Which variant of the protocol runs, with which numbers."),
    network: networkSection
      .prefault({})
      .describe("Loss and duplication of every link, and the message bus above them."),
    world: z
      .record(z.string(), number(undefined, "a number (the parameter's path is one dotted key, such as a.b: 1)"))
      .prefault({})
      .describe("Parameters of the models by dotted path; `rehearse models` lists them, with units and sources."),
    workload: workloadSection.prefault({}).describe("What the mesh is given to do."),
    faults: faultsSection.prefault([]).describe("What breaks, when, and whom it concerns (docs/faults.md)."),
    quiet: quietSection.prefault({}).describe("Whether the quiet between faults is left out."),
    thresholds: thresholdsSection
      .prefault({})
      .describe(
        "What each KPI must reach for the run to pass. Left out: the document's target, or for what the document does not have, ours.",
      ),
  })
  .describe("A scenario of Rehearsal: what is rehearsed, for how long, and what must hold.")
  .superRefine((scenario, context) => {
    const { warmUp, duration, workload } = scenario;
    const endMs = warmUp + duration;
    checkFaultTimes(scenario.faults, endMs, (path, message) =>
      context.addIssue({ code: "custom", path: ["faults", ...path], message }),
    );
    const { joining } = scenario.mesh;
    if (joining !== undefined && (joining.atMs ?? warmUp) + joining.overMs >= endMs) {
      const [key, whenMs] =
        joining.atMs !== undefined && joining.atMs >= endMs ? ["at", joining.atMs] : ["over", joining.overMs];
      const message = `is ${whenMs / 1000} s, so that agents would join when the run is over; it ends ${endMs / 1000} s after the start of warm-up`;
      context.addIssue({ code: "custom", path: ["mesh", "joining", key], message });
    }
    if (scenario.quiet?.skip === true && scenario.faults.length === 0) {
      const message = "is true, and nothing breaks, so that all would be left out; expected faults, or false";
      context.addIssue({ code: "custom", path: ["quiet", "skip"], message });
    }
    workload.cascades.forEach(({ firstMs, everyMs, windowMs, count = Number.POSITIVE_INFINITY }, index) => {
      const skipped = Math.max(0, Math.ceil((warmUp - firstMs) / everyMs));
      const firstMeasuredMs = firstMs + skipped * everyMs;
      const path = ["workload", "cascades", index];
      if (skipped >= count || firstMeasuredMs >= endMs) {
        const message = `starts at no measured time; expected a start from ${warmUp / 1000} s to ${endMs / 1000} s after the start of warm-up (change first, every or count)`;
        context.addIssue({ code: "custom", path, message });
      } else if (firstMeasuredMs + windowMs >= endMs) {
        const message = `has no window that closes before the run ends: from ${firstMeasuredMs / 1000} s on, ${windowMs / 1000} s go beyond ${endMs / 1000} s (a shorter window, an earlier first or a longer duration)`;
        context.addIssue({ code: "custom", path, message });
      }
    });
  })
  .transform(({ duration, warmUp, ...rest }) => ({ ...rest, durationMs: duration, warmUpMs: warmUp }));

/** A checked scenario, every default filled in. Durations in ms, ratios from 0 to 1, rates per second. */
export type Scenario = z.output<typeof scenarioSchema>;
