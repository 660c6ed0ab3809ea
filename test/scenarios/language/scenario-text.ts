/** Scenarios in text for the tests of the language: one that is sound, and what goes wrong with others. */
import { type LoadedScenario, parseScenario } from "../../../scenarios/language/load.js";
import { ScenarioError } from "../../../scenarios/language/scenario-error.js";

/** The least that a scenario needs, on lines 1 to 8. */
export const SOUND = `name: sound
description: the least that a scenario needs
duration: 10 s
mesh:
  sectors: 1
  clustersPerSector: 2
  agentsPerCluster: 5
  classes: { A: 10 }
`;

export function parse(text: string, overrides: readonly string[] = [], seed?: number): LoadedScenario {
  return parseScenario(text, "s.yaml", overrides, seed);
}

/** The lines of the error that something throws; a test fails where it throws none, or another. */
export function complaintsOf(attempt: () => unknown): string[] {
  try {
    attempt();
  } catch (error) {
    if (error instanceof ScenarioError) return error.message.split("\n");
    throw error;
  }
  throw new Error("expected a ScenarioError");
}
