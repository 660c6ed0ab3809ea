/** How something that the mesh does not have is told: at its place in the scenario, with what it has instead. */
import type { LoadedScenario } from "../language/load.js";
import type { ScenarioPath } from "../language/scenario-path.js";

/** Where in a scenario something stands that is being worked out. */
export class Place {
  constructor(
    private readonly loaded: LoadedScenario,
    readonly path: ScenarioPath,
  ) {}

  /** What stands below. */
  at(...steps: ScenarioPath): Place {
    return new Place(this.loaded, [...this.path, ...steps]);
  }

  /** @param message goes on from the path @throws ScenarioError always */
  refuse(message: string): never {
    throw this.loaded.errorAt(this.path, message);
  }
}
