/** Figures that several sections of the results are made of. */
import { z } from "zod";

export const ratio = z.number().min(0).max(1);
export const classId = z.enum(["A", "B", "C", "D", "E", "F"]);
/** What an office has authority over: the mesh, a sector, a cluster. */
export const scope = z.enum(["global", "sector", "cluster"]);
export const hash = z.string().regex(/^[0-9a-f]{16}$/);

/** Quantiles of a distribution by nearest rank, in the unit that the field's name gives; null where nothing was measured. */
export const quantiles = z
  .object({
    count: z.int(),
    p5: z.number(),
    p25: z.number(),
    p50: z.number(),
    p75: z.number(),
    p95: z.number(),
    p99: z.number(),
  })
  .nullable();

/** Counts per bin: bin i covers [lowerEdges[i], lowerEdges[i + 1]); the last one is as wide as the one before it. */
export const histogram = z.object({ lowerEdges: z.array(z.number()), counts: z.array(z.int()) });
