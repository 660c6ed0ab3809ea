/** What the mesh is given to do: baseline traffic as Poisson streams (document 8.2), and cascades on a schedule. */

import type { ClusterLead } from "../protocol/mesh-30k/cluster-lead.js";
import type { Fact } from "../protocol/mesh-30k/facts.js";
import { CLASS_CAPABILITIES, IMPEDANCE_CLASSES } from "../protocol/mesh-30k/impedance-class.js";
import type { MeshMessage } from "../protocol/mesh-30k/messages.js";
import type { Orchestrator } from "../protocol/mesh-30k/orchestrator.js";
import type { SectorCoordinator } from "../protocol/mesh-30k/sector-coordinator.js";
import type { Task } from "../protocol/mesh-30k/task.js";
import { ORCHESTRATOR } from "../protocol/mesh-30k/topology.js";
import type { Command } from "../sim/command.js";
import { RandomStreams } from "../sim/random.js";
import type { Simulation } from "../sim/simulation.js";
import { microsFromMs, US_PER_S } from "../sim/time.js";
import type { Scenario } from "./language/schema.js";
import type { Mesh } from "./mesh.js";

type MeshSimulation = Simulation<MeshMessage, Fact>;
type MeshCommand = Command<MeshMessage>;

/** Schedules a scenario's workload, as far as it concerns the nodes that are attached, on a simulation that has not started. */
export function scheduleWorkload(simulation: MeshSimulation, mesh: Mesh, scenario: Scenario): void {
  const { workload, seed } = scenario;
  const streams = new RandomStreams(seed, "workload", mesh.topology.firstAgent);
  const poisson = (address: number, perSecond: number, choose: () => MeshCommand) =>
    repeatPoisson(simulation, streams, address, perSecond, choose);
  const place = (address: number, count: number) => Math.floor(streams.uniform(address) * count);
  const { pipelineShare, payloadWeight } = workload;
  const tasksFor = (capabilities: readonly string[], stages: number) =>
    capabilities.map((capability) => taskFor(capability, payloadWeight, stages));

  const ofClass = new Map(
    IMPEDANCE_CLASSES.map((name) => {
      const capabilities = CLASS_CAPABILITIES[name];
      return [name, { single: tasksFor(capabilities, 1), pipeline: tasksFor(capabilities, PIPELINE_STAGES) }];
    }),
  );
  for (const lead of mesh.leads) {
    const { agentClass, lead: address } = lead.cluster;
    const { single, pipeline } = ofClass.get(agentClass)!;
    poisson(address, workload.intraClusterPerSecond, () => {
      const index = place(address, single.length);
      const tasks = streams.uniform(address) < pipelineShare ? pipeline : single;
      return (node) => (node as ClusterLead).submit(tasks[index]!);
    });
  }
  const classes = new Set(mesh.topology.clusters.map((cluster) => cluster.agentClass));
  classes.delete("F");
  const anywhere = [...classes].flatMap((name) => ofClass.get(name)!.single);
  for (const sector of mesh.sectors) {
    const { coordinator } = sector.sector;
    poisson(coordinator, anywhere.length === 0 ? 0 : workload.interClusterPerSecond, () => {
      const task = anywhere[place(coordinator, anywhere.length)]!;
      return (node) => (node as SectorCoordinator).submit(task);
    });
  }
  if (mesh.orchestrator === undefined) return;
  poisson(ORCHESTRATOR, workload.meshWidePerSecond, () => {
    return (node) =>
      (node as Orchestrator).broadcast({ ...taskFor("", payloadWeight, 1), verb: "observe", priority: 0 });
  });
  for (const cascade of workload.cascades) scheduleCascades(simulation, cascade);
}

/** Long enough to be a pipeline. */
const PIPELINE_STAGES = 3;

function taskFor(capability: string, payloadWeight: number, stages: number): Task {
  return { capability, payload: capability, payloadWeight, verb: "act", priority: 1, stages };
}

/** Lets what `choose` comes up with happen at a node at the times of a Poisson process, which go on while the node is down. */
function repeatPoisson(
  simulation: MeshSimulation,
  streams: RandomStreams,
  address: number,
  perSecond: number,
  choose: () => MeshCommand,
): void {
  if (perSecond === 0) return;
  const usPerEvent = US_PER_S / perSecond;
  const scheduleNext = () => {
    const gapUs = Math.max(1, Math.round(-Math.log1p(-streams.uniform(address)) * usPerEvent));
    simulation.appoint(simulation.nowUs + gapUs, address, due);
  };
  const due = () => {
    scheduleNext();
    return choose();
  };
  scheduleNext();
}

function scheduleCascades(simulation: MeshSimulation, cascade: Scenario["workload"]["cascades"][number]): void {
  let left = cascade.count ?? Number.POSITIVE_INFINITY;
  const start: MeshCommand = (node) => (node as Orchestrator).cascade(cascade);
  const due = () => {
    left--;
    if (left > 0) simulation.appoint(simulation.nowUs + microsFromMs(cascade.everyMs), ORCHESTRATOR, due);
    return start;
  };
  simulation.appoint(microsFromMs(cascade.firstMs), ORCHESTRATOR, due);
}
