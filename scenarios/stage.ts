/** What a rehearsal is played on: the mesh that a scenario describes, put into the world that it asks for. */
import type { Site } from "../models/site.js";
import { loadWorld, ParameterRangeError, UnknownParameterError, type World, worldParameters } from "../models/world.js";
import { Topology } from "../protocol/mesh-30k/topology.js";
import type { FaultPlan } from "../sim/faults/fault-plan.js";
import type { Arrival } from "../sim/setup.js";
import { type Micros, microsFromMs } from "../sim/time.js";
import { arrivalsOf } from "./arrivals.js";
import { FaultGround } from "./faults/fault-ground.js";
import { resolveFaults, type StagedFaults } from "./faults/resolve.js";
import type { LoadedScenario } from "./language/load.js";
import { nearest } from "./language/nearest.js";
import { placeMesh } from "./mesh-world.js";
import { busyStretches } from "./quiet/busy-stretches.js";
import { Calendar } from "./quiet/calendar.js";
import { simulatedFaults, spellsOf } from "./quiet/simulated-faults.js";

export class Stage {
  readonly topology: Topology;
  readonly world: World;
  readonly warmUpUs: Micros;
  /** In simulated time, which is what everything counts by that does not say otherwise. */
  readonly endUs: Micros;
  /** What calendar time the run is of. */
  readonly calendar: Calendar;
  /** What breaks, as the scenario declares it and as it comes down to this mesh; spells for people in calendar time. */
  readonly stagedFaults: StagedFaults;

  /** @throws ScenarioError where the scenario names what the models or its mesh do not have: regions, parameters, nodes */
  constructor(readonly loaded: LoadedScenario) {
    const { scenario } = loaded;
    this.world = worldOf(loaded);
    this.topology = new Topology({
      sectors: scenario.mesh.sectors,
      clustersPerSector: scenario.mesh.clustersPerSector,
      agents: scenario.mesh.classes,
      joining: scenario.mesh.joining?.agents,
    });
    const sites = this.placeNodes();
    this.warmUpUs = microsFromMs(scenario.warmUpMs);
    const calendarEndUs = this.warmUpUs + microsFromMs(scenario.durationMs);
    const ground = new FaultGround(this.topology, sites, this.world);
    const declared = resolveFaults(loaded, ground, this.warmUpUs, calendarEndUs);
    this.calendar = this.calendarOf(declared, calendarEndUs);
    this.endUs = this.calendar.simulatedUs;
    this.stagedFaults = scenario.quiet.skip ? simulatedFaults(declared, this.calendar) : declared;
  }

  private calendarOf(declared: StagedFaults, endUs: Micros): Calendar {
    const { skip, beforeMs, afterMs } = this.loaded.scenario.quiet;
    if (!skip) return Calendar.whole(endUs);
    const margins = { beforeUs: microsFromMs(beforeMs), afterUs: microsFromMs(afterMs) };
    return new Calendar(busyStretches(spellsOf(declared), { ...margins, warmUpUs: this.warmUpUs, endUs }), endUs);
  }

  /** When the processes start of those who join the running mesh; the same in every part of it. */
  get arrivals(): readonly Arrival[] {
    return arrivalsOf(this.loaded.scenario, this.topology);
  }

  /** What the engine is to break, the same in every part of the mesh; undefined where nothing is declared. */
  get faults(): FaultPlan | undefined {
    const { plan } = this.stagedFaults;
    return plan.declared === 0 ? undefined : plan;
  }

  /**
   * Where the nodes stand, by address. Worked out whenever it is asked, since it is needed before a run and after it, and
   * a mesh of a million would carry it along meanwhile.
   */
  placeNodes(): readonly Site[] {
    return placeMesh(this.loaded, this.world, this.topology);
  }
}

/** What a message crosses once, whatever its way: the route. And what it crosses at either end: the accesses. */
const ROUTES = ["backbone", "zone"];
const ACCESSES = ["dataCentre", "hosted", "residential", "wifi"];

/** Overrides that give every way through the network one ratio, by giving it to the routes alone. */
function onEveryLink(name: "lossRatio" | "duplicationRatio", ratio: number | undefined): Record<string, number> {
  if (ratio === undefined) return {};
  return Object.fromEntries([
    ...ROUTES.map((kind) => [`network.${kind}.${name}`, ratio]),
    ...ACCESSES.map((kind) => [`network.${kind}.${name}`, 0]),
  ]);
}

/** The models with the scenario's overrides, which are held against the models' own list of parameters. */
function worldOf(loaded: LoadedScenario): World {
  const { world, network } = loaded.scenario;
  try {
    return loadWorld({
      ...onEveryLink("lossRatio", network.lossRatio),
      ...onEveryLink("duplicationRatio", network.duplicationRatio),
      ...world,
    });
  } catch (error) {
    if (error instanceof ParameterRangeError) {
      throw loaded.errorAt(["world", error.path], `is ${error.value}; expected ${error.expected}`);
    }
    if (!(error instanceof UnknownParameterError)) throw error;
    const known = worldParameters().map((parameter) => parameter.path);
    const close = nearest(error.path, known);
    const hint = close === undefined ? "`rehearse models` lists them" : `did you mean ${close}?`;
    throw loaded.errorAt(["world", error.path], `is no parameter of the models (${hint})`, "key");
  }
}
