/** Small worlds for the tests of the models. */

import { type HardwareId, placeSites, type Site } from "../../models/site.js";
import { loadWorld, type World } from "../../models/world.js";
import type { Job } from "../../protocol/contract.js";

export const SEED = 20_241_130;

export const standardJob: Job = { priority: 1, payloadWeight: 0, ttlMs: 60_000 };

/** Overrides after which a message between a lead and an agent takes the agent's access and nothing else. */
export const accessOnly = {
  "regions.zoneRttLowMs": 0,
  "regions.zoneRttHighMs": 0,
  "agents.lead.accessMs": 0,
  "network.zone.lossRatio": 0,
  "network.hosted.lossRatio": 0,
  "network.residential.lossRatio": 0,
  "network.wifi.lossRatio": 0,
  "agents.signing.signAndVerifyMs": 0,
};

/** One lead at address 0 and `count` agents of one hardware behind it, all in the first region. */
export function clusterOf(
  hardware: HardwareId,
  count: number,
  overrides: Readonly<Record<string, number>> = {},
): { readonly world: World; readonly sites: readonly Site[] } {
  const world = loadWorld(overrides);
  const members = [...Array<HardwareId>(1).fill("lead"), ...Array<HardwareId>(count).fill(hardware)];
  const sites = placeSites(
    world,
    members,
    members.map(() => 0),
  );
  return { world, sites };
}
