/** The world as a part of a mesh meets it: the models, with what the scenario breaks laid over them. */
import { WorldClocks } from "../models/clocks.js";
import { WorldLinks } from "../models/links.js";
import { WorldPlatform } from "../models/platform.js";
import { WorldServiceTimes } from "../models/service-times.js";
import { sharedHosts } from "../models/shared-hosts.js";
import type { Site } from "../models/site.js";
import type { Clocks } from "../sim/clock.js";
import { Faults } from "../sim/faults/faults.js";
import { FaultyClocks } from "../sim/faults/faulty-clocks.js";
import { FaultyLinks } from "../sim/faults/faulty-links.js";
import { FaultyServiceTimes } from "../sim/faults/faulty-service-times.js";
import type { HostSpec } from "../sim/hosts/host-plan.js";
import type { Links } from "../sim/network.js";
import type { NodeRows } from "../sim/node-rows.js";
import type { Platform } from "../sim/platform.js";
import type { ServiceTimes } from "../sim/service-times.js";
import type { NodeMemory } from "./node-memory.js";
import type { Stage } from "./stage.js";

export interface PlayedWorld {
  readonly links: Links;
  readonly serviceTimes: ServiceTimes;
  readonly clocks: Clocks;
  readonly platform: Platform;
  readonly hosts: readonly HostSpec[];
  /** Undefined where nothing breaks. */
  readonly faults: Faults | undefined;
  /** Jobs so far that had to wait for their instance to start. */
  coldStarts(): number;
}

/**
 * @param sites by node address
 * @param rows where the nodes' numbers are kept
 * @param memory where the clocks are kept, if not on their own
 */
export function playedWorld(
  stage: Stage,
  sites: readonly Site[],
  rows: NodeRows,
  memory: NodeMemory | undefined,
): PlayedWorld {
  const { world, topology, loaded } = stage;
  const { seed } = loaded.scenario;
  const serviceTimes = new WorldServiceTimes(world, sites, seed, rows);
  const links = new WorldLinks(world, sites, seed, rows);
  const clocks = new WorldClocks(world, sites, seed, memory?.clocks);
  const whole = {
    links,
    serviceTimes,
    clocks,
    platform: new WorldPlatform(world, sites, seed),
    hosts: sharedHosts(world, sites, seed),
    faults: undefined,
    coldStarts: () => serviceTimes.coldStarts,
  };
  if (stage.faults === undefined) return whole;
  const faults = new Faults(stage.faults, seed, topology.nodeCount);
  const machineOf = Int32Array.from(sites, (site) => site.machine);
  return {
    ...whole,
    links: new FaultyLinks(links, faults, topology.nodeCount),
    serviceTimes: new FaultyServiceTimes(serviceTimes, faults),
    clocks: new FaultyClocks(clocks, faults, machineOf),
    faults,
  };
}
