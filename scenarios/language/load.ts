/**
 * From a file and overrides to a checked scenario, or to an error that lists everything that is wrong, each with its
 * place. Whoever finds something wrong later, such as a region that the models do not have, reports it with a place, too.
 */
import { complaints } from "./complaints.js";
import { scenarioJsonSchema } from "./json-schema.js";
import { applyOverride, type Override, parseOverride } from "./override.js";
import { type Problem, ScenarioError } from "./scenario-error.js";
import { readScenarioFile } from "./scenario-file.js";
import { scenarioHash } from "./scenario-hash.js";
import { dotted, isWithin, type ScenarioPath } from "./scenario-path.js";
import { type Scenario, scenarioSchema } from "./schema.js";
import type { Mark } from "./yaml-places.js";
import { YamlSource } from "./yaml-source.js";

export interface LoadedScenario {
  readonly scenario: Scenario;
  /** Of the scenario as it will run, overrides included (see scenario-hash.ts). */
  readonly sha256: string;
  /**
   * A problem that was found after loading.
   * @param path in the file's own keys
   * @param message goes on from the path: `is mars; expected the id of a region (did you mean uksouth?)`
   * @param mark whether the key or its value is wrong
   */
  errorAt(path: ScenarioPath, message: string, mark?: Mark): ScenarioError;
}

/**
 * @param overrides `path=value` each; later ones win
 * @param seed in place of the file's
 * @throws ScenarioError
 */
export function loadScenario(path: string, overrides: readonly string[] = [], seed?: number): LoadedScenario {
  return parseScenario(readScenarioFile(path), path, overrides, seed);
}

/**
 * As loadScenario, from text that has been read already.
 * @param origin what errors give as the file's name
 */
export function parseScenario(
  text: string,
  origin: string,
  overrides: readonly string[] = [],
  seed?: number,
): LoadedScenario {
  const source = new YamlSource(text, origin);
  if (source.problems.length > 0) throw new ScenarioError(source.problems);
  const schema = scenarioJsonSchema();
  const problems: Problem[] = [];
  const applied: Override[] = [];
  let document = source.value;
  const apply = (override: Override) => {
    document = applyOverride(document, override);
    applied.push(override);
  };
  for (const given of overrides) collect(problems, () => apply(parseOverride(given, schema)));
  if (seed !== undefined) collect(problems, () => apply({ place: `--seed ${seed}`, path: ["seed"], value: seed }));

  const { places } = source;
  const place = (path: ScenarioPath, mark: Mark) =>
    lastSetting(applied, path)?.place ?? source.placeOf(places.offsetOf(path, mark));
  const result = scenarioSchema.safeParse(document);
  if (!result.success) {
    const found = complaints(result.error.issues, document, schema);
    found.sort((a, b) => places.offsetOf(a.path, a.mark) - places.offsetOf(b.path, b.mark));
    for (const { path, mark, message } of found) problems.push({ place: place(path, mark), message });
  }
  if (!result.success || problems.length > 0) throw new ScenarioError(problems);
  return {
    scenario: result.data,
    sha256: scenarioHash(result.data),
    errorAt: (path, message, mark = "value") =>
      new ScenarioError([{ place: place(path, mark), message: `${dotted(path)} ${message}` }]),
  };
}

/** The override that the value at a path comes from, whole or in part; the last, as it is the one that counts. */
function lastSetting(applied: readonly Override[], path: ScenarioPath): Override | undefined {
  return applied.findLast((override) => isWithin(path, override.path) || isWithin(override.path, path));
}

function collect(problems: Problem[], attempt: () => void): void {
  try {
    attempt();
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    for (const problem of error.problems) problems.push(problem);
  }
}
