/** What the mesh is given to do: baseline traffic as Poisson streams (document 8.2), and cascades on a schedule. */

import type { Address } from "../protocol/contract.js";
import type { CascadeStrategy } from "../protocol/mesh-30k/cascade-plan.js";
import type { Fact } from "../protocol/mesh-30k/facts.js";
import { CLASS_CAPABILITIES, IMPEDANCE_CLASSES } from "../protocol/mesh-30k/impedance-class.js";
import type { MeshMessage } from "../protocol/mesh-30k/messages.js";
import type { Task } from "../protocol/mesh-30k/task.js";
import { ORCHESTRATOR } from "../protocol/mesh-30k/topology.js";
import { RandomStreams } from "../sim/random.js";
import type { Simulation } from "../sim/simulation.js";
import { microsFromMs, US_PER_S } from "../sim/time.js";
import type { Scenario } from "./language/schema.js";
import type { Mesh } from "./mesh.js";

type MeshSimulation = Simulation<MeshMessage, Fact>;

/** Told of a cascade that was asked of a process which does not take itself to be in office. */
type OnRefused = (nowUs: number, process: Address, strategy: CascadeStrategy) => void;

/** Schedules a scenario's workload, as far as it concerns the nodes that are attached, on a simulation that has not started. */
export function scheduleWorkload(
  simulation: MeshSimulation,
  mesh: Mesh,
  scenario: Scenario,
  onRefused: OnRefused = () => {},
): void {
  const { workload, seed } = scenario;
  const streams = new RandomStreams(seed, "workload", mesh.topology.nodeCount);
  const poisson = (address: number, perSecond: number, happen: () => void) =>
    repeatPoisson(simulation, streams, address, perSecond, happen);
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
  for (const cluster of mesh.topology.clusters) {
    const { agentClass, lead: address } = cluster;
    if (!mesh.has(address)) continue;
    const { single, pipeline } = ofClass.get(agentClass)!;
    poisson(address, workload.intraClusterPerSecond, () => {
      const index = place(address, single.length);
      const tasks = streams.uniform(address) < pipelineShare ? pipeline : single;
      mesh.lead(cluster)?.submit(tasks[index]!);
    });
  }
  const classes = new Set(mesh.topology.clusters.map((cluster) => cluster.agentClass));
  classes.delete("F");
  const anywhere = [...classes].flatMap((name) => ofClass.get(name)!.single);
  for (const sector of mesh.topology.sectors) {
    const { coordinator } = sector;
    if (!mesh.has(coordinator)) continue;
    poisson(coordinator, anywhere.length === 0 ? 0 : workload.interClusterPerSecond, () => {
      const task = anywhere[place(coordinator, anywhere.length)]!;
      mesh.coordinator(sector)?.submit(task);
    });
  }
  // Operators ask both processes, each of which does it if it takes itself to be in office.
  for (const process of [ORCHESTRATOR, mesh.topology.standbyOf(ORCHESTRATOR)]) {
    if (!mesh.has(process)) continue;
    poisson(process, workload.meshWidePerSecond, () => {
      mesh.orchestrator(process)?.broadcast({ ...taskFor("", payloadWeight, 1), verb: "observe", priority: 0 });
    });
    for (const cascade of workload.cascades) scheduleCascades(simulation, mesh, process, cascade, onRefused);
  }
}

/** Long enough to be a pipeline. */
const PIPELINE_STAGES = 3;

function taskFor(capability: string, payloadWeight: number, stages: number): Task {
  return { capability, payload: capability, payloadWeight, verb: "act", priority: 1, stages };
}

/** Lets something happen at a node's side at the times of a Poisson process, whether or not the node is there. */
function repeatPoisson(
  simulation: MeshSimulation,
  streams: RandomStreams,
  address: number,
  perSecond: number,
  happen: () => void,
): void {
  if (perSecond === 0) return;
  const usPerEvent = US_PER_S / perSecond;
  const scheduleNext = () => {
    const gapUs = Math.max(1, Math.round(-Math.log1p(-streams.uniform(address)) * usPerEvent));
    simulation.appoint(simulation.nowUs + gapUs, address, due);
  };
  const due = () => {
    scheduleNext();
    happen();
    return undefined;
  };
  scheduleNext();
}

function scheduleCascades(
  simulation: MeshSimulation,
  mesh: Mesh,
  process: Address,
  cascade: Scenario["workload"]["cascades"][number],
  onRefused: OnRefused,
): void {
  let left = cascade.count ?? Number.POSITIVE_INFINITY;
  const due = () => {
    left--;
    if (left > 0) simulation.appoint(simulation.nowUs + microsFromMs(cascade.everyMs), process, due);
    const orchestrator = mesh.orchestrator(process);
    if (orchestrator === undefined) onRefused(simulation.nowUs, process, cascade.strategy);
    else orchestrator.cascade(cascade);
    return undefined;
  };
  simulation.appoint(microsFromMs(cascade.firstMs), process, due);
}
