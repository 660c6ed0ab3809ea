/** How everything fared over time, as the map of the mesh shows it. */
import { z } from "zod";
import { classId } from "./figures.js";

/** How a cluster, a sector or the mesh fares, the gravest last (docs/protocols.md, "The map"). */
export const SERVICE_STATES = [
  "in-service",
  "degraded",
  "breaker-open",
  "nobody-in-office",
  "all-down",
  "split-brain",
] as const;

/**
 * Changes of state: step, state, step, state, …, where a state is its place in SERVICE_STATES. A step shows the gravest state in it;
 * until the first change it is the first.
 */
export const mapped = z.object({ name: z.string(), changes: z.array(z.int().min(0)) });

/** The states of everything over time. */
export const map = z.object({
  /** Length of a step, in s. */
  stepS: z.number().positive(),
  orchestrator: mapped,
  sectors: z.array(mapped.extend({ clusters: z.array(mapped.extend({ class: classId })) })),
});
