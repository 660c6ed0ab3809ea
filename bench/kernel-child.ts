/** The process of one kernel: makes it, warms it up, and measures a repetition whenever it is told to. */
import { BENCHMARKS } from "./benchmarks.js";
import type { Repetition } from "./measure.js";

const [benchmarkName, kernelName] = process.argv.slice(2) as [string, string];
const { kernels, events } = BENCHMARKS[benchmarkName]!;
const kernel = await kernels[kernelName]!();

function repetition(eventsToHandle: number): Repetition {
  kernel.prepare?.();
  const before = process.cpuUsage();
  const handled = kernel.handle(eventsToHandle);
  const { user, system } = process.cpuUsage(before);
  const { simulatedS } = kernel;
  return { events: handled, cpuS: (user + system) / 1e6, ...(simulatedS !== undefined && { simulatedS }) };
}

process.on("message", () => process.send!(repetition(events)));
process.send!(repetition(2 * events)); // two: optimised code comes after the first
