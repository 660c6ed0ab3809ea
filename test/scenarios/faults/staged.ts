/** A small mesh with faults, for tests of what faults come down to. */
import { parseScenario } from "../../../scenarios/language/load.js";
import { Stage } from "../../../scenarios/stage.js";

/**
 * Two sectors of three clusters of six agents: 1 orchestrator (address 0), 2 coordinators (1, 2), 6 leads (3 to 8), 36 agents (9 to
 * 44) and a standby for each of the 9 offices (45 to 53). Sector 1 stands in eastus, sector 2 in westeurope. Faults begin on line 15 of the text.
 */
const MESH = `name: faulty
description: a small mesh in which things break
seed: 5
warmUp: 10 s
duration: 90 s
mesh:
  sectors: 2
  clustersPerSector: 3
  agentsPerCluster: 6
  classes: { A: 12, C: 12, E: 6, F: 6 }
placement:
  orchestrator: eastus
  sectors: { eastus: 1, westeurope: 1 }
`;

/** @param faults the entries, in YAML, each beginning with `- ` */
export function staged(faults: string, overrides: readonly string[] = [], seed?: number): Stage {
  return new Stage(parseScenario(`${MESH}faults:\n${faults}\n`, "s.yaml", overrides, seed));
}
