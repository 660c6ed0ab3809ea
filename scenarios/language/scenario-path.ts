/** Where a value stands in a scenario: keys and list indices, from the root down. */
import { show } from "./mismatch.js";

export type ScenarioPath = readonly (string | number)[];

/** `workload.cascades[0].every`; the root is `the scenario`. */
export function dotted(path: ScenarioPath): string {
  if (path.length === 0) return "the scenario";
  return path
    .map((step, depth) => (typeof step === "number" ? `[${step}]` : `${depth > 0 ? "." : ""}${show(step)}`))
    .join("");
}

/** Whether `path` is `ancestor` or stands below it. */
export function isWithin(path: ScenarioPath, ancestor: ScenarioPath): boolean {
  return ancestor.length <= path.length && ancestor.every((step, depth) => path[depth] === step);
}
