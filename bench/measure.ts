/** Measures kernels side by side: in turns, so that what disturbs the machine disturbs all of them alike. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { median } from "simple-statistics";
import type { Benchmark } from "./benchmarks.js";

/** Something that handles events, and keeps its state from one call to the next. */
export interface Kernel {
  /** What has to be done before `handle` and is not measured. */
  prepare?(): void;
  /** Handles about this many events; returns how many it was. */
  handle(events: number): number;
  /** Of a model that has a time of its own and handles all of it at each call: how long that is. */
  readonly simulatedS?: number;
}

/** What a kernel's process tells of one repetition. */
export interface Repetition {
  readonly events: number;
  /**
   * Of all threads of the process: what one core would take, the garbage collector's helpers included. Unlike the wall
   * clock's, it does not depend on what else the machine is doing.
   */
  readonly cpuS: number;
  readonly simulatedS?: number;
}

/** Median, least and greatest of what was measured in the repetitions. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly greatest: number;
}

export interface Measurement {
  readonly kernel: string;
  readonly eventsPerCpuS: Spread;
  /** To the first kernel, repetition by repetition. */
  readonly ratio: Spread;
  /** Of a model that has a time of its own: how many events make up one simulated second. */
  readonly eventsPerSimulatedS?: number;
}

function spreadOf(samples: readonly number[]): Spread {
  return { median: median([...samples]), least: Math.min(...samples), greatest: Math.max(...samples) };
}

/** Lets a benchmark's kernels take turns, A B C A B C ..., after each has warmed up. */
export async function measure(name: string, { kernels, repetitions }: Benchmark): Promise<Measurement[]> {
  const names = Object.keys(kernels);
  const children: ChildProcess[] = [];
  try {
    for (const kernel of names) {
      const child = fork(fileURLToPath(new URL("kernel-child.ts", import.meta.url)), [name, kernel]);
      children.push(child);
      await answerOf(child); // that it has warmed up
    }
    const taken = names.map(() => [] as Repetition[]);
    for (let i = 0; i < repetitions; i++) {
      for (const [k, child] of children.entries()) {
        child.send("go");
        taken[k]!.push(await answerOf(child));
      }
    }
    const rates = taken.map((each) => each.map(({ events, cpuS }) => events / cpuS));
    return names.map((kernel, k) => {
      const { events, simulatedS } = taken[k]![0]!;
      return {
        kernel,
        eventsPerCpuS: spreadOf(rates[k]!),
        ratio: spreadOf(rates[k]!.map((rate, i) => rate / rates[0]![i]!)),
        ...(simulatedS !== undefined && { eventsPerSimulatedS: events / simulatedS }),
      };
    });
  } finally {
    for (const child of children) child.kill();
  }
}

async function answerOf(child: ChildProcess): Promise<Repetition> {
  const gone = new AbortController();
  const ended = once(child, "exit", { signal: gone.signal }).then(([code]) => {
    throw new Error(`a kernel's process ended with ${code}`);
  });
  try {
    const [answer] = await Promise.race([once(child, "message"), ended]);
    return answer as Repetition;
  } finally {
    ended.catch(() => undefined);
    gone.abort();
  }
}
