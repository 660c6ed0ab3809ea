/** One rehearsal: a scenario's mesh on a simulation, with everything that watches it. */

import { WorldClocks } from "../models/clocks.js";
import { WorldLinks } from "../models/links.js";
import { WorldServiceTimes } from "../models/service-times.js";
import type { Site } from "../models/site.js";
import { loadWorld, ParameterRangeError, UnknownParameterError, type World, worldParameters } from "../models/world.js";
import type { Fact } from "../protocol/mesh-30k/facts.js";
import type { MeshMessage } from "../protocol/mesh-30k/messages.js";
import { Topology } from "../protocol/mesh-30k/topology.js";
import { digest, ttlMs } from "../protocol/mesh-30k/wire.js";
import { EventKind } from "../sim/event-store.js";
import { Simulation } from "../sim/simulation.js";
import { type Micros, microsFromMs } from "../sim/time.js";
import type { LoadedScenario } from "./language/load.js";
import { nearest } from "./language/nearest.js";
import { MeshMeter } from "./measure/mesh-meter.js";
import { SecondBySecond } from "./measure/second-by-second.js";
import { attachMesh } from "./mesh.js";
import { placeMesh } from "./mesh-world.js";
import type { EventSink } from "./trace.js";
import { scheduleWorkload } from "./workload.js";

/** How many jobs may wait at one agent: far beyond what a time to live lets wait, so that it bounds memory only. */
const QUEUE_CAPACITY = 10_000;

export class Rehearsal {
  readonly simulation: Simulation<MeshMessage, Fact>;
  readonly topology: Topology;
  readonly world: World;
  readonly sites: readonly Site[];
  readonly meter: MeshMeter;
  readonly series: SecondBySecond;
  readonly serviceTimes: WorldServiceTimes;
  readonly warmUpUs: Micros;
  readonly endUs: Micros;

  /**
   * @param onEvent told of every event, for a trace
   * @throws ScenarioError where the scenario names a region or a parameter that the models do not have
   */
  constructor(
    readonly loaded: LoadedScenario,
    onEvent?: EventSink,
  ) {
    const { scenario } = loaded;
    this.world = worldOf(loaded);
    this.topology = new Topology({
      sectors: scenario.mesh.sectors,
      clustersPerSector: scenario.mesh.clustersPerSector,
      agents: scenario.mesh.classes,
    });
    this.sites = placeMesh(loaded, this.world, this.topology);
    this.warmUpUs = microsFromMs(scenario.warmUpMs);
    this.endUs = this.warmUpUs + microsFromMs(scenario.durationMs);
    const { options, parameters } = scenario.protocol;
    const inheritsTargetTime = options.targetTime === "repaired";
    const countsPeople = options.humanTargets === "as-written";
    this.meter = new MeshMeter(this.topology, this.warmUpUs, inheritsTargetTime, countsPeople);
    this.serviceTimes = new WorldServiceTimes(this.world, this.sites, scenario.seed);
    const { meter } = this;
    this.simulation = new Simulation<MeshMessage, Fact>({
      seed: scenario.seed,
      nodeCount: this.topology.nodeCount,
      links: new WorldLinks(this.world, this.sites, scenario.seed),
      serviceTimes: this.serviceTimes,
      clocks: new WorldClocks(this.world, this.sites, scenario.seed),
      wire: { ttlMs, digest },
      queueCapacity: QUEUE_CAPACITY,
      observer: {
        onSend: (nowUs, from, to, message) => meter.onSend(nowUs, from, to, message),
        onFact: (nowUs, node, fact) => meter.onFact(nowUs, node, fact),
        onSecond: (second) => this.onSecond(second),
        onEvent: (atUs, kind, origin, target, datum) => {
          if (kind === EventKind.deliver) meter.onDelivered(target, datum as MeshMessage);
          onEvent?.(atUs, kind, origin, target, datum);
        },
      },
    });
    this.series = new SecondBySecond(this.simulation);
    const mesh = attachMesh(this.simulation, this.topology, options, parameters);
    this.simulation.start();
    scheduleWorkload(this.simulation, mesh, scenario);
  }

  /** Lets at most `maxEvents` happen; true when the rehearsal is over. */
  advance(maxEvents: number): boolean {
    return this.simulation.run(this.endUs, maxEvents);
  }

  private onSecond(second: number): void {
    this.meter.onSecond(second);
    this.series.close(second);
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
