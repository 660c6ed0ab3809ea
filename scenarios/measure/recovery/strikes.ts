/**
 * When what breaks strikes agents, in truth, and which of the document's failure classes (6.1) that is. A strike is of one
 * spell of the plan; losses, delays and clocks strike nobody in particular and are left out.
 */
import type { Address } from "../../../protocol/contract.js";
import type { FailureClass } from "../../../protocol/mesh-30k/resilience/failure-class.js";
import type { Topology } from "../../../protocol/mesh-30k/topology.js";
import type { LinkFault, NodeTrouble } from "../../../sim/faults/fault-plan.js";
import type { Micros } from "../../../sim/time.js";
import type { Stage } from "../../stage.js";

export interface Strike {
  readonly failure: FailureClass;
  readonly fromUs: Micros;
  /** When it is over; infinite where it never is by itself. */
  readonly untilUs: Micros;
  readonly agents: readonly Address[];
}

const OF_TROUBLE: Readonly<Record<NodeTrouble["kind"], FailureClass>> = {
  crash: "AGENT_CRASH",
  "power-off": "AGENT_CRASH",
  // Nobody can tell one that stands still from one whose line is cut.
  pause: "TRANSIENT_NETWORK",
  slow: "IMPEDANCE_SPIKE",
  tamper: "BYZANTINE_BEHAVIOR",
};

/** In order of beginning; of agents that join the mesh, those that are there by then. */
export function strikesOf({ stagedFaults, topology, arrivals }: Stage): Strike[] {
  const arrivesUs = new Map(arrivals.map(({ address, atUs }) => [address, atUs]));
  const { plan, pushes } = stagedFaults;
  const agentsAmong = (nodes: Int32Array) => [...nodes].filter((node) => topology.isAgent(node));
  const strikes: Strike[] = [
    ...plan.nodes.map(({ fromUs, untilUs, nodes, trouble }) => {
      return { failure: OF_TROUBLE[trouble.kind], fromUs, untilUs, agents: agentsAmong(nodes) };
    }),
    ...pushes.map(({ atUs, nodes }) => {
      const untilUs = Number.POSITIVE_INFINITY; // until it has another context
      return { failure: "CONTEXT_CORRUPTION" as const, fromUs: atUs, untilUs, agents: agentsAmong(nodes) };
    }),
    ...plan.links
      .filter(({ trouble }) => trouble.kind === "cut" || trouble.kind === "hold")
      .map((fault) => {
        const { fromUs, untilUs } = fault;
        return { failure: "TRANSIENT_NETWORK" as const, fromUs, untilUs, agents: cutOff(fault, topology) };
      }),
  ];
  const areThere = ({ fromUs, agents }: Strike) => agents.filter((agent) => (arrivesUs.get(agent) ?? 0) <= fromUs);
  return strikes
    .map((strike) => ({ ...strike, agents: areThere(strike) }))
    .filter(({ agents }) => agents.length > 0)
    .sort((a, b) => a.fromUs - b.fromUs);
}

/** Agents whose reports do not reach the primary of their lead's office. */
function cutOff({ reach }: LinkFault, topology: Topology): Address[] {
  const { groupOf, groups, concerned } = reach;
  const agents: Address[] = [];
  for (const { lead, firstAgent, size } of topology.clusters) {
    for (let agent = firstAgent; agent < firstAgent + size; agent++) {
      if (concerned[groupOf[agent]! * groups + groupOf[lead]!] === 1) agents.push(agent);
    }
  }
  return agents;
}
