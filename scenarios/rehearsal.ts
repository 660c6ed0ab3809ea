/** One rehearsal: a scenario's mesh on one simulation, with everything that watches it. */
import type { LoadedScenario } from "./language/load.js";
import { meterOf } from "./measure/mesh-meter.js";
import type { Outcome } from "./outcome.js";
import { Part } from "./part.js";
import { Stage } from "./stage.js";
import type { EventSink } from "./trace.js";

export class Rehearsal {
  readonly stage: Stage;
  private readonly meter;
  private readonly mesh: Part;

  /**
   * @param onEvent told of every event, for a trace
   * @throws ScenarioError where the scenario names a region or a parameter that the models do not have
   */
  constructor(loaded: LoadedScenario, onEvent?: EventSink) {
    this.stage = new Stage(loaded);
    const meter = meterOf(this.stage);
    this.meter = meter;
    this.mesh = new Part(this.stage, meter, {
      onSecond: (second) => meter.onSecond(second),
      ...(onEvent !== undefined && { onEvent }),
    });
  }

  get simulation(): Part["simulation"] {
    return this.mesh.simulation;
  }

  /** Lets at most `maxEvents` happen; true when the rehearsal is over. */
  advance(maxEvents: number): boolean {
    return this.simulation.run(this.stage.endUs, maxEvents);
  }

  outcome(): Outcome {
    const report = this.mesh.report();
    this.meter.finish(report.nowUs);
    return { ...report, traffic: this.mesh.traffic, stage: this.stage, meter: this.meter };
  }
}
