/** A KPI with its target, its value and its verdict. */
import { z } from "zod";
import { ratio } from "./figures.js";

export const kpi = z.object({
  id: z.string(),
  title: z.string(),
  definition: z.string(),
  unit: z.enum(["ratio", "ms", "s", "/year"]),
  target: z.object({ comparison: z.enum([">=", "<="]), value: z.number() }),
  /** `document` where the target is the protocol's own, `default` where the document has none, `scenario` where the scenario sets it. */
  targetFrom: z.enum(["document", "default", "scenario"]),
  /** Whether a miss fails the run; false where the scenario says `ignore`. */
  gated: z.boolean(),
  /** Null when the run held nothing to measure it on, or when what it measures never came to pass. */
  value: z.number().nullable(),
  /** Confidence interval; a bound is null where the sample cannot give one. */
  interval: z
    .object({ level: ratio, low: z.number().nullable(), high: z.number().nullable(), method: z.string() })
    .nullable(),
  /** How many operations, messages or instants the value rests on. */
  samples: z.int(),
  /** `not-exercised`: nothing happened that the KPI could be measured on. */
  verdict: z.enum(["holds", "missed", "not-exercised"]),
});
