/** Memory for what engine, world and measurement keep of every node: a part's own, or one for all parts of a mesh. */
import { WorldClocks } from "../models/clocks.js";
import { LINK_CELLS } from "../models/links.js";
import { SERVICE_CELLS } from "../models/service-times.js";
import { machineCount } from "../models/site.js";
import { NodeRows } from "../sim/node-rows.js";
import { NODE_CELLS } from "../sim/simulation.js";
import { TrafficTally } from "./measure/traffic-tally.js";
import type { Stage } from "./stage.js";

/** Cells of 8 bytes that are kept of a node. */
export const ROW_CELLS = NODE_CELLS + LINK_CELLS + SERVICE_CELLS;

/** Each part writes what belongs to its own nodes and machines; what is drawn once, all write alike. */
export interface NodeMemory {
  readonly rows: SharedArrayBuffer;
  readonly clocks: SharedArrayBuffer;
  /** What is counted of agents. */
  readonly agents: SharedArrayBuffer;
}

/** Memory that the parts of a mesh can share, whatever thread they are on. */
export function sharedNodeMemory(stage: Stage): NodeMemory {
  return {
    rows: new SharedArrayBuffer(NodeRows.bytes(stage.topology.nodeCount, ROW_CELLS)),
    agents: new SharedArrayBuffer(TrafficTally.bytes(stage.topology.agentCount)),
    clocks: new SharedArrayBuffer(WorldClocks.bytes(machineCount(stage.placeNodes()))),
  };
}
