/**
 * The benchmarks by name, each with its kernels, of which the first is what the others are compared with. A kernel is made
 * in a process of its own, so that no code is compiled for another's data.
 */
import type { Kernel } from "./measure.js";

export interface Benchmark {
  /** By name. */
  readonly kernels: Readonly<Record<string, () => Promise<Kernel>>>;
  /** Of one repetition: several periods of everything that is pending. */
  readonly events: number;
  readonly repetitions: number;
}

const LOOP = "tinyqueue of objects";
const STORE = "event store and queue";
const WHOLE = "whole simulation";

function phold(processes: number, events: number, repetitions: number): Benchmark {
  const kernels = () => import("./phold.js");
  return {
    kernels: {
      [LOOP]: async () => (await kernels()).pholdOfObjects(processes),
      [STORE]: async () => (await kernels()).pholdOfSlots(processes),
      [WHOLE]: async () => (await kernels()).pholdOnSimulation(processes),
    },
    events,
    repetitions,
  };
}

function heartbeats(agents: number): Benchmark {
  const kernels = () => import("./heartbeats.js");
  return {
    kernels: {
      [LOOP]: async () => (await kernels()).heartbeatsOfObjects(agents),
      [STORE]: async () => (await kernels()).heartbeatsOfSlots(agents),
      [WHOLE]: async () => (await kernels()).heartbeatsOnSimulation(agents),
    },
    events: 1_000_000,
    repetitions: 11,
  };
}

export const BENCHMARKS: Readonly<Record<string, Benchmark>> = {
  "PHOLD, 30,000 pending": phold(30_000, 1_000_000, 11),
  "PHOLD, 1,000,000 pending": phold(1_000_000, 3_000_000, 5),
  "heartbeats of 30,000": heartbeats(30_000),
  /** Held against the loop over as many pending events as there are agents, since it has none of its own. */
  "main scenario": {
    kernels: {
      [LOOP]: async () => (await import("./phold.js")).pholdOfObjects(30_000),
      "mesh-30k.yaml": async () => (await import("./mesh.js")).mesh30k(),
    },
    events: 2_000_000,
    repetitions: 3,
  },
};
