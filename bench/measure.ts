/** Measures kernels side by side: in turns, so that what disturbs the machine disturbs all of them alike. */
import { median } from "simple-statistics";

/** Something that handles events, and keeps its state from one call to the next. */
export interface Kernel {
  readonly name: string;
  /** What has to be done before `handle` and is not measured. */
  prepare?(): void;
  /** Handles about this many events; returns how many it was. */
  handle(events: number): number;
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

export interface Effort {
  readonly warmUpEvents: number;
  readonly eventsPerRepetition: number;
  readonly repetitions: number;
}

function spreadOf(samples: readonly number[]): Spread {
  return { median: median([...samples]), least: Math.min(...samples), greatest: Math.max(...samples) };
}

/**
 * By CPU time, of all threads of the process: what one core would take, the garbage collector's helpers included. Unlike
 * the wall clock's, it does not depend on what else the machine is doing.
 */
function eventsPerCpuS(kernel: Kernel, events: number): number {
  kernel.prepare?.();
  const before = process.cpuUsage();
  const handled = kernel.handle(events);
  const { user, system } = process.cpuUsage(before);
  return (handled * 1e6) / (user + system);
}

/** Lets kernels take turns, A B C A B C ..., after each has warmed up. Ratios are to the first. */
export function interleaved(kernels: readonly Kernel[], effort: Effort): Measurement[] {
  for (const kernel of kernels) {
    kernel.prepare?.();
    kernel.handle(effort.warmUpEvents);
  }
  const rates = kernels.map(() => [] as number[]);
  for (let i = 0; i < effort.repetitions; i++) {
    kernels.forEach((kernel, k) => {
      rates[k]!.push(eventsPerCpuS(kernel, effort.eventsPerRepetition));
    });
  }
  return kernels.map((kernel, k) => ({
    kernel: kernel.name,
    eventsPerCpuS: spreadOf(rates[k]!),
    ratio: spreadOf(rates[k]!.map((rate, i) => rate / rates[0]![i]!)),
  }));
}
