/** The benchmarks by name. Each is measured in a process of its own, so that no code is compiled for another's data. */
import { type Effort, interleaved, type Measurement } from "./measure.js";

/** @param events of one repetition, several periods of everything that is pending */
function effort(events: number): Effort {
  return { warmUpEvents: 2 * events, eventsPerRepetition: events, repetitions: 5 };
}

async function phold(processes: number, events: number): Promise<Measurement[]> {
  const { pholdOfObjects, pholdOfSlots, pholdOnSimulation } = await import("./phold.js");
  const kernels = [pholdOfObjects(processes), pholdOfSlots(processes), pholdOnSimulation(processes)];
  return interleaved(kernels, effort(events));
}

export const BENCHMARKS: Readonly<Record<string, () => Promise<Measurement[]>>> = {
  "PHOLD, 30,000 pending": () => phold(30_000, 1_000_000),

  "PHOLD, 1,000,000 pending": () => phold(1_000_000, 3_000_000),

  "heartbeats of 30,000": async () => {
    const { heartbeatsOfObjects, heartbeatsOfSlots, heartbeatsOnSimulation } = await import("./heartbeats.js");
    const kernels = [heartbeatsOfObjects(30_000), heartbeatsOfSlots(30_000), heartbeatsOnSimulation(30_000)];
    return interleaved(kernels, effort(1_000_000));
  },

  /** Held against the loop over as many pending events as there are agents, since it has none of its own. */
  "main scenario": async () => {
    const { pholdOfObjects } = await import("./phold.js");
    const { mesh30k, MESH_SIMULATED_S } = await import("./mesh.js");
    const mesh = mesh30k();
    const measured = interleaved([pholdOfObjects(30_000), mesh], { ...effort(2_000_000), repetitions: 3 });
    mesh.prepare?.();
    return [measured[0]!, { ...measured[1]!, eventsPerSimulatedS: mesh.handle(0) / MESH_SIMULATED_S }];
  },
};
